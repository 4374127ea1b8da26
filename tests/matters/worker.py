"""A process of its own on a real database: `python -m tests.matters.worker WHAT …`."""

import datetime
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bole.config.settings")
django.setup()

from bole.accounts.models import RoleGrant, User  # noqa: E402
from bole.engine.errors import BoleError  # noqa: E402
from bole.matters import actions  # noqa: E402
from bole.matters.models import Matter  # noqa: E402
from bole.people.models import Cadre  # noqa: E402
from bole.record.actions import Signature  # noqa: E402
from bole.schemes.actions import install  # noqa: E402

FORM = {"written": True, "mode": "self", "target": "副镇长", "reasons": "自荐"}


def prepare() -> None:
    """An officer, a cadre, the pack, and ten recommendations that can be accepted."""
    install(actor=None, name_or_path="matters-finding")
    user = User.objects.create(username="officer", name="林科员")
    RoleGrant.objects.create(user=user, role="section_officer")
    cadre = Cadre.objects.create(name="王芳", sex="女")
    for _n in range(10):
        matter = actions.open_matter(
            actor=user, kind="signed_recommendation", cadre=cadre, values=FORM
        )
        signature = Signature("password", user)
        actions.do_move(actor=user, matter=matter, move="sign_paper", signature=signature)


def accept() -> None:
    """Accept every recommendation that another process has not accepted; how many were ours."""
    user, mine = User.objects.get(), 0
    for matter in Matter.objects.order_by("id"):
        try:
            actions.do_move(actor=user, matter=matter, move="accept")
            mine += 1
        except BoleError:
            pass
    print(mine)


def open_many() -> None:
    """Open ten: no two get one number."""
    user, cadre = User.objects.get(), Cadre.objects.get()
    for _n in range(10):
        actions.open_matter(actor=user, kind="signed_recommendation", cadre=cadre, values=FORM)


def facts() -> None:
    """Counts, and whether numbers are unique."""
    numbers = list(Matter.objects.values_list("number", flat=True))
    accepted = Matter.objects.filter(state="accepted").count()
    acts = sum(m.acts.filter(move="accept").count() for m in Matter.objects.all())
    print(len(numbers), len(set(numbers)), accepted, acts, datetime.date.today().year)


globals()[sys.argv[1]]()
