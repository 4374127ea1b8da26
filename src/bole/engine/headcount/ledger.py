"""The headcount ledger (职数台账) and its red line: one row per unit and level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bole.engine.errors import BoleError, Problem
from bole.engine.headcount.sheet import Line, Move, RowVerdict, SheetRow, judge
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.quotas.counts import need_counts
from bole.engine.text import Text, join


class RedLine(Model):
    """How a place treats its headcount line.

    `overstaffed` says what happens to a line that is over although nobody enters: "shown" or
    "blocked". `approval` names the body whose written approval lets a row pass above the line.
    """

    kind: Literal["red_line"] = "red_line"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    overstaffed: Literal["shown", "blocked"] = "shown"
    approval: Name
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """The people who come into and go out of one unit and level, with the approval if any."""

    unit: str
    level: str
    authorised: int | None
    filled: int | None
    entering: int | None
    leaving: int | None
    approval: str | None = None


@dataclass(frozen=True)
class LedgerRow:
    """after = filled + in − out; blocked above the line or without a line; equal is "full"."""

    unit: str
    level: str
    after: int | None
    allowed: bool
    over: int
    state: Literal["free", "full", "over", "still_over", "unknown"]
    free: int
    text: Text


def ledger_rows(red_line: RedLine, changes: Sequence[Change]) -> list[LedgerRow]:
    """Judge each row by itself. Raises `BoleError` (COUNT, NOBODY_TO_LEAVE) for bad figures."""
    problems: list[Problem] = []
    rows = []
    for change in changes:
        try:
            rows.append(_row(red_line, change))
        except BoleError as error:
            problems += error.problems
    if problems:
        raise BoleError(problems)
    return rows


def _row(red_line: RedLine, change: Change) -> LedgerRow:
    where = f"{change.unit} {change.level}".strip()
    need_counts(((Text("进", "in"), change.entering), (Text("出", "out"), change.leaving)), where)
    if change.entering is None or change.leaving is None:
        text = Text(
            "{where}：进、出人数未填，不能通过", "{where}: the numbers in and out are missing"
        ).fill(where=where)
        return LedgerRow(change.unit, change.level, None, False, 0, "unknown", 0, text)
    line = Line(where, change.authorised, change.filled)
    moves = [Move(f"+{i}", None, where) for i in range(change.entering)]
    moves += [Move(f"-{i}", where, None) for i in range(change.leaving)]
    blocks = red_line.overstaffed == "blocked"
    row = judge([line], moves, overstaffed_blocks=blocks, all_lines=True).rows[0]
    return LedgerRow(
        change.unit,
        change.level,
        row.planned,
        _allowed(row, change),
        row.over,
        _state(row),
        max(0, (change.authorised or 0) - (row.planned or 0)) if change.authorised else 0,
        _said(red_line, change, row),
    )


def _allowed(row: SheetRow, change: Change) -> bool:
    if row.verdict is RowVerdict.OVER:
        return change.approval is not None
    return row.verdict is not RowVerdict.UNKNOWN


def _state(row: SheetRow) -> Literal["free", "full", "over", "still_over", "unknown"]:
    if row.verdict is RowVerdict.UNKNOWN:
        return "unknown"
    if row.verdict is RowVerdict.OVER:
        return "over"
    if row.verdict is RowVerdict.STILL_OVER:
        return "still_over"
    return "full" if row.full else "free"


def _said(red_line: RedLine, change: Change, row: SheetRow) -> Text:
    fill = {
        "unit": change.unit,
        "level": change.level,
        "approved": change.authorised,
        "after": row.planned,
        "over": row.over,
        "body": red_line.approval,
        "paper": change.approval,
    }
    if row.code == "HC_MISSING":
        text = Text(
            "{unit}（{level}）核定职数未登记，请向{body}核实",
            "{unit} {level}: no approved number on file for this level; ask the {body}",
        )
    elif row.code == "HC_FILLED_MISSING":
        text = Text(
            "{unit}（{level}）现配人数未登记，无法计算",
            "{unit} {level}: the number filled is not on file",
        )
    elif row.verdict is RowVerdict.OVER and change.approval:
        text = Text(
            "{unit}（{level}）拟配{after}，超核定{approved}共{over}个，凭{paper}办理",
            "{unit} {level}: {after}, {over} over the approved {approved}; allowed by {paper}",
        )
    elif row.verdict is RowVerdict.OVER:
        text = Text(
            "{unit}（{level}）拟配{after}，超核定{approved}共{over}个，须经{body}同意",
            "{unit} {level}: {after}, {over} over the approved {approved}; "
            "approval of the {body} needed",
        )
    elif row.verdict is RowVerdict.STILL_OVER:
        text = Text(
            "{unit}（{level}）拟配{after}，仍超核定{approved}共{over}个，本次未进人",
            "{unit} {level}: {after}, still {over} over the approved {approved}; nobody enters",
        )
    else:
        text = Text(
            "{unit}（{level}）拟配{after}/{approved}", "{unit} {level}: {after} of {approved}"
        )
    said = text.fill(**fill)
    if row.verdict is RowVerdict.OK and row.full:
        return join([said, Text("已满", "full")], "，", ", ")
    return said
