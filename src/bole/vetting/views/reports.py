"""Monthly reports of the member bodies: the board of a year, and each report."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bole.accounts.permissions import require
from bole.documents.tables import table_to_xlsx
from bole.record.actions import log_readings
from bole.vetting import actions, queries
from bole.vetting.forms import BodyForm, EndForm, ReportForm
from bole.vetting.models import MemberBody, PeriodReport
from bole.vetting.views.base import form_page


def words() -> dict[str, tuple[str, str]]:
    """State of a month: words and colour."""
    return {
        "content_on_time": (_("Items"), "blue"),
        "zero_on_time": (_("Zero report"), "green"),
        "late": (_("Late"), "orange"),
        "missing": (_("Missing"), "red"),
        "contradictory": (_("Contradictory"), "red"),
        "open": (_("Not due yet"), "secondary"),
        "none": ("", ""),
    }


def reports(request):
    """Bodies × months of a year; ?export=xlsx gives it as a sheet."""
    require(request.user, "vetting.report")
    today = timezone.localdate()
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and 2000 <= int(text) <= 2100 else today.year
    said = words()
    rows = queries.board(year)
    if request.GET.get("export") == "xlsx":
        return _export(year, rows, said)
    for row in rows:
        for month in row["months"]:
            month["label"], month["colour"] = said[month["state"]]
    context = {
        "rows": rows,
        "months": range(1, 13),
        "year": year,
        "missing": sum(m["state"] == "missing" for r in rows for m in r["months"]),
        "tab": "reports",
        "title": _("Monthly reports"),
        "may_bodies": request.user.has_perm("vetting.bodies"),
    }
    return render(request, "vetting/reports.html", context)


def _export(year: int, rows, said):
    labels = [_("Body"), *(f"{year}-{m:02d}" for m in range(1, 13))]
    lines = [[str(r["body"]), *(said[m["state"]][0] for m in r["months"])] for r in rows]
    title = _("Monthly reports")
    content = table_to_xlsx(title, labels, lines, [f"{timezone.localdate()}"])
    response = HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{title}{year}.xlsx")
    return response


@never_cache
def report(request, body: int, year: int, month: int):
    """A body's report of one month, or the form to record it."""
    if not 1 <= month <= 12:
        raise Http404
    found = get_object_or_404(MemberBody, pk=body)
    require(request.user, "vetting.report")
    filed = PeriodReport.objects.filter(body=found, year=year, month=month).first()
    if filed:
        require(request.user, "vetting.read_content" if filed.items else "vetting.report")
        if filed.items:
            log_readings(
                actor=request.user,
                subjects=[found],
                fields=["report.items"],
                reason=f"{year}-{month:02d}",
            )
        context = {"report": filed, "tab": "reports", "title": f"{found} {year}-{month:02d}"}
        return render(request, "vetting/report.html", context)
    form = ReportForm(request.POST or None)

    def act():
        data = dict(form.cleaned_data)
        data["items"] = data["items"].splitlines()
        actions.file_report(actor=request.user, body=found, year=year, month=month, **data)

    return form_page(
        request,
        permission="vetting.report",
        form=form,
        title=_("%(body)s: report of %(month)s") % {"body": found, "month": f"{year}-{month:02d}"},
        explain=found.duty,
        back=reverse("vetting:reports") + f"?year={year}",
        act=act,
        done=_("The report is recorded."),
    )


def body_new(request):
    """A body begins to report."""
    form = BodyForm(request.POST or None)
    return form_page(
        request,
        permission="vetting.bodies",
        form=form,
        title=_("Add a reporting body"),
        back=reverse("vetting:reports"),
        act=lambda: actions.add_body(actor=request.user, **form.cleaned_data),
        done=_("The body reports from now on."),
    )


def body_end(request, pk: int):
    """A body reports no longer."""
    body = get_object_or_404(MemberBody, pk=pk)
    form = EndForm(request.POST or None)
    return form_page(
        request,
        permission="vetting.bodies",
        form=form,
        title=_("%(body)s leaves") % {"body": body},
        back=reverse("vetting:reports"),
        act=lambda: actions.end_body(actor=request.user, body=body, **form.cleaned_data),
        done=_("Recorded."),
    )
