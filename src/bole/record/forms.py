"""Forms of the record's pages."""

from __future__ import annotations

import datetime
import re

from django import forms
from django.utils.translation import gettext_lazy as _

from bole.accounts.models import User
from bole.engine.chain import read_private_key
from bole.engine.errors import BoleError

LARGEST_KEY = 10_000
DAY = r"\d{4}-\d{1,2}-\d{1,2}"
RANGE = re.compile(rf"^({DAY})(?:\s*(?:至|到|~|–|—|to|\.\.)\s*({DAY}))?$")


class AnchorForm(forms.Form):
    """The auditor's key, used once and never stored."""

    key = forms.FileField(
        label=_("Signing key (PEM)"),
        required=False,
        help_text=_("Used once for this anchor and never stored. Without a key it is unsigned."),
    )
    password = forms.CharField(
        label=_("Password of the key"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict:
        data = super().clean()
        file = data.get("key")
        data["signing_key"] = None
        if file:
            try:
                pem = file.read(LARGEST_KEY)
                data["signing_key"] = read_private_key(pem, data.get("password") or None)
            except BoleError as error:
                self.add_error("key", str(error))
        return data


class CorrectionForm(forms.Form):
    """What is right, why, and the signatures of two persons."""

    content = forms.CharField(
        label=_("What is right"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000)
    password = forms.CharField(
        label=_("Your password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(label=_("or your one-time code"), required=False, max_length=8)
    second = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        to_field_name="username",
        label=_("Account of the second person"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    second_password = forms.CharField(
        label=_("Password of the second person"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    second_code = forms.CharField(
        label=_("or the second person's one-time code"), required=False, max_length=8
    )


class DaysField(forms.CharField):
    """Days and ranges of days, one a line or separated by commas."""

    widget = forms.Textarea(attrs={"rows": 5})

    def clean(self, value: str) -> list[datetime.date]:
        days: set[datetime.date] = set()
        wrong = []
        for part in re.split(r"[\n,，;；、]+", super().clean(value) or ""):
            if not (part := part.strip()):
                continue
            try:
                days |= set(_days(part))
            except ValueError:
                wrong.append(part)
        if wrong:
            raise forms.ValidationError(
                _(
                    "Not a day or a range of days: %(parts)s. Write 2027-01-01 or "
                    "2027-01-01 to 2027-01-03."
                ),
                params={"parts": "、".join(wrong)},
            )
        return sorted(days)


def _days(part: str) -> list[datetime.date]:
    match = RANGE.match(part)
    if not match:
        raise ValueError(part)
    first, last = (
        datetime.date(*map(int, day.split("-"))) for day in (match[1], match[2] or match[1])
    )
    length = (last - first).days
    if not 0 <= length < 60:
        raise ValueError(part)
    return [first + datetime.timedelta(days=i) for i in range(length + 1)]


class WorkYearForm(forms.Form):
    """Holidays and make-up days as the State Council's notice lists them."""

    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2200)
    days_off = DaysField(
        label=_("Days off"),
        help_text=_(
            "One a line: 2027-01-01, or 2027-10-01 to 2027-10-07. Weekends need not be listed."
        ),
    )
    make_up = DaysField(
        label=_("Make-up working days"),
        required=False,
        help_text=_("Saturdays and Sundays that are worked."),
    )
    source = forms.CharField(label=_("Source (notice and number)"), max_length=200)
