"""The `motion:` section of a pack: items by id, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from bole.engine.headcount.ledger import RedLine
from bole.engine.headcount.vacancy import VacancyClasses
from bole.engine.motion.delegated import Delegated
from bole.engine.motion.dispatch import Dispatch
from bole.engine.motion.gates import MotionGates
from bole.engine.motion.no_motion import NoMotion
from bole.engine.motion.per_post import PerPost
from bole.engine.procedures.base import Id
from bole.engine.quotas.section import with_ids

MotionItem = Annotated[
    NoMotion | PerPost | MotionGates | Delegated | Dispatch | RedLine | VacancyClasses,
    Field(discriminator="kind"),
]
MotionSection = Annotated[dict[Id, MotionItem], BeforeValidator(with_ids)]
