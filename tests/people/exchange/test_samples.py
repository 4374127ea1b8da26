"""Every field of every sample, against what a right reader finds (truth.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bole.people.exchange import as_person, read_bytes, read_lrmx, read_path, write_lrmx

SAMPLES = Path(__file__).parents[2] / "samples"
TRUTH: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
FORMS = sorted(name for name in TRUTH if not name.endswith(".xlsx"))
ROSTERS = ("干部名册.xlsx", "科级干部花名册（报送）.xlsx")

#: What a format does not contain at all, so that no reader can find it.
NOT_IN_LRM = {"id_number", "birth_day"}
NOT_IN_ROSTER = {"health", "family", "title"}
#: A résumé names no grades; a form names the appraisals of the last three years only.
NOT_IN_FORM_POSTS = {"grade"}
LAST_YEARS = ("2023", "2024", "2025")


def last_years(appraisals: dict[str, str]) -> dict[str, str]:
    return {year: grade for year, grade in appraisals.items() if year in LAST_YEARS}


def only(row: dict[str, Any], like: dict[str, Any], without: set[str] = frozenset()) -> dict:  # type: ignore[assignment,type-arg]
    return {key: row[key] for key in like if key not in without}


@pytest.mark.parametrize("name", FORMS)
def test_form(name: str) -> None:
    beside = {p.name.lower(): p.read_bytes for p in SAMPLES.iterdir() if p.suffix == ".pic"}
    reading = read_bytes((SAMPLES / name).read_bytes(), name, beside=beside)
    assert reading.ok and reading.person and not reading.person.flags
    assert reading.person.picture, "the picture is in the form, or beside the .lrm"
    found, truth = as_person(reading.person), TRUTH[name]
    skipped = NOT_IN_LRM if name.endswith(".lrm") else set()
    for field in set(truth) - skipped - {"posts", "appraisals", "full_time", "on_job"}:
        assert found[field] == truth[field], field
    assert [only(row, truth["posts"][0], NOT_IN_FORM_POSTS) for row in found["posts"]] == [
        only(row, row, NOT_IN_FORM_POSTS) for row in truth["posts"]
    ]
    assert found["appraisals"] == last_years(truth["appraisals"])
    for field in ("full_time", "on_job"):
        if truth[field] is None:
            assert found[field] is None
        else:
            assert only(found[field], truth[field]) == truth[field]


@pytest.mark.parametrize("name", [n for n in FORMS if n.endswith(".lrmx")])
def test_form_goes_back_whole(name: str) -> None:
    person = read_lrmx((SAMPLES / name).read_bytes(), name)
    assert read_lrmx(write_lrmx(person), name) == person


@pytest.mark.parametrize("name", ROSTERS)
def test_roster(name: str) -> None:
    reading = read_bytes((SAMPLES / name).read_bytes(), name)
    assert reading.ok and not any(person.flags for person in reading.people)
    everybody = TRUTH["干部名册.xlsx"]
    assert len(reading.people) == (400 if name == ROSTERS[0] else 200)
    for person, truth in zip(reading.people, everybody, strict=False):
        found = as_person(person)
        plain = set(truth) - NOT_IN_ROSTER - {"posts", "appraisals", "full_time", "on_job"}
        if truth["other_party"] == "无党派":
            plain -= {"other_party"}  # these rosters leave the cell of the non-party empty
        for field in plain:
            assert found[field] == truth[field], (person.row, field)
        present = truth["posts"][-1]
        assert [only(row, present, {"end"}) for row in found["posts"]] == [
            only(present, present, {"end"})  # a roster has the present post only
        ]
        assert found["appraisals"] == last_years(truth["appraisals"])
        schooling = {"level", "degree", "school", "major"}  # a roster has no months of study
        assert only(found["full_time"], schooling) == only(truth["full_time"], schooling)  # type: ignore[arg-type]
        assert (found["on_job"] or {}).get("level") == (truth["on_job"] or {}).get("level")


def test_a_whole_folder() -> None:
    readings = [r for r in read_path(SAMPLES) if not r.ignored]
    assert sorted(r.file for r in readings) == sorted([*FORMS, *ROSTERS])
    assert all(r.ok for r in readings)
