"""The columns of lists and rosters of cadres."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bole.people.forms import write_date
from bole.people.models import Cadre, Identity
from bole.people.queries import cadres as q
from bole.units.models import Grade
from bole.web.tables import Column


def cadre_url(cadre: Cadre) -> str:
    """The page of a cadre."""
    return reverse("people:detail", args=[cadre.pk])


def roster_columns(today: datetime.date) -> list[Column]:
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
