"""Bars that follow from facts: posts that may not be entered, relatives in line, events of seeking.

A match is a proposal with its facts; the effect needs a finding, the person's answer, a decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bole.engine.procedures.base import Model
from bole.engine.vetting.base import Answer, VettingRule
from bole.engine.vetting.routing import Routes

Day = date


class LimitedMatter(Model):
    """A kind of matter that limits. `needs`: the facts of which one must be confirmed."""

    matter: str
    needs: tuple[Literal["sanction", "bad_effect", "confirmed"], ...]


class PostLimits(VettingRule):
    """Posts that persons with listed matters may not enter (241.3). `move_days`: within how many
    days of the decision a holder moves; null while the organisation has not entered it."""

    kind: Literal["post_limits"] = "post_limits"
    posts: tuple[str, ...]
    matters: tuple[LimitedMatter, ...]
    move_days: int | None = None


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """One matter of one person, and the post; None is not recorded."""

    post_class: str | None
    matter: str | None
    sanction: bool | None = None
    bad_effect: bool | None = None
    confirmed: bool | None = None
    holds_post: bool | None = False
    decided_on: Day | None = None


def post_limit(rule: PostLimits, facts: LimitFacts, move_days: int | None = None) -> Answer:
    """`result` limited, not_limited, cannot_compute or refused (a matter that is not listed);
    for a holder `act` move and `move_by` = decision + the configured days."""
    found = Answer()
    if facts.post_class is None:
        found.values["result"] = "cannot_compute"
        found.say("岗位类别未登记", "The class of the post is not recorded.")
        return found
    if facts.post_class not in rule.posts:
        found.values["result"] = "not_limited"
        return found
    listed = next((m for m in rule.matters if m.matter == facts.matter), None)
    if facts.matter is None or listed is None:
        found.values["result"] = "not_limited" if facts.matter is None else "refused"
        if facts.matter is not None:
            found.say(
                "“{m}”不在限入情形之内", "'{m}' is not one of the listed matters.", m=facts.matter
            )
        return found
    values = [getattr(facts, name) for name in listed.needs]
    if True not in values:
        unknown = [n for n in listed.needs if getattr(facts, n) is None]
        found.values["result"] = "cannot_compute" if unknown else "not_limited"
        for name in unknown:
            found.say("没有记载：{n}", "Not recorded: {n}.", n=name.replace("_", " "))
        return found
    found.values["result"] = "limited"
    if facts.holds_post:
        days = rule.move_days if move_days is None else move_days
        found.values["act"] = "move"
        if facts.decided_on is None or days is None:
            found.values["move_by"] = "cannot_compute"
            found.say(
                "缺少决定日期或者调离期限",
                "The day of the decision or the time to move is missing.",
            )
        else:
            found.values["move_by"] = facts.decided_on + timedelta(days=days)
    else:
        found.values["act"] = "not_entered"
    return found


class KinLine(VettingRule):
    """Exchange for avoidance (280.4): near kinship AND a direct line, both; birthplace and former
    workplace only warn (173.3). `generations`: the last generation of collateral blood inside."""

    kind: Literal["kin_line"] = "kin_line"
    kin: tuple[str, ...]
    collateral: str = "collateral"
    generations: int = 3


def kin_line(
    rule: KinLine,
    relation: str | None,
    degree: int | None,
    direct_line: bool | None,
    native_place: bool | None = False,
    former_workplace: bool | None = False,
) -> Answer:
    """`result` exchange_proposed, relation_shown (kin without a line), outside, none (no relation)
    or cannot_compute, which is never a bar; `warn`: places that in principle are avoided."""
    found = Answer()
    places = (("native_place", native_place), ("former_workplace", former_workplace))
    warn = [name for name, here in places if here]

    def made(result: str) -> Answer:
        found.values = {"result": result, "warn": warn}
        if warn:
            found.say("原则上不安排：{w}", "In principle not placed there: {w}.", w=", ".join(warn))
        return found

    if relation in ("none", "no"):
        return made("none")
    if relation is None:
        found.say("亲属关系未登记", "The relation is not recorded.")
        return made("cannot_compute")
    if relation.startswith(rule.collateral):
        if degree is None and relation == rule.collateral:
            found.say("旁系血亲的代数未登记", "The generation of the relation is not recorded.")
            return made("cannot_compute")
        if degree is not None and degree > rule.generations:
            return made("outside")
    elif relation not in rule.kin:
        return made("outside")
    if direct_line is None:
        found.say(
            "是否直接上下级未登记",
            "It is not recorded whether they are direct superior and subordinate.",
        )
        return made("cannot_compute")
    return made("exchange_proposed" if direct_line else "relation_shown")


@dataclass(frozen=True, slots=True)
class SeekingEvent:
    """An event of canvassing, lobbying …; `state` reported, verifying, verified or not_confirmed;
    `answered`: the person's reply is on file."""

    kind: str
    state: str | None
    answered: bool | None = None
    helper: bool = False


VERIFIED = ("verified", "confirmed")
CLOSED = ("not_confirmed", "unfounded")


def seeking(rule: Routes, events: Sequence[SeekingEvent]) -> Answer:
    """The fixed effects of events of office-seeking (122.2, 273.6): suspicion is a hold only; the
    effect of an event that is verified and answered is proposed; several are listed together.

    A kind that the rule does not list is refused and opens no hold. A helper bears the same.
    """
    found, effects, hold = Answer(), [], False
    refused = [e.kind for e in events if e.kind not in rule.routes]
    for name in refused:
        found.say("“{k}”不在所列情形之内", "'{k}' is not one of the listed events.", k=name)
    for event in events:
        if event.kind in refused or event.state in CLOSED:
            continue
        if event.state in VERIFIED and event.answered:
            effects.append(rule.routes[event.kind])
            continue
        hold = True
        if event.state in VERIFIED:
            found.say(
                "{k}已查实，尚缺本人答复",
                "{k} is verified; the person's reply is missing.",
                k=event.kind,
            )
        else:
            found.say("{k}尚未查实，暂缓", "{k} is not verified yet; the case waits.", k=event.kind)
    found.values = {
        "proposed": list(dict.fromkeys(effects)),
        "refused": refused,
        "result": "hold"
        if hold
        else "effect_proposed"
        if effects
        else "refused"
        if refused
        else "none",
    }
    return found


class SigningRule(VettingRule):
    """Who signs a tally (307.2: every member of the team) and how many attend (395.3)."""

    kind: Literal["signing"] = "signing"
    all_of_team: bool = False
    least_present: int = 1


def signed_by(
    rule: SigningRule,
    team: Collection[str],
    signatures: Iterable[str],
    present: Iterable[str] | None = None,
) -> Answer:
    """`result` valid, invalid (signatures missing, or too few present), refused (a signature from
    outside the team) or cannot_compute (no team). One person recorded twice is one person."""
    found = Answer()
    signed = list(dict.fromkeys(signatures))
    there = None if present is None else list(dict.fromkeys(present))
    outside = [s for s in signed if team and s not in team]
    missing = [m for m in dict.fromkeys(team) if m not in signed] if rule.all_of_team else []
    found.values = {"missing": missing, "outside": outside}
    if rule.all_of_team and not team:
        found.values["result"] = "cannot_compute"
        found.say("没有考察组名单", "The members of the team are not on file.")
        return found
    for name in outside:
        found.say("{s}不是该组成员", "{s} is not a member of the team.", s=name)
    if missing:
        found.say("尚缺签字：{m}", "Not signed by: {m}.", m=", ".join(missing))
    if there is not None:
        found.values["present"] = len(there)
        if len(there) < rule.least_present:
            found.say(
                "到场{n}人，至少{k}人",
                "{n} attended; at least {k} people must attend.",
                n=len(there),
                k=rule.least_present,
            )
    found.values["result"] = "refused" if outside else "invalid" if found.said else "valid"
    return found
