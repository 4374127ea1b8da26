"""Who reads a matter and who does what with it: the kind says so, in roles and parties."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet
from rules import add_perm, predicate

from bole.accounts.models import Role, User
from bole.accounts.permissions import is_auditor, is_officer, plays, unit_scope
from bole.engine.matters import MatterKind
from bole.matters.models import Matter, MatterPerson

HANDLERS = (
    Role.SECTION_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.INSPECTOR,
    Role.COMMITTEE_MEMBER,
    Role.UNIT_LIAISON,
    Role.DISCIPLINE_LIAISON,
    Role.CADRE,
    Role.AUDITOR,
)


def parties(user: User, kind: MatterKind, matter: Matter | None = None) -> frozenset[str]:
    """The roles and parties that the user plays in a matter (before it is opened: the roles).

    A unit's liaison officer plays that role only for matters of the unit, or of its people; the
    role of a cadre is nothing in itself, the party `person` or `field:…` is.
    """
    found = {r for r in user.roles if r != Role.CADRE} if user.is_active else set()
    if matter is None:
        return frozenset(found | ({"person"} if Role.CADRE in user.roles else set()))
    if Role.UNIT_LIAISON in found and not _covers(user, matter):
        found.discard(Role.UNIT_LIAISON)
    if matter.opened_by_id == user.pk:
        found.add("opener")
    own = getattr(user, "cadre", None) if Role.CADRE in user.roles else None
    if own is not None:
        if matter.cadre_id == own.pk:
            found.add("person")
        for name, field in kind.fields.items():
            value = matter.values.get(name)
            if field.type in ("person", "persons") and own.pk in (
                value if isinstance(value, list) else [value]
            ):
                found.add(f"field:{name}")
    return frozenset(found)


def _covers(user: User, matter: Matter) -> bool:
    units = [matter.unit, matter.cadre.unit if matter.cadre else None]
    grants = [g for g in user.held_grants() if g.role == Role.UNIT_LIAISON]
    return any(
        g.unit is None or any(u and u.path.startswith(g.unit.path) for u in units) for g in grants
    )


def may_read(user: User, kind: MatterKind, matter: Matter) -> bool:
    """Whether the kind shows the matter to the user."""
    return not parties(user, kind, matter).isdisjoint(kind.readers)


def may_open(user: User, kind: MatterKind) -> bool:
    """Whether the user may open a matter of the kind."""
    return not parties(user, kind).isdisjoint(kind.opens)


def may_show(user: User, kind: MatterKind, matter: Matter, field: str) -> bool:
    """Whether the user may see a sensitive field when asking for it."""
    return not parties(user, kind, matter).isdisjoint(kind.fields[field].shown_to)


def visible(user: User, kinds: Mapping[tuple[int, str], MatterKind]) -> QuerySet[Matter]:
    """The matters of these kinds, by (scheme version, kind), that the user may read."""
    wanted = Q(pk__in=[])
    for (version, code), kind in kinds.items():
        wanted |= Q(scheme_id=version, kind=code) & _readable(user, kind)
    return Matter.objects.filter(wanted)


def _readable(user: User, kind: MatterKind) -> Q:
    """Which matters of a kind; an empty condition is all of them."""
    readers = set(kind.readers)
    roles = user.roles if user.is_active else set()
    if not readers.isdisjoint(roles - {Role.UNIT_LIAISON, Role.CADRE}):
        return Q()
    allowed = Q(pk__in=[])
    if Role.UNIT_LIAISON in readers & roles:
        own = unit_scope(user, (Role.UNIT_LIAISON,), "unit__path")
        if not own:
            return Q()
        allowed |= own | unit_scope(user, (Role.UNIT_LIAISON,), "cadre__unit__path")
    if "opener" in readers:
        allowed |= Q(opened_by=user)
    file = getattr(user, "cadre", None) if Role.CADRE in roles else None
    if file is not None:
        if "person" in readers:
            allowed |= Q(cadre=file)
        fields = [r.removeprefix("field:") for r in readers if r.startswith("field:")]
        if fields:
            named = MatterPerson.objects.filter(cadre=file, field__in=fields)
            allowed |= Q(pk__in=named.values("matter"))
    return allowed


@predicate
def reads_matter(user: User, matter: Matter | None) -> bool:
    """By the matter's kind; without a matter: whoever handles any."""
    from bole.matters.kinds import kind_of

    if matter is None:
        return user.plays(*HANDLERS)
    return may_read(user, kind_of(matter), matter)


def register() -> None:
    """Give the names that views and actions ask for their rules."""
    add_perm("matters.list", plays(*HANDLERS))
    add_perm("matters.read", reads_matter)
    add_perm("matters.all", is_officer | is_auditor)
