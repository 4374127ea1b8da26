"""The headcount sheet (职数预审单): a whole plan of moves judged as one, chains included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bole.engine.errors import BoleError, Problem
from bole.engine.quotas.counts import count_problems
from bole.engine.text import Text, join


class RowVerdict(StrEnum):
    """`OVER` and `UNKNOWN` stop the plan; `STILL_OVER` is shown: nobody is appointed there."""

    OK = "ok"
    OVER = "over"
    STILL_OVER = "still_over"
    UNKNOWN = "unknown"

    @property
    def words(self) -> Text:
        """The verdict as a page shows it."""
        return _WORDS[self]


_WORDS = {
    RowVerdict.OK: Text("可行", "ok"),
    RowVerdict.OVER: Text("超职数", "over"),
    RowVerdict.STILL_OVER: Text("原已超配，本次未进人", "still over, nobody enters"),
    RowVerdict.UNKNOWN: Text("核定职数未知", "approved headcount unknown"),
}


@dataclass(frozen=True)
class Line:
    """A headcount line: approved and filled posts of one unit and level; None = not on file."""

    name: str
    approved: int | None
    filled: int | None
    basis: str = ""


@dataclass(frozen=True)
class Move:
    """A person leaves line `source` and enters line `target`; None is outside the plan's lines.

    `keeps` marks a concurrent post: the person enters `target` and stays on `source`.
    """

    person: str
    source: str | None
    target: str | None
    keeps: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One line after all moves of the plan; `planned` is None when `filled` is not on file."""

    line: Line
    leaving: int
    entering: tuple[str, ...]
    planned: int | None
    verdict: RowVerdict
    code: str | None
    text: Text

    @property
    def over(self) -> int:
        """Posts above the approved number after the plan."""
        if self.planned is None or self.line.approved is None:
            return 0
        return max(0, self.planned - self.line.approved)

    @property
    def full(self) -> bool:
        """Exactly the approved number after the plan."""
        return self.planned is not None and self.planned == self.line.approved

    def as_dict(self) -> dict[str, Any]:
        """The row as JSON outputs carry it: the five columns, then the verdict."""
        return {
            "line": self.line.name,
            "approved": self.line.approved,
            "filled": self.line.filled,
            "planned": self.planned,
            "verdict": str(self.verdict),
            "over": self.over,
            "entering": list(self.entering),
            "text": self.text.as_dict(),
        }


@dataclass(frozen=True)
class Sheet:
    """The plan's verdict. `not_to_be_studied`: everyone entering a row that is over or unknown."""

    rows: tuple[SheetRow, ...]
    concurrent: tuple[str, ...] = field(default=())

    @property
    def passes(self) -> bool:
        """Whether no row is over or unknown."""
        return not any(row.verdict in _STOPS for row in self.rows)

    @property
    def not_to_be_studied(self) -> tuple[str, ...]:
        """People named once, in the order of the rows; who of them has to go is never chosen."""
        names = [p for row in self.rows if row.verdict in _STOPS for p in row.entering]
        return tuple(dict.fromkeys(names))

    @property
    def text(self) -> Text:
        """All that stops the plan, or that it passes."""
        said = [row.text for row in self.rows if row.verdict is not RowVerdict.OK]
        return join(said) if said else Text("职数预审通过", "the headcount sheet passes")


_STOPS = (RowVerdict.OVER, RowVerdict.UNKNOWN)


def judge(
    lines: Sequence[Line],
    moves: Sequence[Move],
    *,
    overstaffed_blocks: bool = False,
    all_lines: bool = False,
) -> Sheet:
    """Judge the lines that a plan touches, after *all* moves: filled − leaving + entering.

    Over = planned above approved while somebody enters; without an entry the line is "still over"
    and shown, unless `overstaffed_blocks` (a place whose red line blocks any over-full line). Equal
    is allowed. Approved or filled missing = unknown. Any over or unknown line stops the plan.
    `all_lines` also gives the rows of lines that nobody enters or leaves. Raises `BoleError`
    (COUNT, LINE_UNKNOWN, LINE_TWICE, MOVE_TWICE, NOBODY_TO_LEAVE, PERSON_MISSING).
    """
    _check_input(lines, moves)
    entering: dict[str, list[str]] = {line.name: [] for line in lines}
    leaving: Counter[str] = Counter()
    for move in moves:
        if move.target is not None and move.target != move.source:
            entering[move.target].append(move.person)
        if move.source is not None and move.target != move.source and not move.keeps:
            leaving[move.source] += 1
    rows = tuple(
        _row(line, leaving[line.name], tuple(entering[line.name]), overstaffed_blocks)
        for line in lines
        if all_lines or entering[line.name] or leaving[line.name]
    )
    _nobody_left_below_zero(rows)
    return Sheet(rows, tuple(move.person for move in moves if move.keeps))


def departures(sheet: Sheet, moves: Sequence[Move]) -> list[tuple[str, str]]:
    """Who must leave before whom: (leaver, entrant) where the entrant needs the leaver's place.

    Only rows that would be over if the entrants came first; several may be given for one entrant.
    """
    first: list[tuple[str, str]] = []
    for row in sheet.rows:
        if row.line.approved is None or row.line.filled is None:
            continue
        free = row.line.approved - row.line.filled
        if len(row.entering) <= free:
            continue
        leavers = [m.person for m in moves if m.source == row.line.name and not m.keeps]
        first += [(out, into) for into in row.entering[max(free, 0) :] for out in leavers]
    return first


def _row(line: Line, leaving: int, entering: tuple[str, ...], overstaffed_blocks: bool) -> SheetRow:
    planned = None if line.filled is None else line.filled - leaving + len(entering)
    people = Text("、".join(entering), ", ".join(entering))
    fill = {
        "line": line.name,
        "approved": line.approved,
        "filled": line.filled,
        "planned": planned,
        "people": people,
    }
    code: str | None = None
    if line.approved is None:
        verdict, code = RowVerdict.UNKNOWN, "HC_MISSING"
        text = Text(
            "{line}：核定职数未登记，请向机构编制部门核实",
            "{line}: approved headcount is not recorded; ask the establishment office",
        )
    elif planned is None:
        verdict, code = RowVerdict.UNKNOWN, "HC_FILLED_MISSING"
        text = Text(
            "{line}：核定{approved}，现配人数未登记，无法判断",
            "{line}: approved {approved}, the number filled is not recorded",
        )
    elif planned > line.approved and (entering or overstaffed_blocks):
        verdict, code = RowVerdict.OVER, "HC_OVER"
        text = Text(
            "{line}：核定{approved}，拟配{planned}，超{over}，须经机构编制部门同意",
            "{line}: approved {approved}, planned {planned}, over by {over}; "
            "approval of the establishment office needed",
        )
        fill["over"] = planned - line.approved
    elif planned > line.approved:
        verdict = RowVerdict.STILL_OVER
        text = Text(
            "{line}：核定{approved}，拟配{planned}，原已超配，本次未进人",
            "{line}: approved {approved}, planned {planned}; still over, nobody enters",
        )
    else:
        verdict = RowVerdict.OK
        text = Text(
            "{line}：核定{approved}，拟配{planned}",
            "{line}: approved {approved}, planned {planned}",
        )
    said = text.fill(**fill)
    if verdict in _STOPS and entering:
        said = join(
            [
                said,
                Text("{people}本次不予研究", "{people} cannot be studied in this plan").fill(
                    people=people
                ),
            ]
        )
    return SheetRow(line, leaving, entering, planned, verdict, code, said)


def _check_input(lines: Sequence[Line], moves: Sequence[Move]) -> None:
    problems = []
    seen: set[str] = set()
    for line in lines:
        if line.name in seen:
            problems.append(
                Problem(
                    "LINE_TWICE", Text("该职数行出现两次", "the line is listed twice"), line.name
                )
            )
        seen.add(line.name)
        problems += count_problems(
            (
                (Text("核定职数", "approved"), line.approved),
                (Text("现配人数", "filled"), line.filled),
            ),
            line.name,
        )
    done: set[tuple[str, str | None, str | None]] = set()
    for move in moves:
        if not isinstance(move.person, str) or not move.person.strip():
            text = Text("变动缺姓名", "a move has no person")
            problems.append(Problem("PERSON_MISSING", text, move.target or move.source or ""))
        for place in (move.source, move.target):
            if place is not None and place not in seen:
                problems.append(
                    Problem(
                        "LINE_UNKNOWN",
                        Text("职数表中没有“{line}”", 'there is no line "{line}" in the sheet').fill(
                            line=place
                        ),
                        str(move.person),
                    )
                )
        key = (move.person, move.source, move.target)
        if key in done:
            problems.append(
                Problem("MOVE_TWICE", Text("同一变动写了两次", "the same move twice"), move.person)
            )
        done.add(key)
    if problems:
        raise BoleError(problems)


def _nobody_left_below_zero(rows: Sequence[SheetRow]) -> None:
    problems = [
        Problem(
            "NOBODY_TO_LEAVE",
            Text(
                "现配{filled}人，方案中离任{leaving}人",
                "{filled} in post, {leaving} leave in the plan",
            ).fill(filled=row.line.filled, leaving=row.leaving),
            row.line.name,
        )
        for row in rows
        if row.line.filled is not None and row.leaving > row.line.filled + len(row.entering)
    ]
    if problems:
        raise BoleError(problems)
