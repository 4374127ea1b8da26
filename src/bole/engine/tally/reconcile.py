"""The counting sheet is checked before any result exists: a sheet that cannot be right has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bole.engine.errors import Problem
from bole.engine.exact.figures import Base, Figures, is_count, not_a_count
from bole.engine.text import Text


@dataclass(frozen=True)
class Sheet:
    """One counting sheet. `votes` per subject; `grades` per subject and option; None = not entered.

    `max_picks`: names that one ballot may carry. `classes`: ballots returned per voter class.
    `points_total`: what the points of a form must add to, with `points` per indicator.
    """

    figures: Figures
    max_picks: int | None = None
    classes: Mapping[str, int | None] = field(default_factory=dict)
    votes: Mapping[str, int | None] = field(default_factory=dict)
    grades: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    where: str = ""


def reconcile(sheet: Sheet) -> list[Problem]:
    """Every reason why the sheet cannot be right, with its figures; empty = it may be signed.

    issued = returned + not returned; returned = valid + void; class totals = returned; votes of a
    subject ≤ valid; Σ votes ≤ valid × names allowed; grades of a subject (with blank) = valid.
    """
    broken = _broken_counts(sheet)
    if broken:
        return broken
    return _papers(sheet) + _classes(sheet) + _votes(sheet) + _grades(sheet)


def missing_figures(sheet: Sheet) -> list[Text]:
    """Figures without which the sheet cannot be checked: returned and valid always; the names
    allowed where several subjects share a ballot."""
    missing = [b.words for b in (Base.RETURNED, Base.VALID) if sheet.figures.of(b) is None]
    if sheet.votes and sheet.max_picks is None:
        missing.append(Text("每票可推荐人数", "names allowed per ballot"))
    for name, count in [*sheet.votes.items(), *sheet.classes.items()]:
        if count is None:
            missing.append(Text("{n}的票数", "count of {n}").fill(n=name))
    return missing


def _problem(code: str, text: Text, where: str, **values: Any) -> Problem:
    return Problem(code, text.fill(**values), where)


def _broken_counts(sheet: Sheet) -> list[Problem]:
    entered = [(Text(k, k), v) for k, v in [*sheet.classes.items(), *sheet.votes.items()]]
    for subject, options in sheet.grades.items():
        entered += [(Text(f"{subject}·{o}", f"{subject}, {o}"), v) for o, v in options.items()]
    return [
        not_a_count(name, value, sheet.where)
        for name, value in entered
        if value is not None and not is_count(value)
    ]


def _papers(sheet: Sheet) -> list[Problem]:
    issued, returned, valid = (
        sheet.figures.of(b) for b in (Base.ISSUED, Base.RETURNED, Base.VALID)
    )
    out, void = (sheet.figures.of(b) for b in (Base.NOT_RETURNED, Base.VOID))
    attending = sheet.figures.of(Base.ATTENDING)
    due = sheet.figures.of(Base.DUE)
    problems = []
    if attending is not None and due is not None and attending > due:
        problems.append(
            _problem(
                "PRESENT_OVER_DUE",
                Text("实到{a}人，多于应到{d}人。", "Attending {a} is more than due {d}."),
                sheet.where,
                a=attending,
                d=due,
            )
        )
    if attending is not None and returned is not None and returned > attending:
        problems.append(
            _problem(
                "RETURNED_OVER_PRESENT",
                Text("收回{r}票，多于实到{a}人。", "Returned {r} is more than attending {a}."),
                sheet.where,
                r=returned,
                a=attending,
            )
        )
    if issued is not None and returned is not None:
        if returned > issued:
            problems.append(
                _problem(
                    "RETURNED_OVER_ISSUED",
                    Text("收回{r}票，多于发出{i}票。", "Returned {r} is more than issued {i}."),
                    sheet.where,
                    r=returned,
                    i=issued,
                )
            )
        elif out is not None and issued != returned + out:
            problems.append(
                _problem(
                    "ISSUED_SUM",
                    Text(
                        "收回{r}票加未收回{o}票为{s}票，发出为{i}票。",
                        "Returned {r} and not returned {o} add to {s}, issued is {i}.",
                    ),
                    sheet.where,
                    r=returned,
                    o=out,
                    s=returned + out,
                    i=issued,
                )
            )
    if returned is not None and valid is not None:
        if valid > returned:
            problems.append(
                _problem(
                    "VALID_OVER_RETURNED",
                    Text("有效{v}票，多于收回{r}票。", "Valid {v} is more than returned {r}."),
                    sheet.where,
                    v=valid,
                    r=returned,
                )
            )
        elif void is not None and returned != valid + void:
            problems.append(
                _problem(
                    "RETURNED_SUM",
                    Text(
                        "有效{v}票加无效{o}票为{s}票，收回为{r}票。",
                        "Valid {v} and void {o} add to {s}, returned is {r}.",
                    ),
                    sheet.where,
                    v=valid,
                    o=void,
                    s=valid + void,
                    r=returned,
                )
            )
    return problems


def _classes(sheet: Sheet) -> list[Problem]:
    returned = sheet.figures.of(Base.RETURNED)
    counts = [c for c in sheet.classes.values() if c is not None]
    if not sheet.classes or returned is None or len(counts) < len(sheet.classes):
        return []
    total = sum(counts)
    if total == returned:
        return []
    return [
        _problem(
            "CLASS_SUM",
            Text(
                "各类人员票数合计{t}票，收回为{r}票。",
                "Classes add to {t}, returned is {r}.",
            ),
            sheet.where,
            t=total,
            r=returned,
        )
    ]


def _votes(sheet: Sheet) -> list[Problem]:
    valid = sheet.figures.of(Base.VALID)
    if valid is None:
        return []
    problems = [
        _problem(
            "VOTES_OVER_VALID",
            Text("{p}得{n}票，多于有效{v}票。", "{p} has {n} votes, more than {v} valid ballots."),
            sheet.where,
            p=person,
            n=count,
            v=valid,
        )
        for person, count in sheet.votes.items()
        if count is not None and count > valid
    ]
    total = sum(c for c in sheet.votes.values() if c is not None)
    if sheet.max_picks is not None and sheet.votes and total > valid * sheet.max_picks:
        problems.append(
            _problem(
                "VOTES_SUM",
                Text(
                    "得票合计{t}票，但有效{v}票、每票限推{k}人，至多{m}票。",
                    "Votes add to {t}, but {v} valid ballots"
                    " with {k} names each allow at most {m}.",
                ),
                sheet.where,
                t=total,
                v=valid,
                k=sheet.max_picks,
                m=valid * sheet.max_picks,
            )
        )
    return problems


def _grades(sheet: Sheet) -> list[Problem]:
    valid = sheet.figures.of(Base.VALID)
    problems = []
    for subject, options in sheet.grades.items():
        counts = [c for c in options.values() if c is not None]
        if valid is None or len(counts) < len(options) or sum(counts) == valid:
            continue
        problems.append(
            _problem(
                "GRADES_SUM",
                Text(
                    "{p}各等次（含空白）合计{t}票，有效为{v}票。",
                    "Grades of {p} (with blanks) add to {t}, valid is {v}.",
                ),
                sheet.where,
                p=subject,
                t=sum(counts),
                v=valid,
            )
        )
    return problems
