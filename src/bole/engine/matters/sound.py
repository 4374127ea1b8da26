"""Is a kind of matter sound? Unknown references, dead states, adverse kinds without rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bole.engine.text import Text

if TYPE_CHECKING:
    from bole.engine.matters.models import Adverse, MatterKind

_UNKNOWN = Text("{where}：没有“{name}”", "{where}: there is no “{name}”")


def faults(kind: MatterKind) -> list[Text]:
    """Every fault of a kind; empty when it is sound."""
    return [
        *_states(kind),
        *_moves(kind),
        *_clocks(kind),
        *_derived(kind),
        *_people(kind),
        *_number(kind),
        *(_adverse(kind, kind.adverse) if kind.adverse else ()),
    ]


def _unknown(where: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Text]:
    for name in names:
        if name not in set(known):
            yield _UNKNOWN.fill(where=where, name=name)


def _states(kind: MatterKind) -> Iterator[Text]:
    if not kind.states:
        yield Text("至少要有一个状态", "at least one state is needed")
        return
    seen, todo = {kind.initial}, [kind.initial]
    lapses = [(c.states, c.lapses_to) for c in kind.clocks.values() if c.lapses_to]
    while todo:
        state = todo.pop()
        ways = [(m.from_, m.to) for m in kind.moves.values() if m.to] + lapses
        for sources, target in ways:
            leaves = state in sources if sources else not kind.states[state].final
            if leaves and target in kind.states and target not in seen:
                seen.add(target or "")
                todo.append(target or "")
    for name, state_ in kind.states.items():
        if name not in seen:
            yield Text("没有办理动作能到达状态“{s}”", "no move leads to the state “{s}”").fill(
                s=name
            )
        out = any(m.to and (not m.from_ or name in m.from_) for m in kind.moves.values())
        lapsing = any(not states or name in states for states, _to in lapses)
        if not state_.final and not out and not lapsing:
            text = Text(
                "状态“{s}”没有后续动作，请写 final: true 或者补动作",
                "nothing leads out of the state “{s}”: write final: true, or a move",
            )
            yield text.fill(s=name)


def _moves(kind: MatterKind) -> Iterator[Text]:
    for name, move in kind.moves.items():
        yield from _unknown(f"{name}.from", move.from_, kind.states)
        yield from _unknown(f"{name}.to", [move.to] if move.to else [], kind.states)
        yield from _unknown(f"{name}.needs", kind.needed(move), kind.fields)
        yield from _unknown(f"{name}.fills", move.fills, kind.fields)
        for key, ids in (
            ("after", move.after),
            ("other_than", move.other_than),
            ("undoes", move.undoes),
        ):
            yield from _unknown(f"{name}.{key}", ids, kind.moves)
        if move.judged and kind.judge is None:
            text = Text("{m}：judged 需要 judge", "{m}: judged needs a judge")
            yield text.fill(m=name)
        if move.when is not None:
            yield from _unknown(f"{name}.when", move.when.names(), kind.fields)
    for name, field in kind.fields.items():
        if field.when is not None:
            yield from _unknown(f"{name}.when", field.when.names(), kind.fields)


def _clocks(kind: MatterKind) -> Iterator[Text]:
    dates = {n for n, f in kind.fields.items() if f.type == "date"}
    for name, clock in kind.clocks.items():
        table = kind.fields.get(clock.rows or "")
        columns = table.columns if table else {}
        over = {n for n, c in columns.items() if c.type == "date"} if clock.rows else dates
        known = over if clock.rows else {*dates, *kind.moves, "opened"}
        yield from _unknown(f"{name}.since", [clock.since], known)
        yield from _unknown(f"{name}.unless", [clock.unless] if clock.unless else [], columns)
        yield from _unknown(f"{name}.states", clock.states, kind.states)
        yield from _unknown(f"{name}.until", clock.until, kind.moves)
        yield from _unknown(
            f"{name}.lapses_to", [clock.lapses_to] if clock.lapses_to else [], kind.states
        )
        if clock.length is None and not clock.is_open and clock.since not in over:
            text = Text(
                "{c}：从动作起算的期限须写长度", "{c}: a clock that runs from a move needs a length"
            )
            yield text.fill(c=name)


def _derived(kind: MatterKind) -> Iterator[Text]:
    numbers = {n for n, f in kind.fields.items() if f.type == "number"} | {
        f"{n}.{c}"
        for n, f in kind.fields.items()
        for c, column in f.columns.items()
        if column.type == "number"
    }
    many = {n for n, f in kind.fields.items() if f.type in ("table", "persons", "choices", "file")}
    earlier: set[str] = set()
    for name, derived in kind.derived.items():
        sources = [*(derived.sum or ()), *(derived.share or ()), *(derived.difference or ())]
        yield from _unknown(f"derived {name}", sources, numbers | earlier)
        yield from _unknown(f"derived {name}", [derived.count] if derived.count else [], many)
        earlier.add(name)


def _people(kind: MatterKind) -> Iterator[Text]:
    named = [*kind.opens, *(kind.visible_to or ())]
    for move in kind.moves.values():
        named += [*move.who, *move.tells]
    for field in kind.fields.values():
        named += field.shown_to if field.sensitive else ()
    persons = {n for n, f in kind.fields.items() if f.type in ("person", "persons")}
    wanted = [p.removeprefix("field:") for p in dict.fromkeys(named) if p.startswith("field:")]
    yield from _unknown("field:", wanted, persons)
    if "person" in named and kind.about != "person":
        yield Text("“person”只用于 about: person 的事项", "“person” is for matters about a person")
    if kind.about == "case" and kind.on_case == "no":
        yield Text("about: case 的事项须在任用事项中", "a matter about a case hangs on one")


def _number(kind: MatterKind) -> Iterator[Text]:
    if not kind.number:
        return
    try:
        first, second = (kind.number.format(year=2026, serial=n) for n in (1, 2))
    except (KeyError, IndexError, ValueError):
        first = second = ""
    if first == second:
        text = Text(
            "编号格式须含 {{serial}}，可含 {{year}}",
            "the number has {{serial}} in it, and {{year}} if wanted",
        )
        yield text.fill()


def _adverse(kind: MatterKind, adverse: Adverse) -> Iterator[Text]:
    """An adverse matter has its source, date, reply and end, and is told to the person."""
    for part, types in (
        ("source", {"text", "long_text", "choice"}),
        ("date", {"date"}),
        ("reply", {"long_text"}),
        ("end", {"date"}),
    ):
        ident = getattr(adverse, part)
        field = kind.fields.get(ident)
        if field is None or field.type not in types:
            text = Text(
                "负面事项须有{part}字段（{types}），“{id}”不是",
                "an adverse matter needs the field {part} ({types}); “{id}” is none",
            )
            yield text.fill(part=part, types="、".join(sorted(types)), id=ident)
        elif part in ("source", "date", "end") and not field.required:
            text = Text("负面事项的“{id}”须必填", "“{id}” of an adverse matter must be required")
            yield text.fill(id=ident)
    if kind.about != "person":
        yield Text("负面事项须针对具体干部", "an adverse matter is about a person")
    yield from _unknown("adverse.told", [adverse.told], kind.moves)
    replies = [n for n, m in kind.moves.items() if adverse.reply in m.fills]
    if not replies or not any("person" in kind.moves[n].who for n in replies):
        yield Text(
            "负面事项须有本人申辩的动作（who: person，fills 申辩字段）",
            "an adverse matter needs a move by which the person replies (who: person, fills reply)",
        )
    if not any(c.since == adverse.end and c.lapses_to for c in kind.clocks.values()):
        yield Text(
            "负面事项须有到期失效的时钟（since 为截止日期，lapses_to 失效状态）",
            "an adverse matter needs a clock at its end that lapses to a state",
        )
