"""The relation graph on file, as the avoidance engine reads it."""

from __future__ import annotations

from collections.abc import Iterable

from bole.accounts.models import User
from bole.engine.procedures.context import PersonId
from bole.engine.vetting.avoidance import Finding, Relative, Seat, Someone, findings
from bole.people.models import Cadre, PostSpell, Relation


def avoidance(cadre_ids: Iterable[int], users: Iterable[User] = ()) -> list[Finding]:
    """Relations among cadres and users (who inspect them), and what follows; four queries.

    A user is looked at through the cadre file of the account; without one it is unknown.
    """
    users = list(users)
    files = {c.account_id: c for c in Cadre.objects.filter(account__in=users)}
    inspecting = {files[u.pk].pk: f"u{u.pk}" for u in users if u.pk in files}
    wanted = [pk for pk in dict.fromkeys(cadre_ids) if pk not in inspecting]
    cadres = {c.pk: c for c in Cadre.objects.filter(pk__in=wanted)}
    cadres |= {c.pk: c for c in files.values()}
    seats: dict[int, Seat] = {}
    for spell in PostSpell.objects.filter(cadre__in=cadres, end=None).order_by("-concurrent", "id"):
        seats[spell.cadre_id] = Seat(
            spell.unit_id or cadres[spell.cadre_id].unit_id, spell.title, spell.leading, spell.head
        )
    people = [
        Someone(pk, cadres[pk].name, seats.get(pk) or Seat(cadres[pk].unit_id))
        for pk in wanted
        if pk in cadres
    ]
    for user in users:
        file = files.get(user.pk)
        seat = seats.get(file.pk) or Seat(file.unit_id) if file else None
        people.append(Someone(f"u{user.pk}", str(user), seat, inspects=True, file=bool(file)))

    def named(pk: int | None) -> PersonId | None:
        return inspecting.get(pk, pk) if pk else None

    relatives = [
        Relative(named(r.cadre_id) or 0, r.kinship, r.name, named(r.related_id))
        for r in Relation.objects.filter(cadre__in=cadres).order_by("id")
    ]
    return findings(people, relatives)
