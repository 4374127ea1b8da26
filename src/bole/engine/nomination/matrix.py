"""The nomination matrix (提名矩阵): unit kind × level of post → permitted modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bole.engine.errors import Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text


class NominationMatrix(Model):
    """Rows by unit kind, columns by level; structural posts have further modes besides."""

    kind: Literal["matrix"] = "matrix"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    modes: dict[Id, Name]
    units: dict[Id, Name] = {}
    levels: dict[Id, Name] = {}
    rows: dict[Id, dict[Id, tuple[Id, ...]]]
    structural_extra: tuple[Id, ...] = ()


@dataclass(frozen=True)
class Nomination:
    """Accepted, refused, or open (None) while it is not known whether the post is structural."""

    accepted: bool | None
    permitted: tuple[str, ...]
    problem: Problem | None

    @property
    def text(self) -> Text:
        """The answer."""
        return self.problem.text if self.problem else Text("可以", "accepted")


def permit(
    matrix: NominationMatrix,
    unit_kind: str | None,
    level: str | None,
    mode: str | None,
    structural: bool | None = False,
) -> Nomination:
    """Whether `mode` may nominate for a post.

    Codes: NO_MATRIX_ROW, MODE_NOT_ALLOWED, STRUCTURAL_UNKNOWN (the mode is for structural posts and
    nobody has said whether this is one)."""
    row = matrix.rows.get(unit_kind or "", {})
    if level not in row:
        text = Text(
            "本办法没有“{unit}—{level}”一行，请补充或另选办法",
            "the scheme has no row for {unit} {level}; add it or choose another scheme",
        ).fill(
            unit=matrix.units.get(unit_kind or "", unit_kind or "—"),
            level=matrix.levels.get(level or "", level or "—"),
        )
        return Nomination(False, (), Problem("NO_MATRIX_ROW", text))
    permitted = row[level]
    if mode in permitted:
        return Nomination(True, permitted, None)
    if mode in matrix.structural_extra and structural is not False:
        if structural:
            return Nomination(True, (*permitted, *matrix.structural_extra), None)
        text = Text(
            "未说明是否为结构性干部，不能确定能否采用该方式",
            "whether this is a structural post is not on file, so the mode is open",
        )
        return Nomination(None, permitted, Problem("STRUCTURAL_UNKNOWN", text))
    if structural:
        permitted = (*permitted, *matrix.structural_extra)
    said = [matrix.modes.get(name, Text(name, name)) for name in permitted]
    text = Text(
        "{unit}{level}不得采用{mode}方式，可采用：{zh}",
        "{unit} {level}: {mode} is not allowed; permitted: {en}",
    ).fill(
        unit=matrix.units.get(unit_kind or "", unit_kind or ""),
        level=matrix.levels.get(level or "", level or ""),
        mode=matrix.modes.get(mode or "", mode or "—"),
        zh="、".join(t.zh for t in said),
        en=", ".join(t.en for t in said),
    )
    return Nomination(False, permitted, Problem("MODE_NOT_ALLOWED", text))
