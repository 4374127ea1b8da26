"""Instruments: ballots, questionnaires and rating forms as data."""

from bole.engine.instruments.caps import check_grades, describe, editor_warnings, room
from bole.engine.instruments.forms import (
    Category,
    CountCap,
    FormPackage,
    InstrumentForm,
    Item,
    ItemKind,
    Option,
    OverPick,
)

__all__ = [
    "Category",
    "CountCap",
    "FormPackage",
    "InstrumentForm",
    "Item",
    "ItemKind",
    "Option",
    "OverPick",
    "check_grades",
    "describe",
    "editor_warnings",
    "room",
]
