"""A demo ballot held on phones and on paper, counted together, signed, with reasons."""

from __future__ import annotations

import datetime
import random

from bole.accounts.models import Role
from bole.ballots import actions, box
from bole.ballots.models import Meeting
from bole.demo.county import by_role
from bole.engine.ballotbox import new_nonce
from bole.people.models import Cadre

CLASSES = (("leaders", "班子成员", 7), ("middle", "中层干部", 24), ("staff", "一般干部", 36))
PAPERS = {"leaders": 0, "middle": 6, "staff": 12}
FORM = {
    "id": "annual_assessment",
    "title": {"zh": "年度民主测评票", "en": "Annual assessment ballot"},
    "anonymous": True,
    "over_pick": "void_ballot",
    "items": [
        {
            "id": "grade",
            "kind": "grade",
            "text": {"zh": "总体评价", "en": "Overall"},
            "options": [
                {"id": "excellent", "text": {"zh": "优秀", "en": "excellent"}, "points": "100"},
                {"id": "competent", "text": {"zh": "称职", "en": "competent"}, "points": "80"},
                {
                    "id": "basic",
                    "text": {"zh": "基本称职", "en": "basically competent"},
                    "points": "60",
                },
                {
                    "id": "incompetent",
                    "text": {"zh": "不称职", "en": "not competent"},
                    "points": "40",
                    "reason_required": True,
                },
            ],
        },
        {
            "id": "advice",
            "kind": "text",
            "per_subject": False,
            "text": {"zh": "意见建议", "en": "Advice"},
        },
    ],
}
REASONS = (
    "到现场少，群众反映的问题拖得久",
    "分管工作连续两个季度排名靠后",
    "遇事推给下属，不敢拍板",
)
ADVICE = ("多到村里开会，少在机关开会", "文件再短一些", "年轻干部轮岗的名额多一些")


def load(*, today: datetime.date) -> Meeting:
    """Hold the ballot through the actions of the pages; the same votes in every demo."""
    rng = random.Random(7)  # noqa: S311 (repeatable data)
    actors = by_role()
    officer = actors[Role.SECTION_OFFICER][0]
    counter, monitor = officer, actors[Role.INSPECTOR][0]
    names = [c.name for c in Cadre.objects.order_by("pk")[40:43]]
    meeting = actions.plan_meeting(
        actor=officer,
        ballot="annual_assessment",
        title="县直某局领导班子年度测评",
        form=FORM,
        subjects=[{"name": n, "post": "班子成员"} for n in names],
        classes=[{"code": c, "name": n, "due": d} for c, n, d in CLASSES],
        channel=Meeting.Channel.MIXED,
        held_on=today - datetime.timedelta(days=20),
        parameters={"minimum_size": 5},
    )
    present = {c: due - (1 if due > 10 else 0) for c, _name, due in CLASSES}
    meeting = actions.record_attendance(actor=officer, meeting=meeting, attending=present)
    meeting = actions.freeze_roll(actor=officer, meeting=meeting)
    codes: dict[str, list[str]] = {}
    for code, group in actions.issue_credentials(actor=officer, meeting=meeting):
        codes.setdefault(group, []).append(code)
    meeting = actions.open_meeting(actor=officer, meeting=meeting)
    keys = [s["key"] for s in meeting.subjects]
    for group, own in codes.items():
        papers, voting = PAPERS[group], own[: present[group]]
        for code in voting[:papers]:
            actions.change_for_paper(actor=officer, meeting=meeting, slip=code)
        for code in voting[papers:]:
            box.cast(code=code, nonce=new_nonce(), answers=_answers(rng, keys))
    meeting = actions.close(actor=officer, meeting=meeting)
    sheet, words = _sheet(keys)
    for user in (counter, monitor):
        actions.enter_sheet(actor=user, meeting=meeting, counts=sheet, remarks=words)
    actions.sign(actor=counter, meeting=meeting, role="counter", signature="paper")
    return actions.sign(actor=monitor, meeting=meeting, role="monitor", signature="paper")


def _answers(rng: random.Random, keys: list[str]) -> dict[str, object]:
    grades: dict[str, object] = {}
    for key in keys:
        grade = rng.choices(
            ["excellent", "competent", "basic", "incompetent"], weights=[30, 55, 12, 3]
        )[0]
        grades[key] = (
            {"option": grade, "reason": rng.choice(REASONS)} if grade == "incompetent" else grade
        )
    return {"grade": grades, **({"advice": rng.choice(ADVICE)} if rng.random() < 0.1 else {})}


def _sheet(keys: list[str]) -> tuple[dict[str, object], list[list[str]]]:
    """What two persons read from the papers: one void, one low grade with its reason."""
    classes = {}
    for code, _name, _due in CLASSES:
        issued = PAPERS[code]
        void = 1 if issued > 10 else 0
        valid = issued - void
        marks = {k: {"excellent": valid // 3, "competent": valid - valid // 3} for k in keys}
        if code == "middle":
            marks[keys[-1]] = {"competent": valid - 1, "incompetent": 1}
        classes[code] = {
            "issued": issued,
            "not_returned": 0,
            "returned": issued,
            "valid": valid,
            "void": void,
            "marks": {"grade": marks} if valid else {},
        }
    return {"classes": classes}, [["grade", keys[-1], "incompetent", REASONS[0]]]
