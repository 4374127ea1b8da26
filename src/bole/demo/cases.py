"""Three demo cases: one fresh, one mid-way and held by a complaint, one finished and archived."""

from __future__ import annotations

import datetime
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from bole.accounts.models import Role, User
from bole.demo.county import by_role
from bole.desk.walk import Plan, Walk
from bole.engine.errors import BoleError
from bole.engine.schemes import files
from bole.people.models import Cadre
from bole.record.archive import archive_case
from bole.schemes.actions import install
from bole.schemes.queries import newest, resolve
from bole.screening.queries import outcomes
from bole.selection import actions
from bole.selection.models import Case
from bole.units.models import Post
from bole.units.queries import headcount_ledger, vacant_posts
from bole.vetting.actions import receive_complaint


def load(*, today: datetime.date) -> list[Case]:
    """Open the three cases under regulation-2019; each through the actions of the pages.

    Every action is a transaction of its own, so that people can work in the pages meanwhile. The
    other packs that ship are installed last.
    """
    install(actor=None, name_or_path="regulation-2019")
    actors = by_role()
    posts = open_posts(today, 3)
    batch_day = today - datetime.timedelta(days=560)
    done = start(actors, posts[0], batch_day)
    walk(done, actors, batch_day, today).run()
    done.refresh_from_db()
    if done.state == Case.State.FINISHED:
        folder = settings.HOME / "archives"
        folder.mkdir(exist_ok=True)
        archive_case(
            actor=actors[Role.DEPARTMENT_HEAD][0],
            stream=done.stream,
            destination=folder / f"{done.number}.zip",
            title=done.title,
        )
    midway_day = today - datetime.timedelta(days=45)
    midway = start(actors, posts[1], midway_day)
    going = walk(midway, actors, midway_day, today)
    look = going.run(until="agenda")
    receive_complaint(  # so that a step stands still, with its reason and the button beside it
        actor=actors[Role.DISCIPLINE_LIAISON][0],
        stream=midway.stream,
        cadres=[look.group("candidates")[0].cadre],
        channel="letter",
        content="反映其在任现职期间违规兼职取酬。",
        concrete=True,
        received_on=going.day,
        due_on=today + datetime.timedelta(days=5),
    )
    fresh = start(actors, posts[2], today)
    for pack in files(Path(settings.SCHEMES_DIRECTORY)):
        with suppress(BoleError):  # `bole scheme check` says what is wrong with a pack
            install(actor=None, name_or_path=pack)
    return [done, midway, fresh]


def open_posts(today: datetime.date, wanted: int) -> list[Post]:
    """Vacant deputy posts whose headcount line is known and has room."""
    room = {
        row.unit.pk
        for row in headcount_ledger(today)
        if row.grade == "section_deputy" and row.leading and (row.vacant or 0) > 0
    }
    posts = vacant_posts(today).filter(grade="section_deputy", leading=True)
    found: dict[int, Post] = {}
    for post in posts:
        if post.unit_id in room:
            found.setdefault(post.unit_id, post)
    return list(found.values())[:wanted]


def start(actors: dict[str, list[User]], post: Post, day: datetime.date) -> Case:
    """A case for one post."""
    officer = actors[Role.SECTION_OFFICER][0]
    scheme = newest("regulation-2019")
    case = actions.open_case(
        actor=officer,
        posts=[post],
        scheme=scheme,
        facts={"posts": 1, "kind": "promotion"},
        parameters=dict.fromkeys(
            [p for p in resolve(scheme).open_parameters() if p == "over_pick"], "void_category"
        ),
        on=day,
    )
    return Case.objects.select_related("scheme", "unit").get(pk=case.pk)


def walk(
    case: Case, actors: dict[str, list[User]], day: datetime.date, today: datetime.date
) -> Walk:
    """A walk with persons whom no rule stops."""
    people = suitable(case, day)
    inspectors = [(u, "") for u in actors[Role.INSPECTOR]]
    plan = Plan(
        groups={
            "proposed": [(c, "熟悉相关工作，群众基础较好。") for c in people],
            "candidates": [(c, "推荐情况较好，德才素质符合岗位要求。") for c in people[:2]],
            "inspection_group": inspectors,
            "nominees": [(people[0], "会议表决通过。")],
        },
        facts={"probation_result": "confirmed", "posts": 1},
        parameters={"over_pick": "void_category"},
        papers={
            "analysis_report": {
                "team": "班子现有成员结构基本合理，缺配副职一名。",
                "need": "需要一名熟悉基层、善于抓落实的干部。",
            },
            "inspection_report": {
                "performance": "政治素质好，工作扎实，廉洁自律。",
                "shortcomings": "宏观思考还不够，与群众沟通的方法需要改进。",
                "recommendation": "民主推荐、民主测评情况较好。",
            },
            "public_notice": {
                "places": "拟任职单位、现工作单位公开栏，县政府网站",
                "phone": "0000-12380",
                "until": "公示之日起五个工作日",
            },
        },
        ballots={"decision": {"due": 11, "present": 10}},
    )
    return Walk(case, plan, actors, day, today)


def suitable(case: Case, day: datetime.date, wanted: int = 3) -> list[Cadre]:
    """Unit chiefs of other units whom no blocking rule stops on that day."""
    pool = list(
        Cadre.objects.filter(grade="unit_chief", status="in_service", grade_since__lte=day)
        .exclude(unit=case.unit)
        .order_by("id")[:40]
    )
    scheme = resolve(case.scheme)
    values = scheme.values(case.parameters)
    ids = [c.pk for c in pool]
    stopped = {
        a.cadre
        for rules in ("eligibility", "inspection_bars")
        for a in outcomes(scheme, rules, values, day, ids)
        if a.question is None and a.verdict.value != "met" and a.strength not in ("warn", "note")
    }
    return [c for c in pool if c.pk not in stopped][:wanted]
