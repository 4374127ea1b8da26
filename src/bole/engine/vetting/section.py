"""The `vetting:` section of a pack: items by id, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from bole.engine.procedures.base import Id
from bole.engine.quotas.section import with_ids
from bole.engine.vetting.afterwards import DigestRule, ExitCheck, FilingClock, TwoReviews
from bole.engine.vetting.clocks import ArchiveClock, Window
from bole.engine.vetting.counts import (
    Catalogue,
    CreditList,
    MonthlyReport,
    PointRules,
    RemovalGround,
)
from bole.engine.vetting.desks import AuditDuties, IntegrityDesk, Tracker
from bole.engine.vetting.holds import (
    ConfirmationRule,
    ElementRule,
    IntakeChecks,
    RestartRule,
    SilenceRule,
)
from bole.engine.vetting.limits import KinLine, PostLimits, SigningRule
from bole.engine.vetting.papers import CertificateRule, Completeness, FilingRule
from bole.engine.vetting.routing import ConsultMatrix, PetitionRules, Routes

VettingItem = Annotated[
    ArchiveClock
    | Window
    | Completeness
    | CertificateRule
    | FilingRule
    | Routes
    | ConsultMatrix
    | PetitionRules
    | PointRules
    | Catalogue
    | RemovalGround
    | CreditList
    | MonthlyReport
    | IntegrityDesk
    | AuditDuties
    | Tracker
    | SilenceRule
    | ConfirmationRule
    | ElementRule
    | IntakeChecks
    | RestartRule
    | PostLimits
    | KinLine
    | SigningRule
    | FilingClock
    | ExitCheck
    | TwoReviews
    | DigestRule,
    Field(discriminator="kind"),
]
VettingSection = Annotated[dict[Id, VettingItem], BeforeValidator(with_ids)]
