"""Paper ballots: numbered, several forms in a run, safe over page ends.

A ballot number counts papers (printed, issued, returned); ballots are handed out at random, so it
never tells who voted. It stands in the repeated table head, so every page of a ballot carries it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bole.documents.ballot_words import word
from bole.documents.blocks import Block, Cell, Document, Paragraph, Row, Table
from bole.documents.measure import POINTS_PER_MM, em_width

if TYPE_CHECKING:
    from bole.engine.instruments.forms import InstrumentForm

QuestionKind = Literal["nominate", "marks", "points", "ticks", "text"]
MARGINS = (16.0, 16.0, 16.0, 16.0)
_TICK = "□"
LINE = "＿" * 8


@dataclass(frozen=True, slots=True)
class Question:
    """One table of a ballot.

    `nominate`: tick names of `rows` and write others on `blank_rows` lines, at most `max_picks`;
    `marks`: for each row tick one of `options` (agree/disagree/abstain, grades, reverse items);
    `points`: for each row write points under each of `options` (say the bounds in the option);
    `ticks`: tick any of `options`; `text`: write on `blank_rows` lines.
    `columns` are the heads of what `rows` print; none = name and present post. `reason` adds a
    column to write in.
    """

    kind: QuestionKind
    title: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    options: tuple[str, ...] = ()
    max_picks: int | None = None
    min_picks: int = 0
    blank_rows: int = 0
    reason: bool = False


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """A form before it is numbered. `signed` prints a place for the voter's name (real-name form);
    `stamp` a box for the seal of the recommending unit. `language` is that of the fixed words."""

    title: str
    questions: tuple[Question, ...]
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    signed: bool = False
    stamp: str = ""
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class RunOfBallots:
    """Ballots to print: one paper, its numbers, and the voter class printed on each ("" = none)."""

    paper: BallotPaper
    numbers: Sequence[str]
    electorate_class: str = ""


def numbers(first: int, count: int, *, prefix: str = "", digits: int = 4) -> list[str]:
    """`count` running ballot numbers: `A-0001`, `A-0002` …"""
    return [f"{prefix}{number:0{digits}d}" for number in range(first, first + count)]


def column_widths(
    heads: Sequence[str], rows: Sequence[Sequence[str]], total: float, size: float = 12
) -> tuple[float, ...]:
    """Widths in mm that add to `total`: short columns (names) on one line, long ones share the
    rest by the length of what stands in them."""
    em = size / POINTS_PER_MM
    need = [
        (max(em_width(head), *(em_width(row[i]) for row in rows if i < len(row)), 3) + 0.2) * em + 3
        for i, head in enumerate(heads)
    ]
    short = [n <= 32 for n in need]
    room = total - sum(n for n, s in zip(need, short, strict=True) if s)
    if all(short) or room < total * 0.3:
        return tuple(total * n / sum(need) for n in need)
    weights = [math.sqrt(n) for n in need]
    long = sum(w for w, s in zip(weights, short, strict=True) if not s)
    return tuple(n if s else room * w / long for n, s, w in zip(need, short, weights, strict=True))


def columns_of(question: Question, language: str) -> tuple[str, ...]:
    """The heads of what the rows print."""
    return question.columns or (word("name", language), word("present_post", language))


def answers_of(question: Question, language: str) -> tuple[str, ...]:
    """The heads of what the voter fills in."""
    if question.kind == "nominate":
        return (word("recommend", language),)
    return (word("chosen", language),) if question.kind == "ticks" else question.options


def _widths(
    question: Question, columns: Sequence[str], answers: int, width: float
) -> tuple[float, ...]:
    number, narrow = 11.0, 18.5
    reason = 28.0 if question.reason else 0.0
    most = (width - number - reason) * 0.6 / max(answers, 1)
    answer = min(narrow if answers > 1 else 22.0, most)
    info = width - number - answer * answers - reason
    widths = (number, *column_widths(columns, question.rows, info), *([answer] * answers))
    return (*widths, reason) if question.reason else widths


def _limit(question: Question, language: str) -> str:
    least, most = question.min_picks, question.max_picks
    if most is None:
        return ""
    kind = "exactly" if least == most else "between" if least else "at_most"
    return word(kind, language, n=most, least=least)


def _question(question: Question, head: str, width: float, language: str) -> list[Block]:
    """The table of one question; its first row, on every page, is `head`."""
    title = f"{question.title}{_limit(question, language)}"
    if question.kind in ("ticks", "text"):
        return [_open_question(question, head, title, width)]
    columns = columns_of(question, language)
    answers = answers_of(question, language)
    widths = _widths(question, columns, len(answers), width)
    rows = [Row((Cell(head, span=len(widths), size=10.5),), 7, header=True)]
    if title:
        rows.append(Row((Cell(title, span=len(widths), bold=True, size=12),), 8, header=True))
    last = [word("reason", language)] if question.reason else []
    heads = [word("no", language), *columns, *answers, *last]
    rows.append(
        Row(tuple(Cell(h, align="center", bold=True, size=11) for h in heads), 9, header=True)
    )
    mark = "" if question.kind == "points" else _TICK
    blanks = [("",) * len(columns)] * question.blank_rows
    for number, row in enumerate([*question.rows, *blanks], 1):
        info = (*row, *[""] * (len(columns) - len(row)))
        texts = (str(number), *info, *[mark] * len(answers), *[""] * len(last))
        rows.append(
            Row(
                tuple(
                    Cell(
                        text,
                        align="left" if 2 <= i <= len(columns) else "center",
                        size=15 if text == _TICK else 12,
                    )
                    for i, text in enumerate(texts)
                ),
                10,
            )
        )
    return [Table(widths, tuple(rows), inset=1.2)]


def _open_question(question: Question, head: str, title: str, width: float) -> Table:
    rows = [Row((Cell(head, size=10.5),), 7, header=True)]
    if title:
        rows.append(Row((Cell(title, bold=True, size=12),), 8, header=True))
    rows += [Row((Cell(f"{_TICK} {option}", size=12),), 8) for option in question.options]
    if question.kind == "text":
        rows += [Row((Cell("", size=12),), 10)] * max(question.blank_rows, 2)
    return Table((width,), tuple(rows), inset=2)


def _ballot(paper: BallotPaper, number: str, electorate_class: str, width: float) -> list[Block]:
    language = paper.language
    head = word("numbered", language, number=number)
    if electorate_class:
        head += "\u3000\u3000" + word("of_class", language, name=electorate_class)
    blocks: list[Block] = [
        Paragraph(paper.title, align="center", size=20, bold=True, start_page=True, after=4)
    ]
    if paper.subtitle:
        blocks.append(Paragraph(paper.subtitle, align="center", size=12, after=6))
    for i, question in enumerate(paper.questions):
        if i:
            blocks.append(Paragraph("", size=6))
        blocks += _question(question, head, width, language)
    for i, note in enumerate(paper.notes):
        lead = word("notes", language) if i == 0 else "\u3000\u3000\u3000"
        blocks.append(Paragraph(f"{lead}{i + 1}. {note}", size=10.5, before=6 if i == 0 else 0))
    if paper.signed:
        who = word("voter", language) + word("colon", language)
        line = f"{who}{LINE}\u3000\u3000{word('date', language)}"
        blocks.append(Paragraph(line, size=12, before=12, align="right"))
    if paper.stamp:
        blocks.append(Paragraph("", size=6))
        box = Cell(paper.stamp, align="center", valign="bottom", size=9)
        gap = Cell("", hide=("top", "bottom", "left"))
        blocks.append(Table((width - 46, 46), (Row((gap, box), 30),)))
    return blocks


def ballots(runs: Iterable[RunOfBallots]) -> Document:
    """Numbered ballots, each on its own page or pages, in the order given.

    Write it with `pdf_writer.to_pdf` or `docx_writer.to_docx`. Raises `ValueError` without any.
    """
    width = 210 - MARGINS[1] - MARGINS[3]
    blocks: list[Block] = []
    title = ""
    for run in runs:
        title = title or run.paper.title
        for number in run.numbers:
            blocks += _ballot(run.paper, number, run.electorate_class, width)
    if not blocks:
        raise ValueError("no ballots to print")
    return Document(title, blocks, margins=MARGINS, page_numbers=False, tagged=False)


def paper_of(
    form: InstrumentForm,
    subjects: Sequence[tuple[str, str]],
    *,
    posts: int | None = None,
    language: str = "zh",
    blank_rows: int = 2,
    subtitle: str = "",
    stamp: str = "",
) -> BallotPaper:
    """The printed paper of an instrument form for `subjects` (name, present post).

    Items that are answered for each subject by the same boxes become columns of one table where
    the form has a single such item, else one table an item. `posts` settles `max_picks: posts`.
    """
    questions: list[Question] = []
    aspects: dict[tuple[str, ...], list[str]] = {}
    for item in form.items:
        label = item.label.say(language)
        options = tuple(o.label.say(language) for o in item.options)
        if item.kind == "nominate":
            for category in item.limits(posts):
                most = category.max_picks if isinstance(category.max_picks, int) else None
                name = category.text.say(language) if category.text else label
                questions.append(
                    Question(
                        "nominate",
                        name,
                        rows=tuple(subjects),
                        max_picks=most,
                        min_picks=category.min_picks,
                        blank_rows=blank_rows,
                        reason=item.reason_required,
                    )
                )
        elif item.kind == "text":
            questions.append(Question("text", label, blank_rows=max(blank_rows, 3)))
        elif item.kind == "tick":
            questions.append(Question("ticks", label, options=options))
        elif item.kind == "points":
            most_points = ""
            if item.max_points is not None:
                most_points = word("points", language, most=item.max_points)
            questions.append(
                Question("points", rows=tuple(subjects), options=(f"{label}{most_points}",))
            )
        elif item.per_subject and len(form.items) == 1:
            questions.append(
                Question(
                    "marks",
                    label,
                    rows=tuple(subjects),
                    options=options,
                    reason=item.reason_required,
                )
            )
        else:
            aspects.setdefault(options, []).append(label)
    for options, labels in aspects.items():
        rows = tuple((label,) for label in labels)
        for name, post in subjects or [("", "")]:
            title = f"{name}\u3000{post}".strip()
            questions.append(
                Question(
                    "marks", title, columns=(word("item", language),), rows=rows, options=options
                )
            )
    notes = [form.text_before.say(language)] if form.text_before else []
    if form.over_pick and any(item.kind == "nominate" for item in form.items):
        notes.append(word(form.over_pick.value, language))
    return BallotPaper(
        form.label.say(language),
        tuple(_points_together(questions)),
        subtitle=subtitle,
        notes=tuple(notes),
        signed=form.anonymous is False,
        stamp=stamp,
        language=language,
    )


def _points_together(questions: Sequence[Question]) -> list[Question]:
    """Indicators of points become the columns of one table."""
    options = tuple(q.options[0] for q in questions if q.kind == "points")
    out: list[Question] = []
    for question in questions:
        if question.kind != "points":
            out.append(question)
        elif not any(q.kind == "points" for q in out):
            out.append(Question("points", rows=question.rows, options=options))
    return out
