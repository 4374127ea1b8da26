"""An item of the sections quotas, pools, lists, locks, nomination, motion as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter

from bole.engine.exact.comparators import Comparator
from bole.engine.exact.numbers import percent
from bole.engine.procedures.base import When
from bole.engine.quotas.models import Quota
from bole.engine.text import Text, join

LABELS: dict[str, Text] = {
    "about": Text("左右", "about"),
    "age_bands": Text("年龄段", "age bands"),
    "any_day": Text("随时受理", "any day"),
    "applies": Text("适用于", "applies to"),
    "appointed_by": Text("任命", "appointed by"),
    "approval": Text("批准机构", "approved by"),
    "around": Text("幅度", "width"),
    "aspects": Text("方面", "aspects"),
    "at_once": Text("随时", "at once"),
    "authority": Text("权限", "authority"),
    "axes": Text("分类", "classed by"),
    "bands": Text("档次", "bands"),
    "bodies": Text("报送单位", "reporting bodies"),
    "call_up": Text("调用环节", "called up at"),
    "categories": Text("类别和名额", "categories"),
    "channels": Text("渠道", "channels"),
    "classes": Text("分类", "classes"),
    "columns": Text("列示内容", "columns"),
    "conditions": Text("条件", "conditions"),
    "consents": Text("同意顺序", "chain of consents"),
    "consistent": Text("至少几个渠道一致", "consistent at"),
    "consult": Text("听取意见", "consulted"),
    "count": Text("数量", "number"),
    "counted": Text("来源所列数", "counted in the source"),
    "checks": Text("审核", "checks"),
    "difference": Text("差额", "difference"),
    "disclosure": Text("公开事项", "disclosed"),
    "every_months": Text("每隔月数", "every so many months"),
    "exclusions": Text("不得有", "exclusions"),
    "exit_reasons": Text("出库情形", "reasons to leave"),
    "fields": Text("项目", "items"),
    "filed_with": Text("备案", "filed with"),
    "filled_by": Text("填写人", "filled by"),
    "forbids": Text("不得", "forbids"),
    "gates": Text("各道门", "gates"),
    "group_name": Text("计数", "counts"),
    "identity": Text("记名方式", "ballots"),
    "items": Text("内容", "items"),
    "joint_least": Text("联名至少人数", "joint signers at least"),
    "kin": Text("回避关系", "barred relations"),
    "later": Text("后续加减分", "later points"),
    "layers": Text("预告层次", "layers"),
    "maturity": Text("成熟度", "maturity"),
    "maximum": Text("至多", "at most"),
    "minimum": Text("至少", "at least"),
    "minimums": Text("最低要求", "minimums"),
    "minutes": Text("须有会议记录", "minutes wanted"),
    "modes": Text("方式", "modes"),
    "months": Text("月", "months"),
    "multiple": Text("倍数", "multiple"),
    "names": Text("推荐人数", "names"),
    "negative": Text("负面情形", "negative circumstances"),
    "note": Text("说明", "note"),
    "number": Text("名额", "number"),
    "of_name": Text("分母", "out of"),
    "offices": Text("职务", "offices"),
    "open": Text("来源未定", "open in the source"),
    "open_bodies": Text("来源未列名的单位数", "bodies not named"),
    "open_exclusions": Text("来源未列出的情形数", "situations not printed"),
    "open_items": Text("来源未列出的条数", "items not printed"),
    "open_negative": Text("来源未列出的负面情形数", "negative ones not printed"),
    "open_positive": Text("来源未列出的正面情形数", "positive ones not printed"),
    "open_slips": Text("来源未列出的票数", "slips not printed"),
    "opinions": Text("征求意见", "opinions"),
    "outcome": Text("得分", "points"),
    "outside": Text("本单位以外至少", "from outside at least"),
    "overstaffed": Text("原已超配而未进人", "over without an entry"),
    "papers": Text("材料", "papers"),
    "passes": Text("得票要求", "passes with"),
    "places": Text("名额", "places"),
    "positive": Text("正面情形", "positive circumstances"),
    "posts": Text("职位", "posts"),
    "prefer": Text("优先顺序", "preferences"),
    "quorum": Text("到会要求", "quorum"),
    "quotas": Text("配额", "quotas"),
    "rank_by": Text("排序依据", "ranked by"),
    "ratio": Text("比例", "ratio"),
    "remedy": Text("未达到时", "remedies"),
    "require": Text("要求", "requires"),
    "reset": Text("集中调整", "reset"),
    "review": Text("复核", "review"),
    "risks": Text("风险事项", "risk aspects"),
    "rows": Text("矩阵", "matrix"),
    "scope": Text("范围", "scope"),
    "seal": Text("须盖印章", "seal wanted"),
    "seats": Text("预留", "seats"),
    "sensitive": Text("敏感信息", "sensitive"),
    "share": Text("比例", "share"),
    "signatures": Text("签字", "signatures"),
    "size": Text("规模", "size"),
    "slips": Text("票种", "slips"),
    "stages": Text("阶段", "stages"),
    "standards": Text("标准", "standards"),
    "steps": Text("步骤", "steps"),
    "strength": Text("效力", "strength"),
    "structural_extra": Text("结构性干部另可采用", "structural posts also"),
    "sums": Text("合计", "sums"),
    "tags": Text("标签", "tags"),
    "targets": Text("目标", "targets"),
    "term": Text("满一届", "a full term"),
    "tiers": Text("层次", "tiers"),
    "trigger_name": Text("起算", "counted from"),
    "triggers": Text("动议事由", "triggers"),
    "two_people": Text("须由两人签字", "two people"),
    "types": Text("类型", "types"),
    "unless": Text("例外", "except"),
    "until": Text("截止", "until"),
    "voters": Text("参加人员", "voters"),
    "votes": Text("得票", "votes"),
    "vetoes": Text("一票否决", "vetoes"),
    "when": Text("条件", "condition"),
    "who": Text("对象", "binds"),
    "years": Text("满几年", "years"),
    "after_years": Text("满几年后", "after years"),
    "at_least": Text("至少", "at least"),
    "at_most": Text("至多", "at most"),
    "bar": Text("情形", "bar"),
    "by": Text("方式", "by"),
    "by_years": Text("几年内", "within years"),
    "cap": Text("封顶（舍去零头）", "a cap, rounded down"),
    "clears": Text("解除", "cleared"),
    "due": Text("期限", "due"),
    "entered_by": Text("入库审核", "entered by"),
    "equal": Text("同等条件", "equal standing"),
    "exactly": Text("恰为", "exactly"),
    "fact": Text("事实", "fact"),
    "fewer_than": Text("少于", "fewer than"),
    "gate": Text("门", "gate"),
    "horizon": Text("规划期", "horizon"),
    "kinds": Text("单位类别", "unit kinds"),
    "levels": Text("层次", "levels"),
    "more_than": Text("多于", "more than"),
    "moves": Text("计入的变动", "moves that count"),
    "notify_member": Text("告知本人", "member is told"),
    "per_post": Text("每岗人数", "people per post"),
    "refusals": Text("不予批准", "refused when"),
    "rounding": Text("取整", "rounding"),
    "rules": Text("规则", "rules"),
    "service": Text("经历", "service"),
    "size_mode": Text("规模方式", "size"),
    "states": Text("参加排序的状态", "states"),
    "to": Text("对象", "to"),
    "top": Text("前几名", "top"),
    "units": Text("单位", "units"),
    "vote_share": Text("不利票占比", "share of unfavourable votes"),
}
# Ids that packs use as values; any other is shown as it is written.
VALUES: dict[str, Text] = {
    "standing_committee_member": Text("常委", "standing committee member"),
    "deputy_district_head": Text("副区长", "deputy district head"),
    "npc_chief": Text("人大主要负责人", "NPC chief"),
    "cppcc_chief": Text("政协主要负责人", "CPPCC chief"),
    "town_secretary": Text("乡镇党委书记", "town secretary"),
    "street_secretary": Text("街道党工委书记", "street secretary"),
    "zone_secretary": Text("开发区书记", "zone secretary"),
    "department_head": Text("部门主要负责人", "department head"),
    "deputy_organisation_head": Text("组织部副部长", "deputy head of the department"),
    "town_head": Text("乡镇党政正职", "town head"),
    "whole_area": Text("全区", "the whole area"),
    "own_unit": Text("本单位", "own unit"),
    "own_unit_or_system": Text("本单位或本系统", "own unit or system"),
    "civil_servant": Text("公务员", "civil servant"),
    "institution_staff": Text("事业人员", "institution staff"),
    "cadre": Text("干部", "cadre"),
    "recruit": Text("新招录人员", "recruit"),
    "town_team_member": Text("乡镇班子成员", "town team member"),
    "other_section_cadre": Text("其他科级干部", "other section cadre"),
    "city_unit": Text("市直单位", "city unit"),
    "borrow": Text("借调", "borrow"),
    "leave_town": Text("调离乡镇", "leave the town"),
    "town": Text("乡镇", "town"),
    "front_line": Text("一线", "front line"),
    "work": Text("工作", "work"),
    "promotion": Text("提拔", "promotion"),
    "important_use": Text("重用", "important use"),
    "rank_up": Text("晋升职级", "rank-up"),
    "soft": Text("原则上", "in principle"),
    "warn": Text("提示（须写理由）", "warning"),
    "secret": Text("无记名", "secret"),
    "real_name": Text("实名", "real name"),
    "same_score": Text("得分相同", "same score"),
    "same_grade": Text("等次相同", "same grade"),
    "motion": Text("动议", "motion"),
    "inspection": Text("考察", "inspection"),
    "fixed": Text("固定", "fixed"),
    "quota": Text("按名额", "by quota"),
    "blocked": Text("拦住", "blocked"),
    "full_time": Text("全日制", "full-time"),
    "college": Text("专科", "college"),
    "bachelor": Text("本科", "bachelor"),
    "master": Text("硕士", "master"),
    "doctor": Text("博士", "doctor"),
    "age": Text("年龄", "age"),
    "level": Text("层次", "level"),
    "to_level": Text("拟任层次", "to level"),
    "from": Text("来自", "from"),
    "mode": Text("学习形式", "mode"),
    "degree": Text("学历", "degree"),
    "education": Text("学历", "education"),
    "any": Text("下列之一", "any of"),
    "not": Text("非", "not"),
}
# Said elsewhere in the sentence, or only for programs.
UNSAID = {
    *("kind", "id", "title", "mechanisms", "group", "of", "op", "missing", "missing_fact"),
    *("within", "trigger"),
}
YES, NO = Text("是", "yes"), Text("否", "no")


@cache
def _adapters() -> dict[str, TypeAdapter[Any]]:
    """One adapter a section; imported when first used, since the sections rest on this package."""
    from bole.engine.lists.section import ListSection, LockSection, PoolSection
    from bole.engine.motion.section import MotionSection
    from bole.engine.nomination.section import NominationSection
    from bole.engine.quotas.section import QuotaSection

    found: dict[str, Any] = {
        "quotas": QuotaSection,
        "pools": PoolSection,
        "lists": ListSection,
        "locks": LockSection,
        "nomination": NominationSection,
        "motion": MotionSection,
    }
    return {name: TypeAdapter(section) for name, section in found.items()}


def described(section: str, ident: str, value: Any) -> list[Text] | None:
    """The item `ident` of a pack's section as lines; None for a section of another engine."""
    adapter = _adapters().get(section)
    return None if adapter is None else describe(adapter.validate_python({ident: value})[ident])


def describe(item: BaseModel) -> list[Text]:
    """The item's title and what it asks, a line each; defaults are not said."""
    title = getattr(item, "title", None) or Text("", "")
    if isinstance(item, Quota):
        return [Text("{t}：{s}", "{t}: {s}").fill(t=title, s=_quota(item))]
    return [title, *_lines(item)]


def _lines(item: BaseModel) -> Iterator[Text]:
    for name, field in type(item).model_fields.items():
        value = getattr(item, name)
        if name in UNSAID or value == field.get_default(call_default_factory=True):
            continue
        if value is None or value == () or value == {}:
            continue
        label = LABELS.get(name, Text(name, name.replace("_", " ")))
        yield Text("{l}：{v}", "{l}: {v}").fill(l=label, v=_said(value))


def _quota(quota: Quota) -> Text:
    parts = [quota.group_name]
    if quota.open:
        parts.append(LABELS["open"])
    elif quota.count is not None:
        parts.append(_amount(quota, str(quota.count)))
    else:
        share = quota.share if quota.share is not None else quota.multiple
        said = "" if share is None else _share(share) if quota.share is not None else f"{share}×"
        parts.append(_amount(quota, said))
        parts.append(Text("（分母：{b}）", "of {b}").fill(b=quota.base_name))
    if quota.strength == "soft":
        parts.append(Text("（原则上）", "(in principle)"))
    elif quota.strength == "preference":
        parts.append(Text("（参考）", "(a hint)"))
    return join(parts, "", " ")


def _amount(quota: Quota, said: str) -> Text:
    if quota.about:
        return Text("约{n}", "about {n}").fill(n=said)
    return Text("{op}{n}", "{op} {n}").fill(op=quota.op.words, n=said)


def _share(value: Fraction) -> str:
    return percent(value) if (value * 10000).denominator == 1 else str(value)


def _said(value: Any) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Comparator):
        return value.words
    if isinstance(value, Fraction):
        return Text(_share(value), _share(value))
    if isinstance(value, Quota):
        return Text("{t}：{s}", "{t}: {s}").fill(t=value.title, s=_quota(value))
    if isinstance(value, When):
        return _said(value.model_dump(exclude_none=True, by_alias=True))
    if isinstance(value, BaseModel):
        return _model(value)
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, (list, tuple)):
        return join([_said(v) for v in value], "、", ", ")
    word = str(value.value if isinstance(value, Enum) else value)
    return VALUES.get(word, Text(word, word))


def _mapping(value: Mapping[str, Any]) -> Text:
    parts = []
    for name, inner in value.items():
        said = _said(inner)
        titled = isinstance(inner, Text) or getattr(inner, "title", None) is not None
        if not titled:
            label = LABELS.get(name) or VALUES.get(name) or Text(name, name)
            said = Text("{n} {v}", "{n} {v}").fill(n=label, v=said)
        parts.append(said)
    return join(parts, "、", ", ")


def _model(value: BaseModel) -> Text:
    title = getattr(value, "title", None)
    rest = list(_lines(value))
    if title is None:
        return join(rest, "，", ", ")
    if not rest:
        return _said(title)
    return Text("{t}（{r}）", "{t} ({r})").fill(t=title, r=join(rest, "，", ", "))
