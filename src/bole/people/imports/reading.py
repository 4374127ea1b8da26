"""From uploaded files to compared persons, in short steps that a page asks for one by one.

No worker process: each step reads or compares for about a second and returns; a step that never
comes leaves the import where it is, and it goes on when the page is opened again.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from django.conf import settings
from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.people.exchange.batch import PICTURES, ROSTERS, is_noise, read_bytes, zip_members
from bole.people.exchange.record import PersonFile
from bole.people.imports import rosters
from bole.people.imports.compare import compare
from bole.people.imports.found import Places, as_found
from bole.people.imports.match import Register, recognise
from bole.people.imports.write import save
from bole.people.models import HeaderMapping, ImportBatch, ImportFile, ImportItem
from bole.record.actions import append

COMPARED_AT_ONCE = KEPT_AT_ONCE = 500


@dataclass(frozen=True)
class Upload:
    """A file as it comes: its name (with folders) and its bytes."""

    name: str
    content: bytes


@transaction.atomic
def start_import(*, actor: User, name: str, uploads: Iterable[Upload]) -> ImportBatch:
    """Keep the files of an import until they are read. Zip archives are opened, pictures are put
    beside the .lrm of the same name. Raises BoleError if there is nothing, or too much, to read.
    """
    require(actor, "people.import")
    files: list[Upload] = []
    broken: list[tuple[str, list[Problem]]] = []
    total = 0
    for upload in uploads:
        for file_name, found in _unpacked(upload):
            if isinstance(found, list):
                broken.append((file_name, found))
                continue
            total += len(found)
            if total > settings.UPLOAD_LIMIT:
                text = Text(
                    "这一批文件超过{limit} MB，请分批导入。",
                    "These files are more than {limit} MB: import them in parts.",
                ).fill(limit=settings.UPLOAD_LIMIT // 1_048_576)
                raise BoleError(Problem("UPLOAD_TOO_LARGE", text, upload.name))
            files.append(Upload(file_name, found))
    batch = ImportBatch.objects.create(name=name[:200] or "import", created_by=actor)
    rows = [
        ImportFile(
            batch=batch,
            name=file_name[-300:],
            state=ImportFile.State.BROKEN,
            problems=[p.as_dict() for p in problems],
        )
        for file_name, problems in broken
    ]
    rows += _with_pictures(batch, files)
    if not rows:
        text = Text("没有可导入的文件。", "There is no file to import.")
        raise BoleError(Problem("UPLOAD_EMPTY", text))
    ImportFile.objects.bulk_create(rows, batch_size=50)
    append(
        actor=actor,
        action="import.start",
        stream=f"import:{batch.pk}",
        subject=(f"people.importbatch:{batch.pk}", batch.name),
        after={"files": len(rows)},
    )
    return batch


def _unpacked(upload: Upload) -> Iterator[tuple[str, bytes | list[Problem]]]:
    """The files in an upload: those of a zip archive with their paths, else the upload itself.

    What cannot be unpacked stands with its problems in place of its bytes.
    """
    name = upload.name.replace("\\", "/").lstrip("/")
    if is_noise(name):
        return
    if PurePosixPath(name).suffix.lower() != ".zip":
        yield name, upload.content
        return
    try:
        members = zip_members(upload.content, most_bytes=settings.UPLOAD_LIMIT)
    except BoleError as error:
        yield name, list(error.problems)
        return
    for member, open_member in members.items():
        try:
            yield f"{name}/{member}", open_member()
        except BoleError as error:
            yield f"{name}/{member}", list(error.problems)


def _with_pictures(batch: ImportBatch, files: list[Upload]) -> list[ImportFile]:
    pictures: dict[str, Upload] = {}
    others: list[Upload] = []
    for file in files:
        path = PurePosixPath(file.name)
        if path.suffix.lower() in PICTURES:
            pictures[str(path.with_suffix("")).casefold()] = file
        else:
            others.append(file)
    rows = []
    for file in others:
        path = PurePosixPath(file.name)
        beside = None
        if path.suffix.lower() == ".lrm":
            beside = pictures.pop(str(path.with_suffix("")).casefold(), None)
        rows.append(
            ImportFile(
                batch=batch,
                name=file.name[-300:],
                content=file.content,
                picture=beside.content if beside else None,
            )
        )
    alone = Problem(
        "PICTURE_ALONE",
        Text(
            "是图片，但没有同名的 .lrm 文件，未读入",
            "is a picture without an .lrm of the same name; not read",
        ),
    )
    rows += [
        ImportFile(
            batch=batch,
            name=file.name[-300:],
            state=ImportFile.State.BROKEN,
            problems=[alone.as_dict()],
        )
        for file in pictures.values()
    ]
    return rows


def step(*, actor: User, batch: ImportBatch, seconds: float = 0.8) -> ImportBatch:
    """Go on reading or comparing for about `seconds`; returns the batch as it then stands.

    Each piece is its own transaction, so a broken file or a closed page loses nothing.
    """
    require(actor, "people.import")
    until = time.monotonic() + seconds
    tools = _Tools()
    while _piece(batch, tools) and time.monotonic() < until:
        pass
    batch.refresh_from_db(fields=["state"])
    return batch


class _Tools:
    """What several pieces of one step share, read when first needed."""

    @cached_property
    def places(self) -> Places:
        return Places.load()

    @cached_property
    def register(self) -> Register:
        return Register.load()


@transaction.atomic
def _piece(batch: ImportBatch, tools: _Tools) -> bool:
    """Read one file or compare some persons; False if there is nothing to do now.

    The import is locked meanwhile: two pages that poll it do not read a file twice.
    """
    state = ImportBatch.objects.select_for_update().get(pk=batch.pk).state
    if state != ImportBatch.State.READING:
        return False
    file = batch.files.filter(state=ImportFile.State.WAITING).first()
    if file is not None:
        _read_file(batch, file, tools.places)
        return True
    if batch.files.filter(state=ImportFile.State.MAPPING).exists():
        return False
    items = list(
        batch.items.filter(match=ImportItem.Match.WAITING).order_by("pk")[:COMPARED_AT_ONCE]
    )
    if items:
        _compare_some(batch, items, tools.register)
        return True
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.READ)
    return False


def _read_file(batch: ImportBatch, file: ImportFile, places: Places) -> None:
    """Read one file; what is wrong with it stays with it, the others go on."""
    content = bytes(file.content or b"")
    try:
        if PurePosixPath(file.name).suffix.lower() in ROSTERS:
            people = _read_roster(file, content, places)
            if people is None:
                return
        else:
            people = [_read_form(file, content, places)]
    except BoleError as error:
        file.state = ImportFile.State.BROKEN
        file.problems = [p.as_dict() for p in error.problems]
        file.content = file.picture = None
        file.save()
        return
    for start in range(0, len(people), KEPT_AT_ONCE):  # a whole roster's items fill the memory
        part = people[start : start + KEPT_AT_ONCE]
        ImportItem.objects.bulk_create([_item(batch, file, person, places) for person in part])
    file.state = ImportFile.State.DONE
    file.content = file.picture = None
    file.save()


def _read_form(file: ImportFile, content: bytes, places: Places) -> PersonFile:
    """The person of an appointment form. Raises BoleError for a file that is none."""
    beside = {}
    if file.picture:
        picture = bytes(file.picture)
        stem = str(PurePosixPath(file.name).with_suffix("")).lower()
        beside[f"{stem}{PICTURES[0]}"] = lambda: picture
    reading = read_bytes(content, file.name, beside=beside, units=places.names)
    if reading.person is not None:
        return reading.person
    text = Text(
        "不认识的文件类型“{kind}”：可导入 .lrmx、.lrm、.xlsx 和 .zip",
        "files of the kind “{kind}” cannot be imported: .lrmx, .lrm, .xlsx and .zip can",
    ).fill(kind=PurePosixPath(file.name).suffix.lower() or file.name)
    raise BoleError(reading.problems or Problem("FILE_KIND", text))


def _item(batch: ImportBatch, file: ImportFile, person: PersonFile, places: Places) -> ImportItem:
    problems = [p.as_dict() for p in (*person.problems, *person.flags)]
    return ImportItem(
        batch=batch,
        file=file,
        row=person.row,
        name=person.name[:60],
        found=as_found(person, places),
        problems=problems,
        chosen=bool(person.name),
    )


def _read_roster(file: ImportFile, content: bytes, places: Places) -> list[PersonFile] | None:
    """The rows of a roster, or None while something waits for the officer's confirmation."""
    roster, proposal = rosters.read(content, file.name, file.mapping, places.names)
    if proposal is not None:
        file.mapping = proposal
        file.state = ImportFile.State.MAPPING
        file.save()
        return None
    problems = list(roster.problems)
    for sheet in roster.sheets:
        problems += [*sheet.problems, *sheet.flags]
    file.problems = [p.as_dict() for p in problems]
    return roster.people


@transaction.atomic
def confirm_columns(
    *,
    actor: User,
    file: ImportFile,
    fields: dict[str, dict[str, str | None]],
    answers: dict[str, str],
) -> None:
    """Confirm what the columns of a roster mean, and the cells that were asked about.

    `fields` is {key of the header: {column: field or None}}; it is remembered for every later
    roster with this header. `answers` is {cell: date}. Raises BoleError without a name column.
    """
    require(actor, "people.import")
    file = ImportFile.objects.select_for_update().get(pk=file.pk)
    if file.state != ImportFile.State.MAPPING:
        text = Text("该名册的列已经确认。", "The columns of this roster are already confirmed.")
        raise BoleError(Problem("COLUMNS_DONE", text))
    confirmed = rosters.confirm(file.mapping, fields, answers)
    for key, columns in fields.items():
        HeaderMapping.objects.update_or_create(
            header=key, defaults={"mapping": columns, "confirmed_by": actor}
        )
    file.mapping = confirmed
    file.state = ImportFile.State.WAITING
    file.save()


def accept_proposals(*, actor: User, batch: ImportBatch) -> None:
    """Confirm every proposed column as it is (scripts that say --yes); questions stay open."""
    for file in batch.files.filter(state=ImportFile.State.MAPPING):
        fields = {
            sheet["key"]: {str(c["column"]): c["field"] for c in sheet["columns"]}
            for sheet in file.mapping["sheets"]
        }
        confirm_columns(actor=actor, file=file, fields=fields, answers={})


def _compare_some(batch: ImportBatch, items: list[ImportItem], register: Register) -> None:
    """Recognise and compare some persons."""
    taken = set(
        batch.items.exclude(match=ImportItem.Match.WAITING)
        .exclude(cadre=None)
        .values_list("cadre_id", flat=True)
    )
    new = _new_keys(batch)
    for item in items:
        _settle(item, recognise(item.found["fields"], register), taken, new)
    compare([i for i in items if i.cadre_id])
    save(
        items,
        ("match", "reason", "candidates", "cadre_id", "differences", "chosen"),
    )


def _new_keys(batch: ImportBatch) -> dict[str, set[tuple]]:
    keys: dict[str, set[tuple]] = defaultdict(set)
    for found in batch.items.filter(match=ImportItem.Match.NEW).values_list(
        "found__fields__name", "found__fields__birth", "found__fields__id_number"
    ):
        keys[found[0]].add(((found[1] or "")[:7], found[2]))
    return keys


def _settle(item: ImportItem, recognised, taken: set[int], new: dict[str, set[tuple]]) -> None:
    item.match = recognised.match
    item.cadre_id = recognised.cadre
    item.reason = recognised.reason.as_dict()
    item.candidates = list(recognised.candidates)
    twice = Text(
        "本次导入中还有这个人的另一份材料，请只选一份",
        "this import holds another file of the same person: choose one of them",
    )
    if item.cadre_id is not None:
        if item.cadre_id in taken:
            item.match, item.reason = ImportItem.Match.ASK, twice.as_dict()
            item.candidates, item.cadre_id = [item.cadre_id], None
        else:
            taken.add(item.cadre_id)
    elif item.match == ImportItem.Match.NEW:
        fields = item.found["fields"]
        month, number = (fields.get("birth") or "")[:7], fields.get("id_number")
        same = [
            k
            for k in new[item.name]
            if (number and k[1] == number) or (k[0] == month and not (number and k[1]))
        ]
        if same:
            item.match, item.reason = ImportItem.Match.ASK, twice.as_dict()
        new[item.name].add((month, number))
    if item.match == ImportItem.Match.ASK:
        item.chosen = False


@transaction.atomic
def decide(*, actor: User, item: ImportItem, answer: str) -> ImportItem:
    """The officer's decision on a person who was not recognised with certainty.

    `answer` is the key of a cadre ("12"), "new" for a new person, or "skip".
    """
    require(actor, "people.import")
    item = ImportItem.objects.select_for_update().select_related("batch").get(pk=item.pk)
    if item.batch.state != ImportBatch.State.READ:
        text = Text("该导入不在待确认状态。", "This import is not waiting for confirmation.")
        raise BoleError(Problem("IMPORT_STATE", text))
    if answer == "skip":
        item.chosen = False
    elif answer == "new":
        item.match, item.cadre, item.differences = ImportItem.Match.NEW, None, []
        item.chosen = True
    elif answer.isdigit() and int(answer) in item.candidates:
        item.match, item.cadre_id, item.chosen = ImportItem.Match.SAME, int(answer), True
        compare([item])
    else:
        text = Text("请选择一项。", "Choose one of the answers.")
        raise BoleError(Problem("IMPORT_ANSWER", text))
    item.save()
    return item


@transaction.atomic
def choose(*, actor: User, item: ImportItem, chosen: bool, keys: set[str]) -> None:
    """Tick a person, and the differences of it, for writing."""
    require(actor, "people.import")
    item = ImportItem.objects.select_for_update().select_related("batch").get(pk=item.pk)
    if item.batch.state != ImportBatch.State.READ:
        text = Text("该导入不在待确认状态。", "This import is not waiting for confirmation.")
        raise BoleError(Problem("IMPORT_STATE", text))
    item.chosen = chosen and item.match in (ImportItem.Match.NEW, ImportItem.Match.SAME)
    for difference in item.differences:
        difference["chosen"] = difference["key"] in keys
    item.save(update_fields=["chosen", "differences"])


@transaction.atomic
def discard_import(*, actor: User, batch: ImportBatch) -> None:
    """Stop an import and throw away what was read; nothing was written."""
    require(actor, "people.import")
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in (ImportBatch.State.READING, ImportBatch.State.READ):
        text = Text("该导入已写入，只能撤销。", "This import was written: it can only be undone.")
        raise BoleError(Problem("IMPORT_STATE", text))
    batch.items.all().delete()
    batch.files.update(content=None, picture=None)
    batch.state = ImportBatch.State.DISCARDED
    batch.save(update_fields=["state"])
    append(
        actor=actor,
        action="import.discard",
        stream=f"import:{batch.pk}",
        subject=(f"people.importbatch:{batch.pk}", batch.name),
    )
