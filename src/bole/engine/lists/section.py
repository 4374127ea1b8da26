"""The `pools:`, `lists:` and `locks:` sections of a pack: items by id, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from bole.engine.lists.bands import AgeBands
from bole.engine.lists.conditions import ConditionRule
from bole.engine.lists.dossier import Dossier
from bole.engine.lists.feeds import Feed
from bole.engine.lists.locks import Lock
from bole.engine.lists.named import NamedList
from bole.engine.lists.pools import Pool
from bole.engine.lists.priorities import Priority
from bole.engine.lists.record import RecordRules
from bole.engine.lists.types import TypeQuotas
from bole.engine.procedures.base import Id
from bole.engine.quotas.section import with_ids

ListItem = Annotated[
    AgeBands | TypeQuotas | RecordRules | NamedList | Dossier | Priority | Feed,
    Field(discriminator="kind"),
]
LockItem = Annotated[Lock | ConditionRule, Field(discriminator="kind")]
PoolSection = Annotated[dict[Id, Pool], BeforeValidator(with_ids)]
ListSection = Annotated[dict[Id, ListItem], BeforeValidator(with_ids)]
LockSection = Annotated[dict[Id, LockItem], BeforeValidator(with_ids)]
