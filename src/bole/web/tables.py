"""One table component: search, filters, columns to choose, sorting, pages, export as seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

PAGE_SIZES = (25, 50, 100, 200)


@dataclass(frozen=True)
class Column:
    """A column: `value(row)` is what page and export show; `order` is the field(s) to sort by."""

    key: str
    label: Any
    value: Callable[[Any], Any]
    order: str | tuple[str, ...] | None = None
    link: Callable[[Any], str | None] | None = None
    shown: bool = True
    numeric: bool = False
    badge: Callable[[Any], str | None] | None = None  # css colour of a badge, e.g. "red"
    css: str = ""  # class of its cells: "wide" for long names, "nowrap" for days


@dataclass(frozen=True)
class Filter:
    """A choice above the table. `apply(rows, value)` narrows the rows (queryset or list)."""

    key: str
    label: Any
    choices: Sequence[tuple[str, Any]]
    apply: Callable[[Any, str], Any]


@dataclass
class Table:
    """Rows of a page, as the request asks for them.

    `rows` is a queryset or a list. `search(rows, text)` narrows by free text. The template
    `web/table.html` draws it; `export()` gives exactly the rows and columns that are seen, all
    pages of them.
    """

    request: HttpRequest
    rows: Any
    columns: Sequence[Column]
    title: Any
    filters: Sequence[Filter] = ()
    search: Callable[[Any, str], Any] | None = None
    search_hint: Any = ""
    default_order: str = ""
    page_size: int = 50
    empty: Any = ""
    select: str = ""  # name of a checkbox per row, for acting on several rows
    row_key: Callable[[Any], Any] = field(default=lambda row: getattr(row, "pk", ""))

    def __post_init__(self) -> None:
        get = self.request.GET
        self.text = get.get("q", "").strip()
        self.active = [{"filter": f, "value": get.get(f.key, "")} for f in self.filters]
        rows = self.rows
        if self.search and self.text:
            rows = self.search(rows, self.text)
        for entry in self.active:
            if entry["value"]:
                rows = entry["filter"].apply(rows, entry["value"])
        wanted = get.getlist("columns")
        self.visible = [
            c for c in self.columns if (c.key in wanted if wanted else c.shown)
        ] or list(self.columns)
        self.sort = get.get("sort", self.default_order)
        self.rows = self._sorted(rows)

    def _sorted(self, rows: Any) -> Any:
        key, descending = self.sort.lstrip("-"), self.sort.startswith("-")
        column = next((c for c in self.columns if c.key == key), None)
        if column is None:
            return rows
        if isinstance(rows, QuerySet):
            if not column.order:
                return rows
            fields = (column.order,) if isinstance(column.order, str) else column.order
            return rows.order_by(*[f"-{f}" if descending else f for f in fields], "pk")
        return sorted(
            rows,
            key=lambda r: (column.value(r) is None, column.value(r)),
            reverse=descending,
        )

    @property
    def searchable(self) -> bool:
        """For the template, which would call `search` itself."""
        return self.search is not None

    @property
    def filtered(self) -> bool:
        return bool(self.text or any(e["value"] for e in self.active))

    @property
    def page(self):
        if not hasattr(self, "_page"):
            size = self.request.GET.get("size", "")
            size = int(size) if size.isdigit() and int(size) in PAGE_SIZES else self.page_size
            self._page = Paginator(self.rows, size).get_page(self.request.GET.get("page"))
        return self._page

    @property
    def head(self) -> list[dict[str, Any]]:
        """Header cells with the sort that a click asks for."""
        return [
            {
                "column": c,
                "sortable": bool(c.order) or not isinstance(self.rows, QuerySet),
                "next": f"-{c.key}" if self.sort == c.key else c.key,
                "state": {c.key: "ascending", f"-{c.key}": "descending"}.get(self.sort, "none"),
            }
            for c in self.visible
        ]

    @property
    def body(self) -> list[dict[str, Any]]:
        """Cells of the page's rows."""
        return [
            {
                "key": self.row_key(row),
                "cells": [
                    {
                        "value": c.value(row),
                        "link": c.link(row) if c.link else None,
                        "badge": c.badge(row) if c.badge else None,
                        "label": c.label,
                        "css": c.css,
                        "numeric": c.numeric,
                    }
                    for c in self.visible
                ],
            }
            for row in self.page.object_list
        ]

    def description(self) -> str:
        """Which rows these are: printed under an exported table."""
        parts = [str(_("As of %(now)s")) % {"now": timezone.localtime().strftime("%Y-%m-%d %H:%M")}]
        if self.text:
            parts.append(f"{_('Search')}: {self.text}")
        for entry in self.active:
            if entry["value"]:
                label = dict(entry["filter"].choices).get(entry["value"], entry["value"])
                parts.append(f"{entry['filter'].label}: {label}")
        return " · ".join(parts)

    def export(self) -> HttpResponse | None:
        """The file asked for by ?export=xlsx|csv, or None for the page."""
        kind = self.request.GET.get("export")
        if kind not in ("xlsx", "csv"):
            return None
        from bole.documents.tables import table_to_csv, table_to_xlsx

        labels = [str(c.label) for c in self.visible]
        rows = [[c.value(r) for c in self.visible] for r in self.rows]
        if kind == "xlsx":
            content = table_to_xlsx(str(self.title), labels, rows, [self.description()])
            media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        else:
            content, media = table_to_csv(labels, rows), "text/csv; charset=utf-8"
        response = HttpResponse(content, content_type=media)
        response["Content-Disposition"] = content_disposition_header(True, f"{self.title}.{kind}")
        return response


def contains(*fields: str) -> Callable[[QuerySet, str], QuerySet]:
    """A search over text fields: every word must occur in one of them."""

    def search(rows: QuerySet, text: str) -> QuerySet:
        for word in text.split():
            condition = Q()
            for name in fields:
                condition |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(condition)
        return rows

    return search


def equals(lookup: str) -> Callable[[QuerySet, str], QuerySet]:
    """A filter on one field."""
    return lambda rows, value: rows.filter(**{lookup: value})
