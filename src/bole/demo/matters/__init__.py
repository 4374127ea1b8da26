"""A few matters of each area: one module for an area, with `load(house)`; all through actions."""

from __future__ import annotations

import datetime
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bole.accounts.models import Role, User
from bole.demo.county import by_role
from bole.matters import actions
from bole.matters.models import Matter
from bole.people.models import Cadre
from bole.record.actions import Signature
from bole.schemes.actions import install_shipped
from bole.selection.models import Case
from bole.units.models import Unit


@dataclass(frozen=True)
class House:
    """Who and what the demo's matters are about: accounts, cadres, units, the running cases."""

    today: datetime.date
    actors: dict[str, list[User]]
    cadres: list[Cadre]
    units: list[Unit]
    cases: list[Case]

    def user(self, role: str, n: int = 0) -> User:
        """The n-th account of a role, else the first."""
        found = self.actors[role]
        return found[n] if n < len(found) else found[0]

    @property
    def officer(self) -> User:
        return self.user(Role.SECTION_OFFICER)

    @property
    def head(self) -> User:
        return self.user(Role.DEPARTMENT_HEAD)

    def ago(self, days: int) -> datetime.date:
        """A day before today."""
        return self.today - datetime.timedelta(days=days)

    def open(self, kind: str, *, by: User | None = None, ago: int = 0, **given: Any) -> Matter:
        """Open a matter, by the officer unless said otherwise."""
        on = self.ago(ago)
        return actions.open_matter(actor=by or self.officer, kind=kind, on=on, **given)

    def move(
        self,
        matter: Matter,
        move: str,
        *,
        by: User | None = None,
        ago: int = 0,
        values: Mapping[str, Any] | None = None,
        reason: str = "",
        sign: bool = False,
    ) -> Matter:
        """Do a move; `sign` with the account's signature, as if the password had been entered."""
        actor = by or self.officer
        return actions.do_move(
            actor=actor,
            matter=matter,
            move=move,
            values=values,
            reason=reason,
            signature=Signature("password", actor) if sign else None,
            on=self.ago(ago),
        )


def load(*, today: datetime.date) -> int:
    """Load the matters of every area; how many there are then."""
    install_shipped()
    cadres = Cadre.objects.filter(status="in_service").exclude(unit=None).order_by("id")
    house = House(
        today,
        by_role(),
        list(cadres.select_related("unit")[:60]),
        list(Unit.objects.filter(kind__in=["town", "department"]).order_by("path")[:20]),
        list(Case.objects.filter(state=Case.State.RUNNING).order_by("id")),
    )
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}").load(house)
    return Matter.objects.count()
