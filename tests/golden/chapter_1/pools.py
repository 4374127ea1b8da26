"""Pools, types, age bands, priorities, records and review clocks."""

from __future__ import annotations

from typing import Any

from bole.engine.errors import BoleError
from bole.engine.exact.numbers import exact
from bole.engine.headcount import Change, RedLine, ledger_rows
from bole.engine.lists import (
    Candidate,
    Entry,
    Pool,
    Possible,
    Priority,
    RecordRules,
    Reset,
    Row,
    TypeQuotas,
    band_of,
    due_days,
    file_entry,
    order,
    place,
    reset_standing,
    take_in,
    visible,
)
from bole.engine.quotas import Outcome
from bole.engine.spans import Birth
from bole.engine.text import Text
from tests.golden.chapter_1._read import day, refused, settings, slug
from tests.golden.harness import adapter
from tests.golden.packs import item, items
from tests.golden.refusals import answered

BIRTH = Text("出生日期", "birth date")


def _pool(section_mechanisms: list[str], part: str) -> Pool:
    for mechanism in section_mechanisms:
        for pool in items("pools", mechanism, Pool):
            if getattr(pool, part):
                return pool
    raise AssertionError(f"no pool with {part}")


@adapter("397.1", "403.2", "096.1")
@answered
def talent_pools(case: dict[str, Any]) -> Any:
    """Who fits which tier of a pool; rows hold the facts that its conditions read."""
    if "people" not in case["input"]:
        return _reviews(case)
    pool = _pool(case["mechanisms"], "tiers")
    as_of = day(case.get("as_of") or case["input"].get("as_of"))
    assert as_of is not None
    out = []
    for row in case["input"]["people"]:
        try:
            if pool.levels and row.get("level") is not None and row["level"] not in pool.levels:
                known = ", ".join(pool.levels)
                said = f"person {row['id']}, level: '{row['level']}' is not one of {known}"
                out.append({"id": row["id"], "result": "refused", "tell": said})
                continue
            where = f"person {row['id']}"
            birth = None if row.get("birth") is None else Birth.of(row["birth"], BIRTH, where)
            if birth is not None:
                birth.not_after(as_of, BIRTH, where)
            ages = None if birth is None else birth.ages(as_of)
            age = None if ages is None else ages[0] if ages[0] == ages[1] else Possible(ages)
            facts = {k: slug(v) for k, v in row.items() if k not in ("level", "birth")}
            facts |= {"level": row.get("level"), "age": row.get("age") if birth is None else age}
            placed = place(pool, facts, as_of)
        except BoleError as error:
            out.append(refused(error, id=row["id"]))
            continue
        out.append(
            {
                "id": row["id"],
                "pool": placed.tiers[0].title.en if placed.tiers else "none",
                "age": age if isinstance(age, int) else None,
                "verdict": str(placed.outcome),
                "failing": [c.title.en for c in placed.failing],
                "tell": placed.text.en,
            }
        )
    return out


def _reviews(case: dict[str, Any]) -> Any:
    """Half-year reviews from the pool's pack, yearly ones and the reset from the other pack."""
    given, out = case["input"], {}
    half = item("pools", Pool, *case["mechanisms"]).review
    if row := given.get("half_year_pool"):
        assert half is not None and half.every_months is not None
        anchor = day(row.get("anchor"))
        out["half_year_due"] = (
            "cannot be judged"
            if anchor is None
            else due_days(anchor, half.every_months, row["reviews"])
        )
    if row := given.get("yearly_pool"):
        pool = next(p for m in case["mechanisms"] for p in items("pools", m, Pool) if p.reset)
        assert pool.review is not None and pool.review.every_months is not None
        start = day(row.get("start"))
        reset = pool.reset
        if window := row.get("reset_window_years"):
            reset = Reset(after_years=window[0], by_years=window[1])
        assert reset is not None
        if start is None:
            return {**out, "yearly_due": "cannot be judged", "reset_state": "cannot be judged"}
        out["yearly_due"] = due_days(start, pool.review.every_months, row["years"])
        today = day(given.get("check_date"))
        if today is None:
            return {**out, "reset_state": "cannot be judged", "tell": "the check date is missing"}
        standing = reset_standing(reset, start, today, day(row.get("last_reset")))
        out["reset_window"] = [standing.first, standing.last]
        out["reset_state"] = standing.state
        out["tell"] = standing.text.en
    return out


@adapter("372.2", "375.2")
@answered
def types(case: dict[str, Any]) -> Any:
    quotas = item("lists", TypeQuotas, *case["mechanisms"])
    given = {**settings(case), **case["input"]}.get("quotas")
    if given:
        changed = {
            name: t.model_copy(update={"places": given.get(name, t.places)})
            for name, t in quotas.types.items()
        }
        quotas = quotas.model_copy(update={"types": changed})
    rows = [
        Row(
            r["row"],
            tuple(r["type"])
            if isinstance(r.get("type"), list)
            else ()
            if r.get("type") is None
            else (r["type"],),
        )
        for r in case["input"]["rows"]
    ]
    try:
        intake = take_in(quotas, case["input"]["held"], rows)
    except BoleError as error:
        return refused(error)
    return {
        "rows": [
            {"row": r.row, "result": "entered" if r.entered else "refused", "tell": r.text.en}
            for r in intake.rows
        ],
        "held": intake.held,
        "total": intake.total,
    }


@adapter("437.1")
@answered
def bands(case: dict[str, Any]) -> Any:
    pool = _pool(case["mechanisms"], "age_bands")
    assert pool.age_bands is not None
    as_of = day(case.get("as_of") or case["input"].get("as_of"))
    assert as_of is not None
    out = []
    for row in case["input"]["people"]:
        where = f"person {row['id']}"
        try:
            birth = None if row.get("birth") is None else Birth.of(row["birth"], BIRTH, where)
            start = day(row.get("start_work"), Text("参加工作时间", "start of work"), where)
            if birth is not None:
                birth.not_after(as_of, BIRTH, where)
                birth.not_after(start, BIRTH, where, Text("参加工作时间", "start of work"))
            result = band_of(pool.age_bands, birth, as_of, row["id"])
        except BoleError as error:
            out.append(refused(error, id=row["id"]))
            continue
        band = result.band.en if result.band else str(Outcome.UNKNOWN)
        out.append({"id": row["id"], "age": result.age, "band": band, "tell": result.text.en})
    return out


@adapter("056.3", "425.4")
@answered
def priorities(case: dict[str, Any]) -> Any:
    given = {**settings(case), **case["input"]}
    post = slug(given.get("post") or given.get("vacancy") or "town_head")
    found = [p for m in case["mechanisms"] for p in items("lists", m, Priority)]
    chosen = next((p for p in found if post in p.posts), found[0])
    # A case with another preference names it by its fact.
    facts = {k for row in given["candidates"] for k in row} - {"id", "score", "state"}
    if not any(name in facts for p in chosen.prefer for name in p.when.names()):
        chosen = next(
            (p for p in found if any(n in facts for q in p.prefer for n in q.when.names())), chosen
        )
    chosen = _equal_standing(chosen, given)
    candidates, wrong = [], []
    for row in given["candidates"]:
        try:
            score = None if row.get("score") is None else exact(row["score"])
        except BoleError as error:
            wrong.append(refused(error, id=row["id"]))
            continue
        facts_of = {k: v for k, v in row.items() if k not in ("id", "score", "state")}
        candidates.append(Candidate(row["id"], score, facts_of, row.get("state", "active")))
    result = order(chosen, candidates)
    said: list[dict[str, Any]] = []
    for position in result.positions:
        place_ = {"id": position.id, "rank": position.rank, "tell": position.text.en}
        if position.tied_with:
            place_["tied_with"] = list(position.tied_with)
        if position.moved_by:
            place_["moved_by"] = "; ".join(p.title.en for p in position.moved_by)
        said.append(place_)
    return {
        "order": said,
        "not_listed": [{"id": name, "tell": text.en} for name, text in result.not_listed] + wrong,
        "note": result.note.en,
    }


def _equal_standing(priority: Priority, given: dict[str, Any]) -> Priority:
    """The case's own meaning of equal standing: the same score or grade, or a band of points."""
    said = given.get("equal_standing", given.get("equal_standing_band"))
    if said is None:
        return priority
    if isinstance(said, dict):
        said = said.get("band", said.get("within"))
    if isinstance(said, str) and slug(said) in ("same_score", "same_grade"):
        return priority.model_copy(update={"equal": slug(said), "band": None})
    return priority.model_copy(update={"equal": "band", "band": exact(said)})


@adapter("259.1", "262.3")
@answered
def record(case: dict[str, Any]) -> Any:
    rules = item("lists", RecordRules, *case["mechanisms"])
    given = case["input"]
    if given.get("known_negative") is not None:
        listed = {slug(c): Text(c, c) for c in given["known_negative"]}
        rules = rules.model_copy(update={"negative": listed, "open_negative": 0})
    if given.get("known_positive") is not None:
        listed = {slug(c): Text(c, c) for c in given["known_positive"]}
        rules = rules.model_copy(update={"positive": listed, "open_positive": 0})
    days = [day(d) for d in given.get("view_dates", [])]
    out = []
    for row in given["entries"]:
        try:
            entry = Entry(
                str(row["id"]),
                row.get("side"),
                slug(row.get("circumstance")),
                slug(row.get("cause")),
                row.get("document"),
                day(row.get("until"), Text("截止日期", "end date"), f"entry {row['id']}"),
                row.get("status"),
            )
        except BoleError as error:
            out.append(refused(error, id=row["id"]))
            continue
        filed = file_entry(rules, entry)
        said = {"id": row["id"], "result": "saved" if filed.saved else "refused"}
        said["tell"] = filed.text.en
        if filed.saved:
            said["visible_in_selection"] = {d.isoformat(): visible(entry, d) for d in days if d}
        out.append(said)
    return out


@adapter("052.2", "017.7")
@answered
def red_line(case: dict[str, Any]) -> Any:
    line = item("quotas", RedLine, *case["mechanisms"])
    out = []
    for row in case["input"]["rows"]:
        change = Change(
            str(row["unit"]),
            str(row.get("level") or ""),
            row.get("authorised"),
            row.get("filled"),
            row.get("in"),
            row.get("out"),
            row.get("approval"),
        )
        try:
            (result,) = ledger_rows(line, [change])
        except BoleError as error:
            out.append(refused(error, unit=row["unit"]))
            continue
        said = {
            "unit": row["unit"],
            "after": result.after,
            "verdict": "allowed" if result.allowed else "blocked",
            "tell": result.text.en,
        }
        if result.over:
            said["over"] = result.over
        out.append(said)
    return out
