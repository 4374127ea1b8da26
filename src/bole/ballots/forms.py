"""What officers fill in."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as PydanticError

from bole.ballots.models import MINIMUM_SIZE, Meeting, Signing
from bole.engine.decision.section import resolved
from bole.engine.errors import BoleError
from bole.engine.instruments import InstrumentForm
from bole.engine.schemes import load

KINDS = [
    ("nominate", _("Nominate (choose names)")),
    ("agree", _("Agree, disagree, abstain")),
    ("grade", _("Grade each name")),
    ("points", _("Points")),
    ("reverse", _("Reverse item (absent … present)")),
    ("tick", _("Tick what applies")),
    ("text", _("In words")),
]
SPLIT = re.compile(r"[，,、;；|\t]")
OWN = "own"


class PlanForm(forms.Form):
    """One ballot: its form, the names on it, the voters."""

    title = forms.CharField(label=_("Name of the ballot"), max_length=200)
    held_on = forms.DateField(label=_("held on"), widget=forms.DateInput(attrs={"type": "date"}))
    channel = forms.ChoiceField(label=_("channel"), choices=Meeting.Channel.choices)
    scheme = forms.CharField(
        label=_("Scheme"),
        required=False,
        initial="regulation-2019",
        help_text=_("Code of the scheme whose form is used; empty = build the form below"),
    )
    instrument = forms.CharField(
        label=_("Form of the scheme"),
        required=False,
        help_text=_("Code of the form in the scheme, for example meeting_recommendation"),
    )
    subjects = forms.CharField(
        label=_("Names on the ballot"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One line each: name, present post"),
    )
    free_names = forms.BooleanField(label=_("Other names may be written in"), required=False)
    posts = forms.IntegerField(label=_("Number of posts"), min_value=1, initial=1)
    classes = forms.CharField(
        label=_("Classes of voters"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One line each: class, number due"),
    )
    over_pick = forms.ChoiceField(
        label=_("Over-picking voids"),
        choices=[("void_ballot", _("the whole ballot")), ("void_category", _("that part only"))],
    )
    attendance = forms.CharField(
        label=_("Share of those due who must attend"),
        required=False,
        initial="2/3",
        help_text=_("A fraction or a percentage; empty = the scheme sets none"),
    )
    minimum_size = forms.IntegerField(
        label=_("Smallest class shown by itself"), min_value=1, initial=MINIMUM_SIZE
    )
    entries = forms.IntegerField(label=_("independent entries"), min_value=1, initial=2)

    def clean_subjects(self) -> list[dict[str, str]]:
        """Lines as names with posts."""
        rows = [SPLIT.split(line, 1) for line in _lines(self.cleaned_data["subjects"])]
        return [{"name": r[0].strip(), "post": r[1].strip() if len(r) > 1 else ""} for r in rows]

    def clean_classes(self) -> list[dict[str, Any]]:
        """Lines as classes with the number due."""
        out = []
        for n, line in enumerate(_lines(self.cleaned_data["classes"]), 1):
            parts = [p.strip() for p in SPLIT.split(line)]
            if len(parts) != 2 or not parts[1].isdecimal():
                raise forms.ValidationError(
                    _("Line %(n)s: write the class, a comma, and the number due") % {"n": n}
                )
            out.append({"code": f"c{n}", "name": parts[0], "due": int(parts[1])})
        return out

    def clean(self) -> dict[str, Any]:
        """The form of the scheme, resolved with the values given here."""
        data = super().clean() or {}
        name, instrument = data.get("scheme"), data.get("instrument")
        data["form"] = None
        if name and instrument:
            try:
                found = load(name).instruments
            except BoleError as error:
                self.add_error("scheme", error.say(get_language() or "zh"))
                return data
            if instrument not in found:
                near = "、".join(k for k, v in found.items() if "items" in v) or "—"
                text = _("The scheme has these forms: %(names)s") % {"names": near}
                self.add_error("instrument", text)
                return data
            given = resolved(found[instrument], load(name).values())
            given["id"] = given.get("id") or instrument
            given["over_pick"] = given.get("over_pick") or data.get("over_pick")
            try:
                data["form"] = InstrumentForm.model_validate(given).model_dump(mode="json")
            except PydanticError as error:
                self.add_error("instrument", error.errors()[0]["msg"])
        return data


class ItemForm(forms.Form):
    """One item of a form built here."""

    kind = forms.ChoiceField(label=_("Kind of item"), choices=[("", "—"), *KINDS], required=False)
    text = forms.CharField(label=_("Question"), max_length=200, required=False)
    options = forms.CharField(
        label=_("Options"),
        required=False,
        help_text=_("Separated by commas; points after a colon"),
    )
    most = forms.IntegerField(label=_("At most (names or points)"), min_value=0, required=False)
    per_subject = forms.BooleanField(label=_("For each name"), required=False, initial=True)

    def item(self, number: int) -> dict[str, Any] | None:
        """The item as `InstrumentForm` reads it; None for an empty row."""
        data = self.cleaned_data
        if not data.get("kind"):
            return None
        kind = data["kind"]
        item: dict[str, Any] = {
            "id": f"item{number}",
            "kind": kind,
            "text": data["text"] or dict(KINDS)[kind].__str__(),
            "per_subject": data["per_subject"],
        }
        if kind in ("grade", "tick", "agree", "reverse") and data["options"]:
            item["options"] = [_option(o) for o in SPLIT.split(data["options"]) if o.strip()]
        if kind == "nominate":
            item["max_picks"] = data["most"] or "posts"
        if kind == "points":
            item["max_points"] = data["most"] or 100
        return item


ItemFormSet = forms.formset_factory(ItemForm, extra=4, max_num=20)


def own_form(
    title: str, over_pick: str, items: list[dict[str, Any]], signed: bool
) -> dict[str, Any]:
    """A form built on the page."""
    return {
        "id": OWN,
        "title": title,
        "anonymous": not signed,
        "over_pick": over_pick,
        "items": items,
    }


def _option(text: str) -> dict[str, Any]:
    label, _colon, points = text.strip().replace("：", ":").partition(":")
    option: dict[str, Any] = {"id": label.strip(), "text": label.strip()}
    if points.strip():
        option["points"] = points.strip()
    return option


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class SignForm(forms.Form):
    """A counter's or monitor's signature."""

    role = forms.ChoiceField(label=_("Sign as"), choices=Signing.Role.choices)
    password = forms.CharField(
        label=_("Password"), required=False, widget=forms.PasswordInput(render_value=False)
    )
    code = forms.CharField(label=_("or one-time code"), required=False, max_length=8)


class ReadForm(forms.Form):
    """How the result is read for one name."""

    subject = forms.ChoiceField(label=_("Name"))
    conclusion = forms.CharField(label=_("conclusion"), max_length=200)
    reason = forms.CharField(label=_("reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [(n, n) for n in names]


class ConductForm(forms.Form):
    """Who spoke in which order."""

    principal = forms.CharField(label=_("Principal"), max_length=60)
    order = forms.CharField(
        label=_("Members in the order in which they spoke"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One name a line"),
    )

    def clean_order(self) -> list[str]:
        """The names."""
        return _lines(self.cleaned_data["order"])
