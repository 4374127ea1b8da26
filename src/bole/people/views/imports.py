"""Importing files in the browser: upload, progress, report, differences, write, undo."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bole.accounts.permissions import require
from bole.people.exchange.roster_columns import FIELD_LABELS
from bole.people.imports import reading
from bole.people.imports.write import undo_import, write_import
from bole.people.models import Cadre, ImportBatch, ImportFile, ImportItem
from bole.record.actions import log_reading
from bole.web.tables import Column, Filter, Table, contains, equals

SENSITIVE_KEYS = {"fields.id_number": "id_number", "fields.health": "health"}
COLOURS = {
    "reading": "blue",
    "read": "yellow",
    "written": "green",
    "undone": "secondary",
    "discarded": "secondary",
}


def _batch(request, pk: int) -> ImportBatch:
    require(request.user, "people.import")
    return get_object_or_404(ImportBatch.objects.select_related("created_by"), pk=pk)


def import_list(request):
    """All imports, the newest first."""
    require(request.user, "people.import")
    table = Table(
        request,
        # Grouping drops the model's own order.
        ImportBatch.objects.select_related("created_by")
        .annotate(persons=Count("items", filter=Q(items__chosen=True)))
        .order_by("-pk"),
        [
            Column(
                "name",
                _("Import"),
                lambda b: b.name,
                "name",
                lambda b: reverse("people:import", args=[b.pk]),
            ),
            Column("by", _("by"), lambda b: b.created_by.name, "created_by__name"),
            Column(
                "at",
                _("When"),
                lambda b: timezone.localtime(b.created_at).strftime("%Y-%m-%d %H:%M"),
                "created_at",
            ),
            Column("persons", _("Persons"), lambda b: b.persons, "persons", numeric=True),
            Column(
                "state",
                _("State"),
                lambda b: str(b.get_state_display()),
                "state",
                badge=lambda b: COLOURS[b.state],
            ),
        ],
        _("Imports"),
        filters=[Filter("state", _("State"), ImportBatch.State.choices, equals("state"))],
        search=contains("name", "created_by__name"),
        search_hint=_("Name"),
        empty=_("Upload forms or rosters: nothing is written before you confirm it."),
    )
    return table.export() or render(request, "people/imports.html", {"table": table})


def new(request):
    """Upload one file, several, a folder or a zip archive."""
    require(request.user, "people.import")
    if request.method == "POST":
        files = request.FILES.getlist("files")
        names = request.POST.getlist("paths")  # set by import.js for folders
        uploads = [
            reading.Upload(names[i] if i < len(names) and names[i] else f.name, f.read())
            for i, f in enumerate(files)
        ]
        title = request.POST.get("name", "").strip()
        if not title and uploads:
            first = uploads[0].name.split("/")[0]
            more = len(uploads) - 1
            title = (
                first
                if not more
                else _("%(name)s and %(more)s more")
                % {
                    "name": first,
                    "more": more,
                }
            )
        batch = reading.start_import(actor=request.user, name=title, uploads=uploads)
        return redirect("people:import", batch.pk)
    return render(request, "people/import_new.html")


def _progress(batch: ImportBatch) -> dict[str, int]:
    files = batch.files.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state__in=(ImportFile.State.DONE, ImportFile.State.BROKEN))),
        broken=Count("pk", filter=Q(state=ImportFile.State.BROKEN)),
    )
    persons = batch.items.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=~Q(match=ImportItem.Match.WAITING)),
    )
    whole = files["all"] + persons["all"]
    done = files["done"] + persons["done"]
    return {
        "files": files["all"],
        "files_done": files["done"],
        "broken": files["broken"],
        "persons": persons["all"],
        "persons_done": persons["done"],
        "percent": 100 * done // whole if whole else 0,
    }


@never_cache
def detail(request, pk: int):
    """One import: progress, columns to confirm, persons with their differences, report."""
    batch = _batch(request, pk)
    if batch.state == ImportBatch.State.READING:
        return render(request, "people/import_reading.html", _reading_context(batch))
    table = _items_table(request, batch)
    counts = batch.items.aggregate(
        new=Count("pk", filter=Q(match="new", chosen=True)),
        same=Count("pk", filter=Q(match="same", chosen=True) & ~Q(differences=[])),
        ask=Count("pk", filter=Q(match="ask")),
        equal=Count("pk", filter=Q(match="same", differences=[])),
    )
    context = {
        "batch": batch,
        "table": table,
        "counts": counts,
        "broken": batch.files.filter(state=ImportFile.State.BROKEN),
        "problems": sum(len(p) for p in batch.items.values_list("problems", flat=True))
        + sum(len(p) for p in batch.files.values_list("problems", flat=True)),
    }
    return table.export() or render(request, "people/import.html", context)


def _reading_context(batch: ImportBatch) -> dict:
    return {
        "batch": batch,
        "progress": _progress(batch),
        "mapping": batch.files.filter(state=ImportFile.State.MAPPING),
        "waiting": batch.files.filter(state=ImportFile.State.WAITING).exists(),
    }


@never_cache
@require_POST
def step(request, pk: int):
    """One short step of reading or comparing (called by the page again and again)."""
    batch = reading.step(actor=request.user, batch=_batch(request, pk))
    if batch.state != ImportBatch.State.READING:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("people:import", args=[pk])
        if not request.htmx:
            return redirect("people:import", pk)
        return response
    if not request.htmx:
        return redirect("people:import", pk)
    return render(request, "people/_import_progress.html", _reading_context(batch))


def _items_table(request, batch: ImportBatch) -> Table:
    language = get_language() or "zh"

    def say(text: dict) -> str:
        return text.get("en" if language.startswith("en") else "zh", "")

    def changes(item: ImportItem) -> str:
        if item.match == ImportItem.Match.NEW:
            return _("new file")
        if item.match == ImportItem.Match.ASK:
            return _("choose first")
        if not item.differences:
            return _("nothing differs")
        chosen = sum(d["chosen"] for d in item.differences)
        return _("%(chosen)s of %(all)s differences") % {
            "chosen": chosen,
            "all": len(item.differences),
        }

    return Table(
        request,
        batch.items.select_related("file", "cadre").defer("found", "before", "after"),
        [
            Column(
                "name",
                _("Name"),
                lambda i: i.name or _("no name"),
                "name",
                lambda i: reverse("people:import-item", args=[batch.pk, i.pk]),
            ),
            Column(
                "match",
                _("Recognised as"),
                lambda i: str(i.get_match_display()),
                "match",
                badge=lambda i: {"new": "blue", "same": "green", "ask": "yellow"}.get(i.match),
            ),
            Column(
                "cadre", _("on file"), lambda i: i.cadre.post_title if i.cadre else "", shown=False
            ),
            Column("reason", _("Why"), lambda i: say(i.reason)),
            Column("changes", _("Would change"), changes),
            Column("chosen", _("Chosen"), lambda i: _("yes") if i.chosen else _("no"), "chosen"),
            Column("problems", _("To be checked"), lambda i: len(i.problems) or "", numeric=True),
            Column(
                "file",
                _("File and row"),
                lambda i: i.file.name + (f" · {i.row}" if i.row else ""),
                "file__name",
            ),
        ],
        batch.name,
        filters=[
            Filter("match", _("Recognised as"), ImportItem.Match.choices, equals("match")),
            Filter(
                "chosen",
                _("Chosen"),
                [("True", _("yes")), ("False", _("no"))],
                lambda rows, v: rows.filter(chosen=v == "True"),
            ),
            Filter(
                "problems",
                _("To be checked"),
                [("yes", _("with remarks"))],
                lambda rows, v: rows.exclude(problems=[]),
            ),
        ],
        search=contains("name", "file__name"),
        search_hint=_("Name or file"),
        empty=_("Nobody could be read from these files: see the report."),
    )


@never_cache
def item(request, pk: int, item: int):
    """One person of an import: what differs, field by field; what to write."""
    batch = _batch(request, pk)
    found = get_object_or_404(batch.items.select_related("file", "cadre__unit"), pk=item)
    if request.method == "POST":
        if "answer" in request.POST:
            reading.decide(actor=request.user, item=found, answer=request.POST["answer"])
            return redirect("people:import-item", pk, item)
        reading.choose(
            actor=request.user,
            item=found,
            chosen="chosen" in request.POST,
            keys=set(request.POST.getlist("keys")),
        )
        messages.success(request, _("Kept; nothing is written yet."))
        following = batch.items.filter(pk__gt=found.pk, chosen=True).first()
        if "next" in request.POST and following:
            return redirect("people:import-item", pk, following.pk)
        return redirect("people:import", pk)
    fields = sorted(
        {SENSITIVE_KEYS[d["key"]] for d in found.differences if d["key"] in SENSITIVE_KEYS}
        | {"family" for d in found.differences if d.get("table") == "relations"}
    )
    if fields and found.cadre:
        log_reading(
            actor=request.user, subject=found.cadre, fields=fields, reason=_("import difference")
        )
    context = {
        "batch": batch,
        "item": found,
        "differences": [{**d, "label": _label(d["key"])} for d in found.differences],
        "candidates": Cadre.objects.filter(pk__in=found.candidates).select_related("unit"),
        "brought": _brought(found),
        "open": batch.state == ImportBatch.State.READ,
    }
    return render(request, "people/import_item.html", context)


def _label(key: str) -> str:
    from bole.people.histories import HISTORIES

    table, _dot, name = key.partition(".")
    if table == "fields":
        return str(Cadre._meta.get_field(name).verbose_name)
    return str(HISTORIES[table].label) if table in HISTORIES else _("Picture")


def _brought(item: ImportItem) -> list[tuple[str, list[str]]]:
    """What a new person brings, table by table; sensitive fields are only counted."""
    from bole.people.histories import HISTORIES
    from bole.people.imports.compare import describe, show

    fields = item.found.get("fields", {})
    shown = [
        f"{Cadre._meta.get_field(k).verbose_name}: {show(k, v, fields.get(f'{k}_precision'))}"
        for k, v in fields.items()
        if not k.endswith("_precision")
        and k not in ("id_number", "health", "resume_text", "awards_text")
    ]
    out = [(_("Basic facts"), shown)]
    for table, rows in item.found.get("rows", {}).items():
        kind = HISTORIES[table]
        said = (
            [_("%(count)s rows, shown in the file after writing") % {"count": len(rows)}]
            if kind.sensitive
            else [describe(table, row) for row in rows]
        )
        out.append((str(kind.label), said))
    return out


@never_cache
def columns(request, pk: int, file: int):
    """Confirm what the columns of a roster mean."""
    batch = _batch(request, pk)
    found = get_object_or_404(batch.files, pk=file, state=ImportFile.State.MAPPING)
    language = get_language() or "zh"
    if request.method == "POST":
        fields = {
            sheet["key"]: {
                str(c["column"]): request.POST.get(f"{n}-{c['column']}") or None
                for c in sheet["columns"]
            }
            for n, sheet in enumerate(found.mapping["sheets"])
        }
        answers = {
            q["where"]: request.POST.get(f"q-{n}-{i}", "")
            for n, sheet in enumerate(found.mapping["sheets"])
            for i, q in enumerate(sheet["questions"])
        }
        reading.confirm_columns(actor=request.user, file=found, fields=fields, answers=answers)
        messages.success(request, _("The columns are confirmed and remembered for this header."))
        return redirect("people:import", pk)
    context = {
        "batch": batch,
        "file": found,
        "sheets": found.mapping["sheets"],
        "fields": [(key, label.say(language)) for key, label in FIELD_LABELS.items()],
    }
    return render(request, "people/import_columns.html", context)


def problems(request, pk: int):
    """Everything that could not be read with certainty, by file, row and column."""
    batch = _batch(request, pk)
    language = get_language() or "zh"
    rows = []
    for file in batch.files.only("name", "problems"):
        rows += [_problem_row(file.name, "", "", p, language) for p in file.problems]
    for entry in batch.items.select_related("file").only("file__name", "row", "name", "problems"):
        rows += [
            _problem_row(entry.file.name, entry.row or "", entry.name, p, language)
            for p in entry.problems
        ]
    table = Table(
        request,
        rows,
        [
            Column("file", _("File"), lambda r: r["file"]),
            Column("row", _("Row"), lambda r: r["row"], numeric=True),
            Column("name", _("Name"), lambda r: r["name"]),
            Column("where", _("Column or field"), lambda r: r["where"]),
            Column("text", _("What is wrong"), lambda r: r["text"]),
        ],
        _("Report of %(name)s") % {"name": batch.name},
        search=lambda found, text: [
            r for r in found if all(any(w in str(v) for v in r.values()) for w in text.split())
        ],
        search_hint=_("File, name or words"),
        empty=_("Everything was read with certainty."),
        row_key=lambda r: "",
    )
    return table.export() or render(
        request, "people/import_problems.html", {"table": table, "batch": batch}
    )


def _problem_row(file: str, row, name: str, problem: dict, language: str) -> dict:
    text = problem["text"]
    return {
        "file": file,
        "row": row,
        "name": name,
        "where": problem["where"],
        "text": text["en"] if language.startswith("en") else text["zh"],
    }


@require_POST
def write(request, pk: int):
    """Write what is chosen, in one transaction."""
    count = write_import(actor=request.user, batch=_batch(request, pk))
    messages.success(request, _("%(count)s persons are written.") % {"count": count})
    return redirect("people:import", pk)


@require_POST
def discard(request, pk: int):
    """Cancel an import that was not written."""
    reading.discard_import(actor=request.user, batch=_batch(request, pk))
    messages.success(request, _("The import is discarded; nothing was written."))
    return redirect("people:imports")


def undo(request, pk: int):
    """Take a whole import back; asks first."""
    batch = _batch(request, pk)
    if request.method == "POST":
        count = undo_import(actor=request.user, batch=batch)
        messages.success(
            request, _("Undone: %(count)s persons stand as before.") % {"count": count}
        )
        return redirect("people:import", pk)
    counts = batch.items.aggregate(
        new=Count("pk", filter=Q(after__isnull=False, before__isnull=True)),
        changed=Count("pk", filter=Q(before__isnull=False)),
    )
    context = {
        "title": _("Undo the import “%(name)s”") % {"name": batch.name},
        "explain": _("Exactly what stood before is restored. The record keeps both acts."),
        "consequences": [
            _("%(count)s persons that the import brought are removed") % {"count": counts["new"]},
            _("%(count)s persons get their former rows back") % {"count": counts["changed"]},
        ],
        "submit": _("Undo the import"),
        "back": reverse("people:import", args=[pk]),
    }
    return render(request, "web/confirm.html", context)
