"""Paper ballots and the sheets around them: count sheet for double entry, roll with sign-in.

A ballot number counts papers (printed, issued, returned); ballots are handed out at random, so it
never tells who voted. It stands in the repeated table head, so every page of a ballot carries it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bole.documents.blocks import Block, Cell, Document, Paragraph, Row, Table
from bole.documents.measure import POINTS_PER_MM, em_width
from bole.engine.text import Text

if TYPE_CHECKING:
    from bole.engine.instruments.forms import InstrumentForm

QuestionKind = Literal["nominate", "marks", "points", "ticks", "text"]
_MARGINS = (16.0, 16.0, 16.0, 16.0)
_TICK = "□"
_LINE = "＿" * 8
_OVER_PICK = {
    "void_ballot": Text(
        "推荐人数超过规定的，整张票无效。", "Too many picks void the whole ballot."
    ),
    "void_category": Text(
        "某一类推荐人数超过规定的，该类无效。", "Too many picks in a category void that category."
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One table of a ballot.

    `nominate`: tick names of `rows` and write others on `blank_rows` lines, at most `max_picks`;
    `marks`: for each row tick one of `options` (agree/disagree/abstain, grades, reverse items);
    `points`: for each row write points under each of `options` (say the bounds in the option);
    `ticks`: tick any of `options`; `text`: write on `blank_rows` lines.
    `columns` are the heads of what `rows` print: name, post. `reason` adds a column to write in.
    """

    kind: QuestionKind
    title: str = ""
    columns: tuple[str, ...] = ("姓名", "现任职务")
    rows: tuple[tuple[str, ...], ...] = ()
    options: tuple[str, ...] = ()
    max_picks: int | None = None
    min_picks: int = 0
    blank_rows: int = 0
    reason: bool = False


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """A form before it is numbered. `signed` prints a place for the voter's name (real-name form);
    `stamp` a box for the seal of the recommending unit."""

    title: str
    questions: tuple[Question, ...]
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    signed: bool = False
    stamp: str = ""


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


def _widths(question: Question, answers: int, width: float) -> tuple[float, ...]:
    number, narrow = 11.0, 17.0
    reason = 28.0 if question.reason else 0.0
    answer = min(narrow if answers > 1 else 22.0, (width - number - reason) * 0.6 / answers)
    info = width - number - answer * answers - reason
    columns = (number, *column_widths(question.columns, question.rows, info))
    columns += (answer,) * answers
    return (*columns, reason) if question.reason else columns


def _limit(question: Question) -> str:
    if question.max_picks is None:
        return ""
    if question.min_picks and question.min_picks == question.max_picks:
        return f"（限推荐 {question.max_picks} 名）"
    least = f"至少 {question.min_picks} 名，" if question.min_picks else ""
    return f"（{least}至多推荐 {question.max_picks} 名）"


def _answer_heads(question: Question) -> tuple[str, ...]:
    return ("推荐",) if question.kind == "nominate" else question.options


def _answer_cells(question: Question) -> tuple[str, ...]:
    mark = "" if question.kind == "points" else _TICK
    return tuple(mark for _ in _answer_heads(question))


def _question(question: Question, head: str, width: float) -> list[Block]:
    """The table of one question; its first row, on every page, is `head`."""
    title = f"{question.title}{_limit(question)}"
    if question.kind in ("ticks", "text"):
        return [_open_question(question, head, title, width)]
    answers = _answer_heads(question)
    widths = _widths(question, len(answers), width)
    columns = len(widths)
    rows = [Row((Cell(head, span=columns, size=10.5),), 7, header=True)]
    if title:
        rows.append(Row((Cell(title, span=columns, bold=True, size=12),), 8, header=True))
    heads = ["序号", *question.columns, *answers, *(["理由"] if question.reason else [])]
    rows.append(
        Row(tuple(Cell(h, align="center", bold=True, size=11) for h in heads), 9, header=True)
    )
    last = ("",) if question.reason else ()
    blanks = [("",) * len(question.columns)] * question.blank_rows
    for number, row in enumerate([*question.rows, *blanks], 1):
        info = (*row, *[""] * (len(question.columns) - len(row)))
        texts = (str(number), *info, *_answer_cells(question), *last)
        rows.append(
            Row(
                tuple(
                    Cell(
                        text,
                        align="left" if 2 <= i <= len(question.columns) else "center",
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
    head = f"编号：{number}"
    if electorate_class:
        head += f"\u3000\u3000类别：{electorate_class}"
    blocks: list[Block] = [
        Paragraph(paper.title, align="center", size=20, bold=True, start_page=True, after=4)
    ]
    if paper.subtitle:
        blocks.append(Paragraph(paper.subtitle, align="center", size=12, after=6))
    for i, question in enumerate(paper.questions):
        if i:
            blocks.append(Paragraph("", size=6))
        blocks += _question(question, head, width)
    for i, note in enumerate(paper.notes):
        lead = "说明：" if i == 0 else "\u3000\u3000\u3000"
        blocks.append(Paragraph(f"{lead}{i + 1}. {note}", size=10.5, before=6 if i == 0 else 0))
    if paper.signed:
        line = f"投票人签名：{_LINE}\u3000\u3000年\u3000\u3000月\u3000\u3000日"
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
    width = 210 - _MARGINS[1] - _MARGINS[3]
    blocks: list[Block] = []
    title = ""
    for run in runs:
        title = title or run.paper.title
        for number in run.numbers:
            blocks += _ballot(run.paper, number, run.electorate_class, width)
    if not blocks:
        raise ValueError("no ballots to print")
    return Document(title, blocks, margins=_MARGINS, page_numbers=False, tagged=False)


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
    width = 297 - _MARGINS[1] - _MARGINS[3]
    about = f"{meeting}\u3000{entry}" + (
        f"\u3000类别：{electorate_class}" if electorate_class else ""
    )
    heads = ("应到", "实到", "印制", "发出", "收回", "未交回", "有效", "无效")
    each = width / len(heads)
    reconciliation = Table(
        (each,) * len(heads),
        (
            Row(tuple(Cell(h, align="center", bold=True, size=11) for h in heads), 8),
            Row(tuple(Cell("") for _ in heads), 10),
            Row(
                (
                    Cell(
                        "核对：发出＝收回＋未交回；收回＝有效＋无效。不符的，不得登记结果。",
                        span=8,
                        size=10,
                    ),
                ),
                7,
            ),
        ),
    )
    blocks: list[Block] = [
        Paragraph(f"{paper.title}计票单", align="center", size=20, bold=True, after=4),
        Paragraph(about, align="center", size=12, after=6),
        reconciliation,
    ]
    for question in paper.questions:
        if question.kind == "text":
            continue
        blocks.append(Paragraph("", size=6))
        blocks.append(_count_table(question, width, stroke_mm))
    signed = "\u3000\u3000".join(f"{who}：{_LINE}" for who in ("计票人", "监票人"))
    line = f"{signed}\u3000\u3000年\u3000月\u3000日\u3000时\u3000分"
    blocks.append(Paragraph(line, size=12, before=12, align="right"))
    return Document(f"{paper.title}计票单", blocks, landscape=True, margins=_MARGINS)


def _count_table(question: Question, width: float, stroke: float) -> Table:
    total = 14.0
    if question.kind == "ticks":
        names = [(option,) for option in question.options]
        answers: tuple[str, ...] = ("选中",)
    else:
        names = [row[:1] for row in question.rows] + [("",)] * question.blank_rows
        answers = _answer_heads(question)
    stroke = min(stroke, (width - 12 - 30) / len(answers) - total)
    what = "项目" if question.kind == "ticks" else (*question.columns, "姓名")[0]
    name = width - 12 - len(answers) * (stroke + total)
    widths = (12.0, name, *([stroke, total] * len(answers)))
    top = [
        Cell("序号", rows=2, align="center", bold=True),
        Cell(what, rows=2, align="center", bold=True),
    ]
    top += [Cell(a, span=2, align="center", bold=True) for a in answers]
    second = [Cell(h, align="center", size=9) for _ in answers for h in ("画正", "票数")]
    if question.kind == "points":
        second = [Cell(h, align="center", size=9) for _ in answers for h in ("各票分值", "合计")]
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
) -> Document:
    """The roll with a sign-in column. `due` (应到) is printed as given, else counts the members."""
    classes = any(m.electorate_class for m in members)
    heads = ["序号", "姓名", "单位", "职务", *(["类别"] if classes else []), "签到", "备注"]
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
    width = 210 - _MARGINS[1] - _MARGINS[3]
    sign, remark = 26.0, 18.0
    known = column_widths(heads[:-2], [line[:-2] for line in texts], width - sign - remark, 11)
    count = len(members) if due is None else due
    states = "，".join(f"{state}＿＿＿＿人" for state in ("实到", "请假", "缺席"))
    foot = f"应到 {count} 人，{states}。\u3000\u3000记录人：{_LINE}"
    blocks: list[Block] = [
        Paragraph(title, align="center", size=20, bold=True, after=4),
        *([Paragraph(about, align="center", size=12, after=6)] if about else []),
        Table((*known, sign, remark), tuple(rows), size=11),
        Paragraph(foot, size=12, before=8),
        *(Paragraph(note, size=10.5) for note in notes),
    ]
    return Document(title, blocks, margins=_MARGINS)


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
            most_points = f"（0–{item.max_points}分）" if item.max_points is not None else ""
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
                Question("marks", title, columns=("项目",), rows=rows, options=options)
            )
    notes = [form.text_before.say(language)] if form.text_before else []
    over = _OVER_PICK.get(str(form.over_pick)) if form.over_pick else None
    if over and any(item.kind == "nominate" for item in form.items):
        notes.append(over.say(language))
    return BallotPaper(
        form.label.say(language),
        tuple(_points_together(questions)),
        subtitle=subtitle,
        notes=tuple(notes),
        signed=form.anonymous is False,
        stamp=stamp,
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
