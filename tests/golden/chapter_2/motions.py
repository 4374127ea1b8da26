"""Headcount sheet, vacancy ledger, no-motion rules, people per post."""

from __future__ import annotations

from typing import Any

from bole.engine.errors import BoleError
from bole.engine.headcount import (
    Line,
    Move,
    Post,
    RedLine,
    RowVerdict,
    VacancyClasses,
    judge,
    vacancies,
)
from bole.engine.motion import NoMotion, PerPost, Person, gate, per_post
from bole.engine.text import Text
from tests.golden.chapter_2._read import parameters
from tests.golden.harness import adapter
from tests.golden.packs import item
from tests.golden.refusals import answered


@adapter("052.1", "361.1", "365.3")
@answered
def headcount(case: dict[str, Any]) -> Any:
    rule = next(
        found
        for section in ("quotas", "motion")
        if (found := _red_line(section, case["mechanisms"])) is not None
    )
    chosen = parameters(case).get("historic_overstaff_without_entry", rule.overstaffed)
    blocks = str(chosen).endswith("blocked") and "not_blocked" not in str(chosen)
    data = case["input"]
    lines = [Line(row["line"], row.get("approved"), row.get("filled")) for row in data["lines"]]
    plans = {
        key: [
            Move(m.get("person"), m.get("from"), m.get("to"), bool(m.get("keeps"))) for m in moves
        ]
        for key, moves in data.items()
        if key.startswith("plan")
        and isinstance(moves, list)
        and moves
        and isinstance(moves[0], dict)
    }
    for key, dropped in data.items():
        if key.endswith("_drops"):
            first = next(iter(plans.values()))
            plans[key.removesuffix("_drops")] = [m for m in first if m.person not in dropped]
    out: dict[str, Any] = {}
    said = []
    for key, moves in plans.items():
        try:
            sheet = judge(lines, moves, overstaffed_blocks=blocks)
        except BoleError as error:
            out[key] = {"error": error.problems[0].code, "tell": error.say("en")}
            continue
        out[key] = {
            "rows": [
                {"line": r.line.name, "planned": r.planned, "verdict": str(r.verdict)}
                for r in sheet.rows
            ],
            "plan_passes": sheet.passes,
            "not_to_be_studied": list(sheet.not_to_be_studied),
            "codes": [r.code for r in sheet.rows if r.code],
        }
        said.append(sheet.text.en)
        fine = [r for r in sheet.rows if r.verdict is RowVerdict.OK]
        said += [f"{', '.join(r.entering)}: {r.text.en}" for r in fine]
    out["tell_user"] = "; ".join(said)
    return out


def _red_line(section: str, mechanisms: list[str]) -> RedLine | None:
    try:
        return item(section, RedLine, *mechanisms)
    except AssertionError:
        return None


@adapter("064.1")
@answered
def vacancy_ledger(case: dict[str, Any]) -> Any:
    classes = item("motion", VacancyClasses, *case["mechanisms"])
    if given := parameters(case).get("classes"):
        known = classes.classes
        named = {name: known.get(name, Text(name, name.replace("_", " "))) for name in given}
        classes = classes.model_copy(update={"classes": named})
    posts = [
        Post(row["unit"], row["class"], row.get("approved"), row.get("filled"))
        for row in case["input"]["lines"]
    ]
    try:
        result = vacancies(classes, posts)
    except BoleError as error:
        return {
            "error": error.problems[0].code,
            "codes": [p.code for p in error.problems],
            "tell_user": error.say("en"),
        }
    return {
        "vacancies": result.by_class,
        "total_vacancies": result.total,
        "over": [{"unit": o.unit, "class": o.class_, "over_by": o.by} for o in result.over],
        "unknown": [{"unit": p.unit, "class": p.class_} for p in result.unknown],
        "tell_user": result.text.en,
    }


@adapter("042.3")
@answered
def no_motions(case: dict[str, Any]) -> Any:
    rules = item("motion", NoMotion, *case["mechanisms"])
    if (top := parameters(case).get("top")) is not None:
        changed = tuple(
            r if r.top is None else r.model_copy(update={"top": top}) for r in rules.rules
        )
        rules = rules.model_copy(update={"rules": changed})
    people = [
        Person(row["name"], {k: v for k, v in row.items() if k != "name"})
        for row in case["input"]["people"]
    ]
    results = gate(rules, people)
    ranked = next((r.id for r in rules.rules if r.votes is not None), "")
    gates: dict[str, Any] = {}
    for result in results:
        gates[result.person] = {"result": str(result.state), "bars": list(result.bars)}
        if result.todo:
            gates[result.person]["todo"] = list(result.todo)
    return {
        "ranks": {r.person: r.ranks.get(ranked, "unknown") for r in results},
        "gate": gates,
        "tell_user": "; ".join(r.text.en for r in results),
    }


@adapter("042.7")
@answered
def people_per_post(case: dict[str, Any]) -> Any:
    rule = item("motion", PerPost, *case["mechanisms"])
    given = parameters(case)
    changes = {
        name: given[short]
        for short, name in (("min", "minimum"), ("max", "maximum"))
        if given.get(short) is not None
    }
    rule = rule.model_copy(update=changes)
    try:
        result = per_post(rule, {p: n or [] for p, n in case["input"]["posts"].items()})
    except BoleError as error:
        return {"error": error.problems[0].code, "tell_user": error.say("en")}
    out: dict[str, Any] = {}
    for post in result.posts:
        said: dict[str, Any] = {"ok": post.ok}
        if post.modes:
            said["nomination"] = list(post.modes)
        if post.over_by:
            said["over_by"] = post.over_by
        if post.short_by:
            said["short_by"] = post.short_by
        out[post.post] = said
    return {
        "results": out,
        "notes": {person: list(posts) for person, posts in result.several.items()},
        "tell_user": result.text.en,
    }
