"""Which persons, checks and bodies belong to a stream: told by the room that owns its kind."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bole.accounts.models import User
from bole.engine.text import Text
from bole.engine.workdays.clocks import Length, deadline
from bole.people.models import Cadre
from bole.record.queries import calendar
from bole.vetting.codes import body_name, check_name


@dataclass(frozen=True, slots=True)
class Concerned:
    """A person of a case: a cadre, or a user who works on it; `checks` None = every check."""

    cadre: Cadre | None = None
    user: User | None = None
    checks: frozenset[str] | None = None

    @property
    def person(self) -> int | str:
        return self.cadre.pk if self.cadre else f"u{self.user.pk if self.user else 0}"

    @property
    def name(self) -> str:
        return str(self.cadre or self.user)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a case asks to be vetted; `names`: what its scheme calls its own checks and bodies."""

    people: tuple[Concerned, ...] = ()
    checks: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    names: Mapping[str, Text] = field(default_factory=dict)
    # how long a complaint may be verified; None where the scheme leaves it open
    verification: Length | None = None

    def complaint_due(self, received: datetime.date) -> datetime.date | None:
        """The last day for verifying a complaint received that day; None where it is open.

        Working days by the calendar; None, too, where the calendar does not reach.
        """
        return deadline(received, self.verification, calendar()).due if self.verification else None

    def check_name(self, code: str) -> Text:
        """What the scheme calls a check."""
        return self.names.get(code) or check_name(code)

    def body_name(self, code: str) -> Text:
        """What the scheme calls a body."""
        return self.names.get(code) or body_name(code)


MUSTS = ("dossier", "personal_matters", "discipline_opinion", "complaints")
_kinds: dict[str, Callable[[str], Plan]] = {}


def register(kind: str, plan: Callable[[str], Plan]) -> None:
    """Say for streams "<kind>:<key>" how the plan of a key is found."""
    _kinds[kind] = plan


def plan_of(stream: str) -> Plan:
    """The plan of a stream; without one the four musts, and the persons that are on record."""
    kind, _colon, key = stream.partition(":")
    return _kinds[kind](key) if kind in _kinds else Plan(checks=(*MUSTS, "avoidance"))
