"""Exact numbers, the comparators of the field, and its denominators: below every other engine."""

from bole.engine.exact.comparators import Comparator, fewest, most
from bole.engine.exact.figures import Base, Figures
from bole.engine.exact.numbers import (
    Number,
    Quantity,
    Rounding,
    exact,
    fixed,
    percent,
    rounded,
    say,
    share_text,
)

__all__ = [
    "Base",
    "Comparator",
    "Figures",
    "Number",
    "Quantity",
    "Rounding",
    "exact",
    "fewest",
    "fixed",
    "most",
    "percent",
    "rounded",
    "say",
    "share_text",
]
