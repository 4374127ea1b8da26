"""One cadre's file."""

from __future__ import annotations

import base64

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bole.people import permissions
from bole.people.actions import show_sensitive
from bole.people.dossier import six_facts
from bole.people.forms import write_date
from bole.people.histories import HISTORIES
from bole.people.models import Cadre, Picture, Relation, Sanction
from bole.people.queries import cadres as q
from bole.people.queries.facts import derived_facts
from bole.record.models import Reading
from bole.record.queries import readings_of
from bole.web.tables import Column, Table, contains

OPEN_TABLES = tuple(k for k, kind in HISTORIES.items() if not kind.sensitive)
FIELD_NAMES = {**permissions.SENSITIVE}
WHOLE_TABLES = {"family": "relations", "sanctions": "sanctions"}


def readable_cadre(request, pk: int) -> Cadre:
    """The cadre, if the user's grants cover it or it is the own file; else 404."""
    cadre = Cadre.objects.select_related("unit", "account").filter(pk=pk).first()
    if cadre is None or not request.user.has_perm("people.read", cadre):
        raise Http404
    return cadre


def basics(cadre: Cadre) -> list[tuple[str, str]]:
    """The plain facts that are not sensitive, (label, value)."""
    today = timezone.localdate()
    age = q.age(cadre.birth, today)
    years = _("%(age)s years") % {"age": age}
    birth = write_date(cadre.birth, cadre.birth_precision)
    party = cadre.party or cadre.party_text
    joined = write_date(cadre.party_joined, cadre.party_joined_precision)
    return [
        (_("Sex"), str(cadre.get_sex_display())),
        (_("Birth"), f"{birth} ({years})" if birth else ""),
        (_("Ethnicity"), cadre.ethnicity),
        (_("Native place"), cadre.native_place),
        (_("Birthplace"), cadre.birthplace),
        (_("Party"), f"{party} {joined}".strip()),
        (_("Work start"), write_date(cadre.work_start, cadre.work_start_precision)),
        (_("Education"), cadre.education_level),
        (_("Identity"), str(cadre.get_identity_display())),
        (_("Grade"), str(cadre.get_grade_display())),
        (_("Grade since"), write_date(cadre.grade_since, "month")),
        (_("Speciality"), cadre.speciality),
        (_("Status"), str(cadre.get_status_display())),
    ]


def masks(request, cadre: Cadre) -> dict[str, dict]:
    """For each sensitive field: its label, whether the user may ask, whether a reason is due."""
    reason = permissions.needs_reason(request.user, cadre)
    return {
        key: {
            "key": key,
            "label": label,
            "may": permissions.may_show(request.user, cadre, key),
            "reason": reason,
            # A table takes the place of its card, a value the place of its dots.
            "target": f"#{WHOLE_TABLES.get(key, f'show-{key}')}",
            "swap": "outerHTML" if key in WHOLE_TABLES else "innerHTML",
        }
        for key, label in permissions.SENSITIVE.items()
    }


@never_cache
def detail(request, pk: int):
    """Facts, career picture, histories; what is sensitive is not in the page until asked for."""
    cadre = readable_cadre(request, pk)
    rows = q.histories(cadre, OPEN_TABLES)
    shown = masks(request, cadre)
    sections = [k for k in OPEN_TABLES if k not in ("dossier", "intentions")]
    context = {
        "cadre": cadre,
        "basics": [(label, value) for label, value in basics(cadre) if value],
        "masks": shown,
        "sections": [q.section(k, rows[k]) for k in sections if rows[k]],
        "empty_sections": [HISTORIES[k] for k in sections if not rows[k]],
        "dossier_section": q.section("dossier", rows["dossier"]),
        "intentions": rows["intentions"],
        "six": six_facts(
            cadre, rows["dossier"], rows["posts"], rows["education"], with_id_number=False
        ),
        "timeline": q.timeline(rows["posts"], timezone.localdate()),
        "timeline_size": q.size_of(rows["posts"]),
        "may_change": request.user.has_perm("people.change", cadre),
        "may_export": request.user.has_perm("people.export"),
        "may_see_readings": request.user.has_perm("people.readings", cadre),
        "own": permissions.is_own_file(request.user, cadre),
    }
    return render(request, "people/detail.html", context)


@never_cache
def facts(request, pk: int):
    """The facts that rules use, as of today, each with the rows that it comes from (a part)."""
    cadre = readable_cadre(request, pk)
    context = {"facts": derived_facts(cadre, timezone.localdate()), "today": timezone.localdate()}
    return render(request, "people/_facts.html", context)


@never_cache
@require_POST
def show(request, pk: int, field: str):
    """Show one sensitive field: the reading is logged first, then the value is sent."""
    cadre = readable_cadre(request, pk)
    show_sensitive(
        actor=request.user, cadre=cadre, field=field, reason=request.POST.get("reason", "")
    )
    context = {"cadre": cadre, "field": field, "label": permissions.SENSITIVE[field]}
    context["may_change"] = request.user.has_perm("people.change", cadre)
    if field == "family":
        rows = list(Relation.objects.filter(cadre=cadre).order_by("pk"))
        context["section"] = q.section("relations", rows)
    elif field == "sanctions":
        rows = list(Sanction.objects.filter(cadre=cadre).order_by("date"))
        context["section"] = q.section("sanctions", rows)
        context["awards_text"] = cadre.awards_text
    elif field == "picture":
        picture = Picture.objects.filter(cadre=cadre).order_by("-pk").first()
        if picture:
            data = base64.b64encode(bytes(picture.image)).decode()
            context["picture"] = f"data:{picture.media_type};base64,{data}"
    else:
        context["value"] = getattr(cadre, field) or _("not on file")
    template = "people/_shown.html" if request.htmx else "people/shown.html"
    return render(request, template, context)


def readings_table(request, cadre: Cadre) -> Table:
    """Who was shown what of this file, when and why."""

    def fields(reading: Reading) -> str:
        return "、".join(str(FIELD_NAMES.get(f, f)) for f in reading.fields)

    return Table(
        request,
        readings_of(cadre),
        [
            Column(
                "at",
                _("When"),
                lambda r: timezone.localtime(r.at).strftime("%Y-%m-%d %H:%M"),
                "at",
            ),
            Column("reader", _("Read by"), lambda r: r.reader_name, "reader_name"),
            Column("fields", _("What"), fields),
            Column("reason", _("Why"), lambda r: r.reason, "reason"),
        ],
        _("Readings of %(name)s") % {"name": cadre.name},
        search=contains("reader_name", "reason"),
        search_hint=_("Who or why"),
        empty=_("Nobody has looked at sensitive data of this file."),
    )


def readings(request, pk: int):
    """The log of readings of one file (auditor, officers in scope, the cadre)."""
    cadre = readable_cadre(request, pk)
    if not request.user.has_perm("people.readings", cadre):
        raise PermissionDenied
    table = readings_table(request, cadre)
    return table.export() or render(
        request, "people/readings.html", {"table": table, "cadre": cadre}
    )
