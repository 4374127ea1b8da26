"""Forms made here: every saving is a new version, and no meeting is touched by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.ballots import library
from bole.ballots.actions.base import read_form
from bole.ballots.models import FormVersion, new_uid
from bole.engine.errors import BoleError, Problem
from bole.engine.instruments import FormPackage
from bole.engine.text import Text
from bole.record.actions import append

STREAM = "ballot-forms:all"


@transaction.atomic
def save_form(
    *, actor: User, form: Mapping[str, Any], code: str = "", origin: str = ""
) -> FormVersion:
    """Save a form (`InstrumentForm` data) as the next version of `code` ("" = a new form).

    Records: ballots.form with title and version. Raises `BoleError` (FORM_*).
    """
    require(actor, "ballots.manage")
    found = read_form({**form, "id": code or form.get("id") or "form"})
    title = found.title
    if title is None or not found.items:
        text = Text("请写明表的名称和内容", "Give the form a name and items")
        raise BoleError(Problem("FORM_EMPTY", text))
    return _save(actor, code or new_uid()[:12], title, found.model_dump(mode="json"), origin)


@transaction.atomic
def save_package(*, actor: User, title: str, forms: Sequence[str], code: str = "") -> FormVersion:
    """Save a package of forms by their keys (`library`). Records: ballots.form.

    Raises `BoleError` (FORM_UNKNOWN, PACKAGE_EMPTY).
    """
    require(actor, "ballots.manage")
    if not title.strip() or len(set(forms)) < 2:
        text = Text("请写明名称，并至少选两张表", "Give a name, and choose two forms or more")
        raise BoleError(Problem("PACKAGE_EMPTY", text))
    for key in forms:
        if library.find(key).package:
            text = Text("表组中不能再放表组", "a package holds forms, not packages")
            raise BoleError(Problem("PACKAGE_NESTED", text))
    code = code or new_uid()[:12]
    package = FormPackage(id=code, title=Text(title.strip(), title.strip()), forms=tuple(forms))
    words = package.title or Text(code, code)
    return _save(actor, code, words, package.model_dump(mode="json"), "")


def _save(actor: User, code: str, title: Text, form: dict[str, Any], origin: str) -> FormVersion:
    last = FormVersion.objects.select_for_update().filter(code=code).order_by("-version").first()
    if last is not None and {**last.form, "version": ""} == {**form, "version": ""}:
        return last
    version = (last.version if last else 0) + 1
    if "items" in form:
        form = {**form, "id": code, "version": str(version)}
    row = FormVersion.objects.create(
        code=code,
        version=version,
        title=title.zh,
        form=form,
        origin=origin or (last.origin if last else ""),
        made_by=actor,
    )
    append(
        actor=actor,
        action="ballots.form",
        stream=STREAM,
        subject=row,
        after={"title": title.zh, "version": version},
    )
    return row


@transaction.atomic
def retire_form(*, actor: User, code: str) -> None:
    """Take a form out of the list. Its versions and the meetings that used it stay as they are.

    Records: ballots.retire. Raises `BoleError` (FORM_UNKNOWN).
    """
    require(actor, "ballots.manage")
    rows = FormVersion.objects.filter(code=code)
    last = rows.order_by("-version").first()
    if last is None:
        text = Text("没有“{k}”这张表", 'there is no form "{k}"').fill(k=code)
        raise BoleError(Problem("FORM_UNKNOWN", text))
    rows.update(retired=True)
    append(
        actor=actor,
        action="ballots.retire",
        stream=STREAM,
        subject=last,
        after={"title": last.title},
    )
