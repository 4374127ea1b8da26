"""The answers of `engine.vetting` as judgements; shared by the judges of vetting and record."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from bole.engine.matters.judgement import Finding, Judgement, Strength
from bole.engine.text import Text
from bole.engine.vetting.base import Answer

OPEN = Text("办法未定相应规则，请选用当地的表", "the scheme has no rule for this")
RESULTS: dict[Any, Text] = {
    "on_time": Text("按时", "in time"),
    "late": Text("逾期", "late"),
    "open": Text("未办结", "open"),
    "closed": Text("已办结", "closed"),
    "refused": Text("数据有误", "refused"),
    "cannot_compute": Text("无法计算", "cannot be computed"),
    "returned": Text("退回", "returned"),
    "agreed": Text("同意", "agreed"),
    "locked": Text("未解锁", "locked"),
    "decide_and_record": Text("由有权机关决定并记录", "decide and record"),
    "applies": Text("适用", "applies"),
    "does_not_apply": Text("不适用", "does not apply"),
    "match": Text("符合该情形", "matches"),
    "no_match": Text("无该情形", "no match"),
    "due": Text("应当审计", "due"),
    "not_due": Text("尚未到期", "not due"),
    "already_audited": Text("本届已审计", "already audited"),
    "no_rule": Text("无须中期审计", "no rule"),
    "reached": Text("达到", "reached"),
    "not_reached": Text("未达到", "not reached"),
    "propose_removal": Text("构成提请免职情形，由有权机关决定", "ground to propose removal"),
    "no_ground": Text("不构成免职情形", "no ground"),
    "may_be_signed": Text("可以签发", "may be signed"),
    "proposed": Text("可列为动议人选", "may be proposed"),
    "hold": Text("正在核实，暂缓", "on hold"),
    "not_a_candidate": Text("不得作为本次动议人选", "not a candidate for this motion"),
    "back_into_motion": Text("已查清，可重新动议", "back into the motion"),
    True: Text("是", "yes"),
    False: Text("否", "no"),
}


def words(value: Any) -> Text | str:
    """A value as the page says it."""
    if isinstance(value, (bool, str)):
        return RESULTS.get(value, str(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "—" if value is None else str(value)


def judged_by(
    answer: Answer,
    titles: Mapping[str, Text],
    *,
    stops: Collection[Any] = (),
    result: str = "result",
    strength: Strength = "block",
    code: str = "VETTING",
) -> Judgement:
    """An answer as a judgement: its sentences are findings, stopping where `result` says so."""
    value = answer.values.get(result)
    stopping = value in stops
    used: Strength = strength if stopping else "note"
    findings = [Finding(code, text, used) for text in answer.said]
    if stopping and not findings:
        text = Text("{t}：{v}", "{t}: {v}").fill(t=titles[result], v=words(value))
        findings.append(Finding(code, text, used))
    figures = tuple((titles[n], words(v)) for n, v in answer.values.items() if n in titles)
    return Judgement(tuple(findings), figures)


def no_rule() -> Judgement:
    """What a judge says whose rule the scheme lacks."""
    return Judgement((Finding("RULE_OPEN", OPEN, "block"),))


def whole(value: Any) -> int | None:
    """A number field as a count."""
    return None if value is None else int(value)
