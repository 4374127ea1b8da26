"""Fills the database with 安澜县: invented, seeded, the same for the same day and seed."""

from __future__ import annotations

import datetime
import random
from collections import defaultdict

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bole.accounts.models import Role, RoleGrant, User
from bole.demo import careers, structure
from bole.people.actions import refresh_current
from bole.people.models import Cadre
from bole.units.models import Unit

PASSWORD = "anlan-demo"
ACCOUNTS = [
    ("officer", "林科员", Role.SECTION_OFFICER),
    ("head", "周部长", Role.DEPARTMENT_HEAD),
    ("inspector", "陈组长", Role.INSPECTOR),
    ("inspector2", "孙考察员", Role.INSPECTOR),
    ("member", "吴常委", Role.COMMITTEE_MEMBER),
    ("liaison", "何联络员", Role.UNIT_LIAISON),
    ("discipline", "郑书记", Role.DISCIPLINE_LIAISON),
    ("cadre", "", Role.CADRE),
    ("auditor", "钱审计", Role.AUDITOR),
    ("system", "系统管理员", Role.SYSTEM_ADMINISTRATOR),
    ("security", "安全管理员", Role.SECURITY_ADMINISTRATOR),
    ("audit", "审计管理员", Role.AUDIT_ADMINISTRATOR),
]


@transaction.atomic
def load(*, today: datetime.date, cadres: int = 1200, seed: int = 20190303) -> None:
    """Units, `cadres` people with full histories, and one account per role."""
    rng = random.Random(seed)
    units = structure.build(rng, today)
    careers.build(rng, units, today, cadres)
    refresh_current(list(Cadre.objects.values_list("pk", flat=True)))
    accounts()


def accounts() -> None:
    """The demo's accounts; the liaison works for one town, the cadre sees one file."""
    town = Unit.objects.filter(kind="town").first()
    password = make_password(PASSWORD)  # one for all: hashing is meant to be slow
    for username, name, role in ACCOUNTS:
        user = User(username=username, name=name, password=password)
        if role == Role.CADRE:
            deputies = Cadre.objects.filter(grade="section_deputy").order_by("id")
            # A very small county may have no deputy in the town, or none at all.
            cadre = (
                deputies.filter(unit=town).first()
                or deputies.first()
                or Cadre.objects.order_by("id").first()
            )
            user.name = cadre.name
        user.save()
        if role == Role.CADRE:
            cadre.account = user
            cadre.save(update_fields=["account"])
        unit = town if role == Role.UNIT_LIAISON else None
        RoleGrant.objects.create(user=user, role=role, unit=unit)


def is_empty() -> bool:
    """Whether nothing was ever loaded or entered."""
    return not User.objects.exists() and not Unit.objects.exists()


def by_role() -> dict[str, list[User]]:
    """The demo accounts that stand in this database, by role."""
    found: dict[str, list[User]] = defaultdict(list)
    names = [username for username, _name, _role in ACCOUNTS]
    for grant in RoleGrant.objects.filter(user__username__in=names).select_related("user"):
        found[grant.role].append(grant.user)
    return found
