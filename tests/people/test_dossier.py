"""The six dossier facts: every contradiction is named, none is invented."""

from __future__ import annotations

import datetime

import pytest

from bole.people.dossier import six_facts
from bole.people.models import Cadre, DossierFact, Education, PostSpell

D = datetime.date


def facts(cadre: Cadre, noted=(), posts=(), studies=(), **options) -> dict:
    found = six_facts(cadre, list(noted), list(posts), list(studies), **options)
    return {f.kind: f for f in found}


def person(**values) -> Cadre:
    defaults = {
        "name": "曾静",
        "sex": "男",
        "birth": D(1973, 8, 25),
        "birth_precision": "day",
        "work_start": D(1995, 7, 1),
        "id_number": "371122197308251958",
    }
    return Cadre(**{**defaults, **values})


def noted(kind: str, value: str) -> DossierFact:
    return DossierFact(kind=kind, value=value, page="一类1-1", noted_on=D(2026, 1, 1))


@pytest.mark.parametrize(
    ("cadre", "rows", "kind", "words"),
    [
        (person(birth=D(1974, 8, 25)), [], "age", "身份证"),
        (person(sex="女"), [], "age", "性别"),
        (person(id_number="371122197308251959"), [], "age", "校验"),
        (person(), [noted("age", "1972.08")], "age", "1972.08"),
        (person(), [noted("age", "1973.08.24")], "age", "1973.08.24"),
        (person(), [noted("age", "1973.08"), noted("age", "1973.08.25")], "age", "2种"),
        (person(work_start=D(1985, 1, 1)), [], "seniority", "16"),
        (person(party_joined=D(1990, 1, 1)), [], "party_age", "18"),
        (person(), [noted("seniority", "1996.07")], "seniority", "1996.07"),
        (person(identity="civil_servant"), [noted("identity", "工人")], "identity", "工人"),
    ],
)
def test_contradictions(cadre, rows, kind, words):
    flags = facts(cadre, rows)[kind].flags
    assert any(words in f.zh and f.en for f in flags), flags


@pytest.mark.parametrize(
    ("cadre", "rows", "kind"),
    [
        (person(), [], "age"),
        (person(), [noted("age", "1973.08")], "age"),
        (person(birth_precision="month", birth=D(1973, 8, 1)), [noted("age", "1973.08.25")], "age"),
        (person(id_number=None), [], "age"),
        (person(identity="civil_servant"), [noted("identity", "公务员")], "identity"),
    ],
)
def test_agreement(cadre, rows, kind):
    assert facts(cadre, rows)[kind].flags == []


def test_the_id_number_is_not_told_to_who_may_not_see_it():
    cadre = person(birth=D(1974, 8, 25))
    told = facts(cadre)["age"].flags[0].zh
    hidden = facts(cadre, with_id_number=False)["age"].flags[0].zh
    assert "1973" in told and "1973" not in hidden


def test_work_history_gaps_and_studies():
    posts = [
        PostSpell(title="科员", start=D(1995, 7, 1), end=D(2001, 3, 1)),
        PostSpell(title="主任", start=D(2001, 9, 1), end=D(2005, 1, 1)),
        PostSpell(title="兼职", start=D(2003, 1, 1), end=D(2003, 2, 1), concurrent=True),
        PostSpell(title="局长", start=D(2005, 1, 1), flagged="单位与职务未能分开"),
    ]
    found = facts(person(), [], posts, [Education(level="本科", school="某大学")])
    words = [f.zh for f in found["work"].flags]
    assert any("2001.03至2001.09" in w for w in words) and any("局长" in w for w in words)
    assert len(words) == 2
    assert found["education"].flags == []
    wrong = facts(person(), [noted("education", "大专")], posts, [Education(level="本科")])
    assert "大专" in wrong["education"].flags[0].zh
    late = facts(person(), [], posts[1:])
    assert "2001.09" in late["seniority"].flags[0].zh
