"""Form fields that other rooms' forms share: cadres chosen by name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bole.people.models import Cadre


class NamesField(forms.CharField):
    """Cadres by name, one or several; of two with one name the number is asked for (#12)."""

    def __init__(self, *, single: bool = False, **options: Any) -> None:
        self.single = single
        options.setdefault(
            "help_text",
            _("The full name. Where several have the same name, write the number: #12"),
        )
        super().__init__(**options)

    def clean(self, value: str) -> Any:
        text = super().clean(value)
        found = [self._one(word) for word in text.replace("、", " ").replace("，", " ").split()]
        if self.single:
            if len(found) > 1:
                raise forms.ValidationError(_("Name one person."), code="one")
            return found[0] if found else None
        return found

    def _one(self, word: str) -> Cadre:
        if word.startswith("#") and word[1:].isdecimal():
            matches = list(Cadre.objects.filter(pk=int(word[1:])))
        else:
            matches = list(Cadre.objects.filter(name=word)[:9])
        if not matches:
            raise forms.ValidationError(
                _("There is no cadre “%(name)s”."), code="nobody", params={"name": word}
            )
        if len(matches) > 1:
            choices = "；".join(f"#{c.pk} {c.name} {c.post_title}" for c in matches)
            raise forms.ValidationError(
                _("Several are called “%(name)s”: %(choices)s"),
                code="several",
                params={"name": word, "choices": choices},
            )
        return matches[0]
