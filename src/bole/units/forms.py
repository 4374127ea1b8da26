"""Forms of units, posts and headcount lines."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bole.units.actions import LINE_FIELDS, POST_FIELDS, UNIT_FIELDS
from bole.units.models import HeadcountLine, Post, Unit

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _ReadOnlyInstance(forms.ModelForm):
    """The actions set and check the instance; the form only reads what was typed."""

    def _post_clean(self) -> None:
        pass


class UnitForm(_ReadOnlyInstance):
    """A unit."""

    class Meta:
        model = Unit
        fields = UNIT_FIELDS


class PostForm(_ReadOnlyInstance):
    """A post of a unit."""

    class Meta:
        model = Post
        fields = POST_FIELDS


class LineForm(_ReadOnlyInstance):
    """A headcount line; an empty approved number means "not known yet"."""

    class Meta:
        model = HeadcountLine
        fields = tuple(f for f in LINE_FIELDS if not f.startswith("verified"))
        widgets = {"valid_from": DAY, "valid_to": DAY}
        help_texts = {
            "approved": _("Empty = not known yet. That is not zero."),
            "valid_to": _("Empty = in force."),
        }


class DayForm(forms.Form):
    """From which day on."""

    day = forms.DateField(label=_("On"), widget=DAY)
