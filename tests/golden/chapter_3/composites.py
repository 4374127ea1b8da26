"""Composites with bars, results that must agree, and years read together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bole.engine.errors import BoleError
from bole.engine.exact import Base, Figures, exact, rounded
from bole.engine.scoring import (
    AgreementRule,
    Composite,
    ExceptionRule,
    Year,
    YearsRule,
    agree,
    rank,
    read_exception,
    read_years,
    tie_order,
    total,
)
from bole.engine.tally import (
    Outcome,
    Share,
    Sheet,
    Subject,
    evaluate_all,
    reconcile,
    together,
)
from bole.engine.text import join
from tests.golden.chapter_3._read import (
    bases_in,
    figure,
    item,
    items,
    limit_in,
    mechanisms,
    numbered,
    refused,
    rows,
    subject_of,
)
from tests.golden.chapter_3.ballots import answer, thresholds

COLUMNS = {"meeting_votes": "recommend", "talk_votes": "talk", "assessment": "assess"}


def campaigns(case: dict[str, Any]) -> Any:
    """Campaigns of a composite: totals, bars, ranks, ties and the outcome in words."""
    found = {f"campaign_{n}": data for n, data in numbered(case["input"], "campaign")}
    if not found:
        return _read(case, case["input"])
    return {name: _read(case, data) for name, data in found.items()}


def _read(case: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
    try:
        return _campaign(case, data)
    except BoleError as error:
        return [refused(error)]


def _subject(row: Mapping[str, Any], data: Mapping[str, Any], case: Mapping[str, Any]) -> Subject:
    config = case.get("config") or {}
    named = bases_in(config.get("over_half_base") or config.get("vote_score"))
    talk = next((b for b in named if b is Base.INTERVIEWEES), None)
    meeting = next((b for b in named if b is not Base.INTERVIEWEES), None)
    measures: dict[str, Any] = {}
    for column, measure in COLUMNS.items():
        value = row.get(column)
        base = {"recommend": meeting, "talk": talk}.get(measure)
        if measure == "assess" or value is None:
            measures[measure] = value
        else:
            measures[measure] = Share(value, figure(data, base), base or Base.VALID)
    scores = {k: v for k, v in row.items() if k not in COLUMNS and not isinstance(v, str)}
    return Subject({**scores, **measures})


def _campaign(case: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
    composite = item("scoring", Composite, *mechanisms(case))
    rules = thresholds(case, **(case.get("config") or {}))
    exceptions = [e for _, e in items("scoring", ExceptionRule, *mechanisms(case))]
    people = rows(data)
    subjects = {str(subject_of(r)[1]): _subject(r, data, case) for r in people}
    problems = _sheets(data, subjects)
    if problems:
        return [refused(BoleError(problems))]
    totals = {n: total(composite, s) for n, s in subjects.items()}
    results = {n: evaluate_all(rules, s) for n, s in subjects.items()}
    barred = {n for n, r in results.items() if together(r) is Outcome.BLOCKS}
    ranking = rank(
        {n: t.value for n, t in totals.items()},
        barred=barred,
        places=_places(composite, data.get("posts")),
        order=tie_order(composite, {n: s.measures for n, s in subjects.items()}),
    )
    out: list[dict[str, Any]] = []
    for place, row in zip(ranking.places, people, strict=True):
        kind, name = subject_of(row)
        bar = together(results[str(name)])
        missing = totals[str(name)].missing
        entry: dict[str, Any] = {
            kind: name,
            "total": None if place.total is None else rounded(place.total, 2),
            "bar": {Outcome.NO_BAR: "none"}.get(bar, bar.value),
            "rank": place.rank,
            "tied_with": list(place.tied_with),
            "because": join([r.reason for r in results[str(name)]]),
        }
        if missing:
            entry["result"] = "cannot_compute"
            entry["tell_user"] = f"{name}: {totals[str(name)].text.en}"
        done = {k: row.get(k, data.get(k)) for k in (e.needs for e in exceptions)}
        for rule in exceptions:
            entry["exception"] = read_exception(rule, subjects[str(name)], done).open
        out.append(entry)
    out.append({"outcome": ranking.text})
    return out


def _places(composite: Composite, posts: int | None) -> int | None:
    return composite.cut * (posts or 1) if isinstance(composite.cut, int) else posts


def _sheets(data: Mapping[str, Any], subjects: Mapping[str, Subject]) -> list[Any]:
    problems = []
    for measure, picks in (("recommend", data.get("posts")), ("talk", None)):
        shares = {n: s.measures.get(measure) for n, s in subjects.items()}
        votes = {n: s.count for n, s in shares.items() if isinstance(s, Share)}
        of = next((s.of for s in shares.values() if isinstance(s, Share)), None)
        if of is not None:
            figures = Figures.read({"valid": of})
            problems += reconcile(Sheet(figures, votes=votes, max_picks=picks))
    return problems


def agreement(case: dict[str, Any]) -> Any:
    """Sources that must both carry a person, and the own unit's majority."""
    data, out = case["input"], {}
    rules = [r for _, r in items("scoring", AgreementRule, *mechanisms(case))]
    for rule in rules:
        given = {s: _source(data, s) for s in rule.sources}
        if all(key is None for key, _ in given.values()):
            continue
        try:
            found = agree({s: persons for s, (_, persons) in given.items()})
        except BoleError as error:
            out.update(refused(error), result="cannot_compute")
            continue
        out["both_agree"] = list(found.all)
        out.update({f"only_{s}": list(persons) for s, persons in found.only.items()})
    if "nominees" in data:
        out["nominees"] = _nominees(case)
    return out


def _source(data: Mapping[str, Any], source: str) -> tuple[str | None, Any]:
    return next(((k, v) for k, v in data.items() if k.startswith(source)), (None, None))


def _nominees(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    (base, *_) = bases_in((case.get("config") or {}).get("majority_base")) or [None]
    rules = thresholds(case, majority_base=base)
    out = []
    for row in rows(case["input"]["nominees"]):
        kind, name = subject_of(row)
        of = figure(row, base)
        try:
            figures = Figures.read({base: of} if base else {})
            if of is not None:
                sheet = Sheet(Figures.read({"valid": of}), votes={str(name): row["unit_accept"]})
                if problems := reconcile(sheet):
                    raise BoleError(problems)
        except BoleError as error:
            out.append({kind: name, **refused(error)})
            continue
        if base is None:
            told = "The base of the majority is missing: enter it in the scheme."
            out.append({kind: name, "result": "cannot_compute", "tell_user": told})
            continue
        subject = Subject({"unit_accept": row["unit_accept"]}, figures)
        out.append({kind: name, **answer(rules, subject, no_bar="agrees")})
    return out


def years(case: dict[str, Any]) -> Any:
    """Yearly results of one person side by side, and the daily rate."""
    config = case.get("config") or {}
    rule = item("scoring", YearsRule, *mechanisms(case)).model_copy(
        update={
            "concentrated": limit_in(config.get("concentrated")),
            "near_front": limit_in(config.get("near_front")),
            **({"years": n} if (n := config.get("years_required")) else {}),
        }
    )
    out = []
    for row in rows(case["input"]):
        kind, name = subject_of(row)
        numbers = sorted({int(m[1]) for k in row if (m := re.match(r"y(\d+)_", k))})
        try:
            found = [
                Year(
                    f"Year {n}",
                    None if (s := row.get(f"y{n}_share")) is None else exact(s) / Fraction(100),
                    row.get(f"y{n}_rank"),
                    row.get(f"y{n}_of"),
                )
                for n in numbers
            ]
            reading = read_years(rule, found, row.get("daily_excellent"))
        except BoleError as error:
            out.append({kind: name, **refused(error)})
            continue
        out.append(
            {
                kind: name,
                "concentrated_years": reading.concentrated,
                "result": reading.outcome.value,
                "because": reading.text,
                "tell_user": reading.text,
            }
        )
    return out
