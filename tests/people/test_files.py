"""From the database back to forms: a round trip through our tables loses nothing."""

from __future__ import annotations

import dataclasses
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bole.engine.errors import BoleError
from bole.people.actions.exports import export_forms
from bole.people.exchange.lrmx import read_lrmx
from bole.people.exchange.lrmx_write import write_lrmx
from bole.people.files import person_file
from bole.people.imports import reading
from bole.people.imports.write import write_import
from bole.people.models import Cadre, ImportBatch, PostSpell
from bole.record.models import Reading

# What a file carries beside what it says about the person.
ABOUT_THE_FILE = {"file", "row", "flags", "problems", "sources"}


@pytest.fixture
def imported(user_with, db, samples):
    officer = user_with("section_officer")
    files = sorted(samples.glob("*.lrmx"))
    batch = reading.start_import(
        actor=officer,
        name="samples",
        uploads=[reading.Upload(p.name, p.read_bytes()) for p in files],
    )
    while batch.state == ImportBatch.State.READING:
        reading.step(actor=officer, batch=batch)
    write_import(actor=officer, batch=batch)
    return batch


def test_every_sample_comes_back_as_it_was(imported, samples):
    assert imported.items.count() == 24
    for item in imported.items.select_related("file", "cadre"):
        original = read_lrmx((samples / item.file.name).read_bytes())
        ours = read_lrmx(write_lrmx(person_file(item.cadre)))
        for field in dataclasses.fields(original):
            if field.name not in ABOUT_THE_FILE:
                name = f"{item.name}.{field.name}"
                assert getattr(ours, field.name) == getattr(original, field.name), name


def test_a_change_shows_in_the_form(imported):
    cadre = Cadre.objects.filter(postspells__end=None).first()
    current = PostSpell.objects.filter(cadre=cadre, end=None).first()
    current.title = "调研员"
    current.save()
    cadre.health = "一般"
    cadre.save()
    person = read_lrmx(write_lrmx(person_file(cadre)))
    assert person.health == "一般"
    assert "调研员" in person.resume
    assert any(p.title == "调研员" and p.current for p in person.posts)


def test_a_cadre_entered_by_hand_gets_a_form(cadre):
    person = read_lrmx(write_lrmx(person_file(cadre)))
    assert (person.name, person.sex, person.id_number) == ("曾静", "女", cadre.id_number)
    assert [(p.title, p.current) for p in person.posts] == [("科员", False), ("局长", True)]
    assert person.full_time.school == "聊城大学" and person.appraisals == {2025: "优秀"}
    assert person.family[0].name == "贺秘密"


@pytest.mark.parametrize("kind", ["lrmx", "form-docx", "form-pdf"])
def test_exports_are_logged_as_readings(sign_in, cadre, kind):
    cadre.pictures.all().delete()
    response = sign_in("section_officer").post(
        reverse("people:export"), {"kind": kind, "people": [cadre.pk]}
    )
    assert response.status_code == 200
    start = {"lrmx": b"\xef\xbb\xbf<?xml", "form-docx": b"PK", "form-pdf": b"%PDF"}[kind]
    assert response.content.startswith(start)
    assert set(Reading.objects.get().fields) == {
        "id_number",
        "health",
        "family",
        "sanctions",
        "picture",
    }


def test_several_come_as_a_zip(user_with, cadre, others):
    officer = user_with("section_officer")
    made = export_forms(actor=officer, kind="lrmx", ids=[cadre.pk, others["单国强"].pk])
    names = zipfile.ZipFile(io.BytesIO(made.content)).namelist()
    assert names == ["001曾静.lrmx", "002单国强.lrmx"]


def test_exports_are_refused(user_with, county, cadre, others):
    with pytest.raises(PermissionDenied):
        export_forms(actor=user_with("auditor"), kind="lrmx", ids=[cadre.pk])
    with pytest.raises(BoleError, match="管理范围"):
        export_forms(
            actor=user_with("section_officer", username="town", unit=county["town"]),
            kind="lrmx",
            ids=[cadre.pk, others["单国强"].pk],
        )
    with pytest.raises(BoleError, match="先选择"):
        export_forms(actor=user_with("section_officer"), kind="lrmx", ids=[])
