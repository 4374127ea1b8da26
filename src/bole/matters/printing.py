"""A matter in words: for its page, and for the general form on paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from bole.documents.papers import paper_docx, paper_pdf
from bole.documents.printed import Printed
from bole.engine.matters import MatterKind, applies
from bole.engine.matters.models import Column
from bole.engine.text import Text
from bole.matters.queries import Look, say
from bole.people.models import Cadre
from bole.record.archive import office_name
from bole.record.models import Paper
from bole.units.models import Post, Unit

MASK = "●●●●"
YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


@dataclass
class Row:
    """A field as it is read: a title, and one text, lines of a table, or papers."""

    id: str
    title: Text
    text: str = ""
    head: list[str] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    masked: bool = False
    file: bool = False


class Names:
    """Names of the persons, units, posts and papers that a matter points to; four queries."""

    def __init__(self, kind: MatterKind, values: dict[str, Any]) -> None:
        wanted: dict[str, set[int]] = {"person": set(), "unit": set(), "post": set(), "file": set()}
        for name, f in kind.fields.items():
            value = values.get(name)
            cells = [(f.type, value)]
            if f.type == "table":
                cells = [(f.columns[c].type, v) for row in value or [] for c, v in row.items()]
            for type_, cell in cells:
                key = "person" if type_ == "persons" else type_
                if key in wanted and cell is not None:
                    wanted[key] |= set(cell) if isinstance(cell, list) else {cell}
        self.found: dict[str, dict[int, Any]] = {
            "person": Cadre.objects.in_bulk(wanted["person"]) if wanted["person"] else {},
            "unit": Unit.objects.in_bulk(wanted["unit"]) if wanted["unit"] else {},
            "post": {
                p.pk: p for p in Post.objects.filter(pk__in=wanted["post"]).select_related("unit")
            }
            if wanted["post"]
            else {},
            "file": Paper.objects.in_bulk(wanted["file"]) if wanted["file"] else {},
        }

    def say(self, column: Column, value: Any, language: str = "") -> str:
        """A value in words; "" where nothing is filled."""
        if value is None or value in ("", []):
            return ""
        speak = (lambda t: t.say(language)) if language else say
        match column.type:
            case "choice":
                return str(speak(column.choices[value]))
            case "choices":
                return "、".join(speak(column.choices[c]) for c in value)
            case "yes_no":
                return str(speak(YES_NO[value]))
            case "persons":
                return "、".join(self._name("person", pk) for pk in value)
            case "person" | "unit" | "post":
                return self._name(column.type, value)
            case "file":
                return "、".join(self._name("file", pk) for pk in value)
        return f"{value}{speak(column.unit) if column.unit else ''}"

    def _name(self, kind: str, pk: int) -> str:
        return str(self.found[kind].get(pk, f"#{pk}"))


def shown(look: Look, hidden: Collection[str] = (), language: str = "") -> list[Row]:
    """The fields that apply, in order, as they are read; those in `hidden` are masked."""
    kind, values = look.kind, look.matter.values
    names = Names(kind, values)
    rows = []
    for name, f in kind.fields.items():
        if name not in values and not (f.required and applies(kind, name, look.values)):
            continue  # what is not filled and need not be is no news
        row = Row(name, f.title, file=f.type == "file")
        value = values.get(name)
        if name in hidden:
            row.text, row.masked = MASK, True
        elif f.type == "table" and value:
            row.head = [
                c.title.say(language) if language else say(c.title) for c in f.columns.values()
            ]
            row.lines = [
                [names.say(c, line.get(n), language) for n, c in f.columns.items()]
                for line in value
            ]
        elif f.type == "file":
            row.papers = [
                names.found["file"][pk] for pk in value or [] if pk in names.found["file"]
            ]
        else:
            row.text = names.say(f, value, language)
        rows.append(row)
    return rows


def _data(look: Look) -> dict[str, Any]:
    hidden = {n for n, f in look.kind.fields.items() if f.sensitive and not look.may_show(n)}
    sections = []
    for row in shown(look, hidden, "zh"):
        lines = [row.text] if row.text else []
        lines += ["；".join(x for x in line if x) for line in row.lines]
        lines += [p.name for p in row.papers]
        sections.append({"heading": row.title.zh, "paragraphs": lines or ["—"]})
    for title, value in look.derived:
        sections.append({"heading": title.zh, "paragraphs": [value]})
    signed = [
        {"role": look.kind.moves[a.move].title.zh, "name": str(a.by)}
        for a in look.acts
        if a.move in look.kind.moves and look.kind.moves[a.move].sign
    ]
    cadre = look.matter.cadre
    person = (
        {
            "name": cadre.name,
            "sex": cadre.sex,
            "birth": f"{cadre.birth.year}年{cadre.birth.month}月" if cadre.birth else "",
            "ethnicity": cadre.ethnicity,
            "native_place": cadre.native_place,
            "education": cadre.education_level,
            "party": cadre.party,
            "present_post": cadre.post_title,
            "proposed_post": look.matter.values.get("proposed_post", ""),
        }
        if cadre
        else None
    )
    values = {row.id: row.text for row in shown(look, hidden, "zh") if row.text}
    return {
        "title": look.kind.title.zh,
        "number": look.matter.number,
        "persons": [person] if person else [],
        "person": person or {},
        "unit": str(look.matter.unit or ""),
        "sections": sections,
        "signatures": signed,
        "office": office_name(),
        "date": look.matter.closed_on or look.day,
        **values,
    }


def to_docx(look: Look) -> Printed:
    """The matter as a Word file, by the kind's own template or the general form."""
    return paper_docx(look.kind.print or "paper", _data(look))


def to_pdf(look: Look) -> Printed:
    """The same as PDF."""
    return paper_pdf(look.kind.print or "paper", _data(look))
