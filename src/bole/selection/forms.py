"""Forms of the case pages."""

from __future__ import annotations

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bole.accounts.models import Role, User
from bole.documents.paper_kinds import KINDS
from bole.people.models import Cadre
from bole.schemes.queries import with_procedure
from bole.selection.models import Batch
from bole.units.models import Post
from bole.units.queries import vacant_posts


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CaseForm(forms.Form):
    """A new case: the vacant posts, the scheme, the batch."""

    posts = forms.ModelMultipleChoiceField(
        label=_("Vacant posts"),
        queryset=Post.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text=_("From the headcount ledger; several posts of one level make one case."),
    )
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=None)
    batch = forms.ModelChoiceField(
        label=_("Batch"), queryset=Batch.objects.all(), required=False, empty_label=_("No batch")
    )
    title = forms.CharField(
        label=_("Title"), required=False, max_length=200, help_text=_("Empty: the posts' names.")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"].queryset = vacant_posts().filter(leading=True)
        self.fields["scheme"].queryset = with_procedure().order_by("-place", "code")
        default = with_procedure().filter(code="regulation-2019").first()
        self.fields["scheme"].initial = default.pk if default else None


class BatchForm(forms.ModelForm):
    """A batch of cases carried together."""

    class Meta:
        model = Batch
        fields = ["name", "opened_on", "note"]
        widgets = {"opened_on": DateInput()}


class CadreField(forms.CharField):
    """A cadre by name, id or "name (id)"; two of one name are told apart by unit and birth."""

    def clean(self, value: str) -> Cadre | None:
        value = super().clean(value).strip()
        if not value:
            return None
        number = value.rsplit("#", 1)[-1]
        if number.isdigit():
            found = list(Cadre.objects.filter(pk=number))
        else:
            found = list(Cadre.objects.filter(name=value)[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("There is no cadre of that name."))
        names = "；".join(f"{c.name} {c.post_title} #{c.pk}" for c in found)
        raise forms.ValidationError(
            _("Several cadres have that name; enter one with its number: %(names)s"),
            params={"names": names},
        )


class CadreMemberForm(forms.Form):
    """A cadre for a group, with the reason."""

    cadre = CadreField(
        label=_("Cadre"), widget=forms.TextInput(attrs={"list": "cadres", "autocomplete": "off"})
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class UserMemberForm(forms.Form):
    """A user for the inspection group."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    reason = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(
            is_active=True, grants__role__in=[Role.INSPECTOR, Role.SECTION_OFFICER]
        ).distinct()


class ReasonForm(forms.Form):
    """A written reason."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class PaperForm(forms.Form):
    """A paper's own fields, its date, and a file if it comes from outside."""

    def __init__(self, *args, paper, values=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh"
        for declared in paper.fields:
            self.fields[f"field_{declared.id}"] = forms.CharField(
                label=declared.name.say(language),
                required=False,
                initial=(values or {}).get(declared.id, ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["on"] = forms.DateField(
            label=_("Date of the paper"), widget=DateInput(), initial=timezone.localdate
        )
        self.fields["file"] = forms.FileField(
            label=_("File (scan or document)"),
            required=False,
            help_text=_("Without a file the paper is printed from the office's template."),
        )

    def values(self) -> dict[str, str]:
        """The paper's own fields."""
        return {
            k.removeprefix("field_"): v
            for k, v in self.cleaned_data.items()
            if k.startswith("field_")
        }


class TemplateForm(forms.Form):
    """A Word file from which a kind of paper is printed from now on."""

    kind = forms.ChoiceField(label=_("Paper"))
    file = forms.FileField(
        label=_("Template (.docx)"),
        help_text=_("It is filled with samples first; what is wrong is said with its place."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh"
        self.fields["kind"].choices = [(k.id, k.name.say(language)) for k in KINDS.values()]


class SignForm(forms.Form):
    """A signature by password, or one that stands on the paper original."""

    role = forms.ChoiceField(label=_("Signs as"))
    password = forms.CharField(
        label=_("Your password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("To sign yourself, here and now."),
    )
    name = forms.CharField(
        label=_("or: who signed on paper"),
        required=False,
        help_text=_("When the signature stands on the scanned original."),
    )
    signed_on = forms.DateField(label=_("Signed on"), widget=DateInput(), required=False)

    def __init__(self, *args, roles, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles


def fact_form(look, data=None) -> forms.Form:
    """A form of all facts that the procedure's cases state."""
    language = get_language() or "zh"
    form = forms.Form(data)
    for name, declared in look.procedure.facts.items():
        label, value = declared.name.say(language), look.fact(name)
        match declared.type:
            case "choice":
                choices = [("", "—")] + [(k, v.say(language)) for k, v in declared.choices.items()]
                field = forms.ChoiceField(label=label, choices=choices, required=False)
            case "bool":
                field = forms.BooleanField(label=label, required=False)
            case "int":
                field = forms.IntegerField(label=label, required=False, min_value=0)
            case "date":
                field = forms.DateField(label=label, required=False, widget=DateInput())
            case _:
                field = forms.CharField(label=label, required=False)
        field.initial = value
        form.fields[name] = field
    return form


def fact_values(look, form: forms.Form) -> dict:
    """What was stated; an empty field takes a fact back."""
    return {
        name: (None if value in ("", None) else value)
        for name, value in form.cleaned_data.items()
        if value != look.fact(name) and not (value in ("", None) and name not in look.case.facts)
    }


class BallotForm(forms.Form):
    """A meeting for one ballot of the case."""

    held_on = forms.DateField(label=_("Held on"), widget=DateInput(), initial=timezone.localdate)
    channel = forms.ChoiceField(
        label=_("How votes are given"),
        choices=[
            ("meeting", _("paper ballots at a meeting, counted twice")),
            ("paperless", _("phones or tablets with slips")),
            ("talk", _("talks, noted and counted twice")),
        ],
    )
    classes = forms.CharField(
        label=_("Classes of voters"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: name and number due, such as 县级领导 35"),
        initial="",
    )

    def clean_classes(self) -> list[dict]:
        """Code, name and number due of each class."""
        found = []
        for number, line in enumerate(self.cleaned_data["classes"].splitlines(), 1):
            if not line.strip():
                continue
            name, _space, due = line.strip().rpartition(" ")
            if not name or not due.isdigit():
                raise forms.ValidationError(
                    _("Line %(number)s: write a name, a space and the number due."),
                    params={"number": number},
                )
            found.append({"code": f"c{number}", "name": name.strip(), "due": int(due)})
        if not found:
            raise forms.ValidationError(_("Name at least one class."))
        return found


def today_or(value: str) -> datetime.date | None:
    """A date from a query string, or None."""
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None
