"""Composites, ranks and cuts, bars, exceptions, and results read over channels and years."""

from bole.engine.scoring.composite import (
    Bonus,
    Composite,
    ExceptionRule,
    Part,
    Round,
    Total,
    read_exception,
    total,
)
from bole.engine.scoring.corroboration import (
    Agreement,
    AgreementRule,
    Line,
    Year,
    YearsReading,
    YearsRule,
    agree,
    read_years,
)
from bole.engine.scoring.ranking import Place, Ranking, rank, tie_order

__all__ = [
    "Agreement",
    "AgreementRule",
    "Bonus",
    "Composite",
    "ExceptionRule",
    "Line",
    "Part",
    "Place",
    "Ranking",
    "Round",
    "Total",
    "Year",
    "YearsReading",
    "YearsRule",
    "agree",
    "rank",
    "read_exception",
    "read_years",
    "tie_order",
    "total",
]
