"""Who becomes eligible, and on exactly which day."""

from __future__ import annotations

import datetime
import random

import pytest

from bole.engine.facts.events import from_people
from bole.engine.screening import (
    Rule,
    becomes_eligible,
    compile_rules,
    compiled,
)
from tests.engine.facts.histories import somebody

Day = datetime.date
ONE = datetime.timedelta(days=1)


def found(people, rules, as_of, months=12):
    events, _ = from_people([{"person": i, "name": "甲", **p} for i, p in enumerate(people, 1)])
    return becomes_eligible(compiled_of(rules), events, as_of, months)


def compiled_of(rules):
    return compile_rules(
        [
            Rule.from_mapping({"id": f"r{i}", "text": "x", **(r if isinstance(r, dict) else {})})
            if isinstance(r, dict)
            else Rule.from_mapping({"id": f"r{i}", "text": "x", "require": r})
            for i, r in enumerate(rules)
        ]
    )


SANCTION = {
    "category": "sanction",
    "status": "confirmed",
    "date": "2020-01-01",
    "effect_from": "2020-01-01",
}


@pytest.mark.parametrize(
    ("person", "rules", "as_of", "day"),
    [
        # Two years at the grade are reached the day before the anniversary.
        (
            {"grades": [{"grade": "正科级", "start": "2018-11-17"}], "posts": []},
            ["years_at_grade('正科级') >= 2"],
            Day(2020, 6, 30),
            Day(2020, 11, 16),
        ),
        ({"birth": "1985-02-28"}, ["age >= 36"], Day(2020, 6, 30), Day(2021, 2, 28)),
        ({"birth": "1984-02-29"}, ["age >= 37"], Day(2020, 6, 30), Day(2021, 3, 1)),
        # The day after the last day of the effect.
        (
            {"sanctions": [{**SANCTION, "effect_until": "2020-12-31"}]},
            ["not under_sanction"],
            Day(2020, 6, 30),
            Day(2021, 1, 1),
        ),
        # The first day and the last day of the window.
        ({"birth": "1985-07-01"}, ["age >= 35"], Day(2020, 6, 30), Day(2020, 7, 1)),
        ({"birth": "1985-06-30"}, ["age >= 36"], Day(2020, 6, 30), Day(2021, 6, 30)),
        ({"birth": "1985-07-01"}, ["age >= 36"], Day(2020, 6, 30), None),
        # Looks of a month's last day are clamped, the day found is not.
        ({"birth": "1985-03-30"}, ["age >= 36"], Day(2020, 8, 31), Day(2021, 3, 30)),
        # Eligible on 6 days only, all of them between two looks.
        (
            {"birth": "1985-07-12", "sanctions": [{**SANCTION, "effect_until": "2020-07-05"}]},
            ["age < 35", "not under_sanction"],
            Day(2020, 6, 30),
            Day(2020, 7, 6),
        ),
        # The same in one rule, with a rule that is not made for the person.
        (
            {"birth": "1985-07-12", "sanctions": [{**SANCTION, "effect_until": "2020-07-11"}]},
            [
                {"when": "sex == '女'", "bar": "age > 20"},
                "age >= 35 or (age < 35 and not under_sanction)",
                {"bar": "under_sanction or age >= 36"},
            ],
            Day(2020, 6, 30),
            Day(2020, 7, 12),
        ),
        # Rules that end or begin inside the window.
        (
            {"birth": "1985-01-01"},
            [{"require": "age <= 20", "until": "2020-09-13"}],
            Day(2020, 6, 30),
            Day(2020, 9, 14),
        ),
        (
            {"birth": "1985-08-20"},
            ["age >= 35", {"require": "age <= 20", "effective": "2020-08-21"}],
            Day(2020, 6, 30),
            Day(2020, 8, 20),
        ),
        (
            {"birth": "1985-08-20"},
            ["age >= 35", {"require": "age <= 20", "effective": "2020-08-20"}],
            Day(2020, 6, 30),
            None,
        ),
        # A warning stops nobody, a question that only a person answers stops everybody.
        (
            {"birth": "1985-07-12"},
            ["age >= 35", {"require": "age <= 20", "strength": "warn"}],
            Day(2020, 6, 30),
            Day(2020, 7, 12),
        ),
        (
            {"birth": "1985-07-12"},
            ["age >= 35", {"judged": "口碑"}],
            Day(2020, 6, 30),
            None,
        ),
    ],
)
def test_the_first_day(person, rules, as_of, day):
    assert found([{"sex": "男", **person}], rules, as_of) == ({1: day} if day else {})


RULES = [
    "age <= 36",
    {"bar": "under_sanction"},
    "months_in_towns >= 13 or years_at_grade('staff') >= 1 or training_days(24) >= 2",
    {"when": "sex == '女'", "require": "years_of_work >= 4"},
]


@pytest.mark.parametrize(("a_few", "months"), [(200, 9), (0, 2)], ids=["few", "many"])
def test_as_if_every_day_had_been_judged(monkeypatch, a_few, months):
    dice = random.Random(5)
    people = [somebody(dice, n) for n in range(1, 61)]
    for person in people:
        day = f"2020-0{dice.randint(1, 9)}-{dice.randint(1, 28):02}"
        person["birth"] = dice.choice([f"1983-{day[5:]}", f"1984-{day[5:]}", "1990-01-01"])
        if dice.random() < 0.6:
            person["sanctions"] = [{**SANCTION, "effect_until": day}]
    events, _ = from_people(people)
    rules, as_of = compiled_of(RULES), Day(2020, 1, 31)
    expected, day, last = {}, as_of, Day(2020, 1 + months, 31)
    while day <= last:
        for row in compiled.few(rules).run(events, day)[compiled.ANSWERS]:
            if row["verdict"]:
                expected.setdefault(row["person"], day)
        day += ONE
    expected = {p: d for p, d in expected.items() if d > as_of}
    assert len(set(expected.values())) > months
    monkeypatch.setattr(compiled, "A_FEW", a_few)
    assert becomes_eligible(rules, events, as_of, months) == expected
