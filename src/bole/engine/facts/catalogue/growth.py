"""Facts of training, recommendations, talks, pools and points."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from bole.engine.facts import dates
from bole.engine.facts.dates import Moment
from bole.engine.facts.definitions import Argument, Fact
from bole.engine.facts.kinds import BOOL, DAYS, MONTHS, NUMBER, POINTS, TIMES, Type
from bole.engine.facts.sources import Args, Count, Derived, Exists, Extreme, Total
from bole.engine.text import Text

TITLE_SECTION = Text("培养使用", "Training, recommendations, pools and points")

_WITHIN = Argument("months", Text("月数", "months"), "whole")
_KIND = Argument("kind", Text("种类", "kind"), "text", default="")
_POOL = Argument("pool", Text("人才库", "pool"), "text")
_ACCOUNT = Argument("account", Text("账户", "account"), "text", default="")


def _recent_training(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    done = ibis.coalesce(t.end, t.start)
    return _kind(t, a) & (done >= m.months_back(a["months"]))


def _kind(t: ir.Table, a: Args) -> ir.BooleanValue:
    return t.kind == a["kind"] if a["kind"] else ibis.literal(True)


def _recent_vote(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    return _kind(t, a) & (t.meeting_date >= m.months_back(a["months"]))


def _in_pool(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    return (t.pool == a["pool"]) & (t.left.isnull() | (t.left >= m.day))


FACTS = (
    Fact(
        "training_days",
        "培训天数",
        Text("近{months}个月培训天数{kind}", "training days in {months} months {kind}"),
        Type("number", unit=DAYS),
        Total("trainings", "days", _recent_training, ("days", "end", "kind")),
        (_WITHIN, _KIND),
        reference="R8.5",
        note=Text("按结束日期计入", "a course counts by its last day"),
    ),
    Fact(
        "training_hours",
        "培训学时",
        Text("近{months}个月培训学时{kind}", "training hours in {months} months {kind}"),
        NUMBER,
        Total("trainings", "hours", _recent_training, ("hours", "end", "kind")),
        (_WITHIN, _KIND),
        reference="R8.5",
    ),
    Fact(
        "trainings",
        "培训次数",
        Text("近{months}个月培训次数{kind}", "training courses in {months} months {kind}"),
        Type("number", unit=TIMES),
        Count("trainings", _recent_training, ("end", "kind")),
        (_WITHIN, _KIND),
        reference="S3-2.1",
    ),
    Fact(
        "recommendations",
        "民主推荐次数",
        Text("近{months}个月民主推荐次数{kind}", "recommendations in {months} months {kind}"),
        Type("number", unit=TIMES),
        Count("recommendations", _recent_vote, ("meeting_date", "kind")),
        (_WITHIN, _KIND),
        reference="R16; 157.1",
    ),
    Fact(
        "best_recommendation",
        "最高得票率",
        Text(
            "近{months}个月民主推荐最高得票率{kind}",
            "best share of valid ballots in {months} months {kind}",
        ),
        NUMBER,
        Extreme(
            "recommendations",
            # One correctly rounded division: equal to the same share written in a rule.
            lambda m, t, a: t.votes.cast("float64") / t.valid.nullif(0).cast("float64"),
            _recent_vote,
            ("votes", "valid", "meeting_date", "kind"),
        ),
        (_WITHIN, _KIND),
        reference="157.1",
        note=Text("得票÷有效票，0至1", "votes ÷ valid ballots, 0 to 1"),
    ),
    Fact(
        "lowest_recommendation",
        "最低得票率",
        Text(
            "近{months}个月民主推荐最低得票率{kind}",
            "lowest share of valid ballots in {months} months {kind}",
        ),
        NUMBER,
        Extreme(
            "recommendations",
            lambda m, t, a: t.votes.cast("float64") / t.valid.nullif(0).cast("float64"),
            _recent_vote,
            ("votes", "valid", "meeting_date", "kind"),
            lowest=True,
        ),
        (_WITHIN, _KIND),
        reference="157.1",
    ),
    Fact(
        "best_recommendation_rank",
        "推荐最好名次",
        Text("近{months}个月民主推荐最好名次{kind}", "best place in {months} months {kind}"),
        NUMBER,
        Extreme(
            "recommendations",
            lambda m, t, a: t["rank"],
            _recent_vote,
            ("rank", "meeting_date", "kind"),
            lowest=True,
        ),
        (_WITHIN, _KIND),
        reference="157.1",
    ),
    Fact(
        "talks",
        "谈话次数",
        Text("近{months}个月谈话次数{kind}", "talks in {months} months {kind}"),
        Type("number", unit=TIMES),
        Count(
            "talks",
            lambda m, t, a: _kind(t, a) & (t.date >= m.months_back(a["months"])),
            ("date", "kind"),
        ),
        (_WITHIN, _KIND),
        reference="316.7; 320.1",
    ),
    Fact(
        "months_since_talk",
        "距最近谈话月数",
        Text("距最近一次谈话月数{kind}", "months since the last talk {kind}"),
        Type("number", unit=MONTHS),
        Derived(
            Extreme("talks", lambda m, t, a: t.date, lambda m, t, a: _kind(t, a), ("date", "kind")),
            lambda m, date, a: dates.full_months(date, m.day),
        ),
        (_KIND,),
        reference="316.7",
    ),
    Fact(
        "in_pool",
        "在库",
        Text("在“{pool}”", "in the pool “{pool}”"),
        BOOL,
        Exists("pools", _in_pool, ("pool",)),
        (_POOL,),
        reference="403.7; S3-9.2",
    ),
    Fact(
        "in_pool_tier",
        "在库层次",
        Text("在“{pool}”{tier}层次", "in the tier {tier} of the pool “{pool}”"),
        BOOL,
        Exists(
            "pools", lambda m, t, a: _in_pool(m, t, a) & (t.tier == a["tier"]), ("pool", "tier")
        ),
        (_POOL, Argument("tier", Text("层次", "tier"), "text")),
        reference="233.1",
    ),
    Fact(
        "months_in_pool",
        "在库月数",
        Text("在“{pool}”月数", "months in the pool “{pool}”"),
        Type("number", unit=MONTHS),
        Derived(
            Extreme("pools", lambda m, t, a: t.entered, _in_pool, ("entered",), lowest=True),
            lambda m, date, a: dates.full_months(date, m.day),
        ),
        (_POOL,),
        reference="397.1",
    ),
    Fact(
        "points_balance",
        "积分",
        Text("{account}积分", "points {account}"),
        Type("number", unit=POINTS),
        Total(
            "points",
            "points",
            lambda m, t, a: t.account == a["account"] if a["account"] else ibis.literal(True),
            ("points", "account"),
            rising=False,
        ),
        (_ACCOUNT,),
        reference="287.7; S4 §3.24",
    ),
    Fact(
        "points_within",
        "近期积分",
        Text("近{months}个月{account}积分", "points {account} in {months} months"),
        Type("number", unit=POINTS),
        Total(
            "points",
            "points",
            lambda m, t, a: (
                (t.date >= m.months_back(a["months"]))
                & (t.account == a["account"] if a["account"] else ibis.literal(True))
            ),
            ("points", "date", "account"),
            rising=False,
        ),
        (_WITHIN, _ACCOUNT),
        reference="287.7",
    ),
)
