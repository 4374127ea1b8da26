"""Cadres and their dated histories. Nothing here is derived but the few marked copies."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bole.units.models import Grade, Unit


class Precision(models.TextChoices):
    """How exact a date on file is; a month is stored as its first day.

    An end of unknown day has passed, on a day that nobody recorded; it is stored as the start of
    the row, or as the day of the entry.
    """

    DAY = "day", _("day")
    MONTH = "month", _("month")
    UNKNOWN = "unknown", _("unknown")


def _date(label, **options) -> models.DateField:
    return models.DateField(label, null=True, blank=True, **options)


def _precision() -> models.CharField:
    return models.CharField(
        _("precision"), max_length=7, choices=Precision.choices, default=Precision.MONTH
    )


class Identity(models.TextChoices):
    """Personnel identity (干部身份)."""

    CIVIL_SERVANT = "civil_servant", _("Civil servant")
    REFERENCE_MANAGED = "reference_managed", _("Reference-managed")
    INSTITUTION = "institution", _("Institution staff")
    ENTERPRISE = "enterprise", _("Enterprise staff")
    VILLAGE_OFFICIAL = "village_official", _("Village official")
    OTHER = "other", _("Other")


class Cadre(models.Model):
    """A person whose posts, appraisals and movements are managed."""

    class Status(models.TextChoices):
        IN_SERVICE = "in_service", _("In service")
        RETIRED = "retired", _("Retired")
        LEFT = "left", _("Left")

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="cadre"
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    pinyin = models.CharField(max_length=200, blank=True, editable=False)
    initials = models.CharField(max_length=30, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=2, choices=[("男", _("male")), ("女", _("female"))])
    birth = _date(_("birth date"))
    birth_precision = _precision()
    ethnicity = models.CharField(_("ethnicity"), max_length=20, blank=True)
    native_place = models.CharField(_("native place"), max_length=60, blank=True)
    birthplace = models.CharField(_("birthplace"), max_length=60, blank=True)
    party = models.CharField(_("political status"), max_length=40, blank=True)
    party_joined = _date(_("joined the Party"))
    party_joined_precision = _precision()
    party_text = models.CharField(_("party entry as on file"), max_length=80, blank=True)
    work_start = _date(_("work start"))
    work_start_precision = _precision()
    identity = models.CharField(
        _("personnel identity"), max_length=20, choices=Identity.choices, blank=True
    )
    health = models.CharField(_("health"), max_length=20, blank=True)
    speciality = models.CharField(_("speciality"), max_length=120, blank=True)
    id_number = models.CharField(_("ID number"), max_length=18, null=True, blank=True, unique=True)
    resume_text = models.TextField(_("résumé as on file"), blank=True)
    awards_text = models.TextField(_("awards and sanctions as on file"), blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.IN_SERVICE
    )
    # Tags of the appointment form that we do not know, kept in order for the way back.
    unknown_tags = models.JSONField(default=list, blank=True)
    # The words of the last appointment form that was read, so that what did not change since is
    # written back as it stood: texts, tag_order, attributes.
    form = models.JSONField(default=dict, blank=True)
    # Copies for lists, set by actions.refresh_current from the post and grade histories.
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="cadres", editable=False
    )
    post_title = models.CharField(max_length=200, blank=True, editable=False)
    grade = models.CharField(max_length=20, choices=Grade.choices, blank=True, editable=False)
    grade_since = models.DateField(null=True, editable=False)
    post_since = models.DateField(null=True, editable=False)
    education_level = models.CharField(max_length=20, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["status", "grade"], name="cadre_list"),
            models.Index(fields=["name", "birth"], name="cadre_match"),
            models.Index(fields=["initials"], name="cadre_initials"),
            models.Index(fields=["updated_at"], name="cadre_changed"),
        ]

    def __str__(self) -> str:
        return self.name


class History(models.Model):
    """One dated row about a cadre, with the paper that it rests on."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="%(class)ss")
    source = models.CharField(_("source document"), max_length=200, blank=True)
    flagged = models.CharField(_("to be checked"), max_length=200, blank=True)

    class Meta:
        abstract = True


class PostSpell(History):
    """A post held from `start` to `end` (its last month or day); no end = held now."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="post_spells"
    )
    unit_name = models.CharField(_("unit as on file"), max_length=120)
    unit_kind = models.CharField(_("unit kind"), max_length=20, blank=True)
    post = models.ForeignKey(
        "units.Post", models.SET_NULL, null=True, blank=True, related_name="spells"
    )
    title = models.CharField(_("title"), max_length=120)
    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices, blank=True)
    rank = models.CharField(_("rank"), max_length=20, blank=True)
    leading = models.BooleanField(_("leading"), default=False)
    head = models.BooleanField(_("head"), default=False)
    team = models.BooleanField(_("team seat"), default=False)
    acting = models.BooleanField(_("acting"), default=False)
    concurrent = models.BooleanField(_("concurrent"), default=False)
    grass_roots = models.BooleanField(_("grass roots"), default=False)
    front_line = models.BooleanField(_("front line"), default=False)
    start = _date(_("from"))
    start_precision = _precision()
    end = _date(_("to"))
    end_precision = _precision()

    class Meta:
        ordering = ["start", "id"]
        indexes = [
            models.Index(
                fields=["unit", "grade"], name="post_current", condition=models.Q(end=None)
            )
        ]


class GradeSpell(History):
    """A grade (职务层次) held; a promotion opens a new row."""

    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices)
    start = _date(_("from"))
    start_precision = _precision()
    end = _date(_("to"))
    end_precision = _precision()

    class Meta:
        ordering = ["start", "id"]


class RankSpell(History):
    """A rank (职级) held."""

    rank = models.CharField(_("rank"), max_length=20)
    start = _date(_("from"))
    start_precision = _precision()
    end = _date(_("to"))
    end_precision = _precision()

    class Meta:
        ordering = ["start", "id"]


class Education(History):
    """A course of study."""

    class Mode(models.TextChoices):
        FULL_TIME = "full_time", _("full-time")
        IN_SERVICE = "in_service", _("in-service")

    level = models.CharField(_("education"), max_length=20)
    degree = models.CharField(_("degree"), max_length=30, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, blank=True)
    school = models.CharField(_("school"), max_length=80, blank=True)
    major = models.CharField(_("major"), max_length=60, blank=True)
    start = _date(_("from"))
    start_precision = _precision()
    end = _date(_("to"))
    end_precision = _precision()

    class Meta:
        ordering = ["end", "id"]


class Appraisal(History):
    """The grade of a year (or of a term or a special task)."""

    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=10, default="annual")
    grade = models.CharField(pgettext_lazy("appraisal", "grade"), max_length=10)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["cadre", "year", "kind"], name="one_appraisal")
        ]


class Award(History):
    """An award."""

    name = models.CharField(_("award"), max_length=200)
    level = models.CharField(_("level"), max_length=30, blank=True)
    issuer = models.CharField(_("issuer"), max_length=100, blank=True)
    date = _date(_("date"))
    date_precision = _precision()

    class Meta:
        ordering = ["date"]


class Sanction(History):
    """An adverse item: it has a source, a date, a reply of the person and an end."""

    class Category(models.TextChoices):
        SANCTION = "sanction", _("Sanction")
        TREATMENT = "treatment", _("Treatment")
        ADMONITION = "admonition", _("Admonition")
        ACCOUNTABILITY = "accountability", _("Accountability")

    class Status(models.TextChoices):
        REPORTED = "reported", _("Reported")
        CONFIRMED = "confirmed", _("Confirmed")
        LIFTED = "lifted", _("Lifted")

    category = models.CharField(_("category"), max_length=15, choices=Category.choices)
    kind = models.CharField(_("kind"), max_length=60)
    issuer = models.CharField(_("issuer"), max_length=100)
    date = models.DateField(_("date"))
    effect_from = models.DateField(_("effect from"))
    effect_until = _date(_("effect until"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.REPORTED
    )
    reply = models.TextField(_("the person's reply"), blank=True)
    replied_on = _date(_("replied on"))

    class Meta:
        ordering = ["date"]


class Training(History):
    """A training attended."""

    name = models.CharField(_("training"), max_length=120)
    institution = models.CharField(_("institution"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=30, blank=True)
    start = _date(_("from"))
    end = _date(_("to"))
    days = models.DecimalField(_("days"), max_digits=6, decimal_places=1, null=True, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=1, null=True, blank=True)

    class Meta:
        ordering = ["start"]


class Relation(History):
    """A family member or another close relation; seen only by those who need it."""

    kinship = models.CharField(_("kinship"), max_length=20)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    birth = _date(_("birth date"))
    birth_precision = _precision()
    politics = models.CharField(_("political status"), max_length=30, blank=True)
    employer = models.CharField(_("unit and post"), max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="+")
    related = models.ForeignKey(
        Cadre, models.SET_NULL, null=True, blank=True, related_name="related_to"
    )
    abroad = models.BooleanField(_("lives abroad"), default=False)

    class Meta:
        ordering = ["id"]


class Secondment(History):
    """A posting away from the unit: secondment, rooting, front line, rotation."""

    kind = models.CharField(_("kind"), max_length=30)
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="+")
    unit_name = models.CharField(_("place of posting"), max_length=120)
    unit_kind = models.CharField(_("unit kind"), max_length=20, blank=True)
    front_line = models.BooleanField(_("front line"), default=False)
    start = _date(_("from"))
    start_precision = _precision()
    end = _date(_("to"))
    end_precision = _precision()

    class Meta:
        ordering = ["start"]


class Title(History):
    """A professional title (职称)."""

    name = models.CharField(_("professional title"), max_length=60)
    level = models.CharField(_("level"), max_length=10, blank=True)
    date = _date(_("obtained"))

    class Meta:
        ordering = ["id"]


class Skill(History):
    """A language or a skill."""

    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("skill"), max_length=60)
    level = models.CharField(_("level"), max_length=30, blank=True)

    class Meta:
        ordering = ["id"]


class Intention(History):
    """What the cadre wishes: a move, a field, a place; filled in by the person."""

    text = models.TextField(_("intention"))
    date = models.DateField(_("date"))

    class Meta:
        ordering = ["-date"]


class Picture(History):
    """The portrait, as it came; the newest is shown."""

    image = models.BinaryField()
    media_type = models.CharField(max_length=20)
    taken_on = _date(_("date"))

    class Meta:
        ordering = ["-id"]


class DossierFact(History):
    """One of the six dossier facts (三龄两历一身份): its value, and the page that proves it."""

    class Kind(models.TextChoices):
        AGE = "age", _("Birth date")
        SENIORITY = "seniority", _("Work start")
        PARTY_AGE = "party_age", _("Party joining date")
        EDUCATION = "education", _("Education history")
        WORK = "work", _("Work history")
        IDENTITY = "identity", _("Personnel identity")

    kind = models.CharField(_("fact"), max_length=12, choices=Kind.choices)
    value = models.CharField(_("value found"), max_length=200)
    page = models.CharField(_("page of the dossier"), max_length=60, blank=True)
    noted_on = models.DateField(_("noted on"))

    class Meta:
        ordering = ["kind", "-noted_on"]


class ImportBatch(models.Model):
    """One import of files: read, compared, confirmed; undone as a whole."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READ = "read", _("Read, waiting for confirmation")
        WRITTEN = "written", pgettext_lazy("import", "Written")
        UNDONE = "undone", pgettext_lazy("import", "Undone")
        DISCARDED = "discarded", pgettext_lazy("import", "Discarded")

    name = models.CharField(_("name"), max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    written_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)  # files, then persons to compare
    done = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]


class ImportFile(models.Model):
    """An uploaded file until it is read; its content goes when the reading is done."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("import", "Waiting")
        MAPPING = "mapping", _("Columns to confirm")
        DONE = "done", pgettext_lazy("import", "Read")
        BROKEN = "broken", _("Not readable")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="files")
    name = models.CharField(max_length=300)
    content = models.BinaryField(null=True)
    # The picture that lies beside an .lrm, found by its name.
    picture = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    problems = models.JSONField(default=list)
    # Rosters: what is proposed for the columns while MAPPING, then what the officer confirmed.
    mapping = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]


class ImportItem(models.Model):
    """One person read from one file (or row): what was found, what would change."""

    class Match(models.TextChoices):
        WAITING = "waiting", _("Not compared yet")
        NEW = "new", _("New person")
        SAME = "same", _("Known person")
        ASK = "ask", _("Needs a decision")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="items")
    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="items")
    row = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=60, blank=True)
    found = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    match = models.CharField(max_length=8, choices=Match.choices, default=Match.WAITING)
    # Why this person was (not) recognised, and who else it could be: ids of cadres.
    reason = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)
    cadre = models.ForeignKey(Cadre, models.SET_NULL, null=True, related_name="import_items")
    differences = models.JSONField(default=list)
    chosen = models.BooleanField(default=True)
    # What stood before writing (None = the person was new), and digests of what stood after,
    # so that an undo restores exactly that and notices later changes.
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "match"], name="import_match")]


class HeaderMapping(models.Model):
    """The column mapping that an officer confirmed for a roster header, remembered."""

    header = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(auto_now=True)


class Correction(models.Model):
    """A correction that a cadre asks for in the own file; an officer accepts or returns it."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="corrections")
    table = models.CharField(max_length=20)  # "cadre" or a key of histories.HISTORIES
    row = models.PositiveBigIntegerField(null=True)
    field = models.CharField(max_length=30)
    stands = models.TextField(_("as it stands"), blank=True)
    wanted = models.TextField(_("as it should be"))
    reason = models.TextField(_("why, and which paper shows it"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["asked_at"], name="correction_open", condition=models.Q(state="asked")
            )
        ]
