"""Ratios, batch shares, plans, programme quotas and the remedy ladder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bole.engine.errors import BoleError
from bole.engine.exact.numbers import exact, fixed
from bole.engine.quotas import Check, Ladder, Plan, Quota, check, check_batch, check_plan
from bole.engine.quotas.ladder import next_remedy
from bole.engine.quotas.outcome import Outcome
from tests.golden.chapter_1._read import refused, settings
from tests.golden.harness import adapter
from tests.golden.packs import item, items
from tests.golden.refusals import answered

DEVIATION = "deviation with reason and approver"


def quota_of(case: Mapping[str, Any]) -> Quota:
    """The pack's quota with what the case sets in its place."""
    quota = item("quotas", Quota, *case["mechanisms"])
    given = {**settings(case), **(case.get("input") or {})}
    changes: dict[str, Any] = {}
    for key in ("ratio", "share", "value"):
        if isinstance(given.get(key), (str, int, float)):
            changes["share"] = exact(given[key])
    return quota.model_copy(update={**changes, "open": False}) if changes else quota


def answer(result: Check) -> dict[str, Any]:
    out: dict[str, Any] = {"verdict": str(result.outcome), "tell": result.text.en}
    if result.need is not None:
        out["need"] = result.need
    if result.have is not None:
        out["have"] = result.have
    if result.whole is not None:
        out["denominator"] = result.whole
    if result.share is not None:
        out["share_percent"] = fixed(result.share * 100)
    if result.outcome is not Outcome.UNKNOWN:
        out["gap"] = result.gap
    if result.needs_deviation:
        out["next"] = DEVIATION
    return out


@adapter("257.10")
@answered
def teams(case: dict[str, Any]) -> Any:
    quota, out = quota_of(case), []
    for row in case["input"]["teams"]:
        counts = {"members": row.get("members"), "young": row.get("known_young")}
        try:
            result = check(quota, counts, {"young": row.get("unknown_age")}, f"team {row['team']}")
            out.append({"team": row["team"], **answer(result)})
        except BoleError as error:
            out.append(refused(error, team=row["team"]))
    return out


@adapter("083.5")
@answered
def batches(case: dict[str, Any]) -> Any:
    quota, out = quota_of(case), []
    for row in case["input"]["batches"]:
        moves = {k: v for k, v in row.items() if k != "batch"}
        try:
            result = check_batch(quota, moves, f"batch {row['batch']}")
            out.append({"batch": row["batch"], **answer(result)})
        except BoleError as error:
            out.append(refused(error, batch=row["batch"]))
    return out


def rows_of(case: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The rows of a case, whatever they are called, and the key that names each of them."""
    rows = next(v for v in case["input"].values() if isinstance(v, list) and v)
    return next(iter(rows[0])), rows


@adapter("443.1")
@answered
def quotas(case: dict[str, Any]) -> Any:
    """Any ratio or minimum on plain counts, a row each."""
    quota, out = quota_of(case), []
    name, rows = rows_of(case)
    for row in rows:
        counts = {k: v for k, v in row.items() if k not in (name, "unknown")}
        try:
            unknown = {quota.group: row.get("unknown")}
            said = answer(check(quota, counts, unknown, f"{name} {row[name]}"))
            if "share_percent" in said:
                said["share_percent"] = float(said["share_percent"])
            out.append({name: row[name], **said})
        except BoleError as error:
            out.append(refused(error, **{name: row[name]}))
    return out


@adapter("233.1")
@answered
def plans(case: dict[str, Any]) -> Any:
    """Any plan of targets, measured for each row of counts."""
    plan = item("quotas", Plan, *case["mechanisms"])
    around = settings(case).get("around") or case["input"].get("around") or {}
    width = around.get("count") if isinstance(around, Mapping) else around
    if width is not None:
        targets = tuple(
            t.model_copy(update={"around": exact(width)}) if t.about else t for t in plan.targets
        )
        plan = plan.model_copy(update={"targets": targets})
    out = []
    key, rows = rows_of(case)
    for row in rows:
        counts = {k: v for k, v in row.items() if k != key}
        try:
            results = check_plan(plan, counts, where=f"{key} {row[key]}")
        except BoleError as error:
            out.append(refused(error, **{key: row[key]}))
            continue
        said: dict[str, Any] = {key: row[key]}
        for name, result in results.items():
            said[name] = answer(result)
            if result.value is not None:
                said[name]["value"] = result.value
        out.append(said)
    return out


@adapter("S3-9.1")
@answered
def programme(case: dict[str, Any]) -> Any:
    plans_ = {p.id: p for p in items("quotas", "S3-9.1", Plan)}
    category = case["input"].get("category", "town_deputy")
    out = []
    for row in case["input"].get("counties", []):
        plan = plans_[f"{row.get('category', category)}_by_county"]
        counts = {k: v for k, v in row.items() if k not in ("county", "category")}
        out.append({"county": row["county"], **_programme(plan, counts, row["county"])})
    for row in case["input"].get("categories", []):
        counts = {k: v for k, v in row.items() if k != "category"}
        out.append({"category": row["category"], **_programme(plans_[row["category"]], counts, "")})
    return out


def _programme(plan: Plan, counts: dict[str, Any], county: str) -> dict[str, Any]:
    try:
        results = check_plan(plan, counts, where=county)
    except BoleError as error:
        return refused(error)
    said: dict[str, Any] = {"tell": "; ".join(r.text.en for r in results.values())}
    for name, result in results.items():
        said[name] = str(result.outcome)
        said[f"{name}_need"] = result.need
        said[f"{name}_gap"] = result.gap
    return said


@adapter("265.8")
@answered
def ladder(case: dict[str, Any]) -> Any:
    rungs = item("quotas", Ladder, *case["mechanisms"])
    given = case["input"].get("ratio", settings(case).get("ratio"))
    ratio = (
        None
        if given is None
        else rungs.ratio.model_copy(update={"share": exact(given), "open": False})
    )
    out = []
    for row in case["input"]["units"]:
        counts = {k: v for k, v in row.items() if k != "unit"}
        try:
            climbed = next_remedy(rungs, counts, ratio, f"unit {row['unit']}")
        except BoleError as error:
            out.append(refused(error, unit=row["unit"]))
            continue
        step = climbed.step.en if climbed.step else "cannot be judged"
        out.append(
            {
                "unit": row["unit"],
                **answer(climbed.check),
                "gap": climbed.check.gap,
                "step": step,
                "tell": climbed.text.en,
            }
        )
    return out
