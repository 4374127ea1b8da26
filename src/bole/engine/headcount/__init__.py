"""Headcount (职数): lines, the sheet of a whole plan, vacancies, what is over, what is unknown."""

from bole.engine.headcount.forecast import Exit, Forecast, forecast
from bole.engine.headcount.ledger import Change, LedgerRow, RedLine, ledger_rows
from bole.engine.headcount.sheet import Line, Move, RowVerdict, Sheet, SheetRow, departures, judge
from bole.engine.headcount.vacancy import Post, Vacancies, VacancyClasses, vacancies

__all__ = [
    "Change",
    "Exit",
    "Forecast",
    "LedgerRow",
    "Line",
    "Move",
    "Post",
    "RedLine",
    "RowVerdict",
    "Sheet",
    "SheetRow",
    "Vacancies",
    "VacancyClasses",
    "departures",
    "forecast",
    "judge",
    "ledger_rows",
    "vacancies",
]
