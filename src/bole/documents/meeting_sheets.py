"""The sheets around a ballot: the count sheet for double entry, the roll with sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bole.documents.ballot_words import word
from bole.documents.ballots import (
    LINE,
    MARGINS,
    BallotPaper,
    Question,
    answers_of,
    column_widths,
    columns_of,
)
from bole.documents.blocks import Block, Cell, Document, Paragraph, Row, Table


def count_sheet(
    paper: BallotPaper,
    *,
    meeting: str,
    entry: str,
    electorate_class: str = "",
    stroke_mm: float = 30,
) -> Document:
    """The sheet on which counters mark votes with 正 strokes and write totals, one per entry.

    `entry` says whose count it is ("第一次录入", "第二次录入"): two people count without seeing
    each other's sheet. The lines of the reconciliation stand above: issued = returned + not
    returned, returned = valid + void.
    """
    language = paper.language
    width = 297 - MARGINS[1] - MARGINS[3]
    title = word("count_sheet", language, title=paper.title)
    of_class = word("of_class", language, name=electorate_class) if electorate_class else ""
    about = "\u3000".join(part for part in (meeting, entry, of_class) if part)
    keys = ("due", "attending", "printed", "issued", "returned", "missing", "valid", "void")
    heads = tuple(Cell(word(k, language), align="center", bold=True, size=11) for k in keys)
    check = Cell(word("check", language), span=len(keys), size=10)
    reconciliation = Table(
        (width / len(keys),) * len(keys),
        (Row(heads, 8), Row(tuple(Cell("") for _ in keys), 10), Row((check,), 7)),
    )
    blocks: list[Block] = [
        Paragraph(title, align="center", size=20, bold=True, after=4),
        Paragraph(about, align="center", size=12, after=6),
        reconciliation,
    ]
    for question in paper.questions:
        if question.kind != "text":
            blocks.append(Paragraph("", size=6))
            blocks.append(_count_table(question, width, stroke_mm, language))
    colon = word("colon", language)
    signed = [f"{word(who, language)}{colon}{LINE}" for who in ("counter", "monitor")]
    line = "\u3000\u3000".join([*signed, word("moment", language)])
    blocks.append(Paragraph(line, size=12, before=12, align="right"))
    return Document(title, blocks, landscape=True, margins=MARGINS)


def _count_table(question: Question, width: float, stroke: float, language: str) -> Table:
    total = 14.0
    answers = answers_of(question, language)
    if question.kind == "ticks":
        names = [(option,) for option in question.options]
        what = word("item", language)
    else:
        names = [row[:1] for row in question.rows] + [("",)] * question.blank_rows
        what = columns_of(question, language)[0]
    stroke = min(stroke, (width - 12 - 30) / max(len(answers), 1) - total)
    name = width - 12 - len(answers) * (stroke + total)
    widths = (12.0, name, *([stroke, total] * len(answers)))
    top = [Cell(head, rows=2, align="center", bold=True) for head in (word("no", language), what)]
    top += [Cell(a, span=2, align="center", bold=True) for a in answers]
    keys = ("points_each", "total") if question.kind == "points" else ("strokes", "votes")
    second = [Cell(word(k, language), align="center", size=9) for _ in answers for k in keys]
    rows = []
    if question.title:
        rows.append(Row((Cell(question.title, span=len(widths), bold=True),), 8, header=True))
    rows += [Row(tuple(top), 8, header=True), Row(tuple(second), 6, header=True)]
    for number, row in enumerate(names, 1):
        cells = [Cell(str(number), align="center"), Cell(row[0], align="center")]
        rows.append(Row((*cells, *[Cell("")] * (2 * len(answers))), 11))
    return Table(widths, tuple(rows))


@dataclass(frozen=True, slots=True)
class RollMember:
    """One person on the roll of a meeting. `state` prints what is known: 请假, 回避 …"""

    name: str
    unit: str = ""
    post: str = ""
    electorate_class: str = ""
    state: str = ""


def roll(
    title: str,
    members: Sequence[RollMember],
    *,
    about: str = "",
    due: int | None = None,
    notes: Sequence[str] = (),
    language: str = "zh",
) -> Document:
    """The roll with a sign-in column. `due` (应到) is printed as given, else counts the members."""
    classes = any(m.electorate_class for m in members)
    keys = ["no", "name", "unit", "post", *(["class"] if classes else []), "sign_in", "remark"]
    heads = [word(key, language) for key in keys]
    rows = [Row(tuple(Cell(h, align="center", bold=True) for h in heads), 9, header=True)]
    texts = []
    for number, member in enumerate(members, 1):
        of_class = [member.electorate_class] if classes else []
        texts.append(
            [str(number), member.name, member.unit, member.post, *of_class, "", member.state]
        )
    for line in texts:
        cells = (Cell(t, align="left" if i in (2, 3) else "center") for i, t in enumerate(line))
        rows.append(Row(tuple(cells), 9))
    width = 210 - MARGINS[1] - MARGINS[3]
    sign, remark = 26.0, 18.0
    known = column_widths(heads[:-2], [line[:-2] for line in texts], width - sign - remark, 11)
    count = len(members) if due is None else due
    recorder = word("recorder", language) + word("colon", language) + LINE
    foot = word("roll_foot", language, due=count) + "\u3000\u3000" + recorder
    blocks: list[Block] = [
        Paragraph(title, align="center", size=20, bold=True, after=4),
        *([Paragraph(about, align="center", size=12, after=6)] if about else []),
        Table((*known, sign, remark), tuple(rows), size=11),
        Paragraph(foot, size=12, before=8),
        *(Paragraph(note, size=10.5) for note in notes),
    ]
    return Document(title, blocks, margins=MARGINS)
