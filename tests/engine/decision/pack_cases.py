"""Runs the `cases` beside a ballot pack: item, plan, what is given, what is expected."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from bole.engine.decision import (
    Complaint,
    ConductRule,
    GateSet,
    ItemMinutes,
    NoticeRule,
    ProbationRule,
    Statement,
    VoteRule,
    check_minutes,
    may_issue,
    places,
    probation_dates,
    read_complaints,
    read_conclusion,
    read_differential,
    read_gates,
    read_vote,
    run_notice,
)
from bole.engine.decision.before_office import (
    AchievementForm,
    AchievementRule,
    LetterRule,
    TestRule,
    check_achievement,
    check_letter,
    read_test,
)
from bole.engine.decision.reading import PersonReading, ReadingRule, check_reading
from bole.engine.decision.routes import (
    ApplicantsRule,
    ConsultationRule,
    DirectRule,
    DocumentsRule,
    decides_directly,
    read_applicants,
    read_consultation,
)
from bole.engine.decision.talks import Talk, TalkRule, check_talks
from bole.engine.errors import BoleError
from bole.engine.exact import Base, Figures, exact, rounded
from bole.engine.instruments import FormPackage, InstrumentForm, check_grades
from bole.engine.scoring import (
    AgreementRule,
    Composite,
    ExceptionRule,
    Year,
    YearsRule,
    agree,
    read_exception,
    read_years,
    total,
)
from bole.engine.tally import (
    AttendanceRule,
    Ballot,
    Electorate,
    RoundRule,
    Share,
    Subject,
    Threshold,
    attendance,
    columns,
    count_ballots,
    evaluate,
    read_round,
    weighted_share,
)
from bole.engine.workdays import Calendar

Given = dict[str, Any]


def answer(item: Any, given: Given) -> Given:
    """What the engine of the item's kind says; a refusal gives its codes."""
    try:
        return _RUN[type(item)](item, given)
    except BoleError as error:
        return {"refused": [p.code for p in error.problems]}


def _subject(given: Given) -> Subject:
    measures = {
        k: Share(v["votes"], v.get("of"), Base(v["base"])) if isinstance(v, dict) else v
        for k, v in given["measures"].items()
    }
    return Subject(measures, Figures.read(given.get("figures") or {}))


def _form(form: InstrumentForm, given: Given) -> Given:
    if "grades" in given:
        found = check_grades(form.caps, given["grades"], given["persons"])
        return {"problems": [p.code for p in found]}
    if "ballots" not in given:
        return {"items": len(form.items), "unsettled": len(form.unsettled())}
    ballots = [Ballot(b["answers"], b.get("class", "")) for b in given["ballots"]]
    count = count_ballots(form, ballots, subjects=given.get("subjects"), posts=given.get("posts"))
    votes = {
        f"{i}.{s}.{o}" if s else f"{i}.{o}": sum(n.values()) for (i, s, o), n in count.cells.items()
    }
    valid = sum(count.valid.values())
    return {"valid": valid, "void": count.void, "voided": dict(count.void_categories), **votes}


def _electorate(electorate: Electorate, given: Given) -> Given:
    out: Given = {"columns": ["+".join(c.classes) for c in columns(electorate, given["ballots"])]}
    if "votes" in given:
        share, missing = weighted_share(electorate, given["votes"], given["ballots"])
        out |= {"share": share, "missing": len(missing)}
    return out


def _vote(rule: VoteRule, given: Given) -> Given:
    if "votes" in given:
        found = read_differential(
            rule, base=given["base"], votes=given["votes"], places=given["places"]
        )
        sure = list(found.cut.sure) if found.cut else []
        return {"result": found.result.value, "needed": found.needed, "sure": sure}
    vote = read_vote(rule, base=given["base"], present=given["present"], counts=given["counts"])
    return {"result": vote.result.value, "needed": vote.needed}


def _gates(rule: GateSet, given: Given) -> Given:
    facts = given.get("facts") or {}
    found = read_gates(rule, facts, due=given.get("due"), present=given.get("present"))
    return {
        "submitted": found.submitted,
        "not_met": found.not_met,
        "cannot_tell": found.cannot_tell,
        "slots": sum(g.slot for g in rule.gates),
    }


def _conduct(rule: ConductRule, given: Given) -> Given:
    spoke = [Statement(*s) for s in given["statements"]]
    made = ItemMinutes(
        given.get("item", "甲"),
        given.get("on_agenda", True),
        given["present"],
        given["principal"],
        spoke,
        given.get("recused", []),
        given.get("explained", []),
        given.get("to_explain", []),
    )
    return {"problems": [p.code for p in check_minutes(rule, made)]}


def _notice(rule: NoticeRule, given: Given) -> Given:
    if "facts" in given:
        return {"places": places(rule, given["facts"])}
    complaints = [Complaint(*c) for c in given.get("complaints", [])]
    if "posted" not in given:
        return {"state": read_complaints(complaints, rule).state.value}
    clock = run_notice(rule, given["posted"], Calendar.of(given.get("holidays", [])))
    if isinstance(clock, list):
        return {"missing": len(clock)}
    out: Given = {"due": clock.due}
    if "on" in given:
        out["allowed"] = may_issue(clock, given["on"], complaints, rule).allowed
    return out


def _probation(rule: ProbationRule, given: Given) -> Given:
    if "conclusion" in given:
        found = read_conclusion(
            [rule],
            given["conclusion"],
            over=given.get("over"),
            extension_months=given.get("extension_months"),
        )
        return {"state": found.state.value, "destinations": len(found.destinations)}
    dates = probation_dates(rule, given["start"])
    return {"due": dates.due, "touchpoints": list(dates.touchpoints.values())}


def _years(rule: YearsRule, given: Given) -> Given:
    years = [
        Year(f"y{i}", None if s is None else Fraction(exact(s)), r, o)
        for i, (s, r, o) in enumerate(given["years"])
    ]
    found = read_years(rule, years, given.get("daily"))
    return {"outcome": found.outcome.value, "concentrated": found.concentrated}


def _composite(rule: Composite, given: Given) -> Given:
    found = total(rule, _subject(given))
    value = None if found.value is None else rounded(found.value, 2)
    return {"total": value, "missing": [m.en for m in found.missing]}


def _agreement(rule: AgreementRule, given: Given) -> Given:
    found = agree({s: given.get(s) for s in rule.sources})
    return {"all": list(found.all)}


def _consultation(rule: ConsultationRule, given: Given) -> Given:
    found = read_consultation(rule, given["step"], given.get("facts", {}), given["replies"])
    return {"may_go": found.may_go, "outstanding": list(found.outstanding)}


def _documents(rule: DocumentsRule, given: Given) -> Given:
    out: Given = {"next": rule.next(given["done"])}
    if "paper" in given:
        out["missing"] = rule.missing(given["paper"], given["done"])
    return out


def _reading(rule: ReadingRule, given: Given) -> Given:
    sources = [s.zh for s in rule.sources]
    readings = [PersonReading(**{"sources_seen": sources, **r}) for r in given["readings"]]
    return {"problems": [p.code for p in check_reading(rule, given["places"], readings)]}


def _talk(rule: TalkRule, given: Given) -> Given:
    talks = [Talk(**t) for t in given["talks"]]
    return {"problems": [p.code for p in check_talks(rule, given["persons"], talks)]}


def _attendance(rule: AttendanceRule, given: Given) -> Given:
    found = attendance(rule, given["base"], given["present"])
    return {"state": found.state.value, "needed": found.needed}


_RUN: dict[type, Callable[[Any, Given], Given]] = {
    InstrumentForm: _form,
    FormPackage: lambda i, g: {"missing": i.missing(g["present"])},
    Electorate: _electorate,
    Threshold: lambda i, g: {"outcome": evaluate(i, _subject(g)).outcome.value},
    AttendanceRule: _attendance,
    RoundRule: lambda i, g: {
        "outcome": read_round(i, g["votes"], g["valid"], g.get("posts", 1)).outcome.value
    },
    Composite: _composite,
    ExceptionRule: lambda i, g: {"open": read_exception(i, _subject(g), g["done"]).open},
    YearsRule: _years,
    AgreementRule: _agreement,
    VoteRule: _vote,
    GateSet: _gates,
    ConductRule: _conduct,
    ProbationRule: _probation,
    ConsultationRule: _consultation,
    DocumentsRule: _documents,
    DirectRule: lambda i, g: {"body": decides_directly([i], g["case"])},
    ApplicantsRule: lambda i, g: {
        "outcome": (r := read_applicants(i, g["posts"], g["passed"])).outcome.value,
        "posts": r.posts,
    },
    ReadingRule: _reading,
    TalkRule: _talk,
    TestRule: lambda i, g: {"state": read_test(i, g["scores"])[0].value},
    LetterRule: lambda i, g: {"problems": [p.code for p in check_letter(i, g["shortcomings"])]},
    AchievementRule: lambda i, g: {
        "problems": [
            p.code for p in check_achievement(i, AchievementForm(g["fields"], g["signed"]))
        ]
    },
    NoticeRule: _notice,
}
