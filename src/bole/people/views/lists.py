"""The list of cadres."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from bole.accounts.permissions import unit_scope
from bole.people import permissions
from bole.people.actions.exports import record_roster
from bole.people.models import Cadre
from bole.people.queries import cadres as q
from bole.people.roster import roster_columns
from bole.units.models import Grade, Unit
from bole.web.tables import Filter, Table, equals


def _of_status(rows, value: str):
    return rows if value == "all" else rows.filter(status=value)


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
        select="people" if user.has_perm("people.export") else "",
    )


def cadre_list(request):
    """Search, filter, choose columns, export; choose some to export their forms."""
    if not request.user.has_perm("people.list"):
        raise PermissionDenied
    table = cadre_table(request)
    if "export" in request.GET:
        keys = [c.key for c in table.visible]
        record_roster(actor=request.user, columns=keys, count=table.rows.count())
    return table.export() or render(request, "people/list.html", {"table": table})
