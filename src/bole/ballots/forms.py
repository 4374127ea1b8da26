"""What officers fill in."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bole.ballots import library
from bole.ballots.models import MINIMUM_SIZE, Meeting, Signing
from bole.engine.errors import BoleError

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
PASSES = [
    ("", _("not stated here")),
    ("gt 1/2 due", _("more than half of those due")),
    ("ge 2/3 due", _("two thirds of those due or more")),
    ("gt 1/2 attending", _("more than half of those attending")),
    ("ge 2/3 attending", _("two thirds of those attending or more")),
]


class PlanForm(forms.Form):
    """One ballot: its form, the names on it, the voters."""

    title = forms.CharField(label=_("Name of the ballot"), max_length=200)
    held_on = forms.DateField(label=_("held on"), widget=forms.DateInput(attrs={"type": "date"}))
    channel = forms.ChoiceField(label=_("channel"), choices=Meeting.Channel.choices)
    form_key = forms.CharField(label=_("Form"), required=False, widget=forms.HiddenInput)
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
    passes = forms.ChoiceField(label=_("Agreement passes with"), choices=PASSES, required=False)
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

    def clean_form_key(self) -> str:
        """The form or package that was chosen."""
        key = self.cleaned_data["form_key"]
        if not key:
            raise forms.ValidationError(_("Choose a form, or make one first."))
        try:
            library.find(key)
        except BoleError as error:
            raise forms.ValidationError(error.say(get_language() or "zh")) from None
        return key


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
