"""Which way a finding leads: dossier routes, bodies to ask, petition results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from bole.engine.procedures.base import Id, Model, Name, When
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.vetting.base import Answer, VettingRule


class Routes(VettingRule):
    """What follows from each finding of a dossier audit. `order`: which of several governs; empty
    where the source sets none, then a person is asked."""

    kind: Literal["routes"] = "routes"
    routes: dict[str, str]
    normal: str = "normal"
    order: tuple[str, ...] = ()


def route(
    rule: Routes,
    findings: Sequence[str] | None,
    values_on_file: Mapping[str, Sequence[str]],
    order: Sequence[str] | None = None,
) -> Answer:
    """All routes that apply, and which governs.

    `values_on_file`: per dossier field the values stated. Two values without a finding are
    refused; a finding without a route is never forced into one.
    """
    found, order = Answer(), rule.order if order is None else order
    if findings is None:
        found.values = {"routes": [], "governs": "cannot_compute"}
        found.say("没有审核结论", "No result of the audit is recorded.")
        return found
    strange = [f for f in findings if f not in rule.routes]
    listed = [f for f in dict.fromkeys(findings) if f in rule.routes]
    listed.sort(key=lambda f: order.index(f) if f in order else len(order))
    routes = list(dict.fromkeys(rule.routes[f] for f in listed))
    if not findings:
        for field, values in values_on_file.items():
            different = list(dict.fromkeys(str(v) for v in values))
            if len(different) > 1:
                found.values = {"routes": [], "governs": "refused"}
                found.say(
                    "档案中{f}有{n}个不同记载（{v}），但没有审核结论，请登记不一致或者认定意见",
                    "{n} values of {f} are on file ({v}) but no finding is recorded. Record an "
                    "inconsistency or an authorised determination.",
                    f=field,
                    n=len(different),
                    v=", ".join(different),
                )
                return found
        found.values = {"routes": [rule.normal], "governs": rule.normal}
        return found
    for finding in strange:
        found.say(
            "本办法没有规定“{f}”的去向，请选择并说明理由，暂缓办理",
            "Finding '{f}' has no route in this scheme; choose one and give the reason. The case "
            "is on hold.",
            f=finding,
        )
    governs: str = routes[0] if routes else ""
    if strange:
        governs = "cannot_compute"
    elif len(routes) > 1 and any(f not in order for f in listed):
        governs = "cannot_compute"
        found.say(
            "同时适用{r}，本办法未定先后，请选择",
            "Several routes apply ({r}) and the scheme sets no order; choose one.",
            r=", ".join(routes),
        )
    found.values = {"routes": routes, "governs": governs}
    return found


class ConsultRule(Model):
    """Bodies to be asked when a condition on the person holds."""

    id: Id
    bodies: tuple[Id, ...]
    when: When | None = None
    fact_name: Name | None = None
    in_advance: bool = False


class ConsultMatrix(VettingRule):
    """Who must be asked about whom; `on_demand` only on request with a reason."""

    kind: Literal["consult"] = "consult"
    rules: tuple[ConsultRule, ...]
    on_demand: tuple[Id, ...] = ()


def bodies(
    rule: ConsultMatrix, person: str, facts: Mapping[str, Any], requested: Sequence[str]
) -> Answer:
    """The bodies to ask, sorted; what cannot be told; what was asked for and is not on the list."""
    found, ask, unknown = Answer(), set(), []
    for one in rule.rules:
        applies = one.when.holds(facts.get) if one.when else Verdict.MET
        if applies is Verdict.MET:
            ask |= set(one.bodies)
        elif applies is Verdict.UNKNOWN:
            unknown.append(one.id)
            fact = one.fact_name or Text(
                "、".join(sorted(one.when.names() if one.when else ())), ""
            )
            found.say(
                "没有记载{who}的{f}，无法确定是否须征求{b}意见",
                "{f} of {who} is not recorded; it cannot be told whether {b} must be asked.",
                who=person,
                f=fact,
                b=", ".join(one.bodies),
            )
    refused = [b for b in requested if b not in rule.on_demand]
    ask |= set(requested) & set(rule.on_demand)
    for body in refused:
        found.say(
            "“{b}”不在本办法可按需征求意见的单位之列",
            "'{b}' is not on this scheme's list of bodies asked on demand.",
            b=body,
        )
    found.values = {"bodies": sorted(ask), "cannot_compute": unknown, "refused": refused}
    return found


class Outcome(Model):
    """One line of a table of petition results: first match counts."""

    when: When
    result: str


class PetitionRules(VettingRule):
    """How the result of a verified petition is used; `fills_gaps` rules speak where a pack's own
    lines do not."""

    kind: Literal["petitions"] = "petitions"
    outcomes: tuple[Outcome, ...]
    fills_gaps: bool = False


def petition(
    rule: PetitionRules, gaps: Sequence[PetitionRules], case: str, facts: Mapping[str, Any]
) -> Answer:
    """The result for one petition: of the pack, else of a gap rule, else `no_rule`.

    A missing fact that a line needs gives cannot_compute: the line is not passed over.
    """
    found = Answer()
    for source in (rule, *gaps):
        for line in source.outcomes:
            holds = line.when.holds(facts.get)
            if holds is Verdict.MET:
                found.values["result"] = line.result
                return found
            if holds is Verdict.UNKNOWN:
                missing = line.when.unknown(facts.get)
                found.values["result"] = "cannot_compute"
                found.say("{c}缺少：{m}", "{c} lacks: {m}.", c=case, m=", ".join(missing))
                return found
    found.values["result"] = "no_rule"
    found.say(
        "{c}：本办法没有适用的规则，请由具名的人作出决定并说明理由，事项保持未办结",
        "{c}: no rule of this pack applies. Decide and give the reason; the case stays open.",
        c=case,
    )
    return found
