"""A notice that runs, a probation with touchpoints, a reminder letter, a meeting, formalities."""

from __future__ import annotations

from bole.demo.matters import House
from bole.matters.queries import Look


def load(house: House) -> None:
    """The kinds of decision and appointment that an officer meets first, in different states."""
    first, second, third, fourth, *_others = house.cadres[5:]
    notice = house.open(
        "pre_notice",
        scheme="matters-appointment",
        ago=2,
        cadre=first,
        values={
            "proposed_post": f"{first.unit}副职",
            "places": "本单位公告栏、县政府网站",
            "phone": "0000-12380",
            "count_from": "day_after_posting",
        },
    )
    start = house.ago(2)
    begun = Look(notice, house.officer, start).begun
    if "until" in begun:  # the calendar of the year is known
        values = {"start": start, "until": begun["until"]}
        house.move(notice, "post", ago=2, values=values)

    probation = house.open(
        "probation",
        scheme="matters-appointment",
        ago=180,
        cadre=second,
        values={"post": second.post_title or f"{second.unit}副职", "start": house.ago(180)},
    )
    begun = Look(probation, house.officer, house.ago(180)).begun
    rows = begun["touchpoints"]
    values = {"until": begun["until"], "touchpoints": rows}
    house.move(probation, "begin", ago=180, values=values)
    done = {"held": rows[0]["due"], "by": "第一考察组", "note": "适应较快，群众反映较好"}
    rows = [{**rows[0], **done}, *rows[1:]]
    house.move(probation, "touch", ago=80, values={"touchpoints": rows})

    letter = house.open(
        "reminder_letter",
        scheme="feixian-ballots-reminder-letter",
        ago=95,
        cadre=third,
        values={
            "shortcomings": [{"point": "深入基层调研不够"}, {"point": "抓落实的力度有待加强"}],
            "demands": "对照不足制定整改措施，每季度报告改正情况。",
            "office_date": house.ago(95),
        },
    )
    checks = Look(letter, house.head, house.ago(95)).begun["checks"]
    house.move(letter, "issue", by=house.head, ago=95, values={"checks": checks}, sign=True)

    members = ["陈明", "李伟", "周敏", "孙丽", "赵强", "吴刚", "郑涛"]
    house.open(
        "decision_meeting",
        scheme="matters-decision",
        ago=3,
        values={
            "body": "县委常委会",
            "held": house.ago(3),
            "mode": "secret",
            "roll": [
                {"member": name, "present": n < 6, "principal": n == 0}
                for n, name in enumerate(members)
            ],
            "votes": [
                {"person": fourth.pk, "on_agenda": True, "agree": 5, "disagree": 1, "postpone": 0}
            ],
            "statements": [{"member": name} for name in [*members[1:6], members[0]]],
        },
    )
    house.open(
        "pre_post_test",
        scheme="laixi-ballots-pre-post-test",
        ago=6,
        cadre=first,
        values={"session": "2026年第三批任前测试", "pass_line": 60},
    )
