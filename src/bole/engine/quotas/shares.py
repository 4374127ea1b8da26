"""Counting people against a quota: exact, both ways for unknown facts, nobody dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.comparators import Comparator, fewest, most
from bole.engine.exact.numbers import percent
from bole.engine.quotas.counts import count_problems, is_count, need_counts
from bole.engine.quotas.models import Plan, Quota
from bole.engine.quotas.outcome import Check, Outcome
from bole.engine.text import Text, join

Counts = Mapping[str, int | None]
_CAPS = (Comparator.AT_MOST, Comparator.BELOW)


def need(quota: Quota, whole: int | None = None) -> int | None:
    """The count that keeps the quota: the smallest for a minimum, the largest for a cap.

    `whole` is the denominator's count; a plain `count` does not use it. None while the pack leaves
    the value open or a denominator is wanted and missing.
    """
    if quota.count is not None:
        factor, base = Fraction(quota.count), 1
    else:
        given = quota.share if quota.share is not None else quota.multiple
        if given is None or whole is None:
            return None
        factor, base = given, whole
    if quota.op in _CAPS:
        return most(quota.op, factor, base)
    return fewest(quota.op, factor, base)


def check(quota: Quota, counts: Counts, unknown: Counts | None = None, where: str = "") -> Check:
    """Judge one quota on the counts of one team, unit, batch or plan.

    `counts` holds people (or posts) by name: the group's *known* members and the denominator; None
    is "not on file". `unknown` holds, by group, how many people lack the fact that would tell.
    Raises `BoleError` (COUNT, PART_EXCEEDS_WHOLE) for impossible figures; `where` names the row.
    """
    _possible(quota, counts, unknown or {}, where)
    have, extra = counts.get(quota.group), (unknown or {}).get(quota.group) or 0
    whole = counts.get(quota.of) if quota.of else None
    if quota.of and whole == 0 and quota.count is None:
        text = Text(
            "{title}：{base}为0，不适用", "{title}: there are 0 {base}; not applicable"
        ).fill(title=quota.title, base=quota.base_name)
        return Check(quota.id, Outcome.NOT_APPLICABLE, text, whole=0, have=have)
    missing = _missing(quota, counts, where)
    if missing is not None:
        name, text = missing
        wanted = need(quota, whole)
        return Check(quota.id, Outcome.UNKNOWN, text, whole, have, need=wanted, missing=(name,))
    assert have is not None
    if quota.about:
        return _about(quota, have, extra, whole)
    wanted = need(quota, whole)
    if wanted is None:
        return Check(
            quota.id,
            Outcome.UNKNOWN,
            Text(
                "{title}：办法未定数值，请先填写",
                "{title}: the scheme leaves the value open; set it first",
            ).fill(title=quota.title),
            whole,
            have,
            have + extra,
            missing=(quota.id,),
        )
    return _judged(quota, have, extra, whole, wanted)


def check_batch(
    quota: Quota, moves: Mapping[str, Mapping[str, int | None] | None], where: str = ""
) -> Check:
    """A batch rule on an adjustment: only the moves that the rule names count, above and below.

    `moves`: kind of move → {denominator name: all of that kind, group name: of these the group,
    "unknown": of these not known}. A kind that is absent did not occur; None is unknown. A quota
    without `moves` counts every kind.
    """
    assert quota.of is not None
    counts: dict[str, int | None] = {quota.of: 0, quota.group: 0}
    extra: int | None = 0
    problems = []
    for kind in quota.moves or tuple(moves):
        row = moves.get(kind, {})
        names = {quota.of: quota.of, quota.group: quota.group, "unknown": "unknown"}
        figures: dict[str, int | None] = {}
        for name in names:
            value = None if row is None else row.get(name, 0)
            wrong = count_problems([(Text(name, name), value)], f"{where} {kind}".strip())
            if wrong:
                problems += wrong
                value = None
            figures[name] = value
        part, all_of_kind = figures[quota.group], figures[quota.of]
        if part is not None and all_of_kind is not None and part > all_of_kind:
            problems.append(
                _exceeds(quota.group_name, part, quota.base_name, all_of_kind, f"{where} {kind}")
            )
        for name in (quota.of, quota.group):
            counts[name] = _plus(counts[name], figures[name])
        extra = _plus(extra, figures["unknown"])
    if problems:
        raise BoleError(problems)
    return check(quota, counts, {quota.group: extra}, where)


def check_plan(
    plan: Plan, counts: Counts, unknown: Counts | None = None, where: str = ""
) -> dict[str, Check]:
    """Every target of a plan by id, each measured for itself; totals are summed as `sums` says."""
    need_counts(((Text(name, name), value) for name, value in counts.items()), where)
    filled = dict(counts)
    for name, parts in plan.sums.items():
        if filled.get(name) is None:
            total: int | None = 0
            for part in parts:
                total = _plus(total, filled.get(part))
            filled[name] = total
    problems: list[Problem] = []
    results: dict[str, Check] = {}
    for target in plan.targets:
        try:
            results[target.id] = check(target, filled, unknown, where)
        except BoleError as error:
            problems += [p for p in error.problems if p not in problems]
    if problems:
        raise BoleError(problems)
    return results


def _judged(quota: Quota, have: int, extra: int, whole: int | None, wanted: int) -> Check:
    cap = quota.op in _CAPS
    if quota.op is Comparator.EQUAL:
        sure, lost = have == wanted and not extra, have > wanted or have + extra < wanted
    elif cap:
        sure, lost = have + extra <= wanted, have > wanted
    else:
        sure, lost = have >= wanted, have + extra < wanted
    outcome = Outcome.MET if sure else Outcome.NOT_MET if lost else Outcome.UNKNOWN
    gap = (
        abs(wanted - have)
        if quota.op is Comparator.EQUAL
        else max(0, have - wanted if cap else wanted - have)
    )
    text = _figures(quota, have, whole, wanted)
    missing: tuple[str, ...] = ()
    if outcome is Outcome.UNKNOWN:
        fact = quota.missing_fact or Text("是否属于该组", "membership of the group")
        missing = (fact.en,)
        text = join(
            [
                text,
                Text(
                    "{n}人缺{fact}，补齐后最多可达{most}{of}，现无法判断",
                    "{fact} missing for {n} person(s); with it the group may reach {most}{of}",
                ).fill(n=extra, fact=fact, most=have + extra, of=_of(whole)),
            ]
        )
    elif outcome is Outcome.NOT_MET:
        text = join(
            [
                text,
                Text("超出{gap}人", "over by {gap}").fill(gap=gap)
                if cap
                else Text("差{gap}人", "short by {gap}").fill(gap=gap),
            ]
        )
        if quota.strength == "soft":
            text = join(
                [
                    text,
                    Text(
                        "属“原则上”要求，继续办理须写明理由并经批准",
                        "in principle: going on needs a written reason and an approver",
                    ),
                ]
            )
    failed = outcome is Outcome.NOT_MET
    return Check(
        quota.id,
        outcome,
        text,
        whole,
        have,
        have + extra,
        wanted,
        0 if outcome is Outcome.MET else gap,
        missing=missing,
        needs_deviation=failed and quota.strength == "soft",
        blocks=failed and quota.strength == "hard",
        remedy=quota.remedy if failed else (),
    )


def _about(quota: Quota, have: int, extra: int, whole: int | None) -> Check:
    """左右: both ends of a set width are included; without a width the figure is only shown."""
    value: Fraction
    if quota.count is not None:
        value, target = Fraction(have), Fraction(quota.count)
        shown, aim = str(have), str(quota.count)
    else:
        assert whole
        value = Fraction(have, whole)
        target = quota.share if quota.share is not None else quota.multiple or Fraction(0)
        shown, aim = f"{have}/{whole} = {percent(value)}", percent(target)
    base = Check(
        quota.id,
        Outcome.BAND_NOT_SET,
        Text(
            "{title}：{shown}，目标约{aim}；“左右”的幅度未设定，只列数不评判",
            "{title}: {shown}, aim about {aim}; no width is set for “about”, shown and not judged",
        ).fill(title=quota.title, shown=shown, aim=aim),
        whole,
        have,
        have + extra,
        value=have if quota.count is not None else value,
    )
    if quota.around is None:
        return base
    top = value if quota.count is None else Fraction(have + extra)
    if quota.count is None and whole:
        top = Fraction(have + extra, whole)
    low, high = target - quota.around, target + quota.around
    if low <= value and top <= high:
        outcome = Outcome.MET
    else:
        outcome = Outcome.NOT_MET if value > high or top < low else Outcome.UNKNOWN
    failed = outcome is Outcome.NOT_MET
    band = f"{low}–{high}" if quota.count is not None else f"{percent(low)}–{percent(high)}"
    return replace(
        base,
        outcome=outcome,
        text=Text(
            "{title}：{shown}，约{aim}即{band}，{words}",
            "{title}: {shown}; about {aim} means {band}; {words}",
        ).fill(title=quota.title, shown=shown, aim=aim, band=band, words=outcome.words),
        needs_deviation=failed and quota.strength == "soft",
        blocks=failed and quota.strength == "hard",
    )


def _figures(quota: Quota, have: int, whole: int | None, wanted: int) -> Text:
    given = quota.share if quota.share is not None else quota.multiple
    rule = (
        Text("", "")
        if given is None
        else Text("（{op}{base}的{given}）", " ({op} {given} of {base})").fill(
            op=quota.op.words,
            base=quota.base_name,
            given=percent(given) if (given * 10000).denominator == 1 else str(given),
        )
    )
    least = (
        Text("至多{n}人", "at most {n}")
        if quota.op in _CAPS
        else Text("应为{n}人", "exactly {n} needed")
        if quota.op is Comparator.EQUAL
        else Text("至少{n}人", "at least {n} needed")
    ).fill(n=wanted)
    return Text(
        "{title}：{group}{have}{of}，{least}{rule}", "{title}: {group} {have}{of}; {least}{rule}"
    ).fill(
        title=quota.title,
        group=quota.group_name,
        have=have,
        of=_of(whole),
        least=least,
        rule=rule,
    )


def _of(whole: int | None) -> Text:
    if whole is None:
        return Text("人", "")
    return Text("/{whole}", " of {whole}").fill(whole=whole)


def _missing(quota: Quota, counts: Counts, where: str) -> tuple[str, Text] | None:
    subject = Text(f"{where}的", f" of {where}") if where else Text("", "")
    if quota.of and counts.get(quota.of) is None and quota.count is None:
        name, words = quota.of, quota.base_name
    elif counts.get(quota.group) is None:
        name, words = quota.group, quota.group_name
    else:
        return None
    text = Text(
        "{title}：{subject}{words}未登记，无法判断", "{title}: {words}{subject} not on file"
    ).fill(title=quota.title, subject=subject, words=words)
    if quota.ask is not None:
        text = join([text, Text("请向{ask}核实", "ask the {ask}").fill(ask=quota.ask)])
    return name, text


def _possible(quota: Quota, counts: Counts, unknown: Counts, where: str) -> None:
    within = quota.within or (quota.of if quota.share is not None else None)
    names = {quota.group: quota.group_name}
    if quota.of:
        names[quota.of] = quota.base_name
    extra = unknown.get(quota.group)
    figures = [(words, counts.get(name)) for name, words in names.items()]
    figures.append((Text("情况不明人数", "people not known"), extra))
    problems = count_problems(figures, where)
    if not problems and within is not None:
        part = (counts.get(quota.group) or 0) + (extra or 0)
        whole = counts.get(within)
        if is_count(whole) and part > whole:
            words = quota.base_name if within == quota.of else Text(within, within)
            problems.append(_exceeds(quota.group_name, part, words, whole, where))
    if problems:
        raise BoleError(problems)


def _exceeds(group: Text, part: int, base: Text, whole: int, where: str) -> Problem:
    return Problem(
        "PART_EXCEEDS_WHOLE",
        Text(
            "{group}{part}人多于{base}{whole}人，请核对",
            "{group} {part} is more than {base} {whole}; correct the figures",
        ).fill(group=group, part=part, base=base, whole=whole),
        where.strip(),
    )


def _plus(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right
