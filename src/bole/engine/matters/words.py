"""A kind of matter as a person reads it on the page of its scheme."""

from __future__ import annotations

from collections.abc import Iterator

from bole.engine.matters.models import AREAS, PARTIES, ROLES, MatterKind
from bole.engine.text import Text, join

TYPES: dict[str, Text] = {
    "text": Text("文字", "text"),
    "long_text": Text("长文字", "long text"),
    "number": Text("数字", "number"),
    "date": Text("日期", "date"),
    "choice": Text("单选", "choice"),
    "choices": Text("多选", "choices"),
    "yes_no": Text("是否", "yes or no"),
    "person": Text("人员", "person"),
    "persons": Text("人员（多名）", "persons"),
    "unit": Text("单位", "unit"),
    "post": Text("职位", "post"),
    "file": Text("材料", "file"),
    "table": Text("表格", "table"),
}


def party_name(kind: MatterKind, party: str) -> Text:
    """A role or party in words."""
    if party.startswith("field:"):
        field = kind.fields.get(party.removeprefix("field:"))
        return field.title if field else Text(party, party)
    return ROLES.get(party) or PARTIES[party]


def described(kind: MatterKind) -> Iterator[Text]:
    """Title first, then a line for each field, state, move, clock."""
    area = Text("（{a}）", " ({a})").fill(a=AREAS[kind.area])
    yield kind.title + area
    for field in kind.fields.values():
        marks = [TYPES[field.type]]
        if field.required:
            marks.append(Text("必填", "required"))
        if field.sensitive:
            marks.append(Text("敏感", "sensitive"))
        if field.choices:
            marks.append(join(list(field.choices.values()), "、", ", "))
        said = Text("{t}（{m}）", "{t} ({m})").fill(t=field.title, m=join(marks, "，", ", "))
        yield Text("字段：", "Field: ") + said
    for move in kind.moves.values():
        who = join([party_name(kind, p) for p in move.who], "、", ", ")
        target = kind.states[move.to].title if move.to else Text("状态不变", "no change of state")
        text = Text("动作：{m} → {to}，{who}", "Move: {m} → {to}, by {who}")
        said = text.fill(m=move.title, to=target, who=who)
        if move.persons > 1:
            said += Text("，须{n}人", ", {n} persons").fill(n=move.persons)
        if move.other_than:
            others = join([kind.moves[m].title for m in move.other_than], "、", ", ")
            said += Text("，不得与“{o}”同一人", ", not by who did “{o}”").fill(o=others)
        if move.sign:
            said += Text("，须签字", ", signed")
        yield said
    for clock in kind.clocks.values():
        length = clock.length.text() if clock.length else Text("到该日为止", "until that day")
        if clock.is_open:
            length = Text("期限未定", "length open")
        said = Text("期限：{t}，{n}", "Clock: {t}, {n}").fill(t=clock.title, n=length)
        if clock.lapses_to:
            state = kind.states[clock.lapses_to].title
            said += Text("，逾期转为“{s}”", ", then “{s}”").fill(s=state)
        yield said
