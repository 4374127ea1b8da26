"""Forms made from the fields of a kind: what is typed is kept when something is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bole.engine.matters import MatterField, MatterKind
from bole.engine.matters.models import Column
from bole.engine.text import Text
from bole.matters.queries import say
from bole.people.fields import NamesField
from bole.people.models import Cadre
from bole.units.models import Post, Unit

BLANK_ROWS = 3
YES_NO = [("", "—"), ("yes", _("yes")), ("no", _("no"))]


class RowsWidget(forms.Widget):
    """The rows of a table field; empty rows at the end are for more."""

    template_name = "matters/rows.html"

    def __init__(self, columns: Mapping[str, Column]) -> None:
        super().__init__()
        self.columns = columns

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [*(value or []), *({} for _n in range(BLANK_ROWS))]
        context["head"] = [say(c.title) for c in self.columns.values()]
        context["rows"] = [
            [
                {
                    "name": f"{name}-{n}-{key}",
                    "value": row.get(key, ""),
                    "label": f"{say(column.title)} {n + 1}",
                    "type": {"number": "decimal", "date": "date"}.get(column.type, "text"),
                    "choices": _choices(column),
                }
                for key, column in self.columns.items()
            ]
            for n, row in enumerate(rows)
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = []
        n = 0
        while any(f"{name}-{n}-{key}" in data for key in self.columns):
            row = {key: data.get(f"{name}-{n}-{key}", "").strip() for key in self.columns}
            if any(row.values()):
                rows.append(row)
            n += 1
        return rows

    def use_required_attribute(self, initial: Any) -> bool:
        return False


def _choices(column: Column) -> list[tuple[str, Any]]:
    if column.type == "yes_no":
        return list(YES_NO)
    if column.type == "choice":
        return [("", "—"), *((k, say(v)) for k, v in column.choices.items())]
    if column.type == "unit":
        return [("", "—"), *((str(u.pk), u.name) for u in Unit.objects.filter(closed_on=None))]
    return []


class RowsField(forms.Field):
    """Rows of a table; persons in them are written by name."""

    def __init__(self, columns: Mapping[str, Column], **options: Any) -> None:
        self.columns = columns
        super().__init__(widget=RowsWidget(columns), required=False, **options)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        person = NamesField(single=True, required=False)
        post = PostField(None)
        for row in value or []:
            for key, column in self.columns.items():
                if column.type == "person" and row.get(key):
                    found = person.clean(row[key])
                    row[key] = found.pk if found else ""
                elif column.type == "post" and row.get(key):
                    row[key] = post.clean(row[key])
        return value or []


class PostField(forms.CharField):
    """A post, by the unit's name and the title as they are written together, or by #number."""

    def __init__(self, unit: Unit | None, **options: Any) -> None:
        self.unit = unit
        options.setdefault("help_text", _("Unit and title, or #number of the post"))
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> Any:
        word = super().clean(value)
        if not word:
            return None
        if word.startswith("#") and word[1:].isdecimal():
            found = Post.objects.filter(pk=int(word[1:])).first()
        else:
            posts = Post.objects.filter(abolished_on=None).select_related("unit")
            posts = posts.filter(unit=self.unit) if self.unit else posts
            names = [w for w in word.split() if w] or [word]
            posts = posts.filter(title__endswith=names[-1]) if len(names) > 1 else posts
            found = next((p for p in posts if word in (str(p), p.title)), None) or next(
                (p for p in posts if "".join(names) == str(p)), None
            )
        if found is None:
            raise forms.ValidationError(
                _("There is no post “%(post)s”."), code="post", params={"post": word}
            )
        return found.pk


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def field_of(field: MatterField, unit: Unit | None = None) -> forms.Field:
    """The form field of a field of a kind. Nothing is obligatory here: the moves say what is."""
    options: dict[str, Any] = {
        "label": say(field.title) + (f" ({say(field.unit)})" if field.unit else ""),
        "required": False,
        "help_text": say(field.help) if field.help else "",
    }
    match field.type:
        case "long_text":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **options)
        case "number":
            return forms.DecimalField(
                localize=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                **options,
            )
        case "date":
            return forms.DateField(widget=DayInput(), **options)
        case "choice":
            choices = [(k, say(v)) for k, v in field.choices.items()]
            return forms.ChoiceField(choices=[("", "—"), *choices], **options)
        case "choices":
            return forms.MultipleChoiceField(
                choices=[(k, say(v)) for k, v in field.choices.items()],
                widget=forms.CheckboxSelectMultiple,
                **options,
            )
        case "yes_no":
            return forms.ChoiceField(choices=YES_NO, **options)
        case "person" | "persons":
            options = {k: v for k, v in options.items() if k != "help_text" or v}
            return NamesField(single=field.type == "person", **options)
        case "unit":
            units = Unit.objects.filter(closed_on=None)
            return forms.ModelChoiceField(units, **options)
        case "post":
            options.pop("required")
            options = {k: v for k, v in options.items() if k != "help_text" or v}
            return PostField(unit, **options)
        case "file":
            return forms.FileField(**options)
        case "table":
            options.pop("required")
            return RowsField(field.columns, **options)
    return forms.CharField(max_length=500, **options)


def named(pk: int) -> str:
    """How a cadre is written in a field: the name; with the number where names are equal."""
    cadre = Cadre.objects.filter(pk=pk).only("name").first()
    alone = cadre is not None and Cadre.objects.filter(name=cadre.name).count() == 1
    return cadre.name if cadre and alone and " " not in cadre.name else f"#{pk}"


def _cell(column: Column, kept: Any) -> Any:
    match column.type:
        case "person":
            return named(kept)
        case "post":
            return f"#{kept}"
        case "yes_no":
            return "yes" if kept else "no"
    return kept


def initial_of(field: MatterField, kept: Any) -> Any:
    """A kept value as its form field begins with it."""
    match field.type:
        case "person":
            return named(kept)
        case "persons":
            return "、".join(named(pk) for pk in kept)
        case "post":
            return f"#{kept}"
        case "yes_no":
            return "yes" if kept else "no"
        case "file":
            return None
        case "table":
            return [{k: _cell(field.columns[k], v) for k, v in row.items()} for row in kept]
    return kept


def _when(field: MatterField) -> str:
    """The field's condition for the page's script, where it is a plain one; else empty."""
    if field.when is None or field.when.any_ is not None or field.when.not_ is not None:
        return ""
    words = {True: "yes", False: "no"}
    plain: dict[str, list[Any]] = {}
    for name, wanted in field.when.facts.items():
        values = wanted if isinstance(wanted, list) else [wanted]
        if not all(isinstance(v, (bool, str)) for v in values):
            return ""
        plain[name] = [words.get(v, v) if isinstance(v, bool) else v for v in values]
    return json.dumps(plain)


class MatterForm(forms.Form):
    """The fields `names` of a kind, the person and unit where asked for, and a move's own parts."""

    def __init__(
        self,
        *args: Any,
        kind: MatterKind,
        names: Iterable[str],
        values: Mapping[str, Any] | None = None,
        unit: Unit | None = None,
        about: tuple[Cadre | None, Any] | None = None,
        needed: Iterable[str] = (),
        reason: bool | None = None,
        sign: bool = False,
        day: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.kind, self.names = kind, list(names)
        if about is not None:
            cadre, units = about
            if kind.about == "person":
                self.fields["cadre"] = NamesField(
                    single=True,
                    label=_("Person concerned"),
                    initial=named(cadre.pk) if cadre else "",
                )
            if kind.about == "unit":
                self.fields["unit"] = forms.ModelChoiceField(units, label=_("Unit"))
        needed = set(needed)
        for name in self.names:
            field = kind.fields[name]
            made = field_of(field, unit)
            made.initial = initial_of(field, values[name]) if name in (values or {}) else None
            made.widget.is_required = False
            made.when = _when(field)
            if name in needed:
                made.label = f"{made.label} *"
            self.fields[f"f_{name}"] = made
        if day:
            self.fields["on"] = forms.DateField(
                label=_("Date"), initial=timezone.localdate, widget=DayInput()
            )
        if reason is not None:
            self.fields["reason"] = forms.CharField(
                label=_("Reason") + (" *" if reason else ""),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        if sign:
            self.fields["password"] = forms.CharField(
                label=_("Password, to sign"),
                required=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
            self.fields["code"] = forms.CharField(
                label=_("or one-time code"), required=False, max_length=10
            )

    def values(self) -> dict[str, Any]:
        """What the actions take, by field id; files are not among them."""
        found: dict[str, Any] = {}
        for name in self.names:
            field, given = self.kind.fields[name], self.cleaned_data.get(f"f_{name}")
            if field.type == "file":
                continue
            if field.type == "person":
                given = given.pk if given else None
            elif field.type == "persons":
                given = [c.pk for c in given or []]
            elif field.type == "unit":
                given = given.pk if given else None
            found[name] = given
        return found

    def uploads(self) -> dict[str, Any]:
        """The files given, by field id."""
        return {
            name: self.cleaned_data[f"f_{name}"]
            for name in self.names
            if self.kind.fields[name].type == "file" and self.cleaned_data.get(f"f_{name}")
        }

    def refuse(self, problems: Iterable[Any]) -> None:
        """Put the sentences of a refusal at their fields, the others on top."""
        for problem in problems:
            where = problem.where.partition(".")[0]
            names = [n for n in (f"f_{where}", where) if n in self.fields]
            text: Text = problem.text
            self.add_error(names[0] if names else None, say(text))
