"""A process of its own on a real database: `python -m tests.selection.worker WHAT`.

`serve` reads one JSON command a line and answers with one JSON line; several of them are told the
same thing at the same moment. Between reading a case and writing to it each waits a little, so
that two that are not kept apart would surely both pass.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bole.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.exceptions import PermissionDenied  # noqa: E402
from django.db import transaction  # noqa: E402

from bole.accounts.models import User  # noqa: E402
from bole.engine.errors import BoleError  # noqa: E402
from bole.people.models import Cadre, PostSpell  # noqa: E402
from bole.record.models import Entry, Paper  # noqa: E402
from bole.schemes.models import SchemeVersion  # noqa: E402
from bole.selection import actions, context  # noqa: E402
from bole.selection.models import Case, CasePaper  # noqa: E402
from bole.units.models import Post  # noqa: E402
from bole.vetting import actions as vetting  # noqa: E402
from tests.selection import small  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
load = context.load


WAIT = 0.0


def slowly(case: Case, today: datetime.date) -> context.CaseContext:
    """The case, and a while in which another could do the same."""
    found = load(case, today)
    time.sleep(WAIT)
    return found


def setup() -> dict[str, Any]:
    """Accounts and the small scheme."""
    small.users()
    version = small.pack()
    return {"scheme": version.pk}


def make(
    until: str = "", approved: int = 1, cases: int = 1, others: int = 0
) -> list[dict[str, Any]]:
    """Cases for posts of one bureau that has `approved` places, each before the step `until`.

    `others` more persons are proposed in each.

    The headcount of the bureau is written after the sheets were made, so that several cases have
    a sheet that passed while only some places are there.
    """
    people = small.users()
    version = SchemeVersion.objects.get(code="small")
    bureau = small.bureau(approved=99)
    found = []
    for _number in range(cases):
        case = small.open_case(version, small.post(bureau), people["section_officer"])
        someone = small.cadre(f"人{case.pk}")
        more = [small.cadre(f"人{case.pk}-{n}") for n in range(others)]
        advance(case, [someone, *more], until)
        found.append({"case": case.pk, "cadre": someone.pk, "others": [c.pk for c in more]})
    bureau.headcount_lines.update(approved=approved)
    Case.objects.filter(unit=bureau).update(headcount=None)
    return found


def advance(case: Case, people: list[Cadre], until: str) -> None:
    """Through the same actions as the pages; the vote is held by the walk of the desk."""
    from bole.desk.walk import Plan, Walk

    reason = "德才素质符合岗位要求"
    everybody = {
        role: list(User.objects.filter(grants__role=role).order_by("pk")) for role in small.ROLES
    }
    plan = Plan(
        groups={
            "proposed": [(c, reason) for c in people],
            "candidates": [(people[0], reason)],
            "nominees": [(people[0], reason)],
        },
        facts={"decided_on": small.DAY.isoformat()},
    )
    Walk(case, plan, everybody, small.DAY, small.DAY).run(until=until or "motion")


def _user(name: str) -> User:
    return User.objects.get(username=name)


def finish(case: int, step: str, by: str = "section_officer") -> None:
    """Finish a step."""
    actions.finish_step(actor=_user(by), case=Case.objects.get(pk=case), step=step, on=small.DAY)


def choose(case: int, group: str, cadre: int) -> None:
    """Put a cadre on a list."""
    actions.choose(
        actor=_user("section_officer"),
        case=Case.objects.get(pk=case),
        group=group,
        cadre=Cadre.objects.get(pk=cadre),
        reason="经研究",
        on=small.DAY,
    )


def sign(case: int, role: str, name: str) -> None:
    """Record a signature on the case's form."""
    paper = CasePaper.objects.get(case=case, code="form", replaced_at=None)
    actions.sign_paper(
        actor=_user("section_officer"), paper=paper, role=role, name=name, on=small.DAY
    )


def form(case: int) -> None:
    """File the form that the meeting signs."""
    actions.write_paper(
        actor=_user("section_officer"),
        case=Case.objects.get(pk=case),
        paper="form",
        fields={},
        on=small.DAY,
    )


def standing(case: int) -> dict[str, Any]:
    """What stands of the case, seen from outside."""
    one = Case.objects.get(pk=case)
    look = load(one, small.DAY)
    entries = Entry.objects.filter(stream=one.stream)
    return {
        "candidates": len(look.group("candidates")),
        "steps": sorted(look.state.steps),
        "state": one.state,
        "entries": entries.count(),
        "spells": PostSpell.objects.count(),
        "papers": one.papers.count(),
        "filed": entries.filter(action="case.paper").count(),
        "stored": entries.filter(action="paper.store").count(),
        "files": Paper.objects.filter(stream=one.stream).count(),
    }


def back(case: int) -> None:
    """Check the headcount anew."""
    actions.check_headcount(
        actor=_user("section_officer"), case=Case.objects.get(pk=case), today=small.DAY
    )


def start(post: int) -> str:
    """Open a case; gives its number."""
    version = SchemeVersion.objects.get(code="small")
    return small.open_case(version, Post.objects.get(pk=post), _user("section_officer")).number


def letter(case: int) -> str:
    """Ask a body; gives the number of the letter."""
    return vetting.ask_body(
        actor=_user("section_officer"), stream=f"case:{case}", body="police", sent_on=small.DAY
    ).number


def complain(case: int) -> str:
    """Register a complaint; gives its number."""
    return vetting.receive_complaint(
        actor=_user("section_officer"),
        stream=f"case:{case}",
        channel="letter",
        content="反映情况",
        concrete=True,
    ).number


def posts(number: int) -> list[int]:
    """Vacant posts of a new bureau."""
    bureau = small.bureau("新设局")
    return [small.post(bureau).pk for _ in range(number)]


VERBS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        setup,
        make,
        finish,
        choose,
        sign,
        back,
        start,
        letter,
        complain,
        posts,
        form,
        standing,
    )
}


def serve() -> None:
    """One command a line; what came of it a line."""
    global WAIT
    context.load = slowly
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        WAIT = told.pop("wait", 0.0)
        try:
            answer = {"done": VERBS[told.pop("do")](**told)}
        except BoleError as error:
            answer = {"refused": [p.code for p in error.problems]}
        except PermissionDenied as error:
            answer = {"refused": [str(error)]}
        except Exception as error:  # noqa: BLE001  (told to the test, which fails)
            answer = {"broken": repr(error)}
        print(json.dumps(answer), flush=True)


def half(case: str) -> None:
    """The appointment written, everything recorded, and killed before it ends."""
    with transaction.atomic():
        finish(int(case), "document")
        print("written", flush=True)
        time.sleep(60)


def endless(case: str) -> None:
    """Papers filed without end: a row, a stored file and two entries each."""
    officer, one = _user("section_officer"), Case.objects.get(pk=case)
    someone = one.members.filter(group="candidates").get().cadre
    print("started", flush=True)
    number = 0
    while True:
        number += 1
        actions.file_paper(
            actor=officer,
            case=one,
            paper="notes",
            cadre=someone,
            name=f"谈话{number}.txt",
            content=f"谈话记录 {os.getpid()} {number}".encode(),
            on=small.DAY,
        )


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
