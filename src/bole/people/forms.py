"""Forms of cadres and their histories; dates are typed as they stand on paper."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.people.exchange.dates import parse_date
from bole.people.exchange.identity import read_id
from bole.people.histories import CADRE_FIELDS, HISTORIES
from bole.people.models import Cadre
from bole.units.models import Unit

PARTIES = (
    "中共党员",
    "民革",
    "民盟",
    "民建",
    "民进",
    "农工党",
    "致公党",
    "九三学社",
    "台盟",
    "无党派",
)


def write_date(value: datetime.date | None, precision: str = "day") -> str:
    """A date as forms print it: 2023.10, or 2023.10.05 when the day is known."""
    if value is None:
        return ""
    return f"{value:%Y.%m.%d}" if precision == "day" else f"{value:%Y.%m}"


class PartialDateField(forms.CharField):
    """A month or a day: 2023.10, 202310, 2023年10月, 2023-10-05. Cleans to a PartialDate."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Month or day, e.g. 2023.10 or 2023.10.05"))
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**options)

    def clean(self, value: str) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = parse_date(text)
        if found is None:
            raise forms.ValidationError(
                _("“%(text)s” is no date: write year and month, e.g. 2023.10."),
                code="date",
                params={"text": text},
            )
        return found


def _field(field: models.Field, **options: Any) -> forms.Field | None:
    if isinstance(field, models.DateField):
        return PartialDateField(label=field.verbose_name, required=not field.blank)
    if isinstance(field, models.TextField):
        return field.formfield(widget=forms.Textarea(attrs={"rows": 4}))
    if field.name == "unit":
        options["queryset"] = Unit.objects.filter(closed_on=None).order_by("path")
    return field.formfield(**options)


class DatedForm(forms.ModelForm):
    """A form whose dates may be months; `values()` is what the actions take."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, PartialDateField):
                precision = getattr(self.instance, f"{name}_precision", "day")
                self.initial[name] = write_date(getattr(self.instance, name, None), precision)

    def values(self) -> dict[str, Any]:
        """The cleaned values with the precision of each date."""
        out: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if isinstance(self.fields.get(name), PartialDateField):
                out[name] = value.first_day() if value else None
                if hasattr(self.instance, f"{name}_precision"):
                    out[f"{name}_precision"] = value.precision if value else "month"
            else:
                out[name] = value
        return out

    def _post_clean(self) -> None:
        """The actions set and check the instance; the form only reads what was typed."""


class CadreForm(DatedForm):
    """Basic facts."""

    class Meta:
        model = Cadre
        fields = CADRE_FIELDS
        formfield_callback = _field

    def clean_id_number(self) -> str | None:
        text = self.cleaned_data.get("id_number")
        if not text:
            return None
        found = read_id(text)
        if not found.valid:
            from django.utils.translation import get_language

            raise forms.ValidationError(found.problem.text.say(get_language() or "zh"))
        return found.number


def history_form(table: str) -> type[DatedForm]:
    """The form of one history."""
    kind = HISTORIES[table]
    fields = (*kind.edits, "source", "flagged")
    meta = type("Meta", (), {"model": kind.model, "fields": fields, "formfield_callback": _field})
    base = PostForm if table == "posts" else DatedForm
    return type(f"{kind.model.__name__}Form", (base,), {"Meta": meta})


class PostForm(DatedForm):
    """A post: choosing the unit fills in its name and kind, and the post of the unit's list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "unit_name" in self.fields:
            self.fields["unit_name"].required = False
            self.fields["unit_name"].help_text = _("Empty = the name of the unit chosen above")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        unit = data.get("unit")
        if not data.get("unit_name"):
            if unit is None:
                self.add_error("unit_name", _("Choose a unit or write its name."))
            else:
                data["unit_name"] = unit.name
        return data

    def values(self) -> dict[str, Any]:
        values = super().values()
        unit = values.get("unit")
        if unit is not None:
            values["unit_kind"] = unit.kind
            values["post"] = unit.posts.filter(title=values.get("title")).first()
        return values


class EndForm(forms.Form):
    """The month or day on which a spell ends, and the paper that says so."""

    end = PartialDateField(label=_("to"))
    source = forms.CharField(label=_("source document"), required=False, max_length=200)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300
    )


class ReplyForm(forms.Form):
    """What the cadre has to say about an adverse item."""

    reply = forms.CharField(label=_("Your reply"), widget=forms.Textarea(attrs={"rows": 5}))


class CorrectionForm(forms.Form):
    """What should stand there instead, and why."""

    wanted = forms.CharField(label=_("as it should be"), widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(
        label=_("why, and which paper shows it"), widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(forms.Form):
    """An officer's decision on a correction."""

    decision = forms.CharField(
        label=_("reason of the decision"), widget=forms.Textarea(attrs={"rows": 2})
    )


class PictureForm(forms.Form):
    """A new portrait (JPEG or PNG)."""

    image = forms.FileField(label=_("Picture (JPEG or PNG, up to 2 MB)"))

    def clean_image(self) -> tuple[bytes, str]:
        from PIL import Image, UnidentifiedImageError

        file = self.cleaned_data["image"]
        if file.size > 2 * 1024 * 1024:
            raise forms.ValidationError(_("The picture is larger than 2 MB: make it smaller."))
        try:
            with Image.open(file) as image:
                kind = image.format
                if kind not in ("JPEG", "PNG") or image.width * image.height > 25_000_000:
                    raise forms.ValidationError(_("Only JPEG and PNG pictures can be kept."))
                image.verify()
        except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
            raise forms.ValidationError(_("This file is not a readable picture.")) from None
        file.seek(0)
        return file.read(), f"image/{kind.lower()}"


def changed_field(target: models.Model, field: str, wanted: str) -> dict[str, Any]:
    """The values that setting one field to a text means, as the edit form would read it.

    Choices are found by their label too. Raises BoleError with the form's own sentence.
    """
    table = next((k for k, v in HISTORIES.items() if isinstance(target, v.model)), None)
    form_class = history_form(table) if table else CadreForm
    try:
        choices = target._meta.get_field(field).flatchoices
    except FieldDoesNotExist:
        choices = []
    for code, label in choices:
        if wanted == str(label):
            wanted = code
    form = form_class(data={field: wanted}, instance=target)
    form.fields = {field: form.fields[field]}
    if not form.is_valid():
        said = " ".join(str(e) for errors in form.errors.values() for e in errors)
        raise BoleError(Problem("VALUE", Text(said, said), str(form.fields[field].label)))
    return form.values()
