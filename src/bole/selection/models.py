"""Selection cases: what was recorded of each. Where a case stands is computed, never stored."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bole.people.models import Cadre
from bole.schemes.models import SchemeVersion
from bole.units.models import Post, Unit


class Batch(models.Model):
    """Cases that are carried together (选任批次)."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    opened_on = models.DateField(_("opened on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["-opened_on", "-id"]

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One post or one group of like posts, from motion to the end of probation (选任事项)."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=200)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("batch")
    )
    scheme = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cases")
    facts = models.JSONField(default=dict)
    parameters = models.JSONField(default=dict)
    headcount = models.JSONField(null=True)  # the sheet as last checked; null after a change
    started = models.DateField(_("started"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    closed_on = models.DateField(null=True, blank=True)
    closing_reason = models.TextField(blank=True)
    # What was found when the case was last looked at, for lists; see queries.standing.
    standing = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def stream(self) -> str:
        """The case's name in the record, and for ballots and vetting."""
        return f"case:{self.pk}"


class CasePost(models.Model):
    """A post that the case fills."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="posts")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "post"], name="one_case_post")]


class Member(models.Model):
    """A cadre or a user in a group of the case: proposed, candidate, inspection group …"""

    case = models.ForeignKey(Case, models.CASCADE, related_name="members")
    group = models.CharField(max_length=80)
    cadre = models.ForeignKey(Cadre, models.PROTECT, null=True, related_name="case_memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="case_memberships"
    )
    post = models.ForeignKey(CasePost, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True)
    left_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cadre=None) ^ models.Q(user=None), name="member_is_one_person"
            ),
            models.UniqueConstraint(
                fields=["case", "group", "cadre"],
                condition=models.Q(left_at=None),
                name="one_cadre_in_group",
            ),
            models.UniqueConstraint(
                fields=["case", "group", "user"],
                condition=models.Q(left_at=None),
                name="one_user_in_group",
            ),
        ]

    @property
    def person(self) -> int | str:
        """The person as the procedure engine names it."""
        return self.cadre_id if self.cadre_id else f"u{self.user_id}"

    @property
    def name(self) -> str:
        return self.cadre.name if self.cadre_id else self.user.name


# A record item that was written, or reviewed, is a task whose detail begins with one of these.
RECORD, REVIEW = "record:", "review:"


class Course(models.Model):
    """One event of the case's course; together they are the state that the engine reads."""

    class Kind(models.TextChoices):
        DONE = "done", _("Step finished")
        SKIPPED = "skipped", _("Step left out")
        TASK = "task", _("Task done")
        ACCEPTED = "accepted", _("Warning accepted with a reason")
        RETURNED = "returned", _("Sent back")
        SUSPENDED = "suspended", _("Suspended")

    case = models.ForeignKey(Case, models.CASCADE, related_name="course")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # The step; for ACCEPTED the warning's key; for SUSPENDED empty when the whole case stands.
    target = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)  # the task; the step returned to
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # For RETURNED: ballot → its last meeting, of which nothing counts any more.
    undone = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Set when a return or a resumption took the event out of force; it stays to be read.
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "target"],
                condition=models.Q(kind__in=["done", "skipped"], ended_on=None),
                name="a_step_ends_once",
            )
        ]


class CasePaper(models.Model):
    """A filed paper of the case; a newer one replaces it, and both stay."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="papers")
    code = models.CharField(max_length=80)
    cadre = models.ForeignKey(Cadre, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey("record.Paper", models.PROTECT, null=True, related_name="+")
    fields = models.JSONField(default=dict)
    uploaded = models.BooleanField(default=False)  # brought as a file, not printed by the program
    on = models.DateField(_("date of the paper"))
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]


class PaperSignature(models.Model):
    """A signature on a paper: by password in the program, or seen on the scanned original."""

    paper = models.ForeignKey(CasePaper, models.CASCADE, related_name="signatures")
    role = models.CharField(max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    on = models.DateField()
    seal = models.BooleanField(default=False)
    method = models.CharField(
        max_length=10, choices=[("password", _("password")), ("paper", _("on paper"))]
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "role", "name"], name="one_signature")
        ]


class RuleRun(models.Model):
    """One screening of a group against a rule set, frozen with the facts as known that day."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="rule_runs")
    rule_set = models.CharField(max_length=80)
    group = models.CharField(max_length=80)
    as_of = models.DateField()
    run_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    run_at = models.DateTimeField(auto_now_add=True)
    current = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]


class Outcome(models.Model):
    """What one rule said of one person, in words, with the waiver if one was written."""

    run = models.ForeignKey(RuleRun, models.CASCADE, related_name="outcomes")
    rule = models.CharField(max_length=80)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8)
    text = models.JSONField()
    missing = models.JSONField(null=True)
    strength = models.CharField(max_length=10, default="block")
    reference = models.CharField(max_length=200, blank=True)
    verified = models.BooleanField(default=True)
    question = models.JSONField(null=True)  # for rules that a named person answers
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answer = models.TextField(blank=True)
    waiver = models.TextField(blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
