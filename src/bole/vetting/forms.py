"""Forms of vetting. Who is chosen in a case is chosen from its persons, else by name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bole.engine.procedures.vocabulary import BODIES
from bole.engine.vetting import dossier
from bole.people.fields import NamesField
from bole.people.models import Cadre, Sanction
from bole.vetting.models import Complaint, Conclusion, DossierFinding, Doubt, Opinion
from bole.vetting.plans import Plan


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DayField(forms.DateField):
    """A day; one that must be given begins as today unless `today` is False."""

    def __init__(self, *, today: bool = True, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        if today and options.get("required", True):
            options.setdefault("initial", timezone.localdate)
        super().__init__(**options)


class OfCase(forms.MultipleChoiceField):
    """The cadres of a case, ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, plan: list[Any], **options: Any) -> None:
        self.people = {str(c.cadre.pk): c.cadre for c in plan if c.cadre}
        options["choices"] = [(pk, f"{c.name} {c.post_title}") for pk, c in self.people.items()]
        super().__init__(**options)

    def clean(self, value: Any) -> list[Cadre]:
        return [self.people[pk] for pk in super().clean(value)]


class CheckForm(forms.Form):
    """A conclusion, with what it rests on."""

    conclusion = forms.ChoiceField(
        label=_("Conclusion"), choices=Conclusion.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note on the finding"),
        required=False,
        widget=_area(),
        help_text=_("Any conclusion but “clear” says why."),
    )
    papers = forms.MultipleChoiceField(
        label=_("Evidence on file"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.CharField(
        label=_("Other evidence"),
        required=False,
        max_length=200,
        help_text=_("Name of the paper and where it lies"),
    )
    on = DayField(label=_("Concluded on"))
    valid_until = DayField(label=_("Valid until"), required=False)

    def __init__(self, *args: Any, papers: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.files = {str(p.pk): p for p in papers}
        self.fields["papers"].choices = [(pk, p.name) for pk, p in self.files.items()]
        if not self.files:
            del self.fields["papers"]

    def evidence(self) -> list[Any]:
        """The stored papers ticked, and the other paper's name."""
        other = self.cleaned_data["other"].strip()
        ticked = [self.files[pk] for pk in self.cleaned_data.get("papers", [])]
        return [*ticked, *([other] if other else [])]


class AskForm(forms.Form):
    """A letter to a body."""

    body = forms.ChoiceField(label=_("Body to ask"))
    question = forms.CharField(
        label=_("Matters asked"), required=False, widget=_area(), help_text=_("One a line")
    )
    sent_on = DayField(label=_("Sent on"))
    due_on = DayField(label=_("Answer due"), required=False)

    def __init__(self, *args: Any, plan: Plan, people: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        codes = dict.fromkeys([*plan.bodies, *BODIES])
        language = get_language() or "zh"
        self.fields["body"].choices = [(c, plan.body_name(c).say(language)) for c in codes]
        self.fields["cadres"] = OfCase(
            people,
            label=_("About"),
            required=False,
            help_text=_("Nobody ticked: the letter is about the case as a whole."),
        )
        self.order_fields(["body", "cadres", "question", "sent_on", "due_on"])


class AnswerForm(forms.Form):
    """What a body answered."""

    answer = forms.ChoiceField(
        label=_("Answer"), choices=Opinion.Answer.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("What it says"), required=False, widget=_area())
    signer = forms.CharField(label=_("Signed by"), max_length=60)
    received_on = DayField(label=_("Received on"))


class ComplaintForm(forms.Form):
    """A complaint as it came in."""

    cadres = NamesField(label=_("Persons concerned"), required=False)
    channel = forms.ChoiceField(label=_("Source channel"), choices=Complaint.Channel.choices)
    content = forms.CharField(label=_("What is complained of"), widget=_area(5))
    reporter = forms.CharField(
        label=_("Reported by"),
        required=False,
        max_length=100,
        help_text=_("Empty = anonymous. Only the discipline liaison reads it later."),
    )
    concrete = forms.BooleanField(
        label=_("Concrete and verifiable: the case waits for the verification"), required=False
    )
    received_on = DayField(label=_("Received on"))
    due_on = DayField(
        label=_("Verification due"),
        required=False,
        help_text=_("Empty: as the case's scheme says."),
    )


class ConcludeForm(forms.Form):
    """The end of a complaint."""

    finding = forms.ChoiceField(
        label=_("Finding"), choices=Complaint.Finding.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("What was found"), widget=_area(4))
    effect = forms.ChoiceField(
        label=_("Effect"), choices=Complaint.Effect.choices, widget=forms.RadioSelect
    )
    feedback = forms.CharField(
        label=_("Answer to who complained"),
        required=False,
        widget=_area(2),
        help_text=_("Needed for a complaint made by name"),
    )
    on = DayField(label=_("Concluded on"))


class DoubtForm(forms.Form):
    """A doubt in neutral words."""

    text = forms.CharField(
        label=_("What is in doubt"),
        widget=_area(),
        help_text=_("Neutral words: what is stated where, and what does not agree."),
    )
    check = forms.ChoiceField(label=_("Check"), required=False)
    due_on = DayField(label=_("To be cleared by"), required=False)

    def __init__(self, *args: Any, people: list[Any], checks: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["check"].choices = [("", "—"), *checks]
        self.people = {str(c.cadre.pk): c.cadre for c in people if c.cadre}
        self.fields["cadre"] = forms.ChoiceField(
            label=_("Person"),
            required=False,
            choices=[
                ("", _("The case as a whole")),
                *((k, c.name) for k, c in self.people.items()),
            ],
        )
        self.order_fields(["cadre", "check", "text", "due_on"])

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        cadre = self.people.get(self.cleaned_data["cadre"])
        return {**self.cleaned_data, "cadre": cadre}


class ClearForm(forms.Form):
    """The end of a doubt."""

    state = forms.ChoiceField(
        label=_("Outcome"),
        choices=[c for c in Doubt.State.choices if c[0] != Doubt.State.OPEN],
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(label=_("How it was looked into"), widget=_area())
    on = DayField(label=_("Closed on"))


class DayForm(forms.Form):
    """The day of what is recorded."""

    on = DayField(label=_("Date"))


class FactForm(forms.Form):
    """One of the six facts at the first check."""

    values = forms.CharField(
        label=_("Values stated"),
        required=False,
        widget=_area(2),
        help_text=_("Every value that the dossier states, one a line"),
    )
    page = forms.CharField(label=_("Page of the dossier"), required=False, max_length=60)
    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=[("", "—"), *DossierFinding.Verdict.choices], required=False
    )
    note = forms.CharField(label=_("Note on the finding"), required=False, max_length=300)


class RecheckForm(forms.Form):
    """The re-check: a verdict for each fact, and the day until which it is to be settled."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "zh"
        for kind, name in dossier.FACTS.items():
            self.fields[kind] = forms.ChoiceField(
                label=name.say(language),
                choices=[("", "—"), *DossierFinding.Verdict.choices],
                required=False,
            )
        self.fields["deadline"] = DayField(
            label=_("To be settled by"),
            required=False,
            help_text=_("Needed for every route but “in order”"),
        )


class SignForm(forms.Form):
    """The person's confirmation: by password, or recorded from paper."""

    def __init__(self, *args: Any, own: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if own:
            self.fields["password"] = forms.CharField(
                label=_("Password"),
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        self.fields["statement"] = forms.CharField(
            label=_("Statement") if own else _("Where the signed form lies"),
            required=not own,
            widget=_area(2),
        )
        self.fields["on"] = DayField(label=_("Signed on"))


class AdverseForm(forms.Form):
    """An adverse item, with everything without which it may not be listed."""

    cadre = NamesField(label=_("Person"), single=True)
    category = forms.ChoiceField(label=_("Category"), choices=Sanction.Category.choices)
    kind = forms.CharField(label=_("Kind of item"), max_length=60)
    what = forms.CharField(
        label=_("What happened"), widget=_area(), help_text=_("A concrete, dated instance")
    )
    issuer = forms.CharField(label=_("Source body"), max_length=100)
    source = forms.CharField(label=_("Document"), max_length=200)
    date = DayField(label=_("Date"))
    effect_from = DayField(label=_("Counts from"))
    effect_until = DayField(
        label=_("Counts until"), help_text=_("The influence period of the document"), today=False
    )


class NotifyForm(forms.Form):
    """That the person was told."""

    on = DayField(label=_("Told on"))
    reply_by = DayField(label=_("Reply until"), required=False)


class TextForm(forms.Form):
    """One text."""

    text = forms.CharField(label=_("Text"), widget=_area(4))

    def __init__(self, *args: Any, label: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = label


class BodyForm(forms.Form):
    """A body that begins to report."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Body"), max_length=100)
    duty = forms.CharField(label=_("What it reports"), max_length=200, required=False)
    since = DayField(label=_("Member since"))


class EndForm(forms.Form):
    """The last day of a membership."""

    until = DayField(label=_("Member until"))


class ReportForm(forms.Form):
    """A body's report of a month."""

    zero = forms.BooleanField(label=_("Zero report: nothing to report"), required=False)
    items = forms.CharField(
        label=_("Items"), required=False, widget=_area(5), help_text=_("One a line")
    )
    received_on = DayField(label=_("Received on"))
