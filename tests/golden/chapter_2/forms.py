"""Intake of recommendations, matrices, quotas by size and share, notices."""

from __future__ import annotations

import datetime
import re
from typing import Any

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.numbers import exact
from bole.engine.nomination import (
    Form,
    IntakeRules,
    NominationMatrix,
    Notice,
    Recommender,
    examine,
    permit,
    received,
    window,
)
from bole.engine.quotas import QuotaBand, QuotaBands, Take, banded, taken
from bole.engine.quotas.bands import Banded
from bole.engine.quotas.take import ROUNDINGS
from bole.engine.spans import day_of
from bole.engine.text import Text
from bole.engine.workdays import Calendar
from tests.golden.chapter_2._read import parameters
from tests.golden.harness import adapter
from tests.golden.packs import item
from tests.golden.refusals import answered

SIZE = re.compile(r"(more_than|fewer_than|exactly|at_least|at_most)_(\d+)")


def _named(given: Any, known: dict[str, Text]) -> dict[str, Text]:
    """A list of ids from a case, with the pack's words where it has them."""
    return {name: known.get(name, Text(name, name.replace("_", " "))) for name in given}


@adapter("456.1", "453.1")
@answered
def real_name(case: dict[str, Any]) -> Any:
    given, rules = parameters(case), item("nomination", IntakeRules, *case["mechanisms"])
    changes: dict[str, Any] = {}
    if given.get("required_fields") is not None:
        changes["fields"] = _named(given["required_fields"], rules.fields)
    if given.get("barred_kin") is not None:
        changes["kin"] = _named(given["barred_kin"], rules.kin)
    if given.get("entitled") is not None:
        known = {office for c in rules.classes.values() for office in c.offices}
        classes = {
            name: c.model_copy(
                update={"offices": tuple(o for o in c.offices if o in given["entitled"])}
            )
            for name, c in rules.classes.items()
        }
        new = tuple(o for o in given["entitled"] if o not in known)
        if new:
            first = next(iter(classes))
            classes[first] = classes[first].model_copy(
                update={"offices": (*classes[first].offices, *new)}
            )
        changes["classes"] = classes
    rules = rules.model_copy(update=changes)
    people = {
        row["id"]: Recommender(
            row["id"],
            row.get("office"),
            row.get("unit"),
            row.get("system"),
            _span(row.get("suspended"))
            or _span([row.get("suspended_from") or datetime.date.min, row.get("suspended_until")]),
        )
        for row in case["input"]["recommenders"]
    }
    out, said = [], []
    for row in case["input"]["forms"]:
        missing = set(row.get("missing_fields") or [])
        result = examine(
            rules,
            Form(
                id=row["form"],
                written=row.get("channel") == "written",
                fields=frozenset(rules.fields) - missing,
                signatures={"recommender": row.get("by") if row.get("signed") else None},
                by=people.get(row.get("by")) or Recommender(str(row.get("by")), None, None),
                candidate_unit=row.get("candidate_unit"),
                candidate_system=row.get("candidate_system"),
                relation=row.get("relation"),
                received=_day(row.get("received")),
                due=_day(row.get("due")),
            ),
        )
        answer: dict[str, Any] = {
            "form": row["form"],
            "state": "accepted" if result.accepted else "refused",
            "codes": list(result.codes),
        }
        if result.review_waits:
            answer["review_waits"] = True
        out.append(answer)
        said.append(result.text.en)
    return {"results": out, "tell_user": "; ".join(said)}


@adapter("129.1", "129.2", "144.1", "008.1")
@answered
def collective(case: dict[str, Any]) -> Any:
    """The formal report of the unit: what the packs of the case's mechanisms ask for together."""
    given = parameters(case)
    rules = item("nomination", IntakeRules, *reversed(case["mechanisms"]))
    wanted = given.get("required")
    if wanted is not None:
        signs = [name for name in wanted if name.startswith("sign_")]
        fields = [
            n
            for n in wanted
            if n not in signs and n not in ("seal", "minutes", "organisation_seal")
        ]
        rules = rules.model_copy(
            update={
                "signatures": _named([s.removeprefix("sign_") for s in signs], rules.signatures),
                "fields": _named(fields, rules.fields),
                "seal": "seal" in wanted or "organisation_seal" in wanted,
                "minutes": "minutes" in wanted,
                "two_people": bool(given.get("two_people", rules.two_people)),
            }
        )
    out, said = [], []
    for row in case["input"]["forms"]:
        result = examine(
            rules,
            Form(
                id=row["form"],
                written=row.get("channel", "written") == "written",
                fields=frozenset(name for name in rules.fields if row.get(name)),
                signatures={name: row.get(f"sign_{name}") for name in rules.signatures},
                seal=bool(row.get("seal")),
                minutes=bool(row.get("minutes")),
            ),
        )
        state = "accepted" if result.accepted else "refused"
        out.append({"form": row["form"], "state": state, "codes": list(result.codes)})
        said.append(result.text.en)
    return {"results": out, "tell_user": "; ".join(said)}


@adapter("034.6")
@answered
def nomination_matrix(case: dict[str, Any]) -> Any:
    given, matrix = parameters(case), item("nomination", NominationMatrix, *case["mechanisms"])
    changes: dict[str, Any] = {}
    if given.get("matrix") is not None:
        changes["rows"] = {
            unit: {level: tuple(modes) for level, modes in row.items()}
            for unit, row in given["matrix"].items()
        }
    if given.get("structural_extra") is not None:
        changes["structural_extra"] = tuple(given["structural_extra"])
    matrix = matrix.model_copy(update=changes)
    out, said = [], []
    for row in case["input"]["nominations"]:
        result = permit(
            matrix, row.get("unit_kind"), row.get("level"), row.get("mode"), row.get("structural")
        )
        answer: dict[str, Any] = {"nr": row["nr"], "accepted": result.accepted}
        if result.accepted is None:
            answer["accepted"] = "unknown"
        if result.problem is not None:
            answer["code"] = result.problem.code
            answer["permitted"] = list(result.permitted)
            said.append(f"{row['nr']}: {result.text.en}")
        out.append(answer)
    return {"results": out, "tell_user": "; ".join(said)}


@adapter("389.2")
@answered
def size_quotas(case: dict[str, Any]) -> Any:
    bands = item("nomination", QuotaBands, *case["mechanisms"])
    given = parameters(case)
    if given:
        bands = bands.model_copy(update={"bands": _bands(given)})
    out: dict[str, Any] = {"quotas": {}, "codes": {}}
    said: list[str] = []
    out["quotas"], out["codes"], total = _quotas(bands, case["input"]["units"], said)
    out["total_computed"] = total
    again = {
        key.removeprefix("second_run_"): value
        for key, value in case["input"].items()
        if key.startswith("second_run_")
    }
    if again:
        second = bands.model_copy(update={"bands": _bands({**given, **again})})
        quotas, _, total = _quotas(second, case["input"]["units"], [])
        out["second_run"] = {**quotas, "total_computed": total}
    out["tell_user"] = "; ".join(said)
    return out


def _bands(given: dict[str, Any]) -> tuple[QuotaBand, ...]:
    bands = []
    for key, number in given.items():
        match = SIZE.fullmatch(key)
        if match:
            bands.append(QuotaBand(**{match[1]: int(match[2]), "number": number}))
        elif isinstance(number, int):
            bands.insert(0, QuotaBand(kinds=(key,), number=number))
    return tuple(bands)


def _quotas(
    bands: QuotaBands, units: list[dict[str, Any]], said: list[str]
) -> tuple[dict[str, Any], dict[str, str], int]:
    quotas: dict[str, Any] = {}
    codes: dict[str, str] = {}
    for row in units:
        result = banded(bands, row.get("kind"), row.get("staff"), row["unit"])
        quotas[row["unit"]] = "not_computed" if result.code else _number(result)
        if result.code:
            codes[row["unit"]] = result.code
            said.append(result.text.en)
    return quotas, codes, sum(n for n in quotas.values() if isinstance(n, int))


def _number(result: Banded) -> Any:
    """A fixed number, or the range that the band allows."""
    if result.number is not None:
        return result.number
    return {"min": result.minimum, "max": result.maximum}


@adapter("316.10", "318.9")
@answered
def one_third(case: dict[str, Any]) -> Any:
    take = item("nomination", Take, *case["mechanisms"])
    if (share := parameters(case).get("share")) is not None:
        take = take.model_copy(update={"share": exact(share)})
    out: dict[str, Any] = {}
    said: dict[str, None] = {}
    for name in case["input"]["roundings"]:
        numbers: dict[Any, Any] = {}
        for posts in case["input"]["posts"]:
            try:
                result = taken(take, posts, ROUNDINGS[name] if name else None)
            except BoleError as error:
                numbers[posts] = "not_computed"
                said[error.say("en")] = None
                continue
            numbers[posts] = "not_computed" if result.number is None else result.number
            if result.number is None:
                said[result.text.en] = None
        if name is None:
            undecided = all(n == "not_computed" for n in numbers.values())
            out["none_chosen"] = "not_computed" if undecided else numbers
        else:
            out[name] = numbers
    out["tell_user"] = "; ".join(said)
    return out


@adapter("064.4")
@answered
def reply_window(case: dict[str, Any]) -> Any:
    notice = item("nomination", Notice, *case["mechanisms"])
    given = parameters(case)
    changes: dict[str, Any] = {}
    if given.get("days") is not None:
        changes["amount"] = given["days"]
    if given.get("unit") is not None:
        changes["unit"] = given["unit"]
    notice = notice.model_copy(update=changes)
    data = case["input"]
    loaded = data.get("calendar_loaded") or {}
    calendar = Calendar.of(
        data.get("holidays") or [],
        data.get("working_weekend_days") or [],
        first=loaded.get("from"),
        last=loaded.get("to"),
    )
    dues = {
        row["notice"]: window(notice, _day(row.get("sent")), calendar) for row in data["notices"]
    }
    out: dict[str, Any] = {"due": {}, "items": {}, "codes": {}}
    said: list[str] = []
    for name, due in dues.items():
        out["due"][name] = due.due or "not_computed"
        if due.problem is not None:
            out["codes"][name] = due.problem.code
            said.append(f"{name}: {due.problem.text.en}")
    for row in data["received"]:
        problem: Problem | None
        if row.get("at") is None or row["notice"] not in dues:
            state, problem = "not_computed", None
        else:
            answer = received(dues[row["notice"]], _day(row["at"]), calendar)  # type: ignore[arg-type]
            state, problem = answer.state, answer.problem
        out["items"][row["item"]] = state
        if problem is not None:
            out["codes"].setdefault(row["item"], problem.code)
            said.append(f"{row['item']}: {problem.text.en}")
    out["tell_user"] = "; ".join(said)
    return out


def _day(value: Any) -> datetime.date | None:
    """The day of a date or of a time stamp."""
    if value is None or isinstance(value, datetime.date):
        return value.date() if isinstance(value, datetime.datetime) else value
    return day_of(str(value)[:10], Text("日期", "date"))


def _span(value: Any) -> tuple[datetime.date, datetime.date] | None:
    if not value or None in value:
        return None
    first, last = (_day(v) for v in value)
    assert first and last
    return first, last
