"""The `nomination:` section of a pack: items by id, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from bole.engine.nomination.channels import Channels
from bole.engine.nomination.credit import Credit
from bole.engine.nomination.intake import IntakeRules
from bole.engine.nomination.matrix import NominationMatrix
from bole.engine.nomination.meeting import Meeting
from bole.engine.nomination.notices import Notice
from bole.engine.nomination.rates import Rate
from bole.engine.nomination.rounds import Round
from bole.engine.procedures.base import Id
from bole.engine.quotas.bands import QuotaBands
from bole.engine.quotas.section import with_ids
from bole.engine.quotas.take import Take

NominationItem = Annotated[
    IntakeRules
    | NominationMatrix
    | Meeting
    | Credit
    | Channels
    | Notice
    | Rate
    | Round
    | QuotaBands
    | Take,
    Field(discriminator="kind"),
]
NominationSection = Annotated[dict[Id, NominationItem], BeforeValidator(with_ids)]
