"""Choosing what to screen by, and the values that the rules ask for."""

from __future__ import annotations

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bole.accounts.models import User
from bole.engine.schemes import Parameter
from bole.engine.text import Text
from bole.schemes.models import SchemeVersion
from bole.schemes.queries import current
from bole.screening import permissions
from bole.screening.sources import Source, said


def source_choices(user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Saved conditions, then the rule sets of every installed scheme, by place."""
    groups: dict[str, list[tuple[str, str]]] = {}
    saved = [(f"saved-{c.pk}", c.name) for c in permissions.conditions(user)]
    if saved:
        groups[str(_("Saved conditions"))] = saved
    for version, sets in rule_sets():
        groups.setdefault(version.place, []).extend(
            (f"scheme-{version.pk}-{key}", label) for key, label in sets
        )
    return list(groups.items())


def rule_sets() -> list[tuple[SchemeVersion, list[tuple[str, str]]]]:
    """The newest version of each scheme that has rules, with its rule sets in words."""
    versions = list(current().order_by("place", "code"))
    missing = [v.digest for v in versions if v.digest not in _names]
    for digest, rules in SchemeVersion.objects.filter(digest__in=missing).values_list(
        "digest", "document__rules"
    ):
        _names[digest] = {k: _text(r.get("name"), k) for k, r in (rules or {}).items()}
    found = []
    for version in versions:
        scheme = said(Text(version.name_zh, version.name_en or version.name_zh))
        sets = [(k, f"{scheme} · {said(name)}") for k, name in _names[version.digest].items()]
        if sets:
            found.append((version, sets))
    return found


# The names of a version's rule sets by its digest; versions never change. Only these are read:
# to build every scheme takes seconds.
_names: dict[str, dict[str, Text]] = {}


def _text(name: dict[str, str] | None, key: str) -> Text:
    return Text(name["zh"], name["en"]) if name else Text(key, key)


class SourceForm(forms.Form):
    """What to screen by and as of which day."""

    source = forms.ChoiceField(label=_("Rules"))
    day = forms.DateField(
        label=_("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = source_choices(user)
        self.fields["day"].initial = timezone.localdate()

    def clean_day(self) -> datetime.date:
        day = self.cleaned_data["day"]
        if not 1900 <= day.year <= 2200:
            raise forms.ValidationError(_("Enter a day between 1900 and 2200."))
        return day


class ValuesForm(forms.Form):
    """The parameters that a rule set uses; those that the source leaves open have no value yet."""

    def __init__(self, *args, source: Source, written: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        for name, parameter in source.parameters.items():
            self.fields[name] = _field(parameter, written.get(name, ""))


def _field(parameter: Parameter, value: str) -> forms.Field:
    label = said(parameter.label) + (f" ({parameter.unit})" if parameter.unit else "")
    if parameter.default is None:
        hint = _("The source leaves this open.")
    else:
        shown = parameter.choices.get(parameter.default) if parameter.choices else None
        default = said(shown) if shown else parameter.default
        hint = _("The scheme says: %(value)s") % {"value": default}
    given = {"label": label, "required": False, "initial": value, "help_text": hint}
    if parameter.type == "choice":
        options = [(k, said(v)) for k, v in parameter.choices.items()]
        return forms.ChoiceField(choices=[("", "—"), *options], **given)
    if parameter.type == "bool":
        return forms.ChoiceField(
            choices=[("", "—"), ("true", _("yes")), ("false", _("no"))], **given
        )
    if parameter.type in ("int", "days"):
        return forms.IntegerField(**given)
    if parameter.type == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **given)
    return forms.CharField(max_length=100, **given)
