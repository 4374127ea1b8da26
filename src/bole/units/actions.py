"""What officers do with units, posts and headcount lines."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.record.actions import append
from bole.units.models import HeadcountLine, Post, Unit


def stream(unit: Unit | int) -> str:
    """The stream of the record that a unit's changes go to."""
    return f"unit:{unit if isinstance(unit, int) else unit.pk}"


def _content(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {n: getattr(row, n) for n in names}


def _save(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        problems = []
        for name, found in error.message_dict.items():
            said = " ".join(found)
            label = "" if name == "__all__" else str(row._meta.get_field(name).verbose_name)
            problems.append(Problem("VALUE", Text(said, said), label))
        raise BoleError(problems) from error
    row.save()


UNIT_FIELDS = (
    "code",
    "name",
    "short_name",
    "kind",
    "nature",
    "place",
    "establishment",
    "dual_managed",
    "comanaged_by",
)
POST_FIELDS = ("title", "grade", "leading", "head", "team", "elected", "order", "standard")
LINE_FIELDS = (
    "grade",
    "leading",
    "nature",
    "approved",
    "basis",
    "valid_from",
    "valid_to",
    "verified_by",
    "verified_on",
)


@transaction.atomic
def add_unit(*, actor: User, parent: Unit | None, values: dict[str, Any]) -> Unit:
    """Set up a unit below another one (or at the top)."""
    require(actor, "units.change", parent)
    unit = Unit(**values)
    if Unit.objects.filter(code=unit.code).exists():
        text = Text("编码{code}已被使用。", "The code {code} is already in use.")
        raise BoleError(Problem("UNIT_CODE", text.fill(code=unit.code), "code"))
    if parent:
        unit = Unit.objects.add_child(parent, instance=unit)
    else:
        unit = Unit.objects.add_root(instance=unit)
    append(
        actor=actor,
        action="unit.add",
        stream=stream(unit),
        subject=unit,
        after={"parent": parent.name if parent else None, **_content(unit, UNIT_FIELDS)},
    )
    return unit


@transaction.atomic
def update_unit(*, actor: User, unit: Unit, values: dict[str, Any]) -> None:
    """Change what is on file about a unit."""
    require(actor, "units.change", unit)
    stands = Unit.objects.select_for_update().get(pk=unit.pk)
    before = {k: getattr(stands, k) for k in values if getattr(stands, k) != values[k]}
    if not before:
        return
    _save(stands, values)
    append(
        actor=actor,
        action="unit.update",
        stream=stream(unit),
        subject=stands,
        before=before,
        after={k: values[k] for k in before},
    )


@transaction.atomic
def close_unit(*, actor: User, unit: Unit, day: datetime.date) -> None:
    """Close a unit; refused while people hold posts in it or units below it are open."""
    require(actor, "units.change", unit)
    holding = unit.post_spells.filter(end=None, cadre__status="in_service")
    open_below = unit.get_descendants().filter(closed_on=None).count()
    count = holding.values("cadre").distinct().count()
    if count or open_below:
        text = Text(
            "{unit}尚有{count}人在任、{below}个下级单位，不能撤销：请先办理人员和下级单位的去向。",
            "{unit} still has {count} persons in post and {below} units below it: settle these "
            "first.",
        )
        raise BoleError(
            Problem("UNIT_IN_USE", text.fill(unit=unit.name, count=count, below=open_below))
        )
    unit.closed_on = day
    unit.save(update_fields=["closed_on"])
    append(
        actor=actor,
        action="unit.close",
        stream=stream(unit),
        subject=unit,
        after={"closed_on": day},
    )


@transaction.atomic
def save_post(*, actor: User, unit: Unit, values: dict[str, Any], post: Post | None = None) -> Post:
    """Add a post to a unit's list, or change one."""
    require(actor, "units.change", unit)
    before = _content(post, POST_FIELDS) if post else None
    post = post or Post(unit=unit)
    _save(post, values)
    append(
        actor=actor,
        action="post.update" if before else "post.add",
        stream=stream(unit),
        subject=[unit, post],
        before=before,
        after=_content(post, POST_FIELDS),
    )
    return post


@transaction.atomic
def abolish_post(*, actor: User, post: Post, day: datetime.date) -> None:
    """Take a post off the list from a day on; refused while somebody holds it."""
    require(actor, "units.change", post.unit)
    holder = post.spells.filter(end=None).select_related("cadre").first()
    if holder:
        text = Text(
            "{post}由{name}担任，请先办理免职。", "{name} holds the post {post}: end it first."
        )
        raise BoleError(Problem("POST_HELD", text.fill(post=post.title, name=holder.cadre.name)))
    post.abolished_on = day
    post.save(update_fields=["abolished_on"])
    append(
        actor=actor,
        action="post.abolish",
        stream=stream(post.unit_id),
        subject=[post.unit, post],
        after={"abolished_on": day},
    )


@transaction.atomic
def save_line(
    *, actor: User, unit: Unit, values: dict[str, Any], line: HeadcountLine | None = None
) -> HeadcountLine:
    """Add or change a headcount line. An approved number rests on a document.

    A new number that is in force from a later day ends the line before it on the eve of that day.
    """
    require(actor, "units.change", unit)
    if values.get("approved") is not None and not (values.get("basis") or "").strip():
        text = Text(
            "核定职数须写明依据文件；尚不清楚的，请留空数字。",
            "An approved number rests on a document: name it, or leave the number empty while it "
            "is not known.",
        )
        raise BoleError(Problem("LINE_BASIS", text, "basis"))
    if values.get("valid_to") and values["valid_to"] < values["valid_from"]:
        text = Text("失效日期早于生效日期。", "The line ends before it begins.")
        raise BoleError(Problem("LINE_ORDER", text, "valid_to"))
    before = _content(line, LINE_FIELDS) if line else None
    line = line or HeadcountLine(unit=unit)
    former = None
    if before is None:
        former = (
            unit.headcount_lines.filter(
                grade=values["grade"],
                leading=values["leading"],
                nature=values["nature"],
                valid_from__lt=values["valid_from"],
                valid_to=None,
            )
            .order_by("-valid_from")
            .first()
        )
    _save(line, values)
    if former is not None:
        former.valid_to = values["valid_from"] - datetime.timedelta(days=1)
        former.save(update_fields=["valid_to"])
    append(
        actor=actor,
        action="headcount.update" if before else "headcount.add",
        stream=stream(unit),
        subject=unit,
        before=before,
        after=_content(line, LINE_FIELDS),
    )
    return line


@transaction.atomic
def verify_line(*, actor: User, line: HeadcountLine) -> None:
    """Confirm that an approved number was compared with its document today."""
    require(actor, "units.change", line.unit)
    if line.approved is None:
        text = Text("核定数未知，不能核对。", "The approved number is not known yet.")
        raise BoleError(Problem("LINE_UNKNOWN", text))
    line.verified_by, line.verified_on = actor.name, timezone.localdate()
    line.save(update_fields=["verified_by", "verified_on"])
    append(
        actor=actor,
        action="headcount.verify",
        stream=stream(line.unit_id),
        subject=line.unit,
        after={"line": line.pk, "approved": line.approved},
    )


@transaction.atomic
def end_line(*, actor: User, line: HeadcountLine, day: datetime.date) -> None:
    """End a headcount line; its history stays."""
    require(actor, "units.change", line.unit)
    if day < line.valid_from:
        text = Text("失效日期早于生效日期。", "The line ends before it begins.")
        raise BoleError(Problem("LINE_ORDER", text, "valid_to"))
    line.valid_to = day
    line.save(update_fields=["valid_to"])
    append(
        actor=actor,
        action="headcount.end",
        stream=stream(line.unit_id),
        subject=line.unit,
        before=_content(line, LINE_FIELDS[:4]),
        after={"valid_to": day},
    )
