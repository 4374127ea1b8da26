"""What one personnel file says about one person, as plain data.

A value is only set when the file says it with certainty. What was derived keeps its source in
`PersonFile.sources`; what could not be read is kept as text and named in `PersonFile.flags`;
what makes the file itself unsound (a picture that is none) is in `PersonFile.problems`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

from bole.engine.errors import Problem
from bole.engine.text import Text

from .dates import Age, PartialDate, age_on

COMMUNIST = "中共党员"

Format = Literal["lrmx", "lrm", "xlsx"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a derived value comes from: `code` for programs, `text` for people."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class PartyMembership:
    """One party, with the month of joining where the file says it."""

    party: str
    joined: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Education:
    """One course of the form: 全日制教育 or 在职教育.

    `level` is the standard name (研究生, 本科, 专科, 中专, 高中 …; None if the text says none of
    them); `degree` 博士/硕士/学士 or "". The `_text` fields are what the form says, word for word.
    `start` and `end` come from the résumé item of the same school, where there is one.
    """

    level: str | None = None
    degree: str = ""
    school: str = ""
    major: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    level_text: str = ""
    degree_text: str = ""
    school_text: str = ""
    degree_school_text: str = ""


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post of the résumé. `end=None` and `current` = held now.

    `text` is the item as written; `unit` is None if unit and title could not be told apart (the
    whole then stands in `title`). `note` is what stood in brackets; `grade` only when the
    brackets name it (glossary identifier). `nested` rows stood in 其间 brackets; `concurrent`
    rows are a second unit of one item.
    """

    start: PartialDate | None
    end: PartialDate | None
    unit: str | None
    title: str
    text: str = ""
    note: str = ""
    grade: str | None = None
    current: bool = False
    nested: bool = False
    concurrent: bool = False


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One study of the résumé. `mode` is None if the text does not tell it."""

    start: PartialDate | None
    end: PartialDate | None
    school: str
    major: str = ""
    level: str | None = None
    mode: Literal["full_time", "in_service"] | None = None
    kind: Literal["study", "training"] = "study"
    text: str = ""
    nested: bool = False


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family member or social relation. `birth_text` is kept where it is no date."""

    relation: str
    name: str
    birth: PartialDate | None = None
    politics: str = ""
    employer: str = ""
    birth_text: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownTag:
    """A tag that we do not know: its whole XML and the tag that stood before it."""

    name: str
    xml: str
    after: str | None = None


@dataclass(slots=True)
class PersonFile:
    """Everything that one file says about one person. Dates are `PartialDate`s.

    Empty text ("") means that the file has the field and it is empty; None that it is unknown.
    `texts` keeps each field of a form word for word (key = the .lrmx tag), so that what was not
    changed is written back as it was.
    """

    name: str = ""
    sex: str | None = None
    birth: PartialDate | None = None
    ethnicity: str | None = None
    native_place: str | None = None
    birthplace: str | None = None
    party: str | None = None
    party_joined: PartialDate | None = None
    parties: tuple[PartyMembership, ...] = ()
    work_start: PartialDate | None = None
    health: str | None = None
    professional_title: str | None = None
    speciality: str | None = None
    full_time: Education | None = None
    in_service: Education | None = None
    post: str | None = None
    proposed: str | None = None
    removed: str | None = None
    reason: str | None = None
    grade_text: str | None = None
    grade: str | None = None
    post_since: PartialDate | None = None
    grade_since: PartialDate | None = None
    resume: str = ""
    posts: list[PostRow] = field(default_factory=list)
    studies: list[StudyRow] = field(default_factory=list)
    unread_resume: list[str] = field(default_factory=list)
    awards: str | None = None
    appraisals_text: str | None = None
    appraisals: dict[int, str] = field(default_factory=dict)
    family: list[FamilyRow] = field(default_factory=list)
    id_number: str | None = None
    picture: bytes | None = None
    picture_kind: str | None = None
    reporting_unit: str | None = None
    age_date: PartialDate | None = None
    fill_date: PartialDate | None = None
    filler: str | None = None
    version: str | None = None
    note: str | None = None
    source_format: Format = "lrmx"
    texts: dict[str, str] = field(default_factory=dict)
    tag_order: tuple[str, ...] = ()
    unknown_tags: list[UnknownTag] = field(default_factory=list)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    flags: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Where it was read; the same person read from another place is still the same.
    file: str = field(default="", compare=False)
    sheet: str = field(default="", compare=False)
    row: int | None = field(default=None, compare=False)

    @property
    def other_parties(self) -> tuple[str, ...]:
        """The democratic parties (or 无党派) named, in the file's order."""
        return tuple(
            p.party for p in self.parties if p.party not in (COMMUNIST, "群众", "共青团员")
        )

    def age(self, on: datetime.date | None = None) -> Age | None:
        """Age in full years on `on`, else on the form's own date for ages, else None."""
        if self.birth is None:
            return None
        if on is not None:
            return age_on(self.birth, on, "asked")
        for name in ("age_date", "fill_date"):
            stated: PartialDate | None = getattr(self, name)
            if stated is not None:
                return age_on(self.birth, stated.first_day(), name)
        return None

    def flag(self, code: str, text: Text, where: str) -> None:
        """Note what could not be read with certainty."""
        self.flags.append(Problem(code, text, where))
