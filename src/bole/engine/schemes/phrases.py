"""One phrase for each kind of gate, for reading a procedure as a person would."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bole.engine.exact.figures import Base
from bole.engine.text import Text

if TYPE_CHECKING:
    from bole.engine.schemes.words import Reader


def phrase(reader: Reader, gate: Any) -> Text:
    """What the gate asks for, in few words."""
    return SAYERS[gate.kind](reader, gate)


def _names(reader: Reader, what: str, ids: list[str]) -> str:
    procedure = reader.s.procedure
    assert procedure is not None
    table: dict[str, Any] = getattr(procedure, what)
    return reader.comma.join(reader.t(table[i].name) for i in ids)


def _rules(reader: Reader, gate: Any) -> Text:
    rules = reader.s.rules[gate.rules]
    title = reader.t(rules.name) if rules.name else gate.rules
    who = reader.named("group", gate.of)
    return Text(f"{who}符合“{title}”", f"{who} meet “{title}”")


def _papers(reader: Reader, gate: Any) -> Text:
    said = _names(reader, "paper", gate.papers)
    return Text(f"{said}齐全", f"{said} filed")


def _signatures(reader: Reader, gate: Any) -> Text:
    said = _names(reader, "paper", gate.papers)
    return Text(f"{said}已签字", f"{said} signed")


def _results(reader: Reader, gate: Any) -> Text:
    said = _names(reader, "ballots", gate.ballots)
    return Text(f"{said}结果核对一致", f"{said} counted and reconciled")


def _vote(reader: Reader, gate: Any) -> Text:
    more = gate.passes.more_than is not None
    part = reader.value(gate.passes.more_than if more else gate.passes.at_least)
    of = gate.passes.of
    base = Base(of).words if isinstance(of, str) else Text(reader.value(of), reader.value(of))
    return Text(
        f"同意票{'超过' if more else '达到'}{base.zh}的{part}",
        f"agreement {'more than' if more else 'at least'} {part} of those {base.en}",
    )


def _answers(reader: Reader, gate: Any) -> Text:
    said = reader.comma.join(reader.named("body", b) for b in gate.bodies)
    return Text(f"{said}已回复", f"{said} answered")


def _checks(reader: Reader, gate: Any) -> Text:
    said = reader.comma.join(reader.named("check", c) for c in gate.checks)
    return Text(f"{said}结论无影响", f"{said} concluded clear")


def _clock(reader: Reader, gate: Any) -> Text:
    said, event = reader.length(gate.elapsed, gate.unit), reader.event(gate.since)
    if not said:
        return Text(f"“{event}”之后", f"after “{event}”")
    return Text(f"“{event}”满{said}", f"{said} after “{event}”")


def _valid(reader: Reader, gate: Any) -> Text:
    said, event = reader.length(gate.within, gate.unit), reader.event(gate.since)
    return Text(f"“{event}”未超过{said}", f"within {said} of “{event}”")


def _steps(reader: Reader, gate: Any) -> Text:
    said = _names(reader, "steps", gate.steps)
    return Text(f"{said}已完成", f"{said} done")


def _persons(reader: Reader, gate: Any) -> Text:
    group = reader.named("group", gate.group)
    bounds = []
    for key, zh, en in (("min", "至少", "at least "), ("max", "至多", "at most ")):
        if (value := getattr(gate, key)) is not None:
            said = reader.value(value)
            bounds.append(Text(f"{zh}{said}人", f"{en}{said}"))
    if gate.more_than_posts:
        bounds.append(Text("多于职位数", "more than the posts"))
    inner = Text("、".join(b.zh for b in bounds), ", ".join(b.en for b in bounds))
    if not bounds:
        return Text(f"确定{group}", f"{group} chosen")
    return Text(f"确定{group}（{inner.zh}）", f"{group} chosen ({inner.en})")


def _fact(reader: Reader, gate: Any) -> Text:
    said = reader.named("fact", gate.fact)
    if gate.wanted is None:
        return Text(f"填明{said}", f"{said} stated")
    wanted = reader.choice(gate.fact, gate.wanted)
    return Text(f"{said}为{wanted}", f"{said} is {wanted}")


def _holds(reader: Reader, gate: Any) -> Text:
    procedure = reader.s.procedure
    assert procedure is not None
    said = reader.comma.join(reader.t(procedure.holds[h]) for h in gate.holds)
    return Text(f"没有未办结的{said}", f"nothing open of: {said}")


def _unchanged(reader: Reader, gate: Any) -> Text:
    said = _names(reader, "paper", [gate.paper])
    return Text(f"与已批准的{said}一致", f"as approved in {said}")


def _matters(reader: Reader, gate: Any) -> Text:
    said = reader.comma.join(_matter(reader, name) for name in gate.matters)
    return Text(f"{said}已办结", f"{said} done")


def _matter(reader: Reader, name: str) -> str:
    title = reader.s.matters.get(name, {}).get("title", name)
    if isinstance(title, dict):
        return str(title["en" if reader.language == "en" else "zh"])
    return str(title)


SAYERS: dict[str, Callable[[Any, Any], Text]] = {
    "rules": _rules,
    "papers": _papers,
    "signatures": _signatures,
    "headcount": lambda reader, gate: Text("不超职数", "headcount is not exceeded"),
    "results": _results,
    "vote": _vote,
    "answers": _answers,
    "checks": _checks,
    "clock": _clock,
    "valid": _valid,
    "steps": _steps,
    "persons": _persons,
    "fact": _fact,
    "no_holds": _holds,
    "unchanged": _unchanged,
    "matters": _matters,
}
