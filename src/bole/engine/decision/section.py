"""What a pack may write in `instruments:`, `thresholds:`, `scoring:`, `decision:`, `notices:`.

Every item is told apart by `kind`, which may be left out for the commonest of each section. A
value written `{param: name}` is the scheme's parameter, or open (null) while that is not set.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, Discriminator, Tag, TypeAdapter

from bole.engine.decision.before_office import AchievementRule, LetterRule, TestRule
from bole.engine.decision.conduct import ConductRule
from bole.engine.decision.gates import GateSet
from bole.engine.decision.notices import NoticeRule
from bole.engine.decision.probation import ProbationRule
from bole.engine.decision.reading import ReadingRule
from bole.engine.decision.routes import (
    ApplicantsRule,
    ConsultationRule,
    DirectRule,
    DocumentsRule,
)
from bole.engine.decision.talks import TalkRule
from bole.engine.decision.vote import VoteRule
from bole.engine.instruments.forms import FormPackage, InstrumentForm
from bole.engine.scoring.composite import Composite, ExceptionRule
from bole.engine.scoring.corroboration import AgreementRule, YearsRule
from bole.engine.tally.attendance import AttendanceRule
from bole.engine.tally.electorate import Electorate
from bole.engine.tally.rounds import RoundRule
from bole.engine.tally.thresholds import Threshold


def _kind(default: str) -> Discriminator:
    def of(value: Any) -> str:
        found = value.get("kind") if isinstance(value, Mapping) else getattr(value, "kind", None)
        return str(found or default)

    return Discriminator(of)


InstrumentItem = Annotated[
    Annotated[InstrumentForm, Tag("form")]
    | Annotated[FormPackage, Tag("package")]
    | Annotated[Electorate, Tag("electorate")],
    _kind("form"),
]
ThresholdItem = Annotated[
    Annotated[Threshold, Tag("threshold")]
    | Annotated[AttendanceRule, Tag("attendance")]
    | Annotated[RoundRule, Tag("round")],
    _kind("threshold"),
]
ScoringItem = Annotated[
    Annotated[Composite, Tag("composite")]
    | Annotated[ExceptionRule, Tag("exception")]
    | Annotated[YearsRule, Tag("years")]
    | Annotated[AgreementRule, Tag("agreement")],
    _kind("composite"),
]
DecisionItem = Annotated[
    Annotated[VoteRule, Tag("vote")]
    | Annotated[GateSet, Tag("gates")]
    | Annotated[ConductRule, Tag("conduct")]
    | Annotated[ProbationRule, Tag("probation")]
    | Annotated[ConsultationRule, Tag("consultation")]
    | Annotated[DocumentsRule, Tag("documents")]
    | Annotated[DirectRule, Tag("direct")]
    | Annotated[ApplicantsRule, Tag("applicants")]
    | Annotated[ReadingRule, Tag("reading")]
    | Annotated[TalkRule, Tag("talk")]
    | Annotated[TestRule, Tag("test")]
    | Annotated[LetterRule, Tag("letter")]
    | Annotated[AchievementRule, Tag("achievement")],
    _kind("vote"),
]
NoticeItem = Annotated[Annotated[NoticeRule, Tag("notice")], _kind("notice")]

SECTIONS: dict[str, Any] = {
    "instruments": InstrumentItem,
    "thresholds": ThresholdItem,
    "scoring": ScoringItem,
    "decision": DecisionItem,
    "notices": NoticeItem,
}


@lru_cache(maxsize=len(SECTIONS))
def _adapter(section: str) -> TypeAdapter[Any]:
    return TypeAdapter(SECTIONS[section])


def resolved(data: Any, values: Mapping[str, Any]) -> Any:
    """`data` with every `{param: name}` put in; a parameter still open, or unknown, is null."""
    if isinstance(data, Mapping):
        if set(data) == {"param"}:
            return values.get(str(data["param"]))
        return {k: resolved(v, values) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [resolved(v, values) for v in data]
    return data


def read_section(
    section: str, data: Mapping[str, Any], values: Mapping[str, Any] | None = None
) -> dict[str, BaseModel]:
    """The items of a section by id. Raises pydantic's ValidationError, located below the id."""
    adapter = _adapter(section)
    out: dict[str, BaseModel] = {}
    for id_, item in data.items():
        given = resolved(item, values or {})
        if isinstance(given, dict):
            given.setdefault("id", id_)
        out[id_] = adapter.validate_python(given)
    return out
