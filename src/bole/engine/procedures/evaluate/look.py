"""What a gate may look at, and how it says why it does not open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bole.engine.procedures.base import Parameters
from bole.engine.procedures.context import (
    CaseState,
    Chosen,
    GateContext,
    PersonId,
)
from bole.engine.procedures.models import Procedure
from bole.engine.procedures.vocabulary import BODIES, CHECKS, GROUPS, ROLES
from bole.engine.text import Text
from bole.engine.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gate does not open. `action` is what clears it, `key` names it in this case.

    `target` is the paper, check, body, ballot, group, fact, step or parameter meant; `person`
    the person meant, if any. `verdict` UNKNOWN: something is missing, which is nobody's fault.
    """

    key: str
    kind: str
    text: Text
    action: str
    target: str = ""
    person: PersonId | None = None
    verdict: Verdict = Verdict.NOT_MET
    strength: str = "block"

    def as_dict(self) -> dict[str, object]:
        """The reason as JSON outputs carry it."""
        return {
            "key": self.key,
            "kind": self.kind,
            "text": self.text.as_dict(),
            "action": self.action,
            "target": self.target,
            "person": self.person,
            "verdict": self.verdict.value,
            "strength": self.strength,
        }


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that a gate may look at."""

    procedure: Procedure
    state: CaseState
    context: GateContext
    parameters: Parameters

    def name(self, kind: str, ident: str) -> Text:
        """The name of a role, group, body, check, hold, paper, ballot, step or fact."""
        procedure = self.procedure
        own: dict[str, Callable[[], Text | None]] = {
            "role": lambda: procedure.roles[ident].name if ident in procedure.roles else None,
            "group": lambda: procedure.groups[ident].name if ident in procedure.groups else None,
            "body": lambda: procedure.bodies.get(ident),
            "check": lambda: procedure.checks.get(ident),
            "hold": lambda: procedure.holds.get(ident),
            "paper": lambda: procedure.paper[ident].name if ident in procedure.paper else None,
            "ballot": lambda: procedure.ballots[ident].name if ident in procedure.ballots else None,
            "step": lambda: procedure.steps[ident].name if ident in procedure.steps else None,
            "fact": lambda: procedure.facts[ident].name if ident in procedure.facts else None,
        }
        standard = {"role": ROLES, "group": GROUPS, "body": BODIES, "check": CHECKS}
        return own[kind]() or standard.get(kind, {}).get(ident) or Text(ident, ident)

    def persons(self, group: str | None) -> list[Chosen | None]:
        """The persons of a group, or one None where the gate is about the case as a whole."""
        return list(self.context.persons(group)) if group else [None]


Found = tuple[Text, dict[str, Any]]


def quoted(name: Text) -> Text:
    """The name of a paper as each language writes it, without doubling 《》."""
    return Text(name.zh if name.zh.startswith("《") else f"《{name.zh}》", f"“{name.en}”")


def of_person(person: Chosen | None) -> Text:
    """The name in front of a sentence about one person; nothing for the case as a whole."""
    return Text(f"{person.name}：", f"{person.name}: ") if person else Text("", "")


def about(person: Chosen | None) -> dict[str, Any]:
    """Whom a finding is about."""
    return {"person": person.person} if person else {}
