"""Reads for the list of cadres and for the page of one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from bole.people.forms import write_date
from bole.people.histories import HISTORIES
from bole.people.models import Cadre, History
from bole.units.models import GRADE_ORDER, Unit

AGE_BANDS = {
    "30": (0, 30),
    "35": (31, 35),
    "40": (36, 40),
    "45": (41, 45),
    "50": (46, 50),
    "55": (51, 55),
    "60": (56, 150),
}
EDUCATION = {
    "研究生": ("研究生",),
    "本科": ("本科", "大学", "大学本科"),
    "专科": ("专科", "大专", "大学专科"),
}


def search(rows: QuerySet[Cadre], text: str) -> QuerySet[Cadre]:
    """Each word must occur in the name, its pinyin (full, or the initials), unit or post."""
    for word in text.split():
        low = word.lower()
        found = (
            Q(name__contains=word)
            | Q(post_title__contains=word)
            | Q(unit__name__contains=word)
            | Q(unit__short_name__contains=word)
        )
        if low.isascii():
            found |= Q(initials__startswith=low) | Q(pinyin__contains=low)
        rows = rows.filter(found)
    return rows


def below(rows: QuerySet[Cadre], unit: str) -> QuerySet[Cadre]:
    """Cadres of a unit and the units below it; `unit` is the key of the unit."""
    path = Unit.objects.filter(pk=unit if unit.isdigit() else None).values_list("path", flat=True)
    return rows.filter(unit__path__startswith=path[0]) if path else rows.none()


def aged(rows: QuerySet[Cadre], band: str, today: datetime.date | None = None) -> QuerySet[Cadre]:
    """Cadres of an age band (AGE_BANDS); the month of birth counts as reached."""
    if band not in AGE_BANDS:
        return rows
    today = today or timezone.localdate()
    low, high = AGE_BANDS[band]
    latest = _months_back(today, low * 12 - 1)  # exclusive: born before this month
    earliest = _months_back(today, (high + 1) * 12 - 1)
    return rows.filter(birth__lt=latest, birth__gte=earliest)


def _months_back(day: datetime.date, months: int) -> datetime.date:
    total = max(12, day.year * 12 + day.month - 1 - months)
    return datetime.date(total // 12, total % 12 + 1, 1)


def age(birth: datetime.date | None, on: datetime.date) -> int | None:
    """Full years; the month of birth counts as reached (the organisation departments' rule)."""
    return None if birth is None else on.year - birth.year - (on.month < birth.month)


def studied(rows: QuerySet[Cadre], level: str) -> QuerySet[Cadre]:
    """Cadres whose highest education is of the level; "other" = anything else or nothing."""
    if level in EDUCATION:
        return rows.filter(education_level__in=EDUCATION[level])
    known = [name for names in EDUCATION.values() for name in names]
    return rows.exclude(education_level__in=known)


def of_party(rows: QuerySet[Cadre], party: str) -> QuerySet[Cadre]:
    """Members of the Communist Party, of a democratic party, or of none."""
    if party == "cpc":
        return rows.filter(party__startswith="中共")
    if party == "none":
        return rows.filter(party__in=("", "群众", "无党派", "共青团员"))
    return rows.exclude(party__startswith="中共").exclude(
        party__in=("", "群众", "无党派", "共青团员")
    )


def histories(cadre: Cadre, tables: Iterable[str]) -> dict[str, list[History]]:
    """The rows of several histories of one cadre, in one query, each in its own order.

    Rows are unsaved-looking instances with their keys: fields that point to other tables are
    keys only (`unit_id`).
    """
    tables = list(tables)
    parts = []
    for key in tables:
        model = HISTORIES[key].model
        fields = {f.attname: F(f.attname) for f in model._meta.concrete_fields}
        parts.append(
            model.objects.filter(cadre=cadre)
            .order_by()
            .values_list(Value(key), JSONObject(**fields))
        )
    found: dict[str, list[History]] = {key: [] for key in tables}
    for key, content in parts[0].union(*parts[1:], all=True):
        model = HISTORIES[key].model
        row = model(
            **{f.attname: f.to_python(content[f.attname]) for f in model._meta.concrete_fields}
        )
        row._state.adding = False
        row._state.db = "default"
        found[key].append(row)
    for key, rows in found.items():
        _sort(rows, HISTORIES[key].sort)
    return found


def _sort(rows: list[Any], fields: tuple[str, ...]) -> None:
    def place(row: Any) -> tuple:
        values = [getattr(row, f) for f in fields]
        return (*((v is None, v or 0) if v is not None else (True, 0) for v in values), row.pk)

    rows.sort(key=place)


def cell(row: History, field: str) -> str:
    """What a section shows of a field: dates by their precision, choices by their label."""
    if field == "marks":
        return "、".join(
            str(row._meta.get_field(name).verbose_name)
            for name in ("leading", "head", "team", "acting", "concurrent", "grass_roots")
            if getattr(row, name)
        )
    if field == "end" and row.end is None and hasattr(row, "start"):
        return _("now")
    if field == "effect_until" and row.effect_until is None:
        return _("open")
    value = getattr(row, field)
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, datetime.date):
        precision = getattr(row, f"{field}_precision", "day")
        if precision == "unknown":
            return _("day unknown")
        return write_date(value, precision)
    if field == "kind" and row._meta.model_name == "appraisal":
        kinds = {"annual": _("annual"), "term": _("term"), "special": _("special task")}
        return kinds.get(value, value)
    display = getattr(row, f"get_{field}_display", None)
    if display is not None:
        return str(display())
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Section:
    """A history as a page shows it: labels of the columns, and (row, cells)."""

    key: str
    label: Any
    columns: list[str]
    rows: list[tuple[History, list[str]]]
    can_end: bool


def section(table: str, rows: list[History]) -> Section:
    """Rows of a history as a table, the latest first where they are dated."""
    kind = HISTORIES[table]
    labels = []
    for name in kind.shows:
        label = _("marks") if name == "marks" else kind.model._meta.get_field(name).verbose_name
        labels.append(str(label))
    shown = rows if kind.sort[0] in ("pk", "kind") else list(reversed(rows))
    return Section(
        table,
        kind.label,
        labels,
        [(row, [cell(row, name) for name in kind.shows]) for row in shown],
        kind.can_end,
    )


GRADE_COLOURS = (
    "#adb5bd",
    "#94b8d8",
    "#6ea8dc",
    "#4299e1",
    "#2fb344",
    "#f59f00",
    "#f76707",
    "#d63939",
    "#ae3ec9",
)


def timeline(rows: list[Any], today: datetime.date) -> dict[str, Any]:
    """The posts as an ECharts option: one bar a post from its start to its end (or today)."""
    held = [r for r in rows if r.start]
    if not held:
        return {}

    def year(day: datetime.date) -> float:
        return round(day.year + (day.month - 1) / 12, 2)

    first = min(r.start.year for r in held)
    step = max(1, -(-(today.year - first) // 5))
    bars, offsets, names = [], [], []
    for row in held:
        end = row.end or today
        months = max(1, (end.year - row.start.year) * 12 + end.month - row.start.month)
        offsets.append(year(row.start))
        length = _("%(years)s y %(months)s m") % {"years": months // 12, "months": months % 12}
        span = f"{row.start:%Y.%m}–{row.end.strftime('%Y.%m') if row.end else _('now')}"
        names.append(f"{row.title}")
        bars.append(
            {
                "value": round(months / 12, 2),
                "name": f"{row.unit_name} {row.title}\n{span} ({length})",
                "itemStyle": {"color": GRADE_COLOURS[GRADE_ORDER.get(row.grade, 0)]},
                "label": {"formatter": length},
            }
        )
    return {
        "aria": {"enabled": True},
        "animation": False,
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 20, "containLabel": True},
        "tooltip": {
            "trigger": "item",
            "renderMode": "richText",
            "formatter": "{b}",
            "confine": True,
        },
        "xAxis": {
            "type": "value",
            "min": first,
            "max": today.year + 1,
            "axisLabel": {"show": False},
            "splitLine": {"show": False},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            "axisLabel": {"width": 120, "overflow": "truncate", "interval": 0},
            "axisTick": {"show": False},
        },
        "series": [
            {
                "type": "bar",
                "stack": "time",
                "silent": True,
                "itemStyle": {"color": "transparent"},
                "data": offsets,
                "tooltip": {"show": False},
            },
            {
                "type": "bar",
                "stack": "time",
                "data": bars,
                "barMaxWidth": 18,
                "label": {"show": True, "position": "right"},
                # Lines at whole years: an axis of numbers would write 2,016.
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "lineStyle": {"color": "#dce1e7", "type": "solid"},
                    "data": [
                        {"xAxis": y, "label": {"formatter": str(y), "position": "end"}}
                        for y in range(first, today.year + 1, step)
                    ],
                },
            },
        ],
    }


def size_of(rows: list[Any]) -> str:
    """The height class of a career picture, by its number of bars."""
    return "few" if len(rows) <= 4 else "some" if len(rows) <= 8 else "many"
