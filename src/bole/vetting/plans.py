"""Which persons, checks and bodies belong to a stream: told by the room that owns its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bole.accounts.models import User
from bole.people.models import Cadre


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
    """What a case asks to be vetted."""

    people: tuple[Concerned, ...] = ()
    checks: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()


MUSTS = ("dossier", "personal_matters", "discipline_opinion", "complaints")
_kinds: dict[str, Callable[[str], Plan]] = {}


def register(kind: str, plan: Callable[[str], Plan]) -> None:
    """Say for streams "<kind>:<key>" how the plan of a key is found."""
    _kinds[kind] = plan


def plan_of(stream: str) -> Plan:
    """The plan of a stream; without one the four musts, and the persons that are on record."""
    kind, _colon, key = stream.partition(":")
    return _kinds[kind](key) if kind in _kinds else Plan(checks=(*MUSTS, "avoidance"))
