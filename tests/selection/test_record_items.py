"""A step's record items: one person writes, another reviews, then the step may end."""

from __future__ import annotations

from pathlib import Path

import pytest

from bole.engine.errors import BoleError
from bole.schemes.actions import install
from bole.selection import actions
from bole.selection.context import load
from bole.selection.queries import button
from bole.units.models import Post, Unit

PACK = """\
id: record-items
name: 纪实
place: 县
procedure:
  name: 程序
  links:
    - id: l
      name: 环节
      steps:
        - id: motion
          name: 动议
          records: [{id: entry, name: 动议情况, recorder: recorder, reviewer: reviewer}]
        - {id: next, name: 下一步}
"""


@pytest.fixture
def case(tmp_path: Path, user_with):
    folder = tmp_path / "schemes"
    folder.mkdir()
    pack = folder / "record-items.yaml"
    pack.write_text(PACK, encoding="utf-8")
    unit = Unit.add_root(code="1", name="教育局", kind="department")
    post = Post.objects.create(unit=unit, title="局长", grade="section_chief")
    head = user_with("department_head")
    version = install(actor=None, name_or_path=pack)
    return actions.open_case(actor=head, posts=[post], scheme=version), head


@pytest.mark.django_db
def test_who_writes_does_not_review(case, user_with):
    case, head = case
    other = user_with("section_officer")

    def wanted() -> list[str]:
        look = load(case, case.started)
        return [r.action for r in look.status.steps["motion"].remaining]

    with pytest.raises(BoleError):
        actions.finish_step(actor=head, case=case, step="motion")
    assert wanted() == ["write_record"]
    look = load(case, case.started)
    (reason,) = look.status.steps["motion"].remaining
    shown = button(look, "motion", reason)
    assert shown is not None and shown.asks and shown.post["item"] == "entry"
    item = {"case": case, "step": "motion", "item": "entry"}
    with pytest.raises(BoleError):
        actions.write_record(actor=head, text=" ", **item)
    with pytest.raises(BoleError):
        actions.review_record(actor=other, **item)
    actions.write_record(actor=head, text="经研究启动", **item)
    assert wanted() == ["review_record"]
    with pytest.raises(BoleError, match="不能审核自己"):
        actions.review_record(actor=head, **item)
    actions.review_record(actor=other, **item)
    assert wanted() == []
    actions.finish_step(actor=head, case=case, step="motion")
    assert load(case, case.started).status.here == ("next",)
