"""The `quotas:` section of a pack: items by id, told apart by `kind`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bole.engine.headcount.ledger import RedLine
from bole.engine.procedures.base import Id
from bole.engine.quotas.bands import QuotaBands
from bole.engine.quotas.indicator import Indicator
from bole.engine.quotas.ladder import Ladder
from bole.engine.quotas.models import Plan, Quota, Reservation
from bole.engine.quotas.take import Take


def with_ids(section: Any) -> Any:
    """A section's items with the key that they stand under as their `id`."""
    if not isinstance(section, Mapping):
        return section
    return {
        key: {"id": key, **item} if isinstance(item, Mapping) else item
        for key, item in section.items()
    }


QuotaItem = Annotated[
    Quota | Plan | Ladder | Take | QuotaBands | Reservation | RedLine | Indicator,
    Field(discriminator="kind"),
]
QuotaSection = Annotated[dict[Id, QuotaItem], BeforeValidator(with_ids)]
