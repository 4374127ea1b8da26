"""A small office: one bureau, its people, and a short scheme with every kind of turn."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from bole.accounts.models import RoleGrant, User
from bole.people.models import Cadre
from bole.schemes.actions import install
from bole.schemes.models import SchemeVersion
from bole.selection import actions
from bole.selection.models import Case
from bole.units.models import HeadcountLine, Post, Unit

DAY = datetime.date(2025, 3, 3)
ROLES = (
    "section_officer",
    "department_head",
    "inspector",
    "committee_member",
    "discipline_liaison",
    "unit_liaison",
    "auditor",
)

PACK = """\
id: small
name: 小办法
place: 县
parameters:
  share: {label: 通过比例, type: fraction, default: 1/2}
  recused_due: {label: 回避人员是否计入应到, type: bool, open: true}
instruments:
  decision:
    title: 表决票
    anonymous: true
    over_pick: void_category
    items:
      - id: decision
        kind: agree
        options:
          - {id: agree, text: 同意}
          - {id: disagree, text: 不同意}
          - {id: defer, text: 缓议}
procedure:
  name: 程序
  facts:
    posts: {name: 职位数, type: int, default: 1}
    decided_on: {name: 决定日期, type: date}
  ballots:
    decision: {name: 表决, instrument: decision}
  papers:
    - {id: form, name: 审批表, signed_by: [chair, recorder]}
    - {id: notes, name: 谈话记录, for_each: candidates}
  links:
    - id: motion
      name: 动议
      steps:
        - {id: motion, name: 动议, chooses: [proposed]}
        - {id: headcount, name: 核定职数, finish: [{kind: headcount}]}
    - id: inspection
      name: 考察
      steps:
        - id: candidates
          name: 确定考察对象
          chooses: [candidates]
          finish: [{id: one, kind: persons, group: candidates, max: 2}]
        - {id: inspect, name: 考察, papers: [notes]}
    - id: decision
      name: 决定
      steps:
        - id: meeting
          name: 讨论决定
          who: committee_member
          chooses: [nominees]
          states: [decided_on]
          papers: [form]
          ballots: [decision]
          finish:
            - id: vote
              kind: vote
              ballot: decision
              of: nominees
              present: {at_least: 2/3, of: due}
              passes: {more_than: {param: share}, of: due}
              chair_last: true
              secret: true
              recused_stay_due: {param: recused_due}
            - {id: form, kind: signatures, papers: [form]}
    - id: appointment
      name: 任职
      steps:
        - id: document
          name: 任职文件
          writes: {appointment_of: nominees, since: {fact: decided_on}}
        - {id: filed, name: 归档}
"""


def pack(text: str = PACK) -> SchemeVersion:
    """A pack installed from its text."""
    with tempfile.TemporaryDirectory() as folder:
        code = next(line for line in text.splitlines() if line.startswith("id:"))[3:].strip()
        path = Path(folder) / f"{code}.yaml"
        path.write_text(text, encoding="utf-8")
        return install(actor=None, name_or_path=path)


def user(role: str, name: str = "", unit: Unit | None = None) -> User:
    """An account with one role; no role = an account that only signs in."""
    name = name or role
    found, new = User.objects.get_or_create(username=name, defaults={"name": name})
    if new:
        found.set_password("correct horse")
        found.save()
    if role:
        RoleGrant.objects.get_or_create(user=found, role=role, unit=unit)
    return found


def users() -> dict[str, User]:
    """One account of each role that has a part in a case, and a second officer."""
    return {role: user(role) for role in ROLES} | {"second": user("section_officer", "second")}


def bureau(name: str = "教育局", approved: int | None = None) -> Unit:
    """A bureau; `approved` deputy posts if that is known."""
    unit = Unit.objects.add_root(
        instance=Unit(code=f"U{Unit.objects.count()}", name=name, kind="department")
    )
    if approved is not None:
        HeadcountLine.objects.create(
            unit=unit,
            grade="section_deputy",
            leading=True,
            approved=approved,
            valid_from=datetime.date(2000, 1, 1),
        )
    return unit


def post(unit: Unit) -> Post:
    """A vacant deputy post of the bureau, with a title of its own."""
    title = f"副局长（{unit.posts.count() + 1}）"
    return Post.objects.create(unit=unit, title=title, grade="section_deputy", leading=True)


def cadre(name: str, unit: Unit | None = None) -> Cadre:
    """A cadre in service without any history."""
    return Cadre.objects.create(name=name, sex="女", birth=datetime.date(1980, 2, 1), unit=unit)


def open_case(
    version: SchemeVersion, where: Post, officer: User, on: datetime.date = DAY, **more
) -> Case:
    """A case for one post."""
    return actions.open_case(actor=officer, posts=[where], scheme=version, on=on, **more)
