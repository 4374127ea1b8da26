"""A motion, a headcount review, an adjustment table, lists side by side, a delegated plan."""

from __future__ import annotations

from bole.accounts.models import Role
from bole.demo.matters import House
from bole.people.models import Cadre
from bole.units.models import Grade, Post
from bole.units.queries import vacant_posts


def load(house: House) -> None:
    """Each kind of motion once, in different states."""
    vacant = list(vacant_posts(house.today).filter(grade=Grade.SECTION_DEPUTY, leading=True)[:3])
    reserve = Cadre.objects.filter(status="in_service", grade=Grade.UNIT_CHIEF, unit__isnull=False)
    people = list(reserve.select_related("unit").order_by("id")[:5])
    if len(vacant) < 3 or len(people) < 5:
        return
    first, second, third = vacant
    _motion(house, first, people)
    review = house.open(
        "headcount_review",
        ago=9,
        unit=first.unit,
        values={
            "scope": "全县",
            "mode": "推荐、考察",
            "number": 2,
            "plan": [
                {"person": people[0].pk, "post": first.pk},
                {"person": people[1].pk, "post": second.pk},
            ],
        },
    )
    house.move(review, "submit", ago=9)
    house.open(
        "adjustment_table",
        ago=6,
        values={
            "title": "四季度调整设想",
            "plan": [
                {"person": people[0].pk, "post": first.pk, "reason": "专业对口"},
                {"person": people[2].pk, "post": third.pk, "reason": "基层经历丰富"},
            ],
        },
    )
    named = [
        {"channel": "meeting", "person": people[0].pk, "rank": 1},
        {"channel": "meeting", "person": people[1].pk, "rank": 2},
        {"channel": "talks", "person": people[0].pk, "rank": 1},
        {"channel": "leaders", "person": people[3].pk, "rank": 1},
    ]
    house.open(
        "cross_check",
        ago=5,
        values={
            "title": "2026年度干部印证",
            "reported": ["meeting", "talks", "leaders"],
            "lists": named,
        },
    )
    plan = house.open(
        "delegated_plan",
        scheme="anqiu-middle",
        ago=12,
        unit=house.units[1],
        values={
            "posts": [
                {
                    "post": "办公室主任",
                    "number": 1,
                    "approved": 1,
                    "filled": 1,
                    "established": False,
                }
            ],
            "mode": "民主推荐",
            "steps": ["recommendation", "inspection", "decision"],
        },
    )
    house.move(plan, "send", ago=11)
    house.move(plan, "give_back", by=house.head, ago=10, reason="按“五个不批”退回补正")


def _motion(house: House, post: Post, people: list) -> None:
    matter = house.open(
        "motion",
        ago=8,
        case_stream=house.cases[0].stream if house.cases else "",
        values={
            "trigger": "vacancy",
            "proposer": "干部科",
            "analysis": "班子缺额，年龄和专业结构需要补强。",
            "posts": [{"post": post.pk, "standard": "熟悉业务，任副科级满两年"}],
        },
    )
    house.move(matter, "open", ago=8)
    adopted = {"principles": "事业为上、人岗相适", "principles_on": house.ago(7)}
    house.move(
        matter,
        "adopt_principles",
        by=house.user(Role.DEPARTMENT_HEAD),
        ago=7,
        values=adopted,
        sign=True,
    )
    names = {
        "names_on": house.ago(6),
        "candidates": [
            {"post": post.pk, "person": p.pk, "reasons": "多渠道推荐"} for p in people[:2]
        ],
        "plan": [{"person": people[0].pk, "post": post.pk}],
    }
    house.move(matter, "list_names", ago=6, values=names)
