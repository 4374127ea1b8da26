"""What a pack may say of a kind of matter (事项): fields, states, moves, clocks, who sees it.

`matters:` of a pack holds kinds by id. Every part lies under its own id, so that a local pack
changes one field or one clock of a general kind with `like:` and leaves the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bole.engine.procedures.base import Id, Model, Name, When
from bole.engine.text import Text, join
from bole.engine.workdays import Length

Area = Literal["finding", "motion", "vetting", "record", "decision", "appointment"]
AREAS: dict[str, Text] = {
    "finding": Text("发现推荐", "Finding"),
    "motion": Text("动议", "Motion"),
    "vetting": Text("审核把关", "Vetting"),
    "record": Text("纪实与责任", "Record and accountability"),
    "decision": Text("讨论决定", "Decision"),
    "appointment": Text("任职", "Appointment"),
}
# The roles of accounts that handle matters; the three administrators handle none.
ROLES: dict[str, Text] = {
    "section_officer": Text("干部科干部", "section officer"),
    "department_head": Text("部领导", "department head"),
    "inspector": Text("考察人员", "inspector"),
    "committee_member": Text("常委会委员", "committee member"),
    "unit_liaison": Text("单位联络员", "unit liaison officer"),
    "discipline_liaison": Text("纪检联络员", "discipline liaison"),
    "cadre": Text("干部本人", "cadre"),
    "auditor": Text("审计员", "auditor"),
}
# Persons of the matter itself: who opened it, whom it is about, or `field:<id>` of a person.
PARTIES: dict[str, Text] = {
    "opener": Text("经办人", "who opened it"),
    "person": Text("事项所涉干部本人", "the person concerned"),
}
OFFICE = ("section_officer", "department_head")
SIMPLE = ("text", "long_text", "number", "date", "choice", "yes_no", "person", "unit", "post")
Type = Literal[
    "text",
    "long_text",
    "number",
    "date",
    "choice",
    "choices",
    "yes_no",
    "person",
    "persons",
    "unit",
    "post",
    "file",
    "table",
]
Colour = Literal["blue", "green", "yellow", "orange", "red", "secondary"]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Ids = Annotated[
    tuple[Id, ...], BeforeValidator(_listed, json_schema_input_type=str | tuple[Id, ...])
]


def _titled(value: Any) -> Any:
    if isinstance(value, str) or (isinstance(value, Mapping) and set(value) <= {"zh", "en"}):
        return {"title": value}
    return value


def _party(value: Any) -> Any:
    known = {*ROLES, *PARTIES}
    if value not in known and not (isinstance(value, str) and re.match(r"field:\S+$", value)):
        raise ValueError(
            f"“{value}”不是角色；可写：{'、'.join(known)}，或 field:字段编号 / "
            f"“{value}” is no role; write one of {', '.join(known)} or field:<id>"
        )
    return value


Parties = Annotated[
    tuple[Annotated[str, BeforeValidator(_party)], ...],
    BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...]),
]


class Column(Model):
    """A column of a table, or the simple part of a field.

    `choices_of`: the choices are those that the item of the kind's judge names under this key
    (`consult`, `steps`, `channels` …), so that a local kind need not write them again; where the
    item names none, `choices` stand, and without any the field takes text.
    """

    title: Name
    type: Type = "text"
    required: bool = False
    choices: dict[Id, Name] = {}
    choices_of: Id | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    unit: Name | None = None
    help: Name | None = None

    def model_post_init(self, _: Any) -> None:
        chosen = self.type in ("choice", "choices")
        if (self.choices and not chosen) or (chosen and not (self.choices or self.choices_of)):
            raise ValueError(
                "choices 用于且须用于 choice、choices 类型 / choices belong to choice and choices"
            )
        if (self.least, self.most) != (None, None) and self.type not in ("number", "persons"):
            raise ValueError(
                "least、most 只用于 number、persons 类型 / least and most belong to number, persons"
            )


class MatterField(Column):
    """A field. `sensitive`: masked for all but `shown_to`, each reading is logged.

    `when`: the field is asked only where this holds of other fields (`{kind: [directed]}`).
    """

    columns: dict[Id, Column] = {}
    sensitive: bool = False
    shown_to: Parties = OFFICE
    when: When | None = None

    def model_post_init(self, context: Any) -> None:
        super().model_post_init(context)
        if bool(self.columns) != (self.type == "table"):
            raise ValueError("columns 用于且须用于 table 类型 / columns belong to type table")
        if wrong := [n for n, c in self.columns.items() if c.type not in SIMPLE]:
            raise ValueError(f"表格不能有这种列：{wrong} / no table can have this column: {wrong}")


class State(Model):
    """Where a matter stands. `editable`: fields may be typed here (else only the first state)."""

    title: Name
    final: bool = False
    colour: Colour = "blue"
    editable: bool | None = None


class Move(Model):
    """What a person does with a matter; see docs/matters.md for each key.

    `from` empty = every state that is not final; `to` empty = the state stays (a signature, a
    note). `persons`: so many different persons must do it before it counts.
    """

    title: Name
    from_: Ids = Field(default=(), alias="from")
    to: Id | None = None
    who: Parties = OFFICE
    needs: Ids | None = None
    fills: Ids = ()
    judged: Literal["clear", "refused"] | None = None
    after: Ids = ()
    other_than: Ids = ()
    persons: int = Field(default=1, ge=1, le=9)
    reason: bool = False
    sign: bool = False
    once: bool = False
    undoes: Ids = ()
    tells: Parties = ()
    when: When | None = None
    help: Name | None = None


class Clock(Model):
    """A time that runs from a move or a date field; without a length the date itself is the end.

    With `rows` it runs over a table: from the earliest `since` (a date column) of the rows whose
    column `unless` is empty.

    `states`: where it runs (every state that is not final); `until`: moves that end it. A clock
    that is over is shown as late, or the matter `lapses_to` a state.
    """

    title: Name
    since: Id
    rows: Id | None = None
    unless: Id | None = None
    working_days: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    months: int | None = Field(default=None, ge=1)
    states: Ids = ()
    until: Ids = ()
    reminds_before: int = Field(default=0, ge=0)
    lapses_to: Id | None = None

    def model_post_init(self, _: Any) -> None:
        if sum(v is not None for v in (self.working_days, self.days, self.months)) > 1:
            raise ValueError("期限只写一个单位 / a clock has one length")

    @property
    def length(self) -> Length | None:
        """The length; None = the date itself, or a parameter still open (`is_open`)."""
        if self.working_days is not None:
            return Length(self.working_days, "working_days")
        if self.days is not None:
            return Length(self.days, "calendar_days")
        return None if self.months is None else Length(self.months, "months")

    @property
    def is_open(self) -> bool:
        """Whether the scheme has yet to say how long it is."""
        said = {"working_days", "days", "months"} & self.model_fields_set
        return bool(said) and self.length is None


class Derived(Model):
    """A number computed from fields: exactly one of `sum`, `count`, `share`, `difference`.

    A source is a number field, another derived number, or `table.column`; a missing one makes
    the number unknown. `share` is first ÷ second, exact.
    """

    title: Name
    sum: (
        Annotated[
            tuple[str, ...],
            BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...]),
        ]
        | None
    ) = None
    count: Id | None = None
    share: tuple[str, str] | None = None
    difference: tuple[str, str] | None = None

    def model_post_init(self, _: Any) -> None:
        given = (self.sum, self.count, self.share, self.difference)
        if sum(v is not None for v in given) != 1:
            raise ValueError(
                "sum、count、share、difference 须且只须写一个 / "
                "write exactly one of sum, count, share, difference"
            )


class JudgeUse(Model):
    """Which engine judges the matter: by the item `use` of the pack; `fields`: its words → ours."""

    name: str
    use: Id | None = None
    fields: dict[Id, Id] = {}
    options: dict[Id, Any] = {}


class Adverse(Model):
    """What no adverse matter may lack: source, date, the person's reply, an end, and who tells.

    Field ids, and the id of the move by which the person is told.
    """

    source: Id
    date: Id
    reply: Id
    end: Id
    told: Id


class MatterKind(Model):
    """One kind of matter. `logged`: every reading of it by anybody but the person is logged."""

    title: Name
    area: Area
    about: Literal["person", "unit", "case", "none"] = "none"
    on_case: Literal["no", "may", "must"] = "may"
    steps: Ids = ()  # the steps of a case's procedure beside which it is offered
    mechanisms: tuple[str, ...] = ()
    reference: str = ""
    help: Name | None = None
    number: str = ""
    opens: Parties = OFFICE
    visible_to: Parties | None = None
    fields: dict[Id, MatterField] = {}
    states: dict[
        Id, Annotated[State, BeforeValidator(_titled, json_schema_input_type=Name | State)]
    ]
    moves: dict[Id, Move]
    clocks: dict[Id, Clock] = {}
    derived: dict[Id, Derived] = {}
    judge: JudgeUse | None = None
    adverse: Adverse | None = None
    logged: bool = False
    print: Id | None = None

    def model_post_init(self, _: Any) -> None:
        from bole.engine.matters.sound import faults

        if found := faults(self):
            raise ValueError(" / ".join(join(found).as_dict().values()))

    @property
    def initial(self) -> str:
        """The state in which a matter begins: the first one written."""
        return next(iter(self.states))

    def editable(self, state: str) -> bool:
        """Whether fields may be typed in that state."""
        said = self.states[state].editable
        return state == self.initial if said is None else said

    def needed(self, move: Move) -> tuple[str, ...]:
        """The fields that must be filled at a move: `required` stands for all required ones.

        A move that leaves the first state needs the required fields unless it says otherwise.
        """
        leaves = move.to is not None and move.from_ == (self.initial,)
        said = move.needs if move.needs is not None else (("required",) if leaves else ())
        found: dict[str, None] = {}
        for ident in said:
            if ident == "required":
                found |= {n: None for n, f in self.fields.items() if f.required}
            else:
                found[ident] = None
        return tuple(found)

    @property
    def readers(self) -> tuple[str, ...]:
        """Who reads it: `visible_to`, else the office, auditors, and whoever may do a move."""
        if self.visible_to is not None:
            return self.visible_to
        doers = [p for move in self.moves.values() for p in move.who]
        return tuple(dict.fromkeys([*OFFICE, "auditor", *self.opens, *doers]))
