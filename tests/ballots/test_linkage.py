"""Whoever knows everything else — order of casting, codes, database, journal, logs — learns no
more about a ballot than its class tells."""

from __future__ import annotations

import http.client
import json
import random
import re
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bole.ballots.box import hash_of
from bole.engine.ballotbox import new_nonce
from tests.ballots.hall import hall, rank_correlation

VOTERS = 240
# |ρ| of two independent orders of n things exceeds 4/√(n−1) about once in 16,000 runs.
CHANCE = 4 / (VOTERS - 1) ** 0.5
TIME = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d")


def post(port: int, **fields: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(
        "POST",
        "/ballots/v/",
        urllib.parse.urlencode(fields),
        {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "phone-of-someone"},
    )
    response = connection.getresponse()
    assert response.getheader("Set-Cookie") is None
    return response.status, response.read().decode()


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="module", params=BOTH)
def place(request, tmp_path_factory):
    server = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    with hall(tmp_path_factory.mktemp("hall"), server, threads=4) as found:
        found.kind = request.param
        yield found


def test_nothing_kept_links_a_ballot_to_a_code_or_a_moment(place, tmp_path):
    meeting = place.prepare({"only": VOTERS})
    codes = meeting["codes"]["only"]
    random.shuffle(codes)
    cast = []  # everything that an observer of the hall could know: who cast when, with which code
    for code in codes:
        nonce, names = new_nonce(), random.sample(["贾平", "易安", "邴原"], 2)
        status, page = post(
            place.port, step="cast", code=code, nonce=nonce, answers=json.dumps({"names": names})
        )
        assert status == 200, page
        cast.append((code, nonce))
    finished = place.finish(meeting["meeting"], tmp_path / "package.zip")
    assert len(finished["ballots"]) == VOTERS
    dump = place.dump()

    ballots = [row["id"].replace("-", "") for row in dump["ballots_ballot"]]
    nonces = [nonce for _code, nonce in cast]
    hashes = [hash_of(code) for code, _nonce in cast]
    of_code = {hash_of(code): nonce for code, nonce in cast}
    kept = [row["hash"] for row in dump["ballots_credential"]]
    assert sorted(ballots) == sorted(nonces) and sorted(kept) == sorted(hashes)
    assert not dump["ballots_unused"]
    # 1. The order of the ballots against the order of casting, and against that of the codes.
    assert abs(rank_correlation(ballots, nonces)) < CHANCE
    assert abs(rank_correlation(ballots, [of_code[h] for h in kept])) < CHANCE
    assert abs(rank_correlation(kept, hashes)) < CHANCE
    # 2. No value of a code's row stands in a ballot's row, but meeting and class.
    for row in dump["ballots_ballot"]:
        assert set(row) == {"id", "meeting_id", "voter_class", "answers", "tracker"}
        assert not TIME.search(str(row))
    common = {"meeting_id", "voter_class"}
    assert set(dump["ballots_credential"][0]) & set(dump["ballots_ballot"][0]) == common
    # 3. No other table names a ballot or a code; none has more rows because somebody voted.
    for table, rows in dump.items():
        if "ballot" in table and table.split("_")[-1] in ("ballot", "credential", "unused"):
            continue
        text = str(rows)
        for code, nonce in cast[:40]:
            assert code not in text and nonce not in text and hash_of(code) not in text, table
    assert not dump["django_session"]
    # 4. What lies on the disk: no code in clear, no order of the ballots, not even in old pages.
    raw = b"".join(p.read_bytes() for p in files(place, dump))
    logs = place.log.read_bytes()
    for code, nonce in cast:
        assert code.encode() not in raw and code.encode() not in logs
        assert nonce.encode() not in logs
    assert b"phone-of-someone" not in raw + logs and b"/ballots/v/" not in logs
    if place.kind == "sqlite":
        found = [(raw.find(n.encode()), n) for n in nonces]
        assert all(at >= 0 for at, _n in found)
        assert abs(rank_correlation([n for _at, n in sorted(found)], nonces)) < CHANCE
        found = [(raw.rfind(n.encode()), n) for n in nonces]
        assert abs(rank_correlation([n for _at, n in sorted(found)], nonces)) < CHANCE
    else:
        rows = dump["raw_ballots_ballot"]
        assert len({row[0] for row in rows}) == 1  # one transaction wrote them all
        order = [row[2].replace("-", "") for row in rows]
        assert abs(rank_correlation(order, nonces)) < CHANCE


def test_words_papers_and_replaced_slips_link_nothing_either(place, tmp_path):
    """Reasons stand apart from their ballots; slips changed or replaced tell nothing of others."""
    meeting = place.prepare({"only": VOTERS + 30}, mixed=True)
    codes = meeting["codes"]["only"]
    random.shuffle(codes)
    paper, lost, codes = codes[:10], codes[10:20], codes[20 : VOTERS + 20]
    cast = []
    for number, code in enumerate(codes):
        if number == 80:
            place.slips(meeting["meeting"], [("paper", c) for c in paper])
        if number == 160:
            new = place.slips(meeting["meeting"], [("lost", c) for c in lost])
            codes[-10:] = new  # the last voters hold the new slips
        code, nonce, words = codes[number], new_nonce(), f"理由{random.getrandbits(60)}"
        answers = {"say": {"贾平": {"option": "disagree", "reason": words}, "易安": "agree"}}
        status, page = post(
            place.port, step="cast", code=code, nonce=nonce, answers=json.dumps(answers)
        )
        assert status == 200, page
        cast.append((code, nonce, words))
    for code in (*paper, *lost):
        assert post(place.port, step="ballot", code=code)[0] == 409
    finished = place.finish(meeting["meeting"], tmp_path / "package.zip")
    assert len(finished["ballots"]) == VOTERS
    dump = place.dump()
    own = str(meeting["meeting"])
    ballots = [r["id"].replace("-", "") for r in dump["ballots_ballot"] if r["meeting_id"] == own]
    nonces, said = [n for _c, n, _w in cast], [w for _c, _n, w in cast]
    of_words = {w: n for _c, n, w in cast}
    kept = [r["words"] for r in dump["ballots_remark"]]
    assert sorted(kept) == sorted(said) and sorted(ballots) == sorted(nonces)
    # 1. The order of the words: not that of casting, not that of the ballots.
    assert abs(rank_correlation(kept, said)) < CHANCE
    assert abs(rank_correlation([of_words[w] for w in kept], ballots)) < CHANCE
    # 2. Words and ballots share nothing but the meeting; no ballot carries its words.
    names = {"id", "meeting_id", "item", "subject", "option", "words"}
    assert set(dump["ballots_remark"][0]) == names
    ids = {r["id"].replace("-", "") for r in dump["ballots_remark"]}
    assert not ids & set(nonces) and "理由" not in str(dump["ballots_ballot"])
    assert len({r["answers"] for r in dump["ballots_ballot"] if r["meeting_id"] == own}) == 1
    # 3. Codes withdrawn: none of them is a code that voted; no other table has any of them.
    gone = {r["hash"] for r in dump["ballots_withdrawn"]}
    assert gone == {hash_of(c) for c in (*paper, *lost)} and not gone & {
        r["hash"] for r in dump["ballots_credential"]
    }
    assert set(dump["ballots_withdrawn"][0]) == {"hash", "meeting_id", "voter_class", "why"}
    for table, rows in dump.items():
        if not table.endswith(("ballot", "credential", "unused", "withdrawn", "remark")):
            text = str(rows)
            for code, nonce, words in cast[:40]:
                assert code not in text and nonce not in text and words not in text, table
                assert hash_of(code) not in text and hash_of(code)[:10] not in text, table
    logs = place.log.read_bytes()
    raw = b"".join(p.read_bytes() for p in files(place, dump))
    assert not any(w.encode() in logs or c.encode() in logs + raw for c, _n, w in cast)
    if place.kind == "sqlite":  # 4. nor on the disk, in old pages or in new ones
        for find in (raw.find, raw.rfind):
            at = [w for _at, w in sorted((find(w.encode()), w) for w in said)]
            assert abs(rank_correlation(at, said)) < CHANCE
            assert abs(rank_correlation([of_words[w] for w in at], ballots)) < CHANCE
    else:
        assert len({row[0] for row in dump["raw_ballots_remark"]}) == 1


def files(place, dump) -> list[Path]:
    """The files that hold the database, if this process may read them."""
    if place.kind == "sqlite":
        return sorted(place.home.glob("bole.sqlite3*"))
    return []


def test_voters_at_the_same_moment_and_one_code_in_many_hands(place, tmp_path):
    """Eight phones at once, each code four times: one ballot a code."""
    meeting = place.prepare({"a": 20, "b": 20})
    codes = [(g, c) for g, found in meeting["codes"].items() for c in found]
    tries = [(g, c, name) for g, c in codes for name in ("贾平", "易安", "邴原", "贾平")]
    random.shuffle(tries)

    def one(entry):
        _group, code, name = entry
        answers = json.dumps({"names": [name]})
        return post(place.port, step="cast", code=code, nonce=new_nonce(), answers=answers)[0]

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(one, tries))
    assert statuses.count(200) == 40 and set(statuses) == {200, 409}
    finished = place.finish(meeting["meeting"], tmp_path / "package.zip")
    assert finished["result"]["returned"] == {"a": 20, "b": 20}
