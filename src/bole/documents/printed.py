"""What every printing function returns: the file, and what the officer must know about it."""

from __future__ import annotations

from dataclasses import dataclass

from bole.engine.errors import Problem


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished file. `problems` names what could not be printed in full; empty when all is well.

    A problem never stops the printing: the page then shows as much as fits and says so itself.
    """

    content: bytes
    problems: tuple[Problem, ...] = ()
