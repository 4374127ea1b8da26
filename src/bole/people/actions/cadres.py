"""Entering and changing cadres and the rows of their histories."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.people import permissions
from bole.people.current import refresh_current
from bole.people.histories import HISTORIES
from bole.people.models import Cadre, History, Picture
from bole.record.actions import append, log_reading


def stream(cadre: Cadre | int) -> str:
    """The stream of the record that a cadre's file writes to."""
    return f"cadre:{cadre if isinstance(cadre, int) else cadre.pk}"


def withheld(value: Any) -> str:
    """A mark in place of a sensitive value: the record shows that it changed, not what it is."""
    if value in (None, ""):
        return ""
    return "…" + salted_hmac("bole.people.withheld", str(value)).hexdigest()[:12]


def row_content(row: History) -> dict[str, Any]:
    """A row as the record keeps it; rows of a sensitive table are withheld."""
    table = next((k for k in HISTORIES.values() if k.model is type(row)), None)
    content = {
        f.name: getattr(row, f.attname)
        for f in row._meta.concrete_fields
        if f.name not in ("cadre", "image")
    }
    if table is not None and table.sensitive:
        content = {
            k: (v if k in ("id", "status", "category") else withheld(v)) for k, v in content.items()
        }
    return {
        k: str(v) if isinstance(v, float) else v
        for k, v in content.items()
        if v not in (None, "", False)
    }


def _checked(instance: Any, values: dict[str, Any]) -> None:
    """Set the values and check them as the model says; every wrong one is named."""
    for name, value in values.items():
        setattr(instance, name, value)
    _check_order(instance)
    try:
        instance.full_clean(exclude=["cadre", "image", "account"])
    except ValidationError as error:
        problems = [
            Problem("VALUE", Text(" ".join(found), " ".join(found)), label_of(instance, name))
            for name, found in error.message_dict.items()
        ]
        raise BoleError(problems) from error


def label_of(instance: Any, name: str) -> str:
    """The name of a field as pages show it."""
    try:
        return str(instance._meta.get_field(name).verbose_name)
    except LookupError:
        return ""


def _check_order(row: Any) -> None:
    start, end = getattr(row, "start", None), getattr(row, "end", None)
    if start and end and (end.year, end.month) < (start.year, start.month):
        text = Text(
            "结束时间{end}早于开始时间{start}，请核对。",
            "The end {end} lies before the start {start}: check both.",
        )
        raise BoleError(Problem("END_BEFORE_START", text.fill(start=start, end=end)))


@transaction.atomic
def create_cadre(*, actor: User, values: dict[str, Any]) -> Cadre:
    """Open a cadre's file. Refused if the ID number, or name and birth month, are on file."""
    require(actor, "people.change")
    cadre = Cadre()
    _checked(cadre, values)
    if cadre.birth:
        twin = Cadre.objects.filter(
            name=cadre.name, birth__year=cadre.birth.year, birth__month=cadre.birth.month
        ).first()
        if twin and (not cadre.id_number or twin.id_number in (None, cadre.id_number)):
            text = Text(
                "已有同名且出生年月相同的{name}（{post}）。若确为另一人，请先填写两人的身份证号。",
                "There is {name} ({post}) with the same name and month of birth. If this is "
                "another person, enter the ID numbers of both first.",
            )
            raise BoleError(
                Problem("SAME_PERSON", text.fill(name=twin.name, post=twin.post_title or "—"))
            )
    cadre.save()
    refresh_current([cadre.pk])
    append(
        actor=actor,
        action="cadre.create",
        stream=stream(cadre),
        subject=cadre,
        after=_safe({k: values[k] for k in values}),
    )
    return cadre


def _safe(values: dict[str, Any]) -> dict[str, Any]:
    return {
        k: withheld(v) if k in permissions.SENSITIVE else v
        for k, v in values.items()
        if not hasattr(v, "read")
    }


@transaction.atomic
def update_cadre(*, actor: User, cadre: Cadre, values: dict[str, Any], reason: str = "") -> None:
    """Change basic facts; before and after go to the record, sensitive ones as marks."""
    require(actor, "people.change", cadre)
    stands = Cadre.objects.select_for_update().get(pk=cadre.pk)
    before = {k: getattr(stands, k) for k in values if getattr(stands, k) != values[k]}
    if not before:
        return
    _checked(stands, values)
    stands.save()
    refresh_current([stands.pk])
    append(
        actor=actor,
        action="cadre.update",
        stream=stream(stands),
        subject=stands,
        before=_safe(before),
        after=_safe({k: values[k] for k in before}),
        reason=reason,
    )


@transaction.atomic
def link_account(*, actor: User, cadre: Cadre, account: User | None) -> None:
    """Let an account in the cadre's role open this file as its own, or end that."""
    require(actor, "people.change", cadre)
    if account == actor:
        text = Text("不能把自己的账号关联到人员档案。", "You cannot link your own account.")
        raise BoleError(Problem("OWN_ACCOUNT", text))
    before = cadre.account
    cadre.account = account
    try:
        with transaction.atomic():
            cadre.save(update_fields=["account"])
    except IntegrityError:
        text = Text(
            "账号{name}已关联另一名干部。", "The account {name} belongs to another cadre's file."
        )
        raise BoleError(Problem("ACCOUNT_TAKEN", text.fill(name=account))) from None
    append(
        actor=actor,
        action="cadre.account",
        stream=stream(cadre),
        subject=cadre,
        before={"account": before.username if before else None},
        after={"account": account.username if account else None},
    )


def _touch(cadre_id: int) -> None:
    Cadre.objects.filter(pk=cadre_id).update(updated_at=timezone.now())
    refresh_current([cadre_id])


@transaction.atomic
def add_row(*, actor: User, cadre: Cadre, table: str, values: dict[str, Any]) -> History:
    """Add a row to one history (`table` is a key of HISTORIES, or "pictures")."""
    require(actor, "people.change", cadre)
    model = Picture if table == "pictures" else HISTORIES[table].model
    row = model(cadre=cadre)
    _checked(row, values)
    row.save()
    _touch(cadre.pk)
    append(
        actor=actor,
        action=f"{table}.add",
        stream=stream(cadre),
        subject=cadre,
        after=row_content(row),
    )
    return row


@transaction.atomic
def edit_row(*, actor: User, row: History, values: dict[str, Any], reason: str = "") -> None:
    """Change a row of a history."""
    require(actor, "people.change", row.cadre)
    stands = type(row).objects.select_for_update().get(pk=row.pk)
    before = row_content(stands)
    _checked(stands, values)
    after = row_content(stands)
    if before == after:
        return
    stands.save()
    _touch(row.cadre_id)
    append(
        actor=actor,
        action=f"{_table(row)}.edit",
        stream=stream(row.cadre_id),
        subject=row.cadre,
        before=before,
        after=after,
        reason=reason,
    )


@transaction.atomic
def end_row(
    *,
    actor: User,
    row: History,
    end: datetime.date,
    precision: str = "month",
    source: str = "",
) -> None:
    """End an open spell (a post left, a grade given up) on the stated month or day."""
    values: dict[str, Any] = {"end": end, "end_precision": precision}
    if source:
        values["source"] = source
    edit_row(actor=actor, row=row, values=values)


@transaction.atomic
def remove_row(*, actor: User, row: History, reason: str) -> None:
    """Take a wrong row out; what it said stays in the record."""
    require(actor, "people.change", row.cadre)
    if not reason.strip():
        text = Text("删除须写明理由。", "Say why the row is removed.")
        raise BoleError(Problem("REASON_MISSING", text, "reason"))
    content, cadre = row_content(row), row.cadre
    table = _table(row)
    row.delete()
    _touch(cadre.pk)
    append(
        actor=actor,
        action=f"{table}.remove",
        stream=stream(cadre),
        subject=cadre,
        before=content,
        reason=reason,
    )


def _table(row: History) -> str:
    return next((k for k, kind in HISTORIES.items() if kind.model is type(row)), "pictures")


@transaction.atomic
def show_sensitive(*, actor: User, cadre: Cadre, field: str, reason: str = "") -> None:
    """Log that the actor is shown a sensitive field; refused without the right or the reason."""
    if field not in permissions.SENSITIVE or not permissions.may_show(actor, cadre, field):
        raise PermissionDenied(field)
    if permissions.needs_reason(actor, cadre) and not reason.strip():
        text = Text(
            "查看该项须写明事由，事由将一并记入查阅记录。",
            "Say why you need to see this; the reason is kept with the reading.",
        )
        raise BoleError(Problem("READING_REASON", text, "reason"))
    log_reading(actor=actor, subject=cadre, fields=[field], reason=reason.strip())
