"""Each kind of gate: a table of what the case holds and every reason that must be shown."""

from __future__ import annotations

from datetime import date

import pytest

from bole.engine.procedures import (
    AnswerRecord,
    BallotRecord,
    CaseState,
    CheckRecord,
    Chosen,
    HeadcountRow,
    HoldRecord,
    MatterRecord,
    PaperRecord,
    Procedure,
    Recorded,
    RuleOutcome,
    Signature,
    StepRecord,
    status,
)
from bole.engine.text import Text
from bole.engine.verdict import Verdict

TODAY = date(2024, 9, 30)
BASE = {
    "name": "试",
    "facts": {
        "kind": {"name": "类型", "type": "choice", "choices": {"a": "甲类", "b": "乙类"}},
        "posts": {"name": "职位数", "type": "int"},
        "concentrated": {"name": "意见集中", "type": "bool"},
        "met_on": {"name": "会议日期", "type": "date"},
    },
    "holds": {"complaint": "信访举报"},
    "ballots": {"vote": {"name": "表决"}},
    "papers": [
        {
            "id": "plan",
            "name": "方案",
            "signed_by": ["committee_secretary", "discipline_secretary"],
        },
        {"id": "report", "name": "考察材料", "for_each": "candidates", "fields": ["缺点"]},
        {"id": "letter", "name": "上级来函", "brought": True, "conditional": {"kind": "b"}},
        {"id": "tally", "name": "计票单", "signed_by": [{"all_of": "inspection_group"}]},
    ],
}


def procedure(gate: dict) -> Procedure:
    """A procedure of two steps: one that brings everything about, one behind the gate."""
    first = {
        "id": "first",
        "name": "先",
        "papers": [],
        "optional_papers": ["plan", "report", "tally"],
        "ballots": [],
        "chooses": [],
    }
    second = {"id": "second", "name": "后", "gates": [gate]}
    return Procedure.model_validate(
        {**BASE, "links": [{"id": "l", "name": "环节", "steps": [first, second]}]}
    )


A, B = Chosen(1, "张三", "理由"), Chosen(2, "李四", "")
SIGNED = (
    Signature("committee_secretary", 7, "周", date(2024, 9, 1)),
    Signature("discipline_secretary", 8, "吴", date(2024, 9, 1)),
)
VOTE = {"kind": "vote", "ballot": "vote", "passes": {"more_than": "1/2", "of": "due"}}
COUNTED = {"due": 13, "attending": 13, "returned": 13, "valid": 13, "reconciled": True}


def ballot(**fields: object) -> dict[str, BallotRecord]:
    return {"vote": BallotRecord("vote", **{**COUNTED, "entries": 2, **fields})}  # type: ignore[arg-type]


def outcome(verdict: Verdict, **fields: object) -> dict[str, list[RuleOutcome]]:
    made = RuleOutcome("R1", 1, "张三", verdict, Text("工龄4年", "4 years"), **fields)  # type: ignore[arg-type]
    return {"set": [made]}


PAPERS = {"kind": "papers", "papers": ["report"]}
PERSONS = {"kind": "persons", "group": "candidates"}
CASES = [
    (
        "paper missing per person",
        PAPERS,
        {"groups": {"candidates": [A, B]}},
        ["张三：缺少《考察材料》", "李四：缺少《考察材料》"],
    ),
    (
        "paper filed for one",
        PAPERS,
        {"groups": {"candidates": [A, B]}, "filed": [PaperRecord("report", TODAY, 1)]},
        ["李四：缺少《考察材料》"],
    ),
    (
        "field empty",
        PAPERS,
        {"groups": {"candidates": [A]}, "filed": [PaperRecord("report", TODAY, 1, (), ("缺点",))]},
        ["张三：《考察材料》未填：缺点"],
    ),
    (
        "conditional paper not needed",
        {"kind": "papers", "papers": ["letter"]},
        {"facts": {"kind": "a"}},
        [],
    ),
    (
        "conditional paper undecided",
        {"kind": "papers", "papers": ["letter"]},
        {},
        ["尚不能确定是否需要《上级来函》：未填写类型"],
    ),
    (
        "conditional paper needed",
        {"kind": "papers", "papers": ["letter"]},
        {"facts": {"kind": "b"}},
        ["缺少《上级来函》"],
    ),
    (
        "signature missing",
        {"kind": "signatures", "papers": ["plan"]},
        {"filed": [PaperRecord("plan", TODAY, None, SIGNED[:1])]},
        ["《方案》缺少纪委书记（纪检组长）签字"],
    ),
    (
        "both signatures",
        {"kind": "signatures", "papers": ["plan"]},
        {"filed": [PaperRecord("plan", TODAY, None, SIGNED)]},
        [],
    ),
    (
        "one person in both roles",
        {"kind": "signatures", "papers": ["plan"]},
        {
            "filed": [
                PaperRecord(
                    "plan", TODAY, None, (SIGNED[0], Signature("discipline_secretary", 7, "周"))
                )
            ]
        },
        ["周不能同时以党委（党组）书记、纪委书记（纪检组长）签字"],
    ),
    (
        "all of a group",
        {"kind": "signatures", "papers": ["tally"]},
        {
            "groups": {"inspection_group": [A, B]},
            "filed": [
                PaperRecord("tally", TODAY, None, (Signature("inspection_group", 1, "张三"),))
            ],
        },
        ["《计票单》缺少考察组李四签字"],
    ),
    ("rules not run", {"kind": "rules", "rules": "set"}, {}, ["尚未对考察对象进行资格审查"]),
    (
        "rule fails",
        {"kind": "rules", "rules": "set"},
        {"outcomes": outcome(Verdict.NOT_MET)},
        ["张三不符合 R1：工龄4年"],
    ),
    (
        "rule unknown",
        {"kind": "rules", "rules": "set"},
        {"outcomes": outcome(Verdict.UNKNOWN, missing=Text("缺少参加工作时间", "no start"))},
        ["张三：R1 无法判断——缺少参加工作时间"],
    ),
    (
        "waiver only where allowed",
        {"kind": "rules", "rules": "set"},
        {"outcomes": outcome(Verdict.NOT_MET, waiver="书面理由")},
        ["张三不符合 R1：工龄4年"],
    ),
    (
        "waiver allowed",
        {"kind": "rules", "rules": "set", "exceptions": True},
        {"outcomes": outcome(Verdict.NOT_MET, waiver="书面理由")},
        [],
    ),
    ("headcount not checked", {"kind": "headcount"}, {}, ["尚未核对职数"]),
    (
        "headcount over",
        {"kind": "headcount"},
        {"rows": [HeadcountRow("正科", 3, 3, 0, 1)]},
        ["正科超职数：核定3，现配3，减少0，增加1，拟配4，超1"],
    ),
    (
        "headcount still over, nobody enters",
        {"kind": "headcount"},
        {"rows": [HeadcountRow("正科", 3, 5, 1, 0)]},
        [],
    ),
    (
        "headcount unknown",
        {"kind": "headcount"},
        {"rows": [HeadcountRow("正科", None, 3, 0, 1)]},
        ["正科的核定职数没有记录，请向编制部门核实"],
    ),
    (
        "results entered once",
        {"kind": "results", "ballots": ["vote"]},
        {"ballots": ballot(entries=1, reconciled=False)},
        ["表决：应独立录入2次，已录入1次"],
    ),
    (
        "results not reconciled",
        {"kind": "results", "ballots": ["vote"]},
        {"ballots": ballot(reconciled=False, entered_by=(1, 2))},
        ["表决：录入结果尚未核对一致"],
    ),
    (
        "vote: exactly half of those due fails",
        VOTE,
        {"groups": {"candidates": [A]}, "ballots": ballot(due=12, votes={1: {"agree": 6}})},
        ["张三：表决：应到人数12人中同意6票，超过1/2须7票：未通过（恰为1/2，不算通过）"],
    ),
    (
        "vote: more than half of those due",
        VOTE,
        {"groups": {"candidates": [A]}, "ballots": ballot(due=12, votes={1: {"agree": 7}})},
        [],
    ),
    (
        "vote: recused are not due",
        VOTE,
        {
            "groups": {"candidates": [A]},
            "ballots": ballot(due=13, votes={1: {"agree": 6}}, recused={1: 2}),
        },
        [],
    ),
    (
        "vote: recused stay due where the scheme says so",
        {**VOTE, "recused_stay_due": True},
        {
            "groups": {"candidates": [A]},
            "ballots": ballot(due=13, votes={1: {"agree": 6}}, recused={1: 2}),
        },
        ["张三：表决：应到人数13人中同意6票，超过1/2须7票：未通过"],
    ),
    (
        "vote: the scheme leaves open whether recused stay due",
        {**VOTE, "recused_stay_due": {"param": "recused_due"}},
        {
            "groups": {"candidates": [A]},
            "ballots": ballot(due=13, votes={1: {"agree": 6}}, recused={1: 2}),
        },
        ["办法未定“recused_due”，请先填写"],
    ),
    (
        "vote: only a secret ballot counts",
        {**VOTE, "secret": True},
        {
            "groups": {"candidates": [A]},
            "ballots": ballot(due=12, votes={1: {"agree": 7}}, secret=False),
        },
        ["表决：须采用无记名投票方式"],
    ),
    (
        "vote: more votes than people due",
        VOTE,
        {"groups": {"candidates": [A]}, "ballots": ballot(due=5, votes={1: {"agree": 6}})},
        ["张三：表决：各项票数合计6票，多于应到人数5人。"],
    ),
    (
        "vote: what is needed is said before it is held",
        {**VOTE, "present": {"at_least": "2/3", "of": "due"}},
        {
            "groups": {"candidates": [A]},
            "ballots": ballot(due=11, reconciled=False),
        },
        [
            "表决尚未进行或结果未核对：到会须达到应到人数的2/3（应到人数11，至少8），"
            "同意须超过应到人数的1/2（应到人数11，至少6）"
        ],
    ),
    (
        "vote: quorum of two thirds is inclusive",
        {**VOTE, "present": {"at_least": "2/3", "of": "due"}},
        {
            "groups": {"candidates": [A]},
            "ballots": ballot(due=12, attending=8, votes={1: {"agree": 8}}),
        },
        [],
    ),
    (
        "vote: quorum missed",
        {**VOTE, "present": {"at_least": "2/3", "of": "due"}},
        {
            "groups": {"candidates": [A]},
            "ballots": ballot(due=13, attending=8, votes={1: {"agree": 8}}),
        },
        ["表决：应到人数13人，到会8人，达到2/3须9人"],
    ),
    (
        "vote: more present than due",
        {**VOTE, "present": {"at_least": "2/3", "of": "due"}},
        {
            "groups": {"candidates": [A]},
            "ballots": ballot(due=5, attending=8, votes={1: {"agree": 5}}),
        },
        ["表决：应到人数5人，到会8人：人数不可能成立。"],
    ),
    (
        "vote: no count for a person",
        VOTE,
        {"groups": {"candidates": [A]}, "ballots": ballot()},
        ["张三：表决缺少计票结果"],
    ),
    (
        "body not asked",
        {"kind": "answers", "bodies": ["discipline"]},
        {},
        ["尚未征求纪检监察机关意见"],
    ),
    (
        "body silent",
        {"kind": "answers", "bodies": ["discipline"]},
        {"replies": [AnswerRecord("discipline", date(2024, 8, 1))]},
        ["纪检监察机关尚未回复（2024-08-01发函）"],
    ),
    (
        "silence long enough",
        {"kind": "answers", "bodies": ["co_manager"], "silence_after": 1},
        {"replies": [AnswerRecord("co_manager", date(2024, 8, 29))]},
        [],
    ),
    (
        "silence on the last day is not enough",
        {"kind": "answers", "bodies": ["co_manager"], "silence_after": 1},
        {"replies": [AnswerRecord("co_manager", date(2024, 8, 30))]},
        ["协管方尚未回复（2024-08-30发函，至2024-09-30未复视为同意）"],
    ),
    (
        "objection",
        {"kind": "answers", "bodies": ["discipline"]},
        {"replies": [AnswerRecord("discipline", date(2024, 8, 1), TODAY, "objection")]},
        ["纪检监察机关有不同意见，须作出处理决定"],
    ),
    (
        "check open and check adverse",
        {"kind": "checks", "checks": ["dossier"]},
        {
            "groups": {"candidates": [A, B]},
            "concluded": [CheckRecord("dossier", 1, "adverse", TODAY)],
        },
        ["张三：干部档案审核结论为“查实影响使用”", "李四：干部档案审核尚无结论"],
    ),
    (
        "check without evidence",
        {"kind": "checks", "checks": ["dossier"]},
        {
            "groups": {"candidates": [A]},
            "concluded": [CheckRecord("dossier", 1, "clear", TODAY, False)],
        },
        ["张三：干部档案审核缺少佐证材料"],
    ),
    (
        "check expired",
        {"kind": "checks", "checks": ["dossier"]},
        {
            "groups": {"candidates": [A]},
            "concluded": [CheckRecord("dossier", 1, "clear", TODAY, True, date(2024, 9, 29))],
        },
        ["张三：干部档案审核的结论已于2024-09-29过期"],
    ),
    (
        "clock counts make-up days",
        {"kind": "clock", "elapsed": 5, "unit": "working_days", "since": {"fact": "met_on"}},
        {"facts": {"met_on": date(2024, 9, 24)}},
        ["“会议日期”自2024-09-24起须满5个工作日，到2024-09-30期满"],
    ),
    (
        "clock run out",
        {"kind": "clock", "elapsed": 5, "unit": "working_days", "since": {"fact": "met_on"}},
        {"facts": {"met_on": date(2024, 9, 23)}},
        [],
    ),
    (
        "clock without a date",
        {"kind": "clock", "elapsed": 5, "unit": "calendar_days", "since": {"fact": "met_on"}},
        {},
        ["“会议日期”还没有日期，期限无法计算"],
    ),
    (
        "clock in a year without a calendar",
        {"kind": "clock", "elapsed": 5, "unit": "working_days", "since": {"fact": "met_on"}},
        {"facts": {"met_on": date(2090, 9, 23)}},
        ["工作日历止于"],
    ),
    (
        "open parameter",
        {
            "kind": "clock",
            "elapsed": {"param": "days"},
            "unit": "weeks",
            "since": {"fact": "met_on"},
        },
        {"facts": {"met_on": date(2024, 9, 23)}},
        ["办法未定“days”，请先填写"],
    ),
    (
        "valid on its last day",
        {"kind": "valid", "within": 1, "unit": "years", "since": {"fact": "met_on"}},
        {"facts": {"met_on": date(2023, 9, 30)}},
        [],
    ),
    (
        "no longer valid",
        {"kind": "valid", "within": 1, "unit": "years", "since": {"fact": "met_on"}},
        {"facts": {"met_on": date(2023, 9, 29)}},
        ["“会议日期”（2023-09-29）有效期1年，已于2024-09-29届满"],
    ),
    (
        "too few and too many persons",
        {**PERSONS, "min": 3},
        {"groups": {"candidates": [A]}},
        ["考察对象至少3人，现有1人"],
    ),
    (
        "person without a reason",
        {**PERSONS, "reasons": True},
        {"groups": {"candidates": [A, B]}},
        ["李四：缺少列为考察对象的书面理由"],
    ),
    (
        "ratio to posts",
        {**PERSONS, "per_post_min": "3/2", "per_post_max": 3},
        {"groups": {"candidates": [A, B]}, "facts": {"posts": 2}},
        ["考察对象2人，2个职位，比例应不低于1.5:1"],
    ),
    (
        "ratio without posts",
        {**PERSONS, "more_than_posts": True},
        {"groups": {"candidates": [A]}},
        ["未填写职位数，无法核对考察对象与职位的比例"],
    ),
    (
        "one person a post when opinion is concentrated",
        {**PERSONS, "more_than_posts": True, "unless": {"concentrated": True}},
        {"groups": {"candidates": [A]}, "facts": {"posts": 1, "concentrated": True}},
        [],
    ),
    (
        "persons apart",
        {**PERSONS, "apart_from": ["inspection_group"]},
        {"groups": {"candidates": [A], "inspection_group": [A]}},
        ["张三不能同时属于考察对象和考察组"],
    ),
    ("fact not stated", {"kind": "fact", "fact": "kind"}, {}, ["未填写“类型”"]),
    (
        "fact of another value",
        {"kind": "fact", "fact": "kind", "is": "b"},
        {"facts": {"kind": "a"}},
        ["“类型”为甲类，应为乙类"],
    ),
    (
        "fact within bounds",
        {"kind": "fact", "fact": "posts", "is": {"at_least": 1}},
        {"facts": {"posts": 1}},
        [],
    ),
    (
        "hold open",
        {"kind": "no_holds", "holds": ["complaint"]},
        {"open_holds": [HoldRecord("complaint", Text("核查中", "open"), date(2024, 10, 1))]},
        ["信访举报未办结：核查中（至2024-10-01）"],
    ),
    (
        "changed since approval",
        {"kind": "unchanged", "paper": "plan"},
        {"differing": {"plan": ["职数", "方式"]}},
        ["与已批准的《方案》不一致：职数、方式"],
    ),
    (
        "matter not opened",
        {"kind": "matters", "matters": {"talk": "held"}, "of": "candidates"},
        {"groups": {"candidates": [A]}},
        ["张三：尚未办理“talk”"],
    ),
    (
        "matter of one person in a state, of another not",
        {"kind": "matters", "matters": {"talk": ["held", "waived"]}, "of": "candidates"},
        {
            "groups": {"candidates": [A, B]},
            "opened": [
                MatterRecord("talk", "waived", 1, Text("谈话", "talk"), Text("免谈", "waived")),
                MatterRecord("talk", "open", 2, Text("谈话", "talk"), Text("待谈", "open")),
            ],
        },
        ["李四：“谈话”现为“待谈”，尚未办结"],
    ),
    (
        "matter of the case done",
        {"kind": "matters", "matters": {"consultation": "done"}},
        {"opened": [MatterRecord("consultation", "done")]},
        [],
    ),
    (
        "gate of another branch",
        {"kind": "headcount", "when": {"kind": "b"}},
        {"facts": {"kind": "a"}},
        [],
    ),
    (
        "gate of an undecided branch",
        {"kind": "headcount", "when": {"kind": "b"}},
        {},
        ["未填写“类型”，无法确定是否适用"],
    ),
]


@pytest.mark.parametrize(("gate", "case", "said"), [pytest.param(*c[1:], id=c[0]) for c in CASES])
def test_gate(gate, case, said):
    done = CaseState(TODAY, {"first": StepRecord("first", TODAY)})
    found = status(procedure(gate), done, Recorded(today=TODAY, **case), {}).steps["second"]
    assert len(found.reasons) == len(said), [r.text.zh for r in found.reasons]
    for reason, fragment in zip(found.reasons, said, strict=True):
        assert fragment in reason.text.zh
        assert reason.text.en and reason.action
    assert found.state == ("blocked" if said else "ready")


def test_warning_goes_on_with_a_written_reason():
    gate = {"kind": "headcount", "strength": "warn", "id": "hc"}
    done = CaseState(TODAY, {"first": StepRecord("first", TODAY)})
    context = Recorded(today=TODAY)
    found = status(procedure(gate), done, context, {}).steps["second"]
    assert (found.state, [w.key for w in found.warnings]) == ("open", ["second/hc"])
    accepted = CaseState(TODAY, done.steps, accepted={"second/hc": "编办已口头确认"})
    assert status(procedure(gate), accepted, context, {}).steps["second"].may_finish


def test_own_text_action_and_reference_of_a_gate():
    gate = {"kind": "headcount", "text": {"zh": "先核编", "en": "establishment"}, "clear": "wait"}
    done = CaseState(TODAY, {"first": StepRecord("first", TODAY)})
    (reason,) = status(procedure(gate), done, Recorded(today=TODAY), {}).steps["second"].reasons
    assert reason.text.zh == "先核编（尚未核对职数）"
    assert reason.action == "wait"
    assert reason.as_dict()["verdict"] == "unknown"
