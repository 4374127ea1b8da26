"""Recommendations, driven through the actions."""

from __future__ import annotations

import pytest

from bole.engine.errors import BoleError
from bole.matters import actions
from bole.matters.queries import Look
from bole.people.models import Relation
from bole.record.actions import Signature

FORM = {
    "written": True,
    "mode": "personal",
    "target": "财政局副局长",
    "reasons": "熟悉财政业务，担当尽责。",
    "relation": "none",
}


@pytest.fixture
def opened(pack, officer, people):
    pack("matters-finding")

    def make(**changes):
        values = {**FORM, "recommender": people["zeng"].pk, **changes}
        return actions.open_matter(
            actor=officer, kind="signed_recommendation", cadre=people["wang"], values=values
        )

    return make


def codes(matter, user, day):
    return [f.code for f in Look(matter, user, day).judgement.findings]


def test_from_intake_to_the_base(opened, officer, head):
    matter = opened()
    assert matter.number == f"荐〔{matter.year}〕1号"
    with pytest.raises(BoleError) as refused:
        actions.do_move(actor=officer, matter=matter, move="accept")
    assert [p.code for p in refused.value.problems] == ["REC_SIGN"]
    signature = Signature("password", officer)
    actions.do_move(actor=officer, matter=matter, move="sign_paper", signature=signature)
    matter = actions.do_move(actor=officer, matter=matter, move="accept")
    assert matter.state == "accepted"
    matter = actions.do_move(
        actor=head, matter=matter, move="qualify", values={"review": "资格、档案、考核均无问题"}
    )
    assert matter.state == "qualified"
    assert matter.told.filter(user=officer).count() == 2


def test_every_reason_at_once_in_the_order_of_the_codes(opened, officer, people):
    Relation.objects.create(
        cadre=people["zeng"], kinship="丈夫", name="王芳", related=people["wang"]
    )
    matter = opened(reasons="", relation="")
    assert codes(matter, officer, matter.opened_on) == ["REC_FIELD", "REC_SIGN", "REC_KIN"]
    matter = actions.do_move(actor=officer, matter=matter, move="refuse")
    act = matter.acts.last()
    assert [f["code"] for f in act.judged] == ["REC_FIELD", "REC_SIGN", "REC_KIN"]
    assert matter.state == "refused"


def test_an_oral_recommendation_is_only_noted(opened, officer):
    matter = opened(written=False)
    assert codes(matter, officer, matter.opened_on) == ["REC_ORAL"]
