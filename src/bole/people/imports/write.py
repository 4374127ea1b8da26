"""Writing what was confirmed, in one transaction, and taking a whole import back."""

from __future__ import annotations

import base64
import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.people import permissions
from bole.people.current import refresh_current
from bole.people.histories import HISTORIES, TABLES
from bole.people.imports.compare import DATES
from bole.people.imports.snapshot import FIELDS, chunks, digests, keep
from bole.people.models import Cadre, ImportBatch, ImportFile, ImportItem
from bole.record.actions import append

MOST_NAMED = 10  # problems that one refusal lists
WRITTEN_AT_ONCE = 1000


def _locked(batch: ImportBatch, state: str, otherwise: Text) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != state:
        raise BoleError(Problem("IMPORT_STATE", otherwise))
    return batch


@transaction.atomic
def write_import(*, actor: User, batch: ImportBatch) -> int:
    """Write every chosen person and difference of a read import; returns how many persons.

    Nothing is written if anybody still needs a decision, if a chosen cadre lies outside of the
    actor's units, or if two persons would have one ID number.
    """
    require(actor, "people.import")
    batch = _locked(
        batch,
        ImportBatch.State.READ,
        Text("该导入不在待确认状态。", "This import is not waiting for confirmation."),
    )
    changed, new = _chosen(batch)
    _refuse_doubles(changed)
    _refuse_unreachable(actor, changed)
    _refuse_twins(batch)
    files = {file.pk: file for file in batch.files.only("name")}
    for part in _parts([i.pk for i in (*changed, *new)]):
        _write_part(batch, part, files)
    batch.state = ImportBatch.State.WRITTEN
    batch.written_at = timezone.now()
    batch.save()
    append(
        actor=actor,
        action="import.write",
        stream=f"import:{batch.pk}",
        subject=(f"people.importbatch:{batch.pk}", batch.name),
        after={
            "new": len(new),
            "changed": len(changed),
            "files": [file.name for file in files.values()][:500],
        },
    )
    return len(changed) + len(new)


def _parts(keys: list[int]) -> Iterator[list[int]]:
    """Items in pieces: what a whole roster brings and overwrites would fill a worker's memory."""
    for start in range(0, len(keys), WRITTEN_AT_ONCE):
        yield keys[start : start + WRITTEN_AT_ONCE]


def _chosen(batch: ImportBatch) -> tuple[list[ImportItem], list[ImportItem]]:
    """The chosen items that change a cadre, and those of new cadres; without their contents.

    Raises BoleError (IMPORT_UNDECIDED) if somebody still needs a decision.
    """
    light = ("name", "match", "cadre_id", "differences", "batch_id")
    asked, changed, new = [], [], []
    rows = batch.items.filter(chosen=True).order_by("pk").only(*light)
    for item in rows.iterator(chunk_size=WRITTEN_AT_ONCE):
        if item.match in (ImportItem.Match.ASK, ImportItem.Match.WAITING):
            asked.append(item)
        if item.cadre_id and any(d["chosen"] for d in item.differences):
            changed.append(item)
        if item.match == ImportItem.Match.NEW:
            new.append(item)
        item.differences = []
    _refuse_undecided(asked)
    return changed, new


def _write_part(batch: ImportBatch, keys: list[int], files: dict[int, ImportFile]) -> None:
    """Write some items, and keep what stood before and what stands after."""
    items = list(
        batch.items.filter(pk__in=keys).order_by("pk").defer("problems", "reason", "candidates")
    )
    for item in items:
        item.file = files[item.file_id]
    new = [i for i in items if i.match == ImportItem.Match.NEW]
    changed = [i for i in items if i.match != ImportItem.Match.NEW]
    keep(changed, Cadre.objects.filter(pk__in=[i.cadre_id for i in changed]))
    _create(new)
    save(new, ("cadre_id",))
    _change(changed)
    refresh_current(i.cadre_id for i in items)
    after = digests(Cadre.objects.filter(pk__in=[i.cadre_id for i in items]))
    for item in items:
        item.after = after[item.cadre_id]
    save(items, ("before", "after"))


def _refuse_undecided(asked: list[ImportItem]) -> None:
    if asked:
        text = Text(
            "还有{count}人需要先作决定：{names}",
            "{count} persons need a decision first: {names}",
        ).fill(count=len(asked), names="、".join(i.name for i in asked[:MOST_NAMED]))
        raise BoleError(Problem("IMPORT_UNDECIDED", text))


def _refuse_doubles(changed: list[ImportItem]) -> None:
    """Two files of one person are each compared with what stood before: only one is written."""
    counts = Counter(item.cadre_id for item in changed)
    names = [i.name for i in changed if counts[i.cadre_id] > 1]
    if names:
        text = Text(
            "{names}在本次导入中选了两份材料，请只保留一份，另一份可再导入一次",
            "two files of {names} are chosen: keep one of them, and import the other one after it",
        )
        shown = "、".join(dict.fromkeys(names[: 2 * MOST_NAMED]))
        raise BoleError(Problem("IMPORT_DOUBLE", text.fill(names=shown)))


def _refuse_unreachable(actor: User, changed: list[ImportItem]) -> None:
    ids = {i.cadre_id for i in changed}
    within: set[int] = set()
    reach = permissions.readable(actor, permissions.WRITERS)
    for part in chunks(ids):
        within |= set(reach.filter(pk__in=part).values_list("pk", flat=True))
    outside = [i.name for i in changed if i.cadre_id not in within]
    if outside:
        text = Text(
            "{names}不在你的管理范围内，请取消勾选或由有权限的人办理。",
            "{names} lie outside of the units that you manage: untick them, or ask somebody who "
            "manages them.",
        )
        raise BoleError(Problem("IMPORT_SCOPE", text.fill(names="、".join(outside[:MOST_NAMED]))))


def _refuse_twins(batch: ImportBatch) -> None:
    numbers: dict[str, str] = {}
    problems = []
    rows = batch.items.filter(chosen=True, match=ImportItem.Match.NEW).order_by("pk")
    for person, number in rows.values_list("name", "found__fields__id_number"):
        if number and number in numbers:
            text = Text("本次导入中{one}与{two}身份证号相同", "{one} and {two} have one ID number")
            problems.append(Problem("IMPORT_TWICE", text.fill(one=numbers[number], two=person)))
        elif number:
            numbers[number] = person
    for part in _texts(list(numbers)):
        for name, number in Cadre.objects.filter(id_number__in=part).values_list(
            "name", "id_number"
        ):
            text = Text(
                "{new}的身份证号已属于在册的{known}",
                "the ID number of {new} is that of {known} on file",
            )
            problems.append(Problem("IMPORT_KNOWN_ID", text.fill(new=numbers[number], known=name)))
    if problems:
        raise BoleError(problems[:MOST_NAMED])


def _texts(values: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(values), 2000):
        yield values[start : start + 2000]


def _field_values(fields: dict[str, Any]) -> dict[str, Any]:
    out = {}
    for name, value in fields.items():
        field = Cadre._meta.get_field(name)
        if isinstance(field, models.DateField):
            value = datetime.date.fromisoformat(value)
        elif isinstance(field, models.CharField) and isinstance(value, str):
            value = value[: field.max_length]
        out[name] = value
    return out


class _Inserts:
    """New rows of histories as plain values, written in one go per table.

    Dates stay as the ISO text they came in, and no model instance is made: a roster of ten
    thousand people brings five times as many rows.
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple]] = defaultdict(list)
        self._fields: dict[str, list[tuple[str, Any, int | None]]] = {}

    def add(self, table: str, cadre_id: int, content: dict[str, Any]) -> None:
        """A row; an end that the file does not tell is past, on an unknown day."""
        values = {**content, "cadre_id": cadre_id}
        if values.pop("end_unknown", False) and values.get("start"):
            values["end"], values["end_precision"] = values["start"], "unknown"
        self.rows[table].append(
            tuple(
                value[:limit] if limit and isinstance(value, str) else value
                for value, limit in (
                    (values.get(name, default), limit)
                    for name, default, limit in self.fields(table)
                )
            )
        )

    def fields(self, table: str) -> list[tuple[str, Any, int | None]]:
        """Name, default and longest text of each field but the key."""
        if table not in self._fields:
            self._fields[table] = [
                (f.attname, f.get_default(), getattr(f, "max_length", None))
                for f in TABLES[table]._meta.concrete_fields
                if not f.primary_key
            ]
        return self._fields[table]

    def write(self) -> None:
        quote = connection.ops.quote_name
        for table, rows in self.rows.items():
            model = TABLES[table]
            columns = [
                quote(model._meta.get_field(name.removesuffix("_id")).column)
                for name, _default, _limit in self.fields(table)
            ]
            places = ", ".join(["%s"] * len(columns))
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) "
                    f"VALUES ({places})",
                    rows,
                )


def _source(item: ImportItem) -> str:
    place = f"{item.file.name} 第{item.row}行" if item.row else item.file.name
    return place[-200:]


def _create(new: list[ImportItem]) -> None:
    cadres = []
    for item in new:
        cadre = Cadre(**_field_values(item.found["fields"]))
        cadre.unknown_tags = item.found.get("unknown_tags", [])
        cadre.form = item.found.get("form", {})
        cadres.append(cadre)
    Cadre.objects.bulk_create(cadres, batch_size=500)
    rows = _Inserts()
    for item, cadre in zip(new, cadres, strict=True):
        item.cadre = cadre
        source = _source(item)
        for table, found in item.found["rows"].items():
            for content in found:
                rows.add(table, cadre.pk, {"source": source, **content})
        _add_picture(rows, item, cadre.pk)
    rows.write()


def _add_picture(rows: _Inserts, item: ImportItem, cadre_id: int) -> None:
    picture = item.found.get("picture")
    if picture:
        content = {
            "image": base64.b64decode(picture["data"]),
            "media_type": picture["media_type"],
            "source": _source(item),
        }
        rows.add("pictures", cadre_id, content)


def _change(changed: list[ImportItem]) -> None:
    added = _Inserts()
    fields: dict[tuple[str, ...], list[tuple]] = defaultdict(list)
    rows: dict[tuple[str, tuple[str, ...]], list[tuple]] = defaultdict(list)
    for item in changed:
        values: dict[str, Any] = {}
        for difference in item.differences:
            if not difference["chosen"]:
                continue
            if difference["kind"] == "field":
                name = difference["key"].removeprefix("fields.")
                values[name] = item.found["fields"][name]
                if name in DATES:
                    precision = f"{name}_precision"
                    values[precision] = item.found["fields"].get(precision, "month")
            elif difference["kind"] == "picture":
                _add_picture(added, item, item.cadre_id)
            else:
                table = difference["table"]
                content = item.found["rows"][table][difference["place"]]
                if difference["kind"] == "add":
                    added.add(table, item.cadre_id, {"source": _source(item), **content})
                else:
                    new = {n: content[n] for n in difference["fields"]}
                    for name in difference["fields"]:
                        if f"{name}_precision" in content:
                            new[f"{name}_precision"] = content[f"{name}_precision"]
                    names = tuple(sorted(new))
                    rows[table, names].append((*(new[n] for n in names), difference["row"]))
        values = _field_values(values)
        if item.found.get("form"):
            values["form"] = item.found["form"]
            values["unknown_tags"] = item.found.get("unknown_tags", [])
        values["updated_at"] = timezone.now()
        names = tuple(sorted(values))
        fields[names].append((*(_adapted(Cadre, n, values[n]) for n in names), item.cadre_id))
    for names, found in fields.items():
        update(Cadre, names, found)
    for (table, names), found in rows.items():
        update(HISTORIES[table].model, names, found)
    added.write()


def _adapted(model: type[models.Model], name: str, value: Any) -> Any:
    if name.endswith("_id"):
        return value
    field = model._meta.get_field(name)
    return field.get_db_prep_save(value, connection)


def update(model: type[models.Model], names: tuple[str, ...], rows: list[tuple]) -> None:
    """UPDATE many rows with their own values; each tuple ends with the key."""
    quote = connection.ops.quote_name
    columns = [model._meta.get_field(n).column for n in names]
    sets = ", ".join(f"{quote(c)} = %s" for c in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE id = %s", rows)


def save(items: list[ImportItem], names: tuple[str, ...]) -> None:
    """Save fields of many items at once."""
    fields = [ImportItem._meta.get_field(n.removesuffix("_id")) for n in names]
    rows = [
        (*(f.get_db_prep_save(getattr(i, f.attname), connection) for f in fields), i.pk)
        for i in items
    ]
    update(ImportItem, tuple(f.name for f in fields), rows)


@transaction.atomic
def undo_import(*, actor: User, batch: ImportBatch) -> int:
    """Restore exactly what stood before a written import; returns how many persons.

    Refused, with every reason, if a person of the import was changed since, or if other rooms
    (cases, vetting …) meanwhile refer to a person that the import brought.
    """
    require(actor, "people.import")
    batch = _locked(
        batch,
        ImportBatch.State.WRITTEN,
        Text("该导入未写入或已撤销。", "This import was not written, or was already undone."),
    )
    written = batch.items.filter(after__isnull=False).order_by("pk")
    light = list(written.only("name", "cadre_id", "batch_id"))
    brought = set(written.filter(before__isnull=True).values_list("pk", flat=True))
    changed = [i for i in light if i.pk not in brought]
    new = [i for i in light if i.pk in brought]
    _refuse_unreachable(actor, changed)
    problems = []
    for part in _parts([i.pk for i in light]):
        problems += _touched_since(list(written.filter(pk__in=part).defer("found", "differences")))
    problems += _referred_to(new)
    if problems:
        raise BoleError(problems[: 2 * MOST_NAMED])
    for part in _parts([i.pk for i in changed]):
        _restore(list(written.filter(pk__in=part).defer("found", "differences")))
    for part in chunks(i.cadre_id for i in new):
        Cadre.objects.filter(pk__in=part).delete()
    batch.state = ImportBatch.State.UNDONE
    batch.save()
    append(
        actor=actor,
        action="import.undo",
        stream=f"import:{batch.pk}",
        subject=(f"people.importbatch:{batch.pk}", batch.name),
        after={"removed": len(new), "restored": len(changed)},
    )
    return len(light)


def _touched_since(items: list[ImportItem]) -> list[Problem]:
    now = digests(Cadre.objects.filter(pk__in=[i.cadre_id for i in items]))
    problems = []
    for item in items:
        stands = now.get(item.cadre_id or 0)
        if stands is None:
            text = Text("{name}已不在册", "{name} is no longer on file").fill(name=item.name)
            problems.append(Problem("UNDO_GONE", text))
            continue
        tables = [t for t in {*stands, *item.after} if stands.get(t) != item.after.get(t)]
        if tables:
            labels = "、".join(
                str(HISTORIES[t].label) if t in HISTORIES else "基本信息" for t in sorted(tables)
            )
            text = Text(
                "{name}在导入后又有改动：{what}，不能整批撤销",
                "{name} was changed after the import ({what}): it cannot be undone as a whole",
            )
            problems.append(Problem("UNDO_CHANGED", text.fill(name=item.name, what=labels)))
    return problems


def _referred_to(new: list[ImportItem]) -> list[Problem]:
    names = {i.cadre_id: i.name for i in new}
    problems = []
    for relation in Cadre._meta.related_objects:
        model = relation.related_model
        if model._meta.app_label == "people" and model._meta.model_name != "correction":
            continue
        field = relation.field.attname
        for part in chunks(names):
            used = model._base_manager.filter(**{f"{field}__in": part})
            for pk in set(used.values_list(field, flat=True)):
                text = Text(
                    "{name}已被其他业务引用（{where}），不能删除",
                    "{name} is already used elsewhere ({where}) and cannot be removed",
                )
                problems.append(
                    Problem(
                        "UNDO_USED",
                        text.fill(name=names[pk], where=str(model._meta.verbose_name)),
                    )
                )
    return problems


def _restore(changed: list[ImportItem]) -> None:
    """Remove the rows that came, put back those that changed, and the fields."""
    held: dict[str, set[int]] = defaultdict(set)
    grown: dict[str, list[int]] = defaultdict(list)
    for item in changed:
        for table, keys in item.before["held"].items():
            held[table].update(keys)
            grown[table].append(item.cadre_id)
    for table, cadres in grown.items():
        rows = TABLES[table].objects
        for part in chunks(cadres):
            there = rows.filter(cadre_id__in=part).values_list("pk", flat=True)
            added = [key for key in there if key not in held[table]]
            for some in chunks(added):
                rows.filter(pk__in=some).delete()
    names = tuple(n for n in FIELDS if n not in ("id", "account_id"))
    _put_back(Cadre, names, [item.before["fields"] for item in changed])
    for table in {t for item in changed for t in item.before["rows"]}:
        model = TABLES[table]
        names = tuple(f.attname for f in model._meta.concrete_fields if f.name != "id")
        rows = [row for item in changed for row in item.before["rows"].get(table, ())]
        _put_back(model, names, rows)
    refresh_current(item.cadre_id for item in changed)


def _put_back(model: type[models.Model], names: tuple[str, ...], rows: list[dict]) -> None:
    found = [
        (*(_adapted(model, n, _back(model, n, row[n])) for n in names), row["id"]) for row in rows
    ]
    update(model, tuple(n.removesuffix("_id") if n != "id_number" else n for n in names), found)


def _back(model: type[models.Model], name: str, value: Any) -> Any:
    if name.endswith("_id"):
        return value
    field = model._meta.get_field(name)
    return field.to_python(value) if not isinstance(field, models.JSONField) else value
