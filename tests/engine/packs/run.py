"""Runs the `checks` of a cases file: an item of the pack, what is given, what is expected."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from bole.engine.errors import BoleError
from bole.engine.exact.figures import Base, Figures
from bole.engine.exact.numbers import exact
from bole.engine.headcount import (
    Change,
    Line,
    Move,
    Post,
    RedLine,
    VacancyClasses,
    ledger_rows,
    vacancies,
)
from bole.engine.headcount import judge as judge_plan
from bole.engine.lists import (
    Candidate,
    ConditionRule,
    Dossier,
    Feed,
    Lock,
    Pool,
    Priority,
    Row,
    TypeQuotas,
    accept,
    band_of,
    change_stage,
    judge,
    judge_locks,
    order,
    period,
    place,
    take_in,
)
from bole.engine.motion import (
    Delegated,
    DelegatedPlan,
    Dispatch,
    MotionCase,
    MotionGates,
    NoMotion,
    PerPost,
    Person,
    PostLine,
    check_gates,
    gate,
    per_post,
    review,
    select,
)
from bole.engine.nomination import (
    Channels,
    Form,
    IntakeRules,
    Meeting,
    NamedPerson,
    NominationMatrix,
    Notice,
    Rate,
    Recommender,
    Round,
    announce,
    check_form,
    cross_check,
    examine,
    nominate,
    permit,
    quorum,
    rate,
)
from bole.engine.quotas import (
    Check,
    Indicator,
    Ladder,
    Plan,
    Quota,
    QuotaBands,
    Take,
    banded,
    check,
    check_batch,
    check_plan,
    measure,
    next_remedy,
    taken,
)
from bole.engine.spans import Birth, Spell
from bole.engine.text import Text
from tests.golden.packs import SECTIONS as SECTIONS_OF_ALL

# The sections that quotas, lists, nomination and motion read; other engines have their own tests.
SECTIONS = {
    name: SECTIONS_OF_ALL[name]
    for name in ("quotas", "pools", "lists", "locks", "nomination", "motion")
}
Given = dict[str, Any]
ANY_DAY = datetime.date(2021, 6, 30)


def answer(item: Any, given: Given, section: dict[str, Any]) -> Any:
    """What the engine says of `given` by the rules of `item`; a refusal gives its codes."""
    try:
        return RUN[type(item)](item, given, section)
    except BoleError as error:
        return {"refused": [p.code for p in error.problems]}


def _check(result: Check) -> Given:
    said: Given = {"verdict": str(result.outcome), "gap": result.gap, "need": result.need}
    return said | {"deviation": result.needs_deviation, "blocks": result.blocks}


def _quota(item: Quota, given: Given, _: Given) -> Given:
    if "moves" in given:
        return _check(check_batch(item, given["moves"]))
    return _check(check(item, given["counts"], given.get("unknown")))


def _plan(item: Plan, given: Given, _: Given) -> Given:
    return {name: _check(result) for name, result in check_plan(item, given["counts"]).items()}


def _ladder(item: Ladder, given: Given, _: Given) -> Given:
    ratio = None
    if "share" in given:
        ratio = item.ratio.model_copy(update={"share": exact(given["share"]), "open": False})
    climbed = next_remedy(item, given["counts"], ratio)
    step = climbed.remedy.id if climbed.remedy else None
    return {"verdict": str(climbed.check.outcome), "step": step}


def _take(item: Take, given: Given, _: Given) -> Given:
    result = taken(item, given["of"])
    return {"number": result.number, "verdict": str(result.outcome)}


def _bands(item: QuotaBands, given: Given, _: Given) -> Given:
    result = banded(item, given.get("kind"), given.get("size"))
    return {
        "number": result.number,
        "minimum": result.minimum,
        "maximum": result.maximum,
        "code": result.code,
    }


def _indicator(item: Indicator, given: Given, _: Given) -> Given:
    result = measure(item, given["numerator"], given["denominator"], ANY_DAY)
    return {"share": None if result.share is None else str(result.share)}


def _red_line(item: RedLine, given: Given, _: Given) -> Given:
    if "lines" in given:
        lines = [Line(name, *figures) for name, figures in given["lines"].items()]
        sheet = judge_plan(lines, [Move(*move) for move in given["moves"]])
        return {"passes": sheet.passes, "not_to_be_studied": list(sheet.not_to_be_studied)}
    (row,) = ledger_rows(item, [Change("单位", "副科", **given)])
    return {"allowed": row.allowed, "state": row.state, "over": row.over}


def _vacancies(item: VacancyClasses, given: Given, _: Given) -> Given:
    result = vacancies(item, [Post(*row) for row in given["posts"]])
    return {"by_class": {k: n for k, n in result.by_class.items() if n}, "total": result.total}


def _facts(given: Given) -> Given:
    """Facts of a row; a list of pairs of days is spells."""
    return {
        name: [Spell(first, last) for first, last in value]
        if isinstance(value, list) and value and isinstance(value[0], list)
        else value
        for name, value in given.items()
    }


def _pool(item: Pool, given: Given, _: Given) -> Given:
    if "stage" in given:
        reached = change_stage(
            item.stages,
            given["stage"],
            given["to"],
            evidence=given.get("evidence"),
            deviation=given.get("deviation", False),
        )
        return {"stage": reached.zh}
    if "birth" in given:
        assert item.age_bands is not None
        birth = Birth.of(given["birth"], Text("出生日期", "birth date"))
        result = band_of(item.age_bands, birth, given["as_of"])
        return {"band": result.band.en if result.band else None}
    placed = place(item, _facts(given["facts"]), given.get("as_of", ANY_DAY))
    return {
        "tiers": [tier.id for tier in placed.tiers],
        "verdict": str(placed.outcome),
        "failing": [c.id for c in placed.failing],
        "missing": [c.id for c in placed.missing],
    }


def _types(item: TypeQuotas, given: Given, _: Given) -> Given:
    rows = [Row(n, (kind,)) for n, kind in enumerate(given["rows"])]
    intake = take_in(item, given["held"], rows)
    return {"held": intake.held, "entered": [r.entered for r in intake.rows]}


def _dossier(item: Dossier, given: Given, _: Given) -> Given:
    return {"item": accept(item, given["field"], given["by"], given.get("document")).title.zh}


def _feed(item: Feed, given: Given, _: Given) -> Given:
    result = period(item, given["reports"])
    return {"items": result.items, "zero": list(result.zero), "silent": list(result.silent)}


def _priority(item: Priority, given: Given, _: Given) -> Given:
    people = [
        Candidate(name, exact(score), facts) for name, (score, facts) in given["people"].items()
    ]
    return {"ranks": {p.id: p.rank for p in order(item, people).positions}}


def _lock(item: Lock, given: Given, section: Given) -> Given:
    locks = [lock for lock in section.values() if isinstance(lock, Lock)]
    triggers = {k: tuple(v) if isinstance(v, list) else v for k, v in given["triggers"].items()}
    result = judge_locks(locks, given["kind"], triggers, given["act"], given["day"])
    return {"verdict": str(result.verdict), "first_free": result.first_free}


def _condition(item: ConditionRule, given: Given, _: Given) -> Given:
    result = judge(item, _facts(given["facts"]), given.get("as_of", ANY_DAY))
    return {"verdict": str(result.outcome), "failing": [c.id for c in result.failing]}


def _intake(item: IntakeRules, given: Given, _: Given) -> Given:
    lacks = set(given.get("lacks", []))
    signatures = {role: role for role in item.signatures} | given.get("signatures", {})
    by = given.get("by")
    result = examine(
        item,
        Form(
            id="f",
            written=given.get("written", True),
            fields=frozenset(item.fields) - lacks,
            signatures=signatures,
            seal=given.get("seal", True),
            minutes=given.get("minutes", True),
            by=Recommender("r", **by) if by else None,
            candidate=given.get("candidate"),
            candidate_unit=given.get("candidate_unit"),
            relation=given.get("relation", "none"),
            signers=tuple(given.get("signers", [])),
        ),
    )
    return {"accepted": result.accepted, "codes": list(result.codes)}


def _matrix(item: NominationMatrix, given: Given, _: Given) -> Given:
    result = permit(item, given["unit"], given["level"], given["mode"], given.get("structural"))
    return {"accepted": result.accepted, "permitted": list(result.permitted)}


def _meeting(item: Meeting, given: Given, _: Given) -> Given:
    figures = Figures.read(given)
    if "votes" not in given:
        return {"valid": quorum(item, figures).valid}
    result = nominate(item, given["votes"], figures, given["places"])
    return {"nominees": list(result.nominees), "tied": list(result.tied)}


def _rate(item: Rate, given: Given, _: Given) -> Given:
    of = Base(given["of"]) if given.get("of") else None
    return {"state": str(rate(item, given["count"], Figures.read(given), of).state)}


def _round(item: Round, given: Given, _: Given) -> Given:
    names = [NamedPerson(**row) for row in given["names"]]
    found = check_form(
        item,
        names,
        unit_kind=given.get("unit_kind"),
        staff=given.get("staff"),
        places=given.get("places"),
    )
    return {"codes": [p.code for p in found]}


def _notice(item: Notice, given: Given, _: Given) -> Given:
    problem = announce(item, given["filled"])
    return {"code": problem.code if problem else None}


def _channels(item: Channels, given: Given, _: Given) -> Given:
    chosen = item.model_copy(update={"consistent": given.get("consistent", item.consistent)})
    return {n.person: n.consistent for n in cross_check(chosen, given["lists"])}


def _no_motion(item: NoMotion, given: Given, _: Given) -> Given:
    people = [Person(name, facts) for name, facts in given["people"].items()]
    return {g.person: [str(g.state), list(g.bars)] for g in gate(item, people)}


def _per_post(item: PerPost, given: Given, _: Given) -> Given:
    return {p.post: p.ok for p in per_post(item, given["posts"]).posts}


def _gates(item: MotionGates, given: Given, _: Given) -> Given:
    given = dict(given)
    if "lines" in given:
        lines = [Line(name, *figures) for name, figures in given.pop("lines").items()]
        given["headcount"] = judge_plan(lines, [Move(*move) for move in given.pop("moves")])
    return {r.gate: str(r.state) for r in check_gates(item, MotionCase(**given))}


def _delegated(item: Delegated, given: Given, _: Given) -> Given:
    plan = DelegatedPlan(
        "单位",
        tuple(PostLine(**row) for row in given["posts"]),
        given.get("mode"),
        tuple(given.get("steps", [])),
        given.get("establishment_form"),
        given.get("mode_finding"),
    )
    return {"codes": [p.code for p in review(item, plan)]}


def _dispatch(item: Dispatch, given: Given, _: Given) -> Given:
    people = {name: _facts(facts) for name, facts in given["people"].items()}
    found = select(item, people, given.get("as_of", ANY_DAY))
    return {r.person: str(r.standing) for r in found}


RUN: dict[type, Callable[[Any, Given, Given], Given]] = {
    Quota: _quota,
    Plan: _plan,
    Ladder: _ladder,
    Take: _take,
    QuotaBands: _bands,
    Indicator: _indicator,
    RedLine: _red_line,
    VacancyClasses: _vacancies,
    Pool: _pool,
    TypeQuotas: _types,
    Dossier: _dossier,
    Feed: _feed,
    Priority: _priority,
    Lock: _lock,
    ConditionRule: _condition,
    IntakeRules: _intake,
    NominationMatrix: _matrix,
    Meeting: _meeting,
    Rate: _rate,
    Round: _round,
    Notice: _notice,
    Channels: _channels,
    NoMotion: _no_motion,
    PerPost: _per_post,
    MotionGates: _gates,
    Delegated: _delegated,
    Dispatch: _dispatch,
}
