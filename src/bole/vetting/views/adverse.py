"""The negative list: items with their source, reply and end."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bole.accounts.permissions import require
from bole.people.models import Sanction
from bole.record.actions import log_readings
from bole.vetting import actions
from bole.vetting.forms import AdverseForm, NotifyForm, TextForm
from bole.vetting.models import AdverseCourse
from bole.vetting.views.base import form_page
from bole.web.tables import Column, Filter, Table, contains

READERS = "vetting.adverse"


def _where(item: Sanction) -> tuple[str, str]:
    """State of an item in words and colour."""
    today = timezone.localdate()
    if item.status == Sanction.Status.LIFTED:
        return _("Lifted"), "secondary"
    if item.effect_until and item.effect_until < today:
        return _("Expired"), "secondary"
    if item.status == Sanction.Status.CONFIRMED:
        return (
            (_("Counts"), "red") if item.effect_until else (_("Counts, end not recorded"), "orange")
        )
    course = getattr(item, "course", None)
    if course is None or course.told_on is None:
        return _("Reported, not told"), "yellow"
    if course.first_confirmed_by_id:
        return _("Confirmed by one, second awaited"), "yellow"
    return _("Told, to be confirmed"), "yellow"


def _of_state(rows, value: str):
    today = timezone.localdate()
    if value == "counts":
        running = rows.filter(status=Sanction.Status.CONFIRMED)
        return running.exclude(effect_until__lt=today)
    if value == "reported":
        return rows.filter(status=Sanction.Status.REPORTED).exclude(effect_until__lt=today)
    return rows.filter(effect_until__lt=today) | rows.filter(status=Sanction.Status.LIFTED)


@never_cache
def adverse(request):
    """The list; who is shown on it has been read, so each page is logged."""
    require(request.user, READERS)
    table = Table(
        request,
        Sanction.objects.select_related("cadre", "course").order_by("-date", "-id"),
        [
            Column(
                "name",
                _("Person"),
                lambda s: s.cadre.name,
                "cadre__pinyin",
                lambda s: reverse("vetting:adverse-item", args=[s.pk]),
            ),
            Column("category", _("Category"), lambda s: str(s.get_category_display()), "category"),
            Column("kind", _("Kind of item"), lambda s: s.kind, "kind"),
            Column("issuer", _("Source body"), lambda s: s.issuer, "issuer"),
            Column("date", _("Date"), lambda s: f"{s.date}", "date"),
            Column(
                "until",
                _("Counts until"),
                lambda s: f"{s.effect_until}" if s.effect_until else _("not recorded"),
                "effect_until",
            ),
            Column("reply", _("Reply"), lambda s: _("replied") if s.reply else ""),
            Column("state", _("State"), lambda s: _where(s)[0], badge=lambda s: _where(s)[1]),
        ],
        _("Negative list"),
        filters=[
            Filter(
                "state",
                _("State"),
                [
                    ("counts", _("Counts")),
                    ("reported", _("Not confirmed")),
                    ("ended", _("Expired or lifted")),
                ],
                _of_state,
            )
        ],
        search=contains("cadre__name", "kind", "issuer"),
        search_hint=_("Name, kind or body"),
        empty=_("Nobody is on the list."),
    )
    shown = table.rows if request.GET.get("export") else table.page.object_list
    log_readings(
        actor=request.user,
        subjects=list({s.cadre_id: s.cadre for s in shown}.values()),
        fields=["sanctions"],
        reason=_("Negative list"),
    )
    context = {
        "table": table,
        "tab": "adverse",
        "title": _("Negative list"),
        "new_url": reverse("vetting:adverse-new"),
        "new": _("Report an item"),
    }
    return table.export() or render(request, "vetting/list.html", context)


def adverse_new(request):
    """Report an adverse item."""
    form = AdverseForm(request.POST or None)
    return form_page(
        request,
        permission=READERS,
        form=form,
        title=_("Report an adverse item"),
        explain=_("It counts for nothing until the person was told and two persons confirmed it."),
        back=reverse("vetting:adverse"),
        act=lambda: actions.report_adverse(actor=request.user, **form.cleaned_data),
        done=_("The item is reported; tell the person next."),
        submit=_("Report"),
    )


@never_cache
def adverse_item(request, pk: int):
    """One item with its course."""
    require(request.user, READERS)
    item = get_object_or_404(
        Sanction.objects.select_related(
            "cadre",
            "course__reported_by",
            "course__first_confirmed_by",
            "course__second_confirmed_by",
        ),
        pk=pk,
    )
    log_readings(actor=request.user, subjects=[item.cadre], fields=["sanctions"], reason=item.kind)
    course = getattr(item, "course", None)
    state, colour = _where(item)
    context = {
        "item": item,
        "course": course,
        "state": state,
        "colour": colour,
        "tab": "adverse",
        "title": f"{item.cadre.name} · {item.kind}",
        "may_confirm": course is not None
        and item.status == Sanction.Status.REPORTED
        and course.told_on
        and course.first_confirmed_by_id != request.user.pk,
        "running": course is not None and item.status != Sanction.Status.LIFTED,
    }
    return render(request, "vetting/adverse_item.html", context)


def _course(pk: int) -> AdverseCourse:
    return get_object_or_404(AdverseCourse.objects.select_related("item__cadre"), item=pk)


def adverse_notify(request, pk: int):
    """Record that the person was told."""
    course = _course(pk)
    form = NotifyForm(request.POST or None)
    return form_page(
        request,
        permission=READERS,
        form=form,
        title=_("%(name)s was told") % {"name": course.item.cadre.name},
        back=reverse("vetting:adverse-item", args=[pk]),
        act=lambda: actions.notify(actor=request.user, course=course, **form.cleaned_data),
        done=_("Recorded."),
    )


def adverse_reply(request, pk: int):
    """Record a reply that was handed in."""
    course = _course(pk)
    form = TextForm(request.POST or None, label=_("What the person says"))
    return form_page(
        request,
        permission=READERS,
        form=form,
        title=_("Reply of %(name)s") % {"name": course.item.cadre.name},
        back=reverse("vetting:adverse-item", args=[pk]),
        act=lambda: actions.reply(
            actor=request.user, course=course, text=form.cleaned_data["text"]
        ),
        done=_("Recorded."),
    )


@require_POST
def adverse_confirm(request, pk: int):
    """Confirm an item, as the first or the second person."""
    actions.confirm(actor=request.user, course=_course(pk))
    return redirect("vetting:adverse-item", pk)


def adverse_lift(request, pk: int):
    """End an item before its day."""
    course = _course(pk)
    form = TextForm(request.POST or None, label=_("Why it is lifted"))
    return form_page(
        request,
        permission=READERS,
        form=form,
        title=_("Lift: %(name)s") % {"name": f"{course.item.cadre.name} · {course.item.kind}"},
        back=reverse("vetting:adverse-item", args=[pk]),
        act=lambda: actions.lift(
            actor=request.user, course=course, reason=form.cleaned_data["text"]
        ),
        done=_("The item is lifted."),
        submit=_("Lift"),
    )
