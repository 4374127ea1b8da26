"""Matters over the API and by command: the same actions and permissions."""

from __future__ import annotations

import json

import pytest

from bole.cli import main

pytestmark = pytest.mark.django_db
VALUES = {"written": True, "mode": "self", "target": "副镇长", "reasons": "自荐"}


def post(client, path, body):
    return client.post(f"/api/{path}", json.dumps(body), content_type="application/json")


def test_open_list_read_and_move(pack, sign_in, people):
    pack("matters-finding")
    client = sign_in("section_officer", username="officer")
    kinds = client.get("/api/matters/kinds?area=finding").json()
    assert "signed_recommendation" in [k["kind"] for k in kinds]
    body = {"kind": "signed_recommendation", "person": people["wang"].pk, "values": VALUES}
    opened = post(client, "matters", body)
    assert opened.status_code == 200, opened.content
    number = opened.json()["id"]
    assert [m["id"] for m in client.get("/api/matters").json()] == [number]
    refused = post(client, f"matters/{number}/moves/accept", {})
    assert refused.status_code == 409
    assert [p["code"] for p in refused.json()["problems"]] == ["REC_SIGN"]
    assert client.get(f"/api/matters/{number}").json()["findings"][0]["code"] == "REC_SIGN"
    refused = post(client, f"matters/{number}/moves/refuse", {})
    assert refused.json()["state"] == "refused"
    wrong = post(client, "matters", {**body, "values": {"nothing": 1}})
    assert wrong.status_code == 409
    assert wrong.json()["problems"][0]["where"] == "nothing"


def test_who_may_not_read_it_finds_nothing(pack, sign_in, people, client, user_with):
    pack("matters-finding")
    officer = sign_in("section_officer", username="officer")
    body = {"kind": "signed_recommendation", "person": people["wang"].pk, "values": VALUES}
    number = post(officer, "matters", body).json()["id"]
    client.force_login(user_with("inspector"))
    assert client.get(f"/api/matters/{number}").status_code == 404
    assert client.get("/api/matters").json() == []
    assert post(client, "matters", body).status_code == 403


def test_by_command(pack, officer, people, capsys):
    pack("matters-finding")
    arguments = ["open", "signed_recommendation", "--cadre", str(people["wang"].pk)]
    values = ["--values", json.dumps(VALUES), "--user", "officer", "--json"]
    assert main(["matters", *arguments, *values]) == 0
    number = json.loads(capsys.readouterr().out)["id"]
    assert main(["matters", "move", str(number), "accept", "--user", "officer"]) == 1
    assert "缺推荐人签字" in capsys.readouterr().err
    assert main(["matters", "list", "--user", "officer", "--json"]) == 0
    assert [m["id"] for m in json.loads(capsys.readouterr().out)] == [number]
    assert main(["matters", "judges", "--json"]) == 0
    assert main(["matters", "kinds", "--area", "finding"]) == 0
    assert "署名推荐" in capsys.readouterr().out
