"""Checks, opinions, complaints, doubts, dossier audits, adverse items, monthly reports.

Everything of a case hangs on its stream ("case:12"); this room knows nothing of selection.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bole.engine.text import Text
from bole.people.models import Cadre, DossierFact, Sanction
from bole.vetting.codes import body_name


def _user(**options) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class Conclusion(models.TextChoices):
    """What a check found."""

    CLEAR = "clear", _("Clear")
    CLEAR_WITH_NOTE = "clear_with_note", _("Clear, with a note")
    DOUBT = "doubt", _("In doubt")
    ADVERSE = "adverse", _("Confirmed, stands against use")
    NOT_OBTAINED = "not_obtained", _("Not obtained")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class Check(models.Model):
    """One conclusion of one check of one person; never changed, a newer one counts instead."""

    stream = models.CharField(max_length=100)
    check_code = models.CharField(_("check"), max_length=80)
    cadre = models.ForeignKey(Cadre, models.PROTECT, null=True, blank=True, related_name="checks")
    user = _user(null=True, blank=True)
    conclusion = models.CharField(_("conclusion"), max_length=20, choices=Conclusion.choices)
    note = models.TextField(_("note"), blank=True)
    evidence = models.JSONField(default=list)  # [{"name": …, "digest": … or ""}]
    on = models.DateField(_("concluded on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    concluded_by = _user()
    concluded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["stream", "check_code"], name="check_of_stream")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cadre=None) | models.Q(user=None), name="check_of_one_person"
            )
        ]

    @property
    def person(self) -> int | str | None:
        """The person as the procedure engine names it; None for a check of the whole case."""
        return self.cadre_id or (f"u{self.user_id}" if self.user_id else None)


class Letter(models.Model):
    """A letter that asks a body for its opinion: 安组函〔2026〕12号."""

    stream = models.CharField(max_length=100, db_index=True)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("document number"), max_length=40)
    body = models.CharField(_("body"), max_length=80)
    body_words = models.JSONField(default=dict)  # {"zh": …, "en": …} as the scheme calls it
    question = models.TextField(_("matters asked"), blank=True)
    sent_on = models.DateField(_("sent on"))
    due_on = models.DateField(_("answer due"), null=True, blank=True)
    sent_by = _user()
    sent_at = models.DateTimeField(auto_now_add=True)
    paper = models.ForeignKey("record.Paper", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["year", "serial"], name="one_letter_number")]

    def __str__(self) -> str:
        return self.number

    @property
    def body_name(self) -> Text:
        """What the body is called."""
        return Text(**self.body_words) if self.body_words else body_name(self.body)


class Opinion(models.Model):
    """What a body was asked about one person (or the case), and what it said."""

    class Answer(models.TextChoices):
        NO_OBJECTION = "no_objection", _("No objection")
        INFORMATION = "information", _("Information")
        OBJECTION = "objection", _("Objection")
        CANNOT_ANSWER = "cannot_answer", _("Cannot answer")

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="opinions")
    cadre = models.ForeignKey(Cadre, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(_("answer"), max_length=15, choices=Answer.choices, blank=True)
    text = models.TextField(_("what it says"), blank=True)
    signer = models.CharField(_("signed by"), max_length=60, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    recorded_by = _user(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "cadre"], name="one_opinion_of_a_letter")
        ]


class Complaint(models.Model):
    """A complaint received, its verification and its end. Content is for those who verify it."""

    class Channel(models.TextChoices):
        LETTER = "letter", _("Letter")
        VISIT = "visit", _("Visit")
        PHONE = "phone", _("Telephone")
        NETWORK = "network", _("Network")
        MESSAGE = "message", _("Text message")
        TRANSFERRED = "transferred", _("Passed on by another body")

    class Finding(models.TextChoices):
        UNFOUNDED = "unfounded", _("Unfounded")
        PARTLY = "partly", _("Partly founded")
        FOUNDED = "founded", _("Founded")

    class Effect(models.TextChoices):
        NONE = "none", _("No effect on the use of the person")
        NOTE = "note", _("Noted, no effect on the use of the person")
        AGAINST = "against", _("Stands against the use of the person")

    stream = models.CharField(max_length=100, blank=True, db_index=True)
    number = models.CharField(_("register number"), max_length=20, unique=True)
    cadres = models.ManyToManyField(Cadre, related_name="complaints", verbose_name=_("persons"))
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    content = models.TextField(_("content"))
    reporter = models.CharField(_("reported by"), max_length=100, blank=True)  # empty = anonymous
    concrete = models.BooleanField(_("concrete and verifiable"))
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("verification due"), null=True, blank=True)
    registered_by = _user()
    finding = models.CharField(_("finding"), max_length=10, choices=Finding.choices, blank=True)
    text = models.TextField(_("what was found"), blank=True)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices, blank=True)
    feedback = models.TextField(_("answer to who complained"), blank=True)
    concluded_on = models.DateField(_("concluded on"), null=True, blank=True)
    concluded_by = _user(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number

    @property
    def open(self) -> bool:
        return self.concluded_on is None


class Doubt(models.Model):
    """A doubt in neutral words; open or unresolved it holds the case."""

    class State(models.TextChoices):
        OPEN = "open", _("Not concluded")
        CLEARED = "cleared", _("Cleared")
        CONFIRMED_NO_EFFECT = "confirmed_no_effect", _("Confirmed, without effect")
        CONFIRMED_EFFECT = "confirmed_effect", _("Confirmed, with effect")
        UNRESOLVED = "unresolved", _("Not resolved")

    stream = models.CharField(max_length=100, db_index=True)
    cadre = models.ForeignKey(Cadre, models.PROTECT, null=True, blank=True, related_name="doubts")
    check_code = models.CharField(_("check"), max_length=80, blank=True)
    text = models.TextField(_("what is in doubt"))
    raised_on = models.DateField(_("raised on"))
    raised_by = _user()
    due_on = models.DateField(_("to be cleared by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN)
    outcome = models.TextField(_("how it was cleared"), blank=True)
    cleared_on = models.DateField(null=True, blank=True)
    cleared_by = _user(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class DossierAudit(models.Model):
    """An audit of one dossier: first check, re-check by another person, the person's signature."""

    class State(models.TextChoices):
        FIRST = "first", _("First check done")
        RECHECKED = "rechecked", _("Re-checked")
        SIGNED = "signed", _("Confirmed by the person")

    stream = models.CharField(max_length=100, db_index=True)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="dossier_audits")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.FIRST)
    first_by = _user()
    first_on = models.DateField(_("first check on"))
    second_by = _user(null=True, blank=True)
    second_on = models.DateField(_("re-check on"), null=True, blank=True)
    routes = models.JSONField(default=list)  # all that apply; the first one governs
    deadline = models.DateField(_("to be settled by"), null=True, blank=True)
    signed_on = models.DateField(_("signed by the person on"), null=True, blank=True)
    statement = models.TextField(_("statement of the person"), blank=True)

    class Meta:
        ordering = ["-id"]

    @property
    def route(self) -> str:
        """The route that governs; empty before the re-check."""
        return self.routes[0] if self.routes else ""


class DossierFinding(models.Model):
    """One of the six facts in one audit: what the dossier states, on which page, the verdicts."""

    class Verdict(models.TextChoices):
        CONSISTENT = "consistent", _("Consistent")
        INCONSISTENT = "inconsistent", _("Inconsistent")
        ALTERATION = "alteration_suspected", _("Alteration suspected")
        MISSING = "missing", _("Material missing")
        UNCLEAR = "unclear", _("Unclear")

    audit = models.ForeignKey(DossierAudit, models.CASCADE, related_name="findings")
    kind = models.CharField(_("fact"), max_length=12, choices=DossierFact.Kind.choices)
    values = models.JSONField(default=list)  # every value that the dossier states
    page = models.CharField(_("page of the dossier"), max_length=60, blank=True)
    first = models.CharField(_("first check"), max_length=20, choices=Verdict.choices)
    second = models.CharField(_("re-check"), max_length=20, choices=Verdict.choices, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["audit", "kind"], name="one_dossier_fact")]


class AdverseCourse(models.Model):
    """The course of an adverse item: who reported it, when the person was told, who confirmed."""

    item = models.OneToOneField(Sanction, models.CASCADE, related_name="course")
    stream = models.CharField(max_length=100, blank=True)
    what = models.TextField(_("what happened"))
    reported_by = _user()
    reported_on = models.DateField(_("reported on"))
    told_on = models.DateField(_("told on"), null=True, blank=True)
    told_by = _user(null=True, blank=True)
    reply_by = models.DateField(_("reply until"), null=True, blank=True)
    first_confirmed_by = _user(null=True, blank=True)
    second_confirmed_by = _user(null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    lifted_on = models.DateField(_("lifted on"), null=True, blank=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]


class MemberBody(models.Model):
    """A body that reports every month what it knows (干部监督联席会议成员单位)."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("body"), max_length=100)
    duty = models.CharField(_("what it reports"), max_length=200, blank=True)
    since = models.DateField(_("member since"))
    until = models.DateField(_("member until"), null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class PeriodReport(models.Model):
    """A body's report of one month: its items, or expressly none (零报告)."""

    body = models.ForeignKey(MemberBody, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"))
    zero = models.BooleanField(_("zero report"))
    items = models.JSONField(default=list)  # sentences; who needs them reads them
    received_on = models.DateField(_("received on"))
    recorded_by = _user()

    class Meta:
        ordering = ["-year", "-month", "body_id"]
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "month"], name="one_month_report")
        ]
