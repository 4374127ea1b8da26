"""Families by kind of rule: intake, matrices, meetings, rounds, channels, plans, gates."""

from __future__ import annotations

import datetime
from typing import Any

from bole.engine.headcount import Line, Move
from bole.engine.headcount import judge as judge_plan
from bole.engine.motion import (
    Delegated,
    DelegatedPlan,
    Dispatch,
    MotionCase,
    MotionGates,
    NoMotion,
    PerPost,
    PostLine,
    check_gates,
    review,
    select,
)
from bole.engine.motion.delegated import Execution, follow
from bole.engine.nomination import (
    Channels,
    Credit,
    IntakeRules,
    Meeting,
    NamedPerson,
    NominationMatrix,
    Notice,
    Rate,
    Round,
    announce,
    check_form,
    cross_check,
)
from bole.engine.quotas import QuotaBands, banded
from tests.golden.by_kind import (
    NotMine,
    each,
    first,
    has,
    kind,
    plan_of,
    problems,
    said,
    tables,
)
from tests.golden.chapter_1._read import day, slug, spells
from tests.golden.chapter_2 import forms, meetings, motions
from tests.golden.harness import Adapter


def _needs(family: Adapter, *keys: str) -> Any:
    """A family of this chapter as it stands, for inputs that hold its tables."""

    def read(rule: Any, case: dict[str, Any]) -> Any:
        if not any(key in case["input"] for key in keys):
            raise NotMine(f"none of {keys}")
        return family({**case, "mechanisms": list(rule.mechanisms)})

    return read


kind(NominationMatrix)(_needs(forms.nomination_matrix, "nominations"))
kind(Meeting)(_needs(meetings.plenary, "meetings", "votes", "places_list"))
kind(Rate)(_needs(meetings.excellent_rate, "people"))
kind(Credit)(_needs(meetings.credit, "rounds"))
kind(NoMotion)(_needs(motions.no_motions, "people"))
kind(PerPost)(_needs(motions.people_per_post, "posts"))


@kind(IntakeRules)
def intake(rule: IntakeRules, case: dict[str, Any]) -> Any:
    data = case["input"]
    if "forms" not in data:
        raise NotMine("no forms")
    own = {**case, "mechanisms": list(rule.mechanisms)}
    rows = data["forms"]
    if "recommenders" in data or any("by" in row for row in rows):
        return forms.real_name({**own, "input": {"recommenders": [], **data}})
    return forms.collective(own)


@kind(QuotaBands)
def bands(rule: QuotaBands, case: dict[str, Any]) -> Any:
    if "units" in case["input"]:
        return forms.size_quotas({**case, "mechanisms": list(rule.mechanisms)})

    def read(row: dict[str, Any]) -> dict[str, Any]:
        name = str(row[next(iter(row))])
        result = banded(rule, first(row, "kind", "unit_kind"), first(row, "staff", "size"), name)
        number = "not_computed" if result.code else forms._number(result)
        return {"quota": number, "code": result.code, **said(result.text)}

    return each(case, read)


@kind(Notice)
def notice(rule: Notice, case: dict[str, Any]) -> Any:
    data = case["input"]
    if "notices" in data and any("sent" in row for row in data["notices"]):
        inner = {"received": [], **data}
        return forms.reply_window({**case, "mechanisms": list(rule.mechanisms), "input": inner})

    def read(row: dict[str, Any]) -> dict[str, Any]:
        filled = first(row, "filled", "items", "holds", "states")
        if not isinstance(filled, list):
            raise NotMine("no items of a notice")
        problem = announce(rule, filled)
        return problems([problem] if problem else [], "announced")

    return each(case, read)


@kind(Round)
def rounds(rule: Round, case: dict[str, Any]) -> Any:
    data, given = case["input"], plan_of(case)
    multiple = given.get("multiple", given.get("difference_multiple"))
    if isinstance(multiple, int):
        rule = rule.model_copy(update={"multiple": multiple})

    def person(row: Any) -> NamedPerson:
        if isinstance(row, str):
            return NamedPerson(row)
        ranks = {k: row.get(k) for k in rule.rank_by if k in row}
        return NamedPerson(
            str(first(row, "person", "name")),
            row.get("category"),
            row.get("ranks") or ranks,
            row.get("properties") or {k: row.get(k) for k in rule.minimums if k in row},
        )

    def read(row: dict[str, Any]) -> dict[str, Any]:
        names = first(row, "names", "named", "people", "candidates")
        if isinstance(names, dict):
            names = [{"person": p, "category": c} for c, people in names.items() for p in people]
        if not isinstance(names, list):
            raise NotMine("no names")
        found = check_form(
            rule,
            [person(n) for n in names],
            unit_kind=first(row, "unit_kind", "kind"),
            staff=row.get("staff"),
            places=first(row, "places", "posts"),
        )
        return problems(found)

    if "names" in data or "people" in data:
        return read({**data, "names": data.get("names", data.get("people"))})
    return each(case, read)


@kind(Channels)
def channels(rule: Channels, case: dict[str, Any]) -> Any:
    data, given = case["input"], plan_of(case)
    k = next((given[n] for n in ("k", "consistent", "at_least") if given.get(n) is not None), None)
    lists = data.get("lists", data.get("channels"))
    if not isinstance(lists, dict):
        lists = {n: v for n, v in data.items() if v is None or isinstance(v, list)}
    if len(lists) < 2 or any(not all(isinstance(n, str) for n in v or ()) for v in lists.values()):
        raise NotMine("no lists by channel")
    # A case may call its channels otherwise than the pack; the count is the same.
    names = {n: rule.channels[n] for n in lists if n in rule.channels}
    titles = {n: names.get(n) or next(iter(rule.channels.values())) for n in lists}
    chosen = rule.model_copy(update={"channels": titles, "consistent": k or rule.consistent})
    people = [
        {
            "person": n.person,
            "channels": len(n.by),
            "by": list(n.by),
            "missing": list(n.not_by),
            "ranks": dict(n.ranks),
            "consistent": "not_computed" if n.consistent is None else n.consistent,
            **said(n.text),
        }
        for n in cross_check(chosen, lists)
    ]
    return {
        "people": people,
        "consistent": [p["person"] for p in people if p["consistent"] is True],
        "one_channel": [p["person"] for p in people if p["channels"] == 1],
        "tell_user": "; ".join(p["tell"] for p in people),
    }


@kind(Delegated)
def delegated(rule: Delegated, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        posts = row.get("posts")
        if not isinstance(posts, list):
            raise NotMine("no posts of a plan")
        plan = DelegatedPlan(
            str(first(row, "unit", "plan")),
            tuple(
                PostLine(
                    str(p.get("post")),
                    first(p, "number", "wanted", "planned") or 0,
                    p.get("approved"),
                    p.get("filled"),
                    p.get("leaving") or 0,
                    p.get("established", True),
                )
                for p in posts
            ),
            row.get("mode"),
            tuple(row.get("steps") or rule.steps),
            row.get("establishment_form"),
            row.get("mode_finding"),
        )
        out = problems(review(rule, plan), "approved")
        if "execution" not in row and not has(row, "started"):
            return out
        done = row.get("execution") or row
        content = {**plan.content, **(done.get("changes") or {})}
        result = follow(
            plan,
            day(first(row, "reply", "approved_on")),
            Execution(
                content, day(done.get("started")), {k: day(v) for k, v in _days(done).items()}
            ),
        )
        codes = [p.code for p in result.problems]
        return {**out, "execution": str(result.state), "codes": out["codes"] + codes} | said(
            result.text
        )

    return (
        each(case, read) if not isinstance(case["input"].get("posts"), list) else _one(case, read)
    )


def _days(done: dict[str, Any]) -> dict[str, Any]:
    given = done.get("step_days") or {}
    return given if isinstance(given, dict) else {}


def _one(case: dict[str, Any], read: Any) -> Any:
    return read(dict(case["input"]))


@kind(Dispatch)
def dispatch(rule: Dispatch, case: dict[str, Any]) -> Any:
    rows = next(iter(tables(case["input"]).values()), None)
    if rows is None:
        raise NotMine("no people")
    as_of = day(case.get("as_of") or first(case["input"], "as_of", "reference_date", "day"))
    people = {
        str(row[next(iter(row))]): {
            k: spells(v) if isinstance(v, list) and v and isinstance(v[0], list) else slug(v)
            for k, v in row.items()
        }
        for row in rows
    }
    order = list(people)
    results = select(rule, people, as_of or datetime.date.max)
    listed = [
        {
            "person": r.person,
            "result": str(r.standing),
            "failing": [c.id for c in r.failing],
            "excluded_by": [c.id for c in r.excluded_by],
            "missing": [c.id for c in r.missing],
            **said(r.text),
        }
        for r in sorted(results, key=lambda r: order.index(r.person))
    ]
    eligible = [r.person for r in results if str(r.standing) == "eligible"]
    return {
        "results": listed,
        "order": eligible,
        "tell_user": "; ".join(r["tell"] for r in listed),
    }


@kind(MotionGates)
def motion_gates(rule: MotionGates, case: dict[str, Any]) -> Any:
    known = set(MotionCase.__dataclass_fields__)

    def read(row: dict[str, Any]) -> dict[str, Any]:
        given = {k: v for k, v in row.items() if k in known and k != "headcount"}
        if not given:
            raise NotMine("nothing of a motion")
        for name in ("principles_adopted", "names_first_listed"):
            given[name] = day(given.get(name))
        if "lines" in row:
            lines = [Line(x["line"], x.get("approved"), x.get("filled")) for x in row["lines"]]
            moves = [Move(m.get("person"), m.get("from"), m.get("to")) for m in row["moves"]]
            given["headcount"] = judge_plan(lines, moves)
        found = check_gates(rule, MotionCase(**given))
        stopped = [r.gate for r in found if r.holds_the_case]
        return {
            "gates": {r.gate: str(r.state) for r in found},
            "stopped_by": stopped,
            "result": "stopped" if stopped else "passed",
            "tell": "; ".join(r.text.en for r in found),
            "tell_user": "; ".join(r.text.en for r in found),
        }

    return each(case, read)
