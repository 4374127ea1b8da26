"""What is too large is refused with a sentence, before it fills memory or disk."""

from __future__ import annotations

import pytest

from bole.engine.errors import BoleError
from bole.people.imports import reading
from bole.people.models import ImportBatch

pytestmark = pytest.mark.django_db


def test_an_import_is_bounded_as_a_whole(user_with, settings):
    settings.UPLOAD_LIMIT = 1000
    uploads = [reading.Upload(f"{n}.lrmx", b"x" * 400) for n in range(3)]
    with pytest.raises(BoleError) as refused:
        reading.start_import(actor=user_with("section_officer"), name="x", uploads=uploads)
    assert [p.code for p in refused.value.problems] == ["UPLOAD_TOO_LARGE"]
    assert not ImportBatch.objects.exists()


def test_a_form_of_a_page_is_bounded(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    answer = client.post("/accounts/sign-in/", {"username": "x" * 3000, "password": "x"})
    assert answer.status_code == 400


def test_the_number_of_fields_is_bounded(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    answer = client.post("/accounts/sign-in/", {f"f{n}": "x" for n in range(30)})
    assert answer.status_code == 400
