"""Units as a tree, their posts, and the approved headcount of leading posts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from treebeard.mp_tree import MP_Node


class Grade(models.TextChoices):
    """Levels of posts, low to high; `ORDER` gives the rank of each."""

    STAFF = "staff", _("Staff")
    UNIT_DEPUTY = "unit_deputy", _("Unit deputy")
    UNIT_CHIEF = "unit_chief", _("Unit chief")
    SECTION_DEPUTY = "section_deputy", _("Section deputy")
    SECTION_CHIEF = "section_chief", _("Section chief")
    DIVISION_DEPUTY = "division_deputy", _("Division deputy")
    DIVISION_CHIEF = "division_chief", _("Division chief")
    BUREAU_DEPUTY = "bureau_deputy", _("Bureau deputy")
    BUREAU_CHIEF = "bureau_chief", _("Bureau chief")


GRADE_ORDER = {grade: order for order, grade in enumerate(Grade.values)}


class UnitKind(models.TextChoices):
    """What a unit is; facts such as years in towns read it."""

    COUNTY_LEADERSHIP = "county_leadership", _("County leadership")
    DEPARTMENT = "department", _("Department")
    TOWN = "town", _("Town")
    SUBDISTRICT = "subdistrict", _("Sub-district")
    INSTITUTION = "institution", _("Institution")
    ENTERPRISE = "enterprise", _("Enterprise")
    SCHOOL = "school", _("School")
    HOSPITAL = "hospital", _("Hospital")
    VILLAGE = "village", _("Village or community")
    GROUP = "group", _("Group of units")


class Nature(models.TextChoices):
    """The establishment that a unit or a headcount line belongs to (行政 / 参公 / 事业 / 企业)."""

    ADMINISTRATIVE = "administrative", _("Administrative")
    REFERENCE_MANAGED = "reference_managed", _("Reference-managed")
    INSTITUTION = "institution", _("Public institution")
    ENTERPRISE = "enterprise", _("Enterprise")


class Unit(MP_Node):
    """A unit of the organisation, with the units below it."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(pgettext_lazy("unit", "name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(pgettext_lazy("unit", "kind"), max_length=20, choices=UnitKind.choices)
    nature = models.CharField(
        _("nature"), max_length=20, choices=Nature.choices, default=Nature.ADMINISTRATIVE
    )
    place = models.CharField(_("place"), max_length=60, blank=True)
    establishment = models.PositiveIntegerField(_("establishment"), null=True, blank=True)
    dual_managed = models.BooleanField(_("dual management"), default=False)
    comanaged_by = models.CharField(_("co-managing superior"), max_length=100, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    node_order_by = ["code"]

    class Meta:
        verbose_name = _("unit")

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post (职位) of a unit, held or vacant."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title = models.CharField(_("title"), max_length=80)
    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices)
    leading = models.BooleanField(_("leading post"), default=True)
    head = models.BooleanField(_("head of the unit"), default=False)
    team = models.BooleanField(_("seat in the leadership team"), default=True)
    elected = models.BooleanField(_("filled by election"), default=False)
    order = models.PositiveSmallIntegerField(_("order in the team"), default=0)
    standard = models.TextField(_("post standard"), blank=True)
    abolished_on = models.DateField(_("abolished on"), null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "title"], name="one_post_title")]

    def __str__(self) -> str:
        return f"{self.unit.name}{self.title}"


class HeadcountLine(models.Model):
    """Approved number of posts of a level (职数行). `approved` null = not yet known: never zero."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="headcount_lines")
    grade = models.CharField(
        pgettext_lazy("headcount", "level"), max_length=20, choices=Grade.choices
    )
    leading = models.BooleanField(_("leading posts"), default=True)
    nature = models.CharField(
        _("establishment kind"),
        max_length=20,
        choices=Nature.choices,
        default=Nature.ADMINISTRATIVE,
    )
    approved = models.PositiveSmallIntegerField(_("approved"), null=True, blank=True)
    basis = models.CharField(_("basis document"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    verified_by = models.CharField(_("verified by"), max_length=60, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "grade"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "grade", "leading", "nature", "valid_from"], name="one_line"
            )
        ]
