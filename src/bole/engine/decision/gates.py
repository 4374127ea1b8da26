"""Not-to-meeting gates (不上会): each gate not met is shown at once, none is overridden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bole.engine.procedures.base import Name
from bole.engine.tally.attendance import Attendance, AttendanceRule, attendance
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict


class Gate(BaseModel):
    """One gate. Exactly one of:

    `holds`: a fact that must be true; `clear`: a fact that must have one of `clear_values`;
    `received`: every opinion listed in `required` must be in `received`; `attendance`: members
    present; `slot`: text that the source does not print, empty until the organisation fills it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    no: int
    text: Name
    holds: str | None = None
    clear: str | None = None
    clear_values: tuple[str, ...] = ("none", "cleared", "unfounded", "closed")
    required: str | None = None
    received: str | None = None
    attendance: AttendanceRule | None = None
    slot: bool = False
    supplied_by: str = ""

    @model_validator(mode="after")
    def _one(self) -> Gate:
        forms = [self.holds, self.clear, self.received, self.attendance, self.slot or None]
        if sum(f is not None for f in forms) != 1:
            raise ValueError(
                "holds、clear、received、attendance、slot 须且只能写一个 / "
                "exactly one of holds, clear, received, attendance, slot"
            )
        if self.received is not None and self.required is None:
            raise ValueError("received 须同时写 required / received needs required")
        return self


class GateSet(BaseModel):
    """A named set of gates before a meeting."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["gates"] = "gates"
    id: str
    text: Name | None = None
    gates: tuple[Gate, ...] = Field(min_length=1)
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _numbers(self) -> GateSet:
        numbers = [g.no for g in self.gates]
        if len(set(numbers)) != len(numbers):
            raise ValueError("关口编号重复 / a gate number stands twice")
        return self


@dataclass(frozen=True, slots=True)
class GateReading:
    """One gate for one person: `missing` lists opinions or facts that are not there."""

    gate: Gate
    verdict: Verdict
    text: Text
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class GatesReading:
    """All gates of one person; `submitted` when every gate but the empty slots is met."""

    readings: tuple[GateReading, ...]

    @property
    def submitted(self) -> bool:
        """Whether the person may go to the meeting."""
        return all(r.verdict is Verdict.MET for r in self.readings)

    @property
    def not_met(self) -> list[int]:
        """Numbers of the gates that fail."""
        return [r.gate.no for r in self.readings if r.verdict is Verdict.NOT_MET]

    @property
    def cannot_tell(self) -> list[int]:
        """Numbers of the gates on which nothing is recorded."""
        return [r.gate.no for r in self.readings if r.verdict is Verdict.UNKNOWN]

    @property
    def missing(self) -> list[str]:
        """Opinions that have not come, over all gates."""
        return [m for r in self.readings for m in r.missing if r.verdict is Verdict.NOT_MET]

    @property
    def text(self) -> Text:
        """Every reason at once."""
        return join([r.text for r in self.readings if r.verdict is not Verdict.MET])


def read_gates(
    gates: GateSet, facts: Mapping[str, Any], *, due: int | None, present: int | None
) -> GatesReading:
    """Read every gate for one person. `facts`: what is recorded (null = not recorded)."""
    return GatesReading(tuple(_read(g, facts, due, present) for g in gates.gates if not g.slot))


def _read(
    gate: Gate, facts: Mapping[str, Any], due: int | None, present: int | None
) -> GateReading:
    if gate.attendance is not None:
        found = attendance(gate.attendance, due, present)
        verdict = {
            Attendance.MET: Verdict.MET,
            Attendance.NOT_MET: Verdict.NOT_MET,
            Attendance.CANNOT_COMPUTE: Verdict.UNKNOWN,
            Attendance.NOT_SET: Verdict.UNKNOWN,
        }[found.state]
        return GateReading(gate, verdict, found.text)
    if gate.received is not None:
        return _opinions(gate, facts)
    value = facts.get(gate.holds or gate.clear or "")
    if value is None:
        return GateReading(gate, Verdict.UNKNOWN, _not_recorded(gate.text))
    met = value is True if gate.holds is not None else str(value) in gate.clear_values
    return GateReading(gate, Verdict.of(met), Text("", "") if met else _fails(gate.text))


def _opinions(gate: Gate, facts: Mapping[str, Any]) -> GateReading:
    required: Sequence[str] | None = facts.get(gate.required or "")
    received: Sequence[str] | None = facts.get(gate.received or "")
    if required is None or received is None:
        return GateReading(gate, Verdict.UNKNOWN, _not_recorded(gate.text))
    missing = tuple(r for r in required if r not in received)
    text = Text("", "")
    if missing:
        text = _fails(gate.text) + Text("：缺{m}", ": {m} missing").fill(
            m=Text("、".join(missing), ", ".join(missing))
        )
    return GateReading(gate, Verdict.of(not missing), text, missing)


def _fails(text: Text) -> Text:
    return Text("不符合：{t}", "not met: {t}").fill(t=text)


def _not_recorded(text: Text) -> Text:
    return Text("未记载：{t}", "It is not recorded whether: {t}").fill(t=text)


def next_opening(
    gates: GateSet, facts: Mapping[str, Any], *, due: int | None, present: int | None
) -> tuple[int, GatesReading] | None:
    """What would stand if one more member arrived: (present, reading), or None if nobody can."""
    if due is None or present is None or present >= due:
        return None
    return present + 1, read_gates(gates, facts, due=due, present=present + 1)
