"""Pages of the record: entries, one case, the auditor's page, readings, the calendar."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bole.accounts.permissions import require
from bole.record import actions, archive, queries, runs, streams
from bole.record.forms import AnchorForm, CorrectionForm, WorkYearForm
from bole.record.models import AnchorRecord, Entry, Paper, Reading, VerificationRun, WorkYear
from bole.record.verification import stored_anchor, verify_stream
from bole.web.tables import Column, Filter, Table, contains, equals

SHOWN_CHANGES = 3


def entry_list(request: HttpRequest) -> HttpResponse:
    """Every entry, the latest first (auditors and department heads)."""
    require(request.user, "record.read")
    columns = [
        Column("sequence", _("No."), lambda e: e.sequence, "sequence", _entry_url, numeric=True),
        Column(
            "stream",
            _("Case"),
            lambda e: streams.title(e.stream),
            "stream",
            _stream_url,
            css="wide",
        ),
        *_columns(),
    ]
    table = _entry_table(request, Entry.objects.all(), columns, _("Process record"), "-sequence")
    return table.export() or render(request, "record/list.html", {"table": table})


def stream(request: HttpRequest, stream: str) -> HttpResponse:
    """The record of one case."""
    require(request.user, "record.read_stream", stream)
    columns = [
        Column(
            "number",
            _("No."),
            lambda e: e.stream_sequence,
            "stream_sequence",
            _entry_url,
            numeric=True,
        ),
        *_columns(),
    ]
    title = streams.title(stream)
    table = _entry_table(request, queries.entries_of(stream), columns, title, "number")
    context = {
        "table": table,
        "stream": stream,
        "title": title,
        "url": streams.url(stream),
        "papers": queries.papers_of(stream),
    }
    return table.export() or render(request, "record/stream.html", context)


def entry(request: HttpRequest, sequence: int) -> HttpResponse:
    """One entry with everything that it seals."""
    entry = get_object_or_404(Entry, sequence=sequence)
    require(request.user, "record.read_stream", entry.stream)
    stored = {
        (p.name, p.digest): p
        for p in Paper.objects.filter(
            stream=entry.stream, digest__in=[p["digest"] for p in entry.papers]
        )
    }
    context = {
        "entry": entry,
        "action": streams.action_label(entry.action),
        "stream_title": streams.title(entry.stream),
        "changes": archive.changes(entry),
        "papers": [(p, stored.get((p["name"], p["digest"]))) for p in entry.papers],
        "corrected": Entry.objects.filter(sequence=entry.corrects).first(),
        "corrections": queries.corrections_of(entry),
        "may_correct": request.user.has_perm("record.correct", entry.stream),
    }
    return render(request, "record/entry.html", context)


def correct(request: HttpRequest, sequence: int) -> HttpResponse:
    """Correct an entry by a new one, signed by two persons at one screen."""
    entry = get_object_or_404(Entry, sequence=sequence)
    require(request.user, "record.correct", entry.stream)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = actions.correct(
            actor=request.user,
            entry=entry,
            after=data["content"],
            reason=data["reason"],
            signature=actions.sign(
                actor=request.user, password=data["password"], code=data["code"], request=request
            ),
            second=actions.sign(
                actor=data["second"],
                password=data["second_password"],
                code=data["second_code"],
                request=request,
            ),
        )
        messages.success(request, _("The correction is recorded; the old entry stays as it is."))
        return redirect("record:entry", new.sequence)
    context = {
        "title": _("Correct an entry"),
        "explain": _(
            "The old entry stays as it is. The correction is a new entry that points to it, with "
            "the reason and the signatures of two persons."
        ),
        "form": form,
        "submit": _("Record the correction"),
        "back": _entry_url(entry),
    }
    return render(request, "web/form_page.html", context)


def paper(request: HttpRequest, pk: int) -> FileResponse:
    """A stored paper, always as a download: its content is not ours."""
    paper = get_object_or_404(Paper, pk=pk)
    require(request.user, "record.read_stream", paper.stream)
    response = FileResponse(paper.path.open("rb"), as_attachment=True, filename=paper.name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def stream_check(request: HttpRequest, stream: str) -> HttpResponse:
    """Verify one case now."""
    require(request.user, "record.read_stream", stream)
    report = verify_stream(stream)
    context = {"valid": report.valid, "findings": [report.text().as_dict()]}
    return render(request, "record/findings.html", context)


@require_POST
def stream_archive(request: HttpRequest, stream: str) -> FileResponse:
    """The archive package of a case."""
    with tempfile.TemporaryDirectory(prefix="bole-archive-") as folder:
        path = Path(folder) / "package.zip"
        archive.archive_case(actor=request.user, stream=stream, destination=path)
        opened = path.open("rb")  # outlives its name on the disk
    name = f"{streams.title(stream)} {timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(opened, as_attachment=True, filename=name)


def audit(request: HttpRequest) -> HttpResponse:
    """The auditor's page: verify, and make anchors to keep outside."""
    require(request.user, "record.verify")
    posted = request.method == "POST"
    form = AnchorForm(request.POST, request.FILES) if posted else AnchorForm()
    if posted and form.is_valid():
        key = form.cleaned_data["signing_key"] or archive.server_key()
        row = archive.make_anchor(actor=request.user, key=key)
        messages.success(request, _("The anchor is made: download it and keep it outside."))
        return redirect("record:anchor", row.pk)
    context = {
        "form": form,
        "head": queries.head(),
        "running": runs.current(),
        "last": VerificationRun.objects.exclude(state=VerificationRun.State.RUNNING).first(),
        "anchors": AnchorRecord.objects.all()[:24],
        "server_key": archive.server_key() is not None,
    }
    return render(request, "record/audit.html", context)


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Start verifying everything; the page then asks how far it is."""
    run = runs.start(actor=request.user)
    return _progress(request, run)


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a verification is, or what it found."""
    require(request.user, "record.verify")
    runs.current()  # closes one that was cut off
    return _progress(request, get_object_or_404(VerificationRun, pk=pk))


def _progress(request: HttpRequest, run: VerificationRun) -> HttpResponse:
    if not request.htmx:
        return redirect("record:audit")
    return render(request, "record/progress.html", {"run": run})


def anchor(request: HttpRequest, pk: int) -> HttpResponse:
    """One anchor, to print; `?file` gives the file to keep."""
    require(request.user, "record.verify")
    row = get_object_or_404(AnchorRecord, pk=pk)
    found = stored_anchor(row)
    if "file" in request.GET:
        response = HttpResponse(found.to_json(), content_type="application/json")
        name = f"bole-anchor-{row.size}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    context = {"row": row, "anchor": found, "problem": found.problem()}
    return render(request, "record/anchor.html", context)


def readings(request: HttpRequest) -> HttpResponse:
    """Who was shown sensitive fields (auditors)."""
    require(request.user, "record.read_readings")
    table = Table(
        request,
        Reading.objects.all(),
        [
            Column("at", _("When"), lambda r: archive.moment(r.at), "sequence"),
            Column("reader", _("Reader"), lambda r: r.reader_name, "reader_name"),
            Column("name", _("Whose"), lambda r: r.name, "name"),
            Column("fields", _("Fields read"), lambda r: "、".join(r.fields)),
            Column("reason", _("Why"), lambda r: r.reason),
        ],
        _("Readings of sensitive data"),
        search=contains("reader_name", "name"),
        search_hint=_("Who, or whose"),
        empty=_("Nobody has opened a sensitive field yet."),
        default_order="-at",
    )
    return table.export() or render(request, "record/readings.html", {"table": table})


def calendar(request: HttpRequest) -> HttpResponse:
    """The working-day calendar: which years are known, and entering one."""
    require(request.user, "record.read_calendar")
    may_edit = request.user.has_perm("record.edit_calendar")
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    known = queries.calendar()
    initial = {"year": known.last_known().year + 1} if known.last_known() else {}
    chosen = WorkYear.objects.filter(year=request.GET.get("year") or 0).first()
    if chosen:
        initial = {
            "year": chosen.year,
            "days_off": "\n".join(chosen.days_off),
            "make_up": "\n".join(chosen.make_up),
            "source": chosen.source,
        }
    form = WorkYearForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = actions.set_work_year(actor=request.user, **form.cleaned_data)
        messages.success(
            request, _("%(year)s is in the calendar; all deadlines use it.") % {"year": row.year}
        )
        return redirect("record:calendar")
    context = {
        "form": form,
        "may_edit": may_edit,
        "years": WorkYear.objects.all(),
        "spans": known.spans or (),
    }
    return render(request, "record/calendar.html", context)


def _entry_table(request, rows, columns, title, order: str) -> Table:
    return Table(
        request,
        rows,
        columns,
        title,
        filters=[
            Filter("action", _("What"), streams.action_choices(), equals("action")),
            Filter(
                "signed",
                _("Signature"),
                [("yes", _("signed")), ("no", _("not signed"))],
                lambda rows, v: (
                    rows.filter(signature="") if v == "no" else rows.exclude(signature="")
                ),
            ),
        ],
        search=contains("actor_name", "action", "reason"),
        search_hint=_("Who, what or why"),
        default_order=order,
        empty=_("Every action is written here by itself, as soon as there is one."),
    )


def _columns() -> list[Column]:
    return [
        Column(
            "occurred_at", _("Happened"), lambda e: archive.moment(e.occurred_at), "occurred_at"
        ),
        Column("written_at", _("Written"), lambda e: archive.moment(e.written_at), shown=False),
        Column("actor", _("Who"), lambda e: e.actor_name, "actor_name", css="nowrap"),
        Column("action", _("What"), lambda e: streams.action_label(e.action), "action"),
        Column("subjects", _("About whom"), lambda e: "、".join(s["name"] for s in e.subjects)),
        Column("changes", _("Content"), _changes, css="wide"),
        Column("papers", _("Papers"), lambda e: "、".join(p["name"] for p in e.papers)),
        Column(
            "signature",
            _("Signature"),
            lambda e: signature_label(e.signature),
            badge=lambda e: "green" if e.signature else None,
        ),
        Column("reason", _("Reason"), lambda e: e.reason, shown=False),
        Column("hash", _("Hash"), lambda e: e.hash, shown=False),
    ]


def _changes(entry: Entry) -> str:
    parts = [
        f"{field}：{old} → {new}" if old else f"{field}：{new}" if field else new
        for field, old, new in archive.changes(entry)
    ]
    text = "；".join(parts[:SHOWN_CHANGES])
    return text[:200] + ("…" if len(parts) > SHOWN_CHANGES or len(text) > 200 else "")


def signature_label(method: str) -> str:
    """How an entry was signed, for people."""
    return {"password": _("password"), "totp": _("one-time code")}.get(method, method)


def _entry_url(entry: Entry) -> str:
    return reverse("record:entry", args=[entry.sequence])


def _stream_url(entry: Entry) -> str:
    return reverse("record:stream", args=[entry.stream])
