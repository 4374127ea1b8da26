"""What keeps a person waiting: silent bodies, unsigned forms, doubtful elements, refused papers.

Every answer is a hold or a proposal: a named person or body decides, and the silence or the doubt
of others is no finding on the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from bole.engine.procedures.base import Id, Name
from bole.engine.text import Text
from bole.engine.vetting.base import Answer, VettingRule

Day = date


class SilenceRule(VettingRule):
    """What follows when a body gives no clear reply (145.4): remind it, record the silence, and
    only then may the end of the target status be proposed, with the reason "no answer"."""

    kind: Literal["silence"] = "silence"
    clear: tuple[str, ...] = ("no_objection", "information", "objection", "clear")
    bodies: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyReply:
    """The reply of one body about one person; `reply` None: nothing came."""

    body: str
    reply: str | None
    reminded: bool | None
    recorded: bool | None


SILENT = ("remind", "record_silence", "propose_end_of_target_status")


def silence(rule: SilenceRule, person: str, replies: Iterable[BodyReply]) -> Answer:
    """`result`: clear, or the next step that is due; `bodies`: that of each silent body.

    The earliest step governs: an end is proposed only when every silence is on record.
    """
    found, steps = Answer(), {}
    given = list(replies)
    asked = {r.body for r in given}
    given += [BodyReply(b, None, None, None) for b in rule.bodies if b not in asked]
    for one in given:
        if one.reply in rule.clear:
            continue
        step = SILENT[2 if one.recorded and one.reminded else 1 if one.reminded else 0]
        steps[one.body] = step
        if step == "remind":
            found.say(
                "{b}没有明确答复，请催办；对{p}不作任何结论",
                "{b} has not answered clearly; remind it. Nothing is concluded about {p}.",
                b=one.body,
                p=person,
            )
        elif step == "record_silence":
            found.say(
                "{b}催办后仍未明确答复，请记录在案；对{p}不作任何结论",
                "{b} has still not answered; record its silence. Nothing is concluded about {p}.",
                b=one.body,
                p=person,
            )
        else:
            found.say(
                "{b}无答复已记录，可以“无答复”为由提请取消{p}的考察对象资格，由有权机构决定",
                "The silence of {b} is on record; the end of the target status of {p} may be "
                'proposed with the reason "no answer".',
                b=one.body,
                p=person,
            )
    found.values = {
        "result": min(steps.values(), key=SILENT.index) if steps else "clear",
        "bodies": steps,
        "silent": list(steps),
    }
    return found


class ConfirmationRule(VettingRule):
    """The confirmation form of a dossier audit (165.2): a refusal to sign is a ground only after
    the explanation was given and when the person brought no valid paper."""

    kind: Literal["confirmation"] = "confirmation"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is recorded of one person; None is not recorded."""

    audited: bool | None
    signed: bool | None
    explained: bool | None = None
    valid_paper: bool | None = None
    gap: bool | None = False
    gap_resolved: bool | None = None


def confirmation(person: str, form: Confirmation) -> Answer:
    """`result` next, explain_first, decide_on_paper, hold_unsigned, hold_not_audited, supplement
    (a gap in the papers that is not settled) or cannot_compute."""
    found = Answer()

    def made(result: str, zh: str, en: str) -> Answer:
        found.values["result"] = result
        found.say(zh, en, p=person)
        return found

    if form.audited is None:
        return made(
            "cannot_compute",
            "没有记载{p}的档案是否已审核",
            "It is not recorded whether the dossier of {p} was audited.",
        )
    if not form.audited:
        return made(
            "hold_not_audited",
            "{p}的档案尚未审核或者没有审核确认表，暂缓",
            "The dossier of {p} was not audited or has no form; the case waits.",
        )
    if form.gap and not form.gap_resolved:
        return made(
            "supplement",
            "{p}的材料缺失或者存疑，尚未补充或者作出结论，暂缓",
            "Papers of {p} are missing or doubtful and not settled; the case waits.",
        )
    if form.signed is None:
        return made(
            "cannot_compute",
            "没有记载{p}是否签字",
            "It is not recorded whether {p} signed.",
        )
    if form.signed:
        found.values["result"] = "next"
        return found
    if form.valid_paper:
        return made(
            "decide_on_paper",
            "{p}提供了有效材料，请先作出认定",
            "{p} brought a valid paper; decide on it.",
        )
    if not form.explained:
        return made(
            "explain_first",
            "{p}未签字，请先向本人解释说明",
            "{p} has not signed; explain first.",
        )
    if form.valid_paper is None:
        return made(
            "cannot_compute",
            "没有记载{p}是否提供有效材料",
            "It is not recorded whether {p} brought a valid paper.",
        )
    return made(
        "hold_unsigned",
        "经解释后{p}仍不签字，又没有有效材料，暂缓",
        "{p} refuses to sign after the explanation and brought no valid paper; the case waits.",
    )


class ElementRule(VettingRule):
    """The use of an element pre-review (307.4). `elements`: those of the form, where printed."""

    kind: Literal["elements"] = "elements"
    elements: dict[Id, Name] = {}


@dataclass(frozen=True, slots=True)
class Element:
    """One element: `state` none (no doubt), verifying, cleared, confirmed_no_effect,
    confirmed_effect, unresolved or no_conclusion; None is blank. A clearance names its source."""

    name: str
    state: str | None
    source: str | None = None


NO_DOUBT = ("none", "no_doubt", "clear")
CLEARED = ("cleared", "confirmed_no_effect")
BARS = ("confirmed_effect", "unresolved", "no_conclusion")
BEING_VERIFIED = ("verifying", "open", "doubt")


def elements(person: str, found_elements: Iterable[Element]) -> Answer:
    """`result`, in this order: refused (a clearance without a source, or an unknown state),
    cannot_compute (a blank element), not_a_candidate, hold, back_into_motion, proposed."""
    found, given = Answer(), list(found_elements)
    known = (*NO_DOUBT, *CLEARED, *BARS, *BEING_VERIFIED)
    named: dict[str, list[str]] = {}
    for one in given:
        if one.state is not None and one.state not in known:
            named.setdefault("refused", []).append(one.name)
            found.say("{e}：“{s}”不是核实状态", "{e}: '{s}' is no state.", e=one.name, s=one.state)
        elif one.state in CLEARED and not (one.source or "").strip():
            named.setdefault("refused", []).append(one.name)
            found.say(
                "{e}：查清须写明依据来源", "{e}: a clearance must name its source.", e=one.name
            )
        elif one.state is None:
            named.setdefault("cannot_compute", []).append(one.name)
            found.say("{p}：{e}未填写", "{p}: element {e} is blank.", p=person, e=one.name)
        elif one.state in BARS:
            named.setdefault("not_a_candidate", []).append(one.name)
            found.say(
                "{p}：{e}未查清、影响使用或者没有明确结论，不得作为本次动议人选",
                "{p}: {e} is {s}; not a candidate for this motion.",
                p=person,
                e=one.name,
                s=one.state.replace("_", " "),
            )
        elif one.state in BEING_VERIFIED:
            named.setdefault("hold", []).append(one.name)
            found.say("{p}：{e}正在核实", "{p}: {e} is being verified.", p=person, e=one.name)
        elif one.state in CLEARED:
            named.setdefault("back_into_motion", []).append(one.name)
    order = ("refused", "cannot_compute", "not_a_candidate", "hold", "back_into_motion")
    found.values = {
        "result": next((r for r in order if r in named), "proposed"),
        "by_result": named,
        "blank": named.get("cannot_compute", []),
    }
    return found


class IntakeChecks(VettingRule):
    """Two checks of a paper before it enters a dossier (215.2): `liaison` by the unit's liaison,
    `keeper` by the keeper; `compared`: fields that must agree with the special audit."""

    kind: Literal["intake_checks"] = "intake_checks"
    liaison: tuple[Id, ...]
    keeper: tuple[Id, ...]
    compared: tuple[Id, ...] = ()


def take_paper(
    rule: IntakeChecks,
    checks: Mapping[str, bool | None],
    values: Mapping[str, Any],
    audited: Mapping[str, Any],
    copies: int | None = 1,
) -> Answer:
    """`result` accepted, refused (all `faults` and `differences` together), back_to_liaison (not
    one liaison check was made: nothing else is read) or cannot_compute."""
    found = Answer()
    if all(checks.get(c) is None for c in rule.liaison):
        found.values = {"result": "back_to_liaison", "faults": [], "differences": []}
        found.say(
            "联络员尚未审核，退回联络员",
            "The liaison has not checked the paper; it goes back unread.",
        )
        return found
    faults = [c for c in (*rule.liaison, *rule.keeper) if checks.get(c) is False]
    blank = [c for c in (*rule.liaison, *rule.keeper) if checks.get(c) is None]
    different, unknown = [], []
    for name in rule.compared:
        stated, right = values.get(name), audited.get(name)
        if stated is None:
            continue
        if right is None:
            unknown.append(name)
        elif str(stated) != str(right):
            different.append(name)
            found.say(
                "{n}为{a}，与专审结果{b}不一致",
                "{n} is {a}, the special audit says {b}.",
                n=name,
                a=stated,
                b=right,
            )
    if copies is not None and copies < 1:
        faults.append("copies")
    for name in faults:
        found.say("不符合：{n}", "Not met: {n}.", n=name)
    for name in (*blank, *unknown):
        words = Text("没有记载：{n}", "Not recorded: {n}.")
        found.said.append(words.fill(n=name))
    found.values = {
        "faults": faults,
        "differences": different,
        "cannot_compute": [*blank, *unknown],
        "result": "refused"
        if faults or different
        else "cannot_compute"
        if blank or unknown
        else "accepted",
    }
    return found


class RestartRule(VettingRule):
    """When a procedure stopped by a sanction may begin again (311.3): after the effect period,
    from the motion link, with none of the old papers."""

    kind: Literal["restart"] = "restart"
    link: str = "motion"


def restart(
    rule: RestartRule,
    effect_until: Day | None,
    on: Day | None,
    link: str | None = None,
    old_papers: Iterable[str] = (),
) -> Answer:
    """`result` allowed, refused (with every reason) or cannot_compute; `earliest`: the day after
    the last day of the effect period."""
    found = Answer()
    if effect_until is None:
        found.values = {"result": "cannot_compute", "earliest": None}
        found.say("没有影响期截止日", "The end of the effect period is missing.")
        return found
    first = effect_until + timedelta(days=1)
    if on is None:
        found.values = {"result": "cannot_compute", "earliest": first}
        found.say("没有重新启动的日期", "The day of the restart is missing.")
        return found
    if on < first:
        found.say(
            "影响期至{u}止，最早可于{f}从动议重新开始",
            "The effect period ends on {u}; the earliest restart is {f}.",
            u=effect_until,
            f=first,
        )
    if link is not None and link != rule.link:
        found.say(
            "须从动议环节重新开始，不能从“{k}”开始",
            "It begins again from the motion, not from {k}.",
            k=link,
        )
    reused = list(old_papers)
    if reused:
        found.say(
            "不得沿用原有材料：{p}",
            "Old papers are not reused: {p}.",
            p=", ".join(map(str, reused)),
        )
    found.values = {"result": "refused" if found.said else "allowed", "earliest": first}
    return found
