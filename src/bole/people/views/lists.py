"""The list of cadres."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bole.accounts.permissions import unit_scope
from bole.people import permissions
from bole.people.forms import write_date
from bole.people.models import Cadre, Identity
from bole.people.queries import cadres as q
from bole.units.models import Grade, Unit
from bole.web.tables import Column, Filter, Table, equals


def cadre_url(cadre: Cadre) -> str:
    """The page of a cadre."""
    return reverse("people:detail", args=[cadre.pk])


def _of_status(rows, value: str):
    return rows if value == "all" else rows.filter(status=value)


def roster_columns(today) -> list[Column]:
    """The columns that lists and rosters can have; sensitive fields are not among them."""
    grades, identities = dict(Grade.choices), dict(Identity.choices)
    statuses = dict(Cadre.Status.choices)

    def month(value) -> str:
        return write_date(value, "month")

    return [
        Column("name", _("Name"), lambda c: c.name, "pinyin", cadre_url),
        Column("sex", _("Sex"), lambda c: str(c.get_sex_display()), "sex"),
        Column("birth", _("Birth"), lambda c: month(c.birth), "birth"),
        Column("age", _("Age"), lambda c: q.age(c.birth, today), "-birth", numeric=True),
        Column("ethnicity", _("Ethnicity"), lambda c: c.ethnicity, "ethnicity", shown=False),
        Column(
            "native_place", _("Native place"), lambda c: c.native_place, "native_place", shown=False
        ),
        Column("party", _("Party"), lambda c: c.party, "party", shown=False),
        Column(
            "party_joined",
            _("Joined the Party"),
            lambda c: month(c.party_joined),
            "party_joined",
            shown=False,
        ),
        Column(
            "work_start", _("Work start"), lambda c: month(c.work_start), "work_start", shown=False
        ),
        Column("education", _("Education"), lambda c: c.education_level, "education_level"),
        Column("unit", _("Unit"), lambda c: c.unit.name if c.unit else "", "unit__path"),
        Column("post", _("Unit and posts"), lambda c: c.post_title, "post_title"),
        Column("grade", _("Grade"), lambda c: str(grades.get(c.grade, "")), "grade"),
        Column("grade_since", _("Grade since"), lambda c: month(c.grade_since), "grade_since"),
        Column(
            "post_since", _("Post since"), lambda c: month(c.post_since), "post_since", shown=False
        ),
        Column(
            "identity",
            _("Identity"),
            lambda c: str(identities.get(c.identity, "")),
            "identity",
            shown=False,
        ),
        Column(
            "status",
            _("Status"),
            lambda c: str(statuses.get(c.status, "")),
            "status",
            shown=False,
        ),
    ]


def cadre_table(request) -> Table:
    """The cadres that the user may list, as the request's filters narrow them."""
    today = timezone.localdate()
    user = request.user
    units = Unit.objects.filter(
        unit_scope(user, permissions.LISTERS, "path"), closed_on=None
    ).order_by("path")
    rows = permissions.readable(user).select_related("unit")
    rows = rows.defer("resume_text", "awards_text", "unknown_tags", "form")
    if not request.GET.get("status"):
        rows = rows.filter(status=Cadre.Status.IN_SERVICE)
    ages = {
        "30": _("30 and under"),
        "60": _("56 and over"),
        **{k: f"{low}–{high}" for k, (low, high) in q.AGE_BANDS.items() if k not in ("30", "60")},
    }
    return Table(
        request,
        rows,
        roster_columns(today),
        _("Cadres"),
        filters=[
            Filter(
                "unit",
                _("Unit and below"),
                [(str(u.pk), "　" * (u.depth - 1) + u.name) for u in units],
                q.below,
            ),
            Filter("grade", _("Grade"), list(reversed(Grade.choices)), equals("grade")),
            Filter("sex", _("Sex"), [("男", _("male")), ("女", _("female"))], equals("sex")),
            Filter("age", _("Age"), [(k, ages[k]) for k in q.AGE_BANDS], q.aged),
            Filter(
                "education",
                _("Education"),
                [*((k, k) for k in q.EDUCATION), ("other", _("other"))],
                q.studied,
            ),
            Filter(
                "party",
                _("Party"),
                [
                    ("cpc", _("Communist Party")),
                    ("other", _("democratic parties")),
                    ("none", _("no party")),
                ],
                q.of_party,
            ),
            Filter(
                "status",
                _("In service"),
                [("retired", _("Retired")), ("left", _("Left")), ("all", _("all statuses"))],
                _of_status,
            ),
        ],
        search=q.search,
        search_hint=_("Name, pinyin, unit or post"),
        empty=_("Import files or enter the first cadre."),
        select="people",
    )


def cadre_list(request):
    """Search, filter, choose columns, export; choose some to export their forms."""
    if not request.user.has_perm("people.list"):
        raise PermissionDenied
    table = cadre_table(request)
    return table.export() or render(request, "people/list.html", {"table": table})
