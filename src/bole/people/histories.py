"""The histories of a cadre: which tables there are, what of each is shown, edited and masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bole.people.models import (
    Appraisal,
    Award,
    DossierFact,
    Education,
    GradeSpell,
    History,
    Intention,
    Picture,
    PostSpell,
    RankSpell,
    Relation,
    Sanction,
    Secondment,
    Skill,
    Title,
    Training,
)


@dataclass(frozen=True)
class Kind:
    """One history. `shows` are the columns of its section; `edits` the fields of its form.

    `sensitive` names the masked field (see permissions.SENSITIVE) that guards the whole table.
    `latest_first` is the order of the section; the rows are sorted by `sort`.
    """

    key: str
    model: type[History]
    label: Any
    shows: tuple[str, ...]
    edits: tuple[str, ...]
    sort: tuple[str, ...]
    sensitive: str = ""

    @property
    def can_end(self) -> bool:
        """Whether a row is open until it is ended."""
        return "end" in self.edits and "start" in self.edits


def _kinds(*kinds: Kind) -> dict[str, Kind]:
    return {kind.key: kind for kind in kinds}


HISTORIES = _kinds(
    Kind(
        "posts",
        PostSpell,
        _("Posts"),
        ("start", "end", "unit_name", "title", "grade", "rank", "marks"),
        (
            "unit",
            "unit_name",
            "title",
            "grade",
            "rank",
            "start",
            "end",
            "leading",
            "head",
            "team",
            "acting",
            "concurrent",
            "grass_roots",
            "front_line",
        ),
        ("start",),
    ),
    Kind(
        "grades",
        GradeSpell,
        _("Grades"),
        ("start", "end", "grade"),
        ("grade", "start", "end"),
        ("start",),
    ),
    Kind(
        "ranks",
        RankSpell,
        _("Ranks"),
        ("start", "end", "rank"),
        ("rank", "start", "end"),
        ("start",),
    ),
    Kind(
        "education",
        Education,
        _("Education"),
        ("start", "end", "level", "degree", "mode", "school", "major"),
        ("level", "degree", "mode", "school", "major", "start", "end"),
        ("end", "start"),
    ),
    Kind(
        "appraisals",
        Appraisal,
        _("Appraisals"),
        ("year", "kind", "grade"),
        ("year", "kind", "grade"),
        ("year",),
    ),
    Kind(
        "awards",
        Award,
        _("Awards"),
        ("date", "name", "level", "issuer"),
        ("name", "level", "issuer", "date"),
        ("date",),
    ),
    Kind(
        "sanctions",
        Sanction,
        _("Sanctions and treatments"),
        (
            "date",
            "category",
            "kind",
            "issuer",
            "effect_from",
            "effect_until",
            "status",
            "reply",
        ),
        ("category", "kind", "issuer", "date", "effect_from", "effect_until", "status"),
        ("date",),
        sensitive="sanctions",
    ),
    Kind(
        "trainings",
        Training,
        _("Training"),
        ("start", "end", "name", "institution", "days", "hours"),
        ("name", "institution", "kind", "start", "end", "days", "hours"),
        ("start",),
    ),
    Kind(
        "relations",
        Relation,
        _("Family and relations"),
        ("kinship", "name", "birth", "politics", "employer", "abroad"),
        ("kinship", "name", "birth", "politics", "employer", "unit", "abroad"),
        ("pk",),
        sensitive="family",
    ),
    Kind(
        "secondments",
        Secondment,
        _("Secondments and front line"),
        ("start", "end", "kind", "unit_name", "front_line"),
        ("kind", "unit", "unit_name", "front_line", "start", "end"),
        ("start",),
    ),
    Kind(
        "titles",
        Title,
        _("Professional titles"),
        ("date", "name", "level"),
        ("name", "level", "date"),
        ("date",),
    ),
    Kind(
        "skills",
        Skill,
        _("Languages and skills"),
        ("kind", "name", "level"),
        ("kind", "name", "level"),
        ("pk",),
    ),
    Kind("intentions", Intention, _("Intentions"), ("date", "text"), ("text", "date"), ("date",)),
    Kind(
        "dossier",
        DossierFact,
        _("Six dossier facts"),
        ("kind", "value", "page", "noted_on"),
        ("kind", "value", "page", "noted_on"),
        ("kind", "noted_on"),
    ),
)

# Every table of a person, for snapshots; the picture has no section of its own.
TABLES: dict[str, type[History]] = {
    **{key: kind.model for key, kind in HISTORIES.items()},
    "pictures": Picture,
}

# Fields of the cadre that a person edits; the rest are copies or keys.
CADRE_FIELDS = (
    "name",
    "sex",
    "birth",
    "ethnicity",
    "native_place",
    "birthplace",
    "party",
    "party_joined",
    "work_start",
    "identity",
    "health",
    "speciality",
    "id_number",
    "resume_text",
    "awards_text",
    "status",
)
