"""A meeting of three classes, and a signature without a password."""

from __future__ import annotations

import datetime

import pytest

from bole.ballots import actions
from bole.record.actions import Signature

FORM = {
    "id": "recommendation",
    "title": {"zh": "会议推荐票", "en": "Recommendation ballot"},
    "anonymous": True,
    "over_pick": "void_ballot",
    "items": [
        {
            "id": "names",
            "kind": "nominate",
            "max_picks": "posts",
            "text": {"zh": "推荐人选", "en": "Nominees"},
        },
        {"id": "trust", "kind": "agree", "per_subject": False, "text": "是否信任 / trust"},
    ],
}
DECISION = {
    "id": "decision",
    "title": {"zh": "讨论决定表决票", "en": "Decision ballot"},
    "anonymous": True,
    "over_pick": "void_category",
    "items": [
        {
            "id": "decision",
            "kind": "agree",
            "options": [
                {"id": "agree", "text": {"zh": "同意", "en": "agree"}},
                {"id": "disagree", "text": {"zh": "不同意", "en": "disagree"}},
                {"id": "defer", "text": {"zh": "缓议", "en": "defer"}},
            ],
        }
    ],
}
REASONED = {
    "id": "reasoned",
    "title": {"zh": "任用评议票", "en": "Review ballot"},
    "anonymous": True,
    "over_pick": "void_ballot",
    "items": [
        {
            "id": "say",
            "kind": "agree",
            "text": {"zh": "是否同意任用", "en": "Do you agree"},
            "options": [
                {"id": "agree", "text": {"zh": "同意", "en": "agree"}},
                {
                    "id": "disagree",
                    "text": {"zh": "不同意", "en": "disagree"},
                    "reason_required": True,
                },
            ],
        },
        {"id": "advice", "kind": "text", "per_subject": False, "text": "意见建议"},
    ],
}
SUBJECTS = [
    {"cadre": 11, "name": "贾平", "post": "县财政局副局长"},
    {"cadre": 12, "name": "易安", "post": "白鹭镇镇长"},
    {"cadre": 13, "name": "邴原", "post": "县教育局副局长"},
]
CLASSES = [
    {"code": "leaders", "name": "领导班子", "due": 6},
    {"code": "middle", "name": "中层干部", "due": 8},
    {"code": "staff", "name": "一般干部", "due": 10},
]
DAY = datetime.date(2026, 3, 2)
ATTENDANCE = {"base": "due", "op": "ge", "share": "2/3"}


@pytest.fixture
def officer(user_with):
    return user_with("section_officer")


@pytest.fixture
def counters(user_with):
    """Two persons who count, none of them the officer."""
    return user_with("inspector", username="one"), user_with("inspector", username="two")


@pytest.fixture
def plan(officer):
    """`plan(channel="paperless", **changes)`: a planned meeting."""

    def make(**changes):
        options = {
            "actor": officer,
            "stream": "case:1",
            "ballot": "meeting_recommendation",
            "title": "县财政局局长人选会议推荐",
            "form": FORM,
            "subjects": SUBJECTS,
            "classes": CLASSES,
            "channel": "paperless",
            "held_on": DAY,
            "parameters": {"posts": 2, "minimum_size": 3, "attendance": ATTENDANCE},
        }
        return actions.plan_meeting(**options | changes)

    return make


@pytest.fixture
def opened(plan, officer):
    """`opened(**changes)`: (meeting, codes by class), everybody attending."""

    def make(attending=None, **changes):
        meeting = plan(**changes)
        here = attending or {c["code"]: c["due"] for c in meeting.classes}
        actions.record_attendance(actor=officer, meeting=meeting, attending=here)
        actions.freeze_roll(actor=officer, meeting=meeting)
        codes = {}
        if meeting.online:
            for code, group in actions.issue_credentials(actor=officer, meeting=meeting):
                codes.setdefault(group, []).append(code)
        return actions.open_meeting(actor=officer, meeting=meeting), codes

    return make


@pytest.fixture
def signed():
    """`signed(user, meeting, role)`."""

    def make(user, meeting, role):
        return actions.sign(
            actor=user, meeting=meeting, role=role, signature=Signature("password", user)
        )

    return make
