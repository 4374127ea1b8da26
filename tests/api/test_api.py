"""The API: same permissions and masks as the pages, errors as problems, no crash on odd input."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client

from bole.accounts.models import Role
from bole.record.models import Reading
from bole.schemes.actions import install

pytestmark = pytest.mark.django_db
PERSON = {"person": 7, "name": "李某", "sex": "男", "birth": "1980-01-01"}


def post(client, path, body):
    return client.post(f"/api/{path}", body, content_type="application/json")


def test_without_a_session(client):
    response = client.get("/api/cadres")
    assert response.status_code == 401
    assert response.json()["problems"][0]["code"] == "SIGN_IN"


@pytest.mark.parametrize("role", Role.values)
def test_permissions_are_those_of_the_pages(sign_in, cadre, role):
    client = sign_in(role)
    pages = {
        "/api/cadres": "/people/",
        "/api/units": "/units/",
        "/api/headcount": "/units/",
        "/api/schemes": "/schemes/",
        "/api/cases": "/cases/",
    }
    for address, page in pages.items():
        shown, answered = client.get(page).status_code, client.get(address)
        assert answered.status_code == shown, (address, answered.content)
        if shown == 403:
            assert answered.json()["problems"][0]["code"] == "FORBIDDEN"


def test_sensitive_fields_are_masked_until_asked_for(sign_in, cadre):
    client = sign_in("section_officer")
    plain = client.get(f"/api/cadres/{cadre.pk}")
    assert "秘密" not in plain.content.decode() and "health" in plain.json()["masked"]
    shown = client.get(f"/api/cadres/{cadre.pk}?show=health&show=sanctions").json()
    assert shown["shown"]["health"] == "高血压秘密"
    assert shown["shown"]["sanctions"][0]["kind"] == "诫勉秘密"
    assert Reading.objects.count() == 2
    auditor = sign_in("auditor")
    assert auditor.get(f"/api/cadres/{cadre.pk}?show=health").status_code == 409
    assert auditor.get(f"/api/cadres/{cadre.pk}?show=health&reason=复核").status_code == 200
    assert client.get("/api/cadres/999999").status_code == 404


def test_screening_of_the_roster_and_of_people_in_the_body(sign_in, cadre, others):
    client = sign_in("section_officer")
    body = {"rules": "age >= 40\nyears_of_work >= 30", "as_of": "2025-06-01", "people": "all"}
    rows = {p["person"]: p for p in post(client, "screen", body).json()["people"]}
    assert [r["verdict"] for r in rows[cadre.pk]["rules"]] == ["met", "not_met"]
    short = post(client, "screen", {**body, "explain": False}).json()["people"]
    assert {p["person"]: p["verdict"] for p in short} == {p: r["verdict"] for p, r in rows.items()}
    given = post(client, "screen", {**body, "people": [PERSON]}).json()["people"][0]
    assert given["person"] == 7 and given["verdict"] == "unknown"
    wrong = post(client, "screen", {**body, "rules": "agee >= 40"})
    assert wrong.status_code == 409 and "age" in wrong.json()["problems"][0]["text"]["zh"]
    assert post(client, "screen", {**body, "people": [999_999]}).status_code == 409
    assert post(sign_in("unit_liaison"), "screen", body).status_code == 403


def test_screening_by_a_scheme(sign_in, cadre):
    install(actor=None, name_or_path="regulation-2019")
    client = sign_in("section_officer")
    body = {
        "scheme": "regulation-2019",
        "rule_set": "eligibility",
        "parameters": {"target_grade": "division_deputy"},
        "as_of": "2025-06-01",
        "people": [cadre.pk],
    }
    person = post(client, "screen", body).json()["people"][0]
    assert {r["rule"] for r in person["rules"]} >= {"R8.1", "R8.3.division_deputy"}
    assert post(client, "screen", {**body, "rule_set": "x"}).status_code == 409
    assert post(client, "screen", {**body, "scheme": "../x"}).status_code == 404
    scheme = client.get("/api/schemes/regulation-2019").json()
    assert scheme["document"]["rules"]["eligibility"]


def test_tally_reads_no_file_of_the_machine(sign_in):
    client = sign_in("section_officer")
    for name in ("/etc/passwd", "../x.yaml", "x.yaml", 7):
        assert post(client, "tally", {"scheme": name}).status_code == 409
    problems = post(client, "tally", {}).json()["problems"]
    assert problems and all(p["text"]["zh"] for p in problems)
    assert post(sign_in("cadre"), "tally", {}).status_code == 403


def test_no_input_crashes(sign_in, cadre, others):
    """Generated requests to every operation: answers may refuse, but never fail."""
    client: Client = sign_in("section_officer")
    cookie = "; ".join(f"{k}={v.value}" for k, v in client.cookies.items())
    schema = schemathesis.openapi.from_wsgi(
        "/api/openapi.json", get_wsgi_application(), headers={"Cookie": cookie}
    )
    from hypothesis import HealthCheck, given, settings

    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=8,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def never_fails(case):
            token = "a" * 32
            response = case.call(
                headers={"Cookie": f"{cookie}; csrftoken={token}", "X-CSRFToken": token}
            )
            assert response.status_code < 500, (case.method, case.path, response.text[:300])

        never_fails()
