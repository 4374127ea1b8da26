"""Invented histories with every kind of gap, and every fact of the catalogue ready to be asked."""

from __future__ import annotations

from bole.engine.facts.catalogue import FACTS
from bole.engine.facts.definitions import YearBack


def some_day(dice, low=2005, high=2021):
    if dice.random() < 0.1:
        return dice.choice(["2012-02-29", "2016-02-29", "2019-02-28", "2020-02-29", "2018-01-31"])
    return f"{dice.randint(low, high)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


def _spell(dice):
    start, end = sorted([some_day(dice), some_day(dice)])
    return {
        "start": dice.choice([start, start, start[:7], None]),
        "end": dice.choice([end, end, end[:7] if start[:7] <= end[:7] else end, None]),
    }


def somebody(dice, number):
    """A person as `bole screen --people` reads one."""
    posts = []
    for _ in range(dice.randint(0, 5)):
        posts.append(
            {
                **_spell(dice),
                "unit": dice.choice([1, 2, None]),
                "unit_kind": dice.choice(["town", "department", "village", None]),
                "unit_name": dice.choice("甲乙丙"),
                "title": dice.choice(["科员", "局长"]),
                "grade": dice.choice(["staff", "section_deputy", "section_chief", None]),
                "leading": dice.choice([True, False, None]),
                "grass_roots": dice.choice([True, False, None]),
                "acting": dice.choice([True, False, None]),
                "concurrent": dice.random() < 0.2,
            }
        )
    if posts and dice.random() < 0.2:
        posts[-1]["end_precision"] = "unknown"
        posts[-1]["end"] = None
    person = {
        "person": number,
        "name": f"人{number}",
        "sex": dice.choice("男女"),
        "birth": dice.choice([f"{dice.randint(1970, 1995)}-03-01", "1984-02-29", "1985-02", None]),
        "work_start": dice.choice([some_day(dice, 2005, 2019), None]),
        "party_joined": dice.choice([some_day(dice), some_day(dice)[:7], None]),
        "party": dice.choice(["中共党员", "群众", None]),
        "identity": dice.choice(["civil_servant", None]),
        "health": dice.choice(["健康", None]),
        "ethnicity": dice.choice(["汉族", "回族", None]),
        "unit": dice.choice([1, 2, None]),
        "unit_kind": dice.choice(["town", "department", None]),
        "posts": posts,
        "appraisals": [
            {
                "year": y,
                "grade": dice.choice(["优秀", "称职", "基本称职", "不定等次", None]),
                "kind": dice.choice(["annual", "annual", "special", None]),
            }
            for y in range(2014, 2020)
            if dice.random() < 0.85
        ],
        "education": [
            {
                "level": dice.choice(["大专", "本科", "研究生", "其他"]),
                "degree": dice.choice(["学士", "硕士", None]),
                "mode": dice.choice(["full_time", None]),
                "major": dice.choice(["法学", None]),
                "end": some_day(dice),
            }
            for _ in range(dice.randint(0, 2))
        ],
        "sanctions": [
            {
                "category": "sanction",
                "status": dice.choice(["confirmed", "confirmed", "reported"]),
                "date": "2019-01-01",
                "effect_from": "2019-01-01",
                "effect_until": dice.choice(["2020-02-28", "2020-02-29", None]),
            }
            for _ in range(dice.randint(0, 1))
        ],
        "trainings": [
            {"end": some_day(dice), "days": dice.choice([2.5, 0.1, None]), "kind": "党校"}
            for _ in range(dice.randint(0, 3))
        ],
        "talks": [{"date": some_day(dice), "kind": "谈心"} for _ in range(dice.randint(0, 2))],
    }
    more = {
        "grades": [
            {**_spell(dice), "grade": dice.choice(["正科级", "副科级", None])}
            for _ in range(dice.randint(0, 2))
        ],
        "ranks": [
            {**_spell(dice), "rank": dice.choice(["党校", "四级主任科员"])}
            for _ in range(dice.randint(0, 2))
        ],
        "secondments": [
            {**_spell(dice), "kind": dice.choice(["党校", "援疆", None]), "unit_kind": "town"}
            for _ in range(dice.randint(0, 2))
        ],
        "relations": [
            {
                "kinship": dice.choice(["配偶", "儿子", "长女"]),
                "abroad": dice.choice([True, False, None]),
                "unit": dice.choice([1, None]),
            }
            for _ in range(dice.randint(0, 2))
        ],
        "recommendations": [
            {"meeting_date": some_day(dice), "kind": "党校", "votes": 7, "valid": 9, "rank": 1}
            for _ in range(dice.randint(0, 2))
        ],
        "pools": [
            {"pool": "党校", "entered": some_day(dice, 2005, 2012), "left": None}
            for _ in range(dice.randint(0, 1))
        ],
        "awards": [{"level": "省级", "date": some_day(dice)} for _ in range(dice.randint(0, 2))],
        "titles": [{"level": "中级", "date": some_day(dice)} for _ in range(dice.randint(0, 1))],
        "checks": [
            {"kind": "党校", "date": some_day(dice), "result": dice.choice(["passed", None])}
            for _ in range(dice.randint(0, 1))
        ],
        "points": [{"date": "2019-05-05", "points": 0.1, "account": "党校"}] * 3,
    }
    # A history that nobody filled in is another thing than an empty one.
    return {**person, **{n: rows for n, rows in more.items() if dice.random() < 0.7}}


def bind(fact):
    """The fact with some value for each argument that it asks for."""
    given = {"scale": 1, "whole": 36, "year": YearBack(1), "text": "党校"}
    return fact.bind(
        **{
            a.name: given[a.kind] if a.kind in given else next(iter(a.choices))
            for a in fact.arguments
            if a.required
        }
    )


def of_tables(*names):
    """Every fact that is drawn from these tables or views."""
    return [bind(f) for f in FACTS.values() if f.source.table in names]
