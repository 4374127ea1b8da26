"""What officers keep: conditions and lists. Taking reasons out of the house is recorded."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.record.actions import append
from bole.record.streams import OFFICE
from bole.screening.builder import Conditions
from bole.screening.models import ListMember, SavedCondition, SavedList
from bole.screening.permissions import screened

LONGEST_NAME = 100


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        text = Text("请填写名称，不超过{n}字", "Give it a name of at most {n} letters")
        raise BoleError(Problem("NAME", text.fill(n=LONGEST_NAME), "name"))
    return name


def _free(found: bool, name: str) -> None:
    if found:
        text = Text(
            "已有名为“{n}”的，请换一个名称", "There is one called “{n}”; choose another name"
        )
        raise BoleError(Problem("NAME_TAKEN", text.fill(n=name), "name"))


@transaction.atomic
def save_condition(
    *,
    actor: User,
    name: str,
    conditions: Conditions,
    shared: bool = False,
    condition: SavedCondition | None = None,
) -> SavedCondition:
    """Keep conditions under a name, or change kept ones. Raises BoleError for faulty rows."""
    require(actor, "screening.save")
    if condition is not None:
        require(actor, "screening.change", condition)
    name = _named(name)
    rules = conditions.rules()
    others = SavedCondition.objects.filter(owner=actor, name=name)
    _free(others.exclude(pk=condition.pk if condition else None).exists(), name)
    before = {"name": condition.name, "rules": condition.rules} if condition else None
    row = condition or SavedCondition(owner=actor)
    row.name, row.shared, row.rows, row.rules = name, shared, conditions.as_data(), rules
    row.save()
    append(
        actor=actor,
        action="screening.condition",
        stream=OFFICE,
        before=before,
        after={"name": name, "rules": rules, "shared": shared},
    )
    return row


@transaction.atomic
def drop_condition(*, actor: User, condition: SavedCondition) -> None:
    """Forget kept conditions."""
    require(actor, "screening.change", condition)
    append(
        actor=actor,
        action="screening.condition",
        stream=OFFICE,
        before={"name": condition.name, "rules": condition.rules},
    )
    condition.delete()


@transaction.atomic
def put_on_list(
    *, actor: User, people: Collection[int], name: str = "", pk: int | None = None, source: str = ""
) -> tuple[SavedList, int]:
    """Put cadres on an own list, by `pk` or new by `name`; the list and how many were new.

    People outside the actor's part of the unit tree are refused as a whole.
    """
    require(actor, "screening.save")
    wanted = set(people)
    if not wanted:
        text = Text("没有勾选人员", "Nobody is ticked")
        raise BoleError(Problem("NOBODY", text, "people"))
    allowed = set(screened(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    if allowed != wanted:
        text = Text("其中{n}人不在您的管理范围内", "{n} of them are outside your units")
        raise BoleError(Problem("OUTSIDE", text.fill(n=len(wanted - allowed)), "people"))
    if pk is not None:
        saved = SavedList.objects.get(pk=pk, owner=actor)
    else:
        name = _named(name)
        saved, _created = SavedList.objects.get_or_create(owner=actor, name=name)
    there = set(saved.members.filter(cadre__in=wanted).values_list("cadre_id", flat=True))
    new = sorted(wanted - there)
    ListMember.objects.bulk_create(
        ListMember(saved_list=saved, cadre_id=cadre, source=source[:300]) for cadre in new
    )
    append(
        actor=actor,
        action="screening.list",
        stream=OFFICE,
        after={"list": saved.name, "people": new, "source": source},
    )
    return saved, len(new)


@transaction.atomic
def take_off_list(*, actor: User, saved: SavedList, people: Collection[int]) -> int:
    """Take cadres off an own list; how many were on it."""
    require(actor, "screening.change", saved)
    count, _each = saved.members.filter(cadre__in=list(people)).delete()
    append(
        actor=actor,
        action="screening.list",
        stream=OFFICE,
        before={"list": saved.name, "people": sorted(people)},
    )
    return count


@transaction.atomic
def drop_list(*, actor: User, saved: SavedList) -> None:
    """Forget an own list; the cadres' files stay as they are."""
    require(actor, "screening.change", saved)
    append(actor=actor, action="screening.list", stream=OFFICE, before={"list": saved.name})
    saved.delete()


@transaction.atomic
def record_export(*, actor: User, source: str, as_of: str, count: int) -> None:
    """Note in the record that answers about people were taken out as a file."""
    require(actor, "screening.use")
    append(
        actor=actor,
        action="screening.export",
        stream=OFFICE,
        after={"source": source, "as_of": as_of, "people": count},
    )
