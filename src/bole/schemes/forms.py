"""Uploading a pack file, and choosing a version to compare with."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bole.schemes.models import SchemeVersion

LARGEST = 2_000_000  # bytes


class PackForm(forms.Form):
    """A pack file as it is written."""

    file = forms.FileField(
        label=_("Pack file (.yaml)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".yaml", ".yml")):
            raise forms.ValidationError(_("The file must end in .yaml."))
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file


class VersionChoice(forms.ModelChoiceField):
    """Versions by place, name, code and day of installation."""

    def label_from_instance(self, version: SchemeVersion) -> str:
        return (
            f"{version.place} · {version.name_zh}（{version.code} {version.installed_at:%Y-%m-%d}）"
        )


class CompareForm(forms.Form):
    """The version to compare with."""

    other = VersionChoice(
        label=_("Compare with"),
        queryset=SchemeVersion.objects.defer("document").order_by("place", "code", "-pk"),
    )
