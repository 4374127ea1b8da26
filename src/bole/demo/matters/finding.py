"""Recommendations of people, a unit's round, a vacancy notice, credit."""

from __future__ import annotations

import datetime

from bole.accounts.models import Role
from bole.demo.matters import House
from bole.engine.workdays import add_months
from bole.units.models import Post


def load(house: House) -> None:
    """Each kind of finding once or twice, in different states."""
    own = next((c for c in house.cadres if c.account_id), house.cadres[0])
    leader, second, third, *others = [own, *(c for c in house.cadres if c != own)]
    _signed(house, leader, others)
    _unit(house, others)
    _notice(house, leader)
    round_ = house.open(
        "recommendation_round",
        ago=300,
        values={
            "title": "2025年度科级后备干部实名推荐",
            "held_on": house.ago(300),
            "names_allowed": 2,
            "ballots": [
                {"recommender": leader.pk, "named": others[0].pk},
                {"recommender": leader.pk, "named": others[1].pk},
                {"recommender": second.pk, "named": others[0].pk},
                {"recommender": third.pk, "named": others[2].pk},
            ],
            "outcomes": [
                {
                    "named": others[0].pk,
                    "outcome": "inspected_and_promoted",
                    "source": "常委会会议纪要",
                }
            ],
        },
    )
    for role in (Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD):
        house.move(round_, "count", by=house.user(role), ago=299)
    file = house.open(
        "recommender_credit",
        by=house.head,
        scheme="licang-credit",
        ago=20,
        cadre=leader,
        values={"from": house.ago(400), "until": house.ago(20)},
    )
    letter = "推荐情况见积分表，请核对；有不同意见可申请复核。"
    house.move(file, "feed_back", by=house.head, ago=18, values={"letter": letter})


def _signed(house: House, leader, others) -> None:
    words = {
        "written": True,
        "mode": "personal",
        "recommender": leader.pk,
        "target": "科级副职，熟悉财经工作的岗位",
        "reasons": "长期在一线工作，熟悉业务，敢于担当。",
        "relation": "none",
    }
    kind = "signed_recommendation"
    good = house.open(kind, ago=30, cadre=others[0], values={**words, "first_nomination": True})
    house.move(good, "sign_paper", sign=True, ago=30)
    house.move(good, "accept", ago=29)
    review = {"review": "资格条件、档案、年度考核均符合，入库。"}
    house.move(good, "qualify", by=house.head, ago=25, values=review)
    oral = house.open(kind, ago=12, cadre=others[1], values={**words, "written": False})
    house.move(oral, "refuse", ago=12)
    house.open(kind, ago=2, cadre=others[2], values=words)
    first = house.open(
        "first_nomination",
        ago=24,
        cadre=others[0],
        values={
            "nominator": leader.pk,
            "nominated_on": house.ago(30),
            "recommendation": good.number,
            "reasons": "首次提名，愿对推荐负责。",
        },
    )
    house.move(first, "sign", sign=True, ago=24)


def _unit(house: House, others) -> None:
    town = next((u for u in house.units if u.kind == "town"), house.units[0])
    form = house.open(
        "standing_recommendation",
        scheme="muping-ranked",
        ago=15,
        unit=town,
        values={
            "round": "本年度年度考核",
            "meeting_on": house.ago(18),
            "due": 82,
            "present": 78,
            "studied_on": house.ago(16),
            "names": [
                {"person": c.pk, "excellence": n, "maturity": n, "reasons": "实绩突出，群众认可。"}
                for n, c in enumerate(others[3:5], 1)
            ],
            "secretary_name": "刘志强",
            "discipline_name": "赵敏",
        },
    )
    house.move(form, "send", ago=14)


def _notice(house: House, leader) -> None:
    post = Post.objects.filter(abolished_on=None, grade="section_deputy").order_by("id").first()
    if post is None:
        return
    notice = house.open(
        "vacancy_notice",
        scheme="dongying-vacancy-notice",
        ago=4,
        unit=post.unit,
        values={
            "vacancy_class": "department_deputy",
            "post": post.pk,
            "standard": "全日制大学以上学历，熟悉本单位业务，任副科级实职或者中层正职满两年。",
            "scope": "分管领导、单位主要负责人",
        },
    )
    house.move(notice, "announce", ago=4, values={"sent": house.ago(4)})
    house.open(
        "right_suspension",
        scheme="dongying-vacancy-notice",
        ago=6,
        cadre=leader,
        values={
            "what": "推荐材料中任职年限与档案不符。",
            "source": "核查情况报告〔2026〕3号",
            "decided_on": house.ago(6),
            "from": house.ago(5),
            "end": add_months(house.ago(5), 12) - datetime.timedelta(days=1),
        },
    )
