"""A conclusion, an admonition under reply, a tracker, an archive clock, a spot check, a review."""

from __future__ import annotations

from bole.accounts.models import Role
from bole.demo.matters import House


def load(house: House) -> None:
    """Vetting and record: each in a state that shows what it waits for."""
    if len(house.cadres) < 20 or len(house.units) < 3:
        return
    first, second, third = house.cadres[10:13]
    discipline = house.user(Role.DISCIPLINE_LIAISON)
    conclusion = house.open(
        "certificate",
        ago=15,
        cadre=first,
        values={
            "kind": ["integrity"],
            "organisation": str(first.unit),
            "occasion": "拟提拔使用",
            "text": "廉洁自律，未发现违规违纪问题，同意推荐使用。",
            "concluding": True,
            "text_date": house.ago(16),
            "first": house.cadres[14].pk,
            "first_role": "party_secretary",
            "first_on": house.ago(16),
            "second": house.cadres[15].pk,
            "second_role": "discipline_secretary",
            "second_on": house.ago(15),
        },
    )
    house.move(conclusion, "accept", ago=14, sign=True)
    lead = house.open(
        "adverse_lead",
        by=discipline,
        ago=12,
        cadre=second,
        values={
            "measure": "reminder",
            "what": "两次迟报重点工作进展，经督促后补报",
            "happened_on": house.ago(30),
            "source": "县委督查室通报",
            "until": house.ago(-150),
        },
    )
    house.move(lead, "tell", by=discipline, ago=10, sign=True)
    house.open(
        "points_account",
        scheme="zibo-supervision-points",
        ago=100,
        cadre=third,
        values={"from": house.ago(300), "until": house.ago(-430)},
    )
    house.open(
        "rectification",
        ago=40,
        values={
            "title": "选人用人专项检查反馈",
            "problems": [
                {
                    "problem": "纪实不及时",
                    "aspect": "全程纪实",
                    "text": "三个批次的纪实材料逾期归档",
                },
                {
                    "problem": "交流力度不够",
                    "aspect": "班子建设",
                    "text": "同一岗位满十年的干部未交流",
                },
            ],
            "measures": [
                {
                    "problem": "纪实不及时",
                    "measure": "补齐材料并核对",
                    "unit": house.units[0].pk,
                    "person": house.cadres[16].pk,
                    "deadline": house.ago(5),
                    "state": "accepted",
                    "accepted_on": house.ago(6),
                },
                {
                    "problem": "交流力度不够",
                    "measure": "提出交流计划",
                    "unit": house.units[1].pk,
                    "person": house.cadres[17].pk,
                    "deadline": house.ago(-20),
                    "state": "open",
                },
            ],
        },
    )
    if house.cases:
        house.open(
            "archive_clock",
            scheme="zibo-archive-clock",
            ago=9,
            case_stream=house.cases[0].stream,
            values={"issued": house.ago(10)},
        )
    spot = house.open(
        "spot_check",
        ago=25,
        unit=house.units[2],
        values={
            "period": "上半年",
            "checkers": [house.cadres[16].pk, house.cadres[17].pk],
            "sample": [
                {"batch": "第1批", "score": 96},
                {"batch": "第2批", "score": 88, "problem": "谈话记录缺一人签字"},
            ],
        },
    )
    house.move(
        spot, "feed_back", ago=20, values={"feedback": "补签并说明，今后当日核对"}, sign=True
    )
    house.open(
        "annual_review",
        ago=30,
        unit=house.units[0],
        values={
            "held_on": house.ago(31),
            "due_count": 40,
            "attending": 37,
            "issued": 37,
            "returned": 37,
            "work_score": 91,
            "appointed_score": 88,
            "reviewed": [
                {
                    "person": house.cadres[18].pk,
                    "satisfied": 31,
                    "basic": 4,
                    "dissatisfied": 1,
                    "unknown": 1,
                }
            ],
        },
    )
    risks = house.open(
        "risk_catalogue",
        ago=60,
        values={
            "title": "选任环节风险点",
            "risks": [
                {
                    "step": "动议",
                    "risk": "先定人后定条件",
                    "level": "high",
                    "measure": "原则和条件先行审定并留痕",
                    "owner": "干部科科长",
                },
                {
                    "step": "考察",
                    "risk": "谈话范围不足",
                    "level": "medium",
                    "measure": "按范围名册逐人核对",
                    "owner": "考察组组长",
                },
            ],
        },
    )
    house.move(risks, "adopt", by=house.head, ago=58, sign=True)
