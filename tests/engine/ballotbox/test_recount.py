"""Packages: what a recount accepts, and the first thing wrong that it names."""

import copy
import json
import zipfile
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bole.cli import main
from bole.engine.ballotbox import (
    Cast,
    Meeting,
    Signature,
    ballot_line,
    new_nonce,
    prepare,
    read_tracker,
    recount,
    show_tracker,
    tracker_of,
)
from bole.engine.ballotbox.trackers import tracker_from, tracker_seed
from bole.engine.chain import canonical, merkle_root
from bole.engine.errors import BoleError
from bole.engine.instruments import InstrumentForm
from bole.engine.tally import Electorate

FORM = InstrumentForm.model_validate(
    {
        "id": "recommend",
        "anonymous": True,
        "over_pick": "void_ballot",
        "items": [
            {"id": "names", "kind": "nominate", "max_picks": 2},
            {"id": "style", "kind": "grade", "options": ["优秀", "良好", "一般", "较差"]},
        ],
    }
)
NAMES = ("甲", "乙", "丙")
CLASSES = {"leaders": 2, "middle": 8, "staff": 20}


def meeting(minimum=None, form=FORM):
    classes = [{"id": c} for c in CLASSES]
    electorate = Electorate.model_validate({"classes": classes, "minimum_size": minimum})
    return Meeting("m-1", "某局民主推荐会", "2026-03-05", form, electorate, NAMES, 1)


def cast(answers, group):
    nonce = new_nonce()
    return Cast(answers, group, nonce, tracker_of("m-1", nonce, answers))


def box():
    out = []
    for group, number in CLASSES.items():
        for i in range(number):
            answers = {"names": ["甲", "乙"][: i % 3], "style": {"甲": "优秀", "乙": "一般"}}
            out.append(cast(answers, group))
    out[-1] = cast({"names": ["甲", "乙", "丙"]}, "staff")  # over-picked: void, yet published
    return out


def roll(**changes):
    rows = {
        c: {"due": n + 2, "attending": n + 1, "issued": n + 1, "used": n, "unused": 1}
        for c, n in CLASSES.items()
    }
    return rows | changes


KEYS = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = tmp_path_factory.mktemp("box") / "box.zip"
    draft = prepare(meeting(minimum=5), box(), roll())
    signatures = [draft.sign("钱", "counter", KEYS[0]), draft.sign("孙", "monitor", KEYS[1])]
    draft.write(path, signatures)
    return path


def changed(package, tmp_path, resign=False, **files):
    """The package with files changed; `resign`: as a dishonest office would, digests and all."""
    path = tmp_path / "changed.zip"
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(path, "w") as new:
        contents = {n: old.read(n) for n in old.namelist()}
        for name, change in files.items():
            file = {"ballots": "ballots.ndjson"}.get(name, f"{name}.json")
            contents[file] = change(contents[file])
        if resign:
            manifest = json.loads(contents["manifest.json"])
            lines = contents["ballots.ndjson"].split(b"\n")[:-1]
            manifest |= {"ballots": len(lines), "root": merkle_root(lines).hex()}
            manifest["files"] = {n: sha256(contents[n]).hexdigest() for n in manifest["files"]}
            manifest["signatures"] = [
                {"name": "x", "role": r, "key": "", "signature": ""} for r in ("counter", "monitor")
            ]
            contents["manifest.json"] = canonical(manifest)
        for name, content in contents.items():
            new.writestr(name, content)
    return path


def test_a_good_package_is_recounted(package):
    report = recount(package, trusted=KEYS[1].public_key())
    assert report.valid, report.problem
    assert report.ballots == 30 and report.count.void == 1
    assert len(report.signed_by) == 2 and not report.names_only
    assert report.count.votes("style", "甲", "优秀") == 29


def test_small_classes_are_published_under_one_name(package):
    report = recount(package)
    assert dict(report.count.returned) == {"leaders+middle": 10, "staff": 20}
    with zipfile.ZipFile(package) as zipped:
        everything = b"".join(zipped.read(n) for n in zipped.namelist())
    assert b'"leaders"' not in everything


def test_a_package_tells_nothing_but_the_ballots(package):
    with zipfile.ZipFile(package) as zipped:
        assert {i.date_time for i in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        lines = zipped.read("ballots.ndjson").splitlines()
    assert all(set(json.loads(x)) == {"answers", "class", "nonce", "tracker"} for x in lines)
    trackers = [json.loads(x)["tracker"] for x in lines]
    assert trackers == sorted(trackers)


def _swap(old, new, times=1):
    return lambda content: content.replace(old.encode(), new.encode(), times)


def _without_a_line(content):
    return b"\n".join(content.split(b"\n")[1:])


def _twice_a_line(content):
    lines = content.split(b"\n")
    return b"\n".join([lines[0], *lines])


def _extra_ballot(content):
    nonce = new_nonce()
    line = ballot_line(
        {"names": ["丙"]}, "staff", nonce, tracker_of("m-1", nonce, {"names": ["丙"]})
    )
    return b"\n".join(sorted([*content.split(b"\n")[:-1], line], key=lambda x: x[-14:])) + b"\n"


@pytest.mark.parametrize(
    ("name", "change", "resign", "code"),
    [
        ("ballots", _swap("优秀", "较差"), False, "TRACKER_DIFFERS"),
        ("ballots", _swap("优秀", "较差"), True, "TRACKER_DIFFERS"),
        ("ballots", _swap('"class":"staff"', '"class":"leaders+middle"'), False, "FILE_DIFFERS"),
        ("ballots", _swap('"class":"staff"', '"class":"leaders+middle"'), True, "ROLL_USED"),
        ("ballots", _without_a_line, False, "BALLOTS_NUMBER"),
        ("ballots", _without_a_line, True, "ROLL_USED"),
        ("ballots", _extra_ballot, True, "ROLL_USED"),
        ("ballots", _twice_a_line, True, "ORDER"),
        ("ballots", lambda c: c[:-1], True, "LINE"),
        (
            "ballots",
            lambda c: c.replace(b'{"answers":', b'{ "answers":', 1),
            True,
            "TRACKER_DIFFERS",
        ),
        ("ballots", lambda c: b"", True, "ROLL_USED"),
        ("ballots", lambda c: b"\xff\xfe\n", True, "LINE"),
        ("form", _swap('"max_picks":2', '"max_picks":3'), False, "FILE_DIFFERS"),
        ("form", _swap('"max_picks":2', '"max_picks":3'), True, "RESULT_DIFFERS"),
        ("form", lambda c: b"[]", True, "FORM"),
        ("roll", _swap('"used":20', '"used":21'), False, "FILE_DIFFERS"),
        ("roll", _swap('"used":20', '"used":21'), True, "ROLL_USED"),
        ("roll", lambda c: b"{}", True, "ROLL"),
        ("result", _swap('"staff":19', '"staff":18'), True, "RESULT_DIFFERS"),
        ("result", lambda c: b"[]", True, "RESULT_DIFFERS"),
        ("result", lambda c: b"{", True, "FILE_FORMAT"),
        ("manifest", _swap("某局", "他局"), False, "SIGNATURE"),
        ("manifest", _swap('"role":"monitor"', '"role":"guest"'), False, "UNSIGNED"),
    ],
)
def test_the_first_thing_wrong_is_named(package, tmp_path, name, change, resign, code):
    report = recount(changed(package, tmp_path, resign, **{name: change}))
    assert not report.valid
    assert report.problem.code == code, report.problem


def test_a_difference_names_the_count(package, tmp_path):
    path = changed(
        package,
        tmp_path,
        True,
        result=_swap(
            '["names","甲","names",{"leaders+middle":', '["names","甲","names",{"leaders+middle":9'
        ),
    )
    problem = recount(path).problem
    assert problem.code == "RESULT_DIFFERS" and "names · 甲 · names" in problem.text.en


def test_a_mark_hidden_in_the_order_of_keys_is_refused(package, tmp_path):
    answers = {"style": {"甲": "优秀"}, "names": ["甲"]}
    nonce = new_nonce()

    def insert(content):
        raw = json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode()
        own = tracker_from(tracker_seed("m-1"), nonce.encode(), raw).decode()
        line = (
            b'{"answers":'
            + raw
            + f',"class":"staff","nonce":"{nonce}","tracker":"{own}"}}'.encode()
        )
        lines = content.split(b"\n")[1:-1]
        return b"\n".join(sorted([*lines, line], key=lambda x: x[-14:])) + b"\n"

    assert recount(changed(package, tmp_path, True, ballots=insert)).problem.code == "LINE"


def test_the_root_announced_in_the_meeting_counts(package):
    root = recount(package).root
    assert recount(package, root=root.upper()).valid
    assert recount(package, root="0" * 64).problem.code == "ROOT_NOT_ANNOUNCED"


def test_another_key_is_not_enough(package):
    assert recount(package, trusted=Ed25519PrivateKey.generate().public_key()).problem.code == "KEY"


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04broken"])
def test_what_is_no_package_is_unreadable(tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(BoleError):
        recount(path)
    assert main(["recount", str(path)]) == 2


def test_nothing_is_published_unsigned(tmp_path):
    draft = prepare(meeting(), box(), roll())
    with pytest.raises(BoleError, match="签字"):
        draft.write(tmp_path / "x.zip", [Signature("钱", "counter")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            {"staff": {"due": 22, "attending": 21, "issued": 22, "used": 21, "unused": 1}},
            "ROLL_USED",
        ),
        (
            {"staff": {"due": 22, "attending": 21, "issued": 25, "used": 20, "unused": 1}},
            "ROLL_ISSUED",
        ),
        (
            {"staff": {"due": 19, "attending": 20, "issued": 21, "used": 20, "unused": 1}},
            "PRESENT_OVER_DUE",
        ),
        (
            {"staff": {"due": 22, "attending": 19, "issued": 21, "used": 20, "unused": 1}},
            "USED_OVER_PRESENT",
        ),
    ],
)
def test_a_box_that_does_not_agree_with_the_roll_is_not_closed(rows, code):
    with pytest.raises(BoleError) as caught:
        prepare(meeting(), box(), roll(**rows))
    assert code in [p.code for p in caught.value.problems]


def test_a_ballot_with_a_foreign_tracker_is_not_published():
    ballots = box()
    ballots[0] = Cast({"names": ["丙"]}, "staff", ballots[0].nonce, ballots[0].tracker)
    with pytest.raises(BoleError) as caught:
        prepare(meeting(), ballots, roll())
    assert "TRACKER_DIFFERS" in [p.code for p in caught.value.problems]


def test_classes_that_would_be_hidden_are_published_without_a_class():
    draft = prepare(meeting(minimum=40), box(), roll())
    assert b'"class":""' in draft.files["ballots.ndjson"]
    assert b"leaders" not in draft.files["roll.json"]


def test_trackers_are_read_as_people_type_them():
    nonce = new_nonce()
    tracker = tracker_of("m", nonce, {"a": 1})
    assert read_tracker(f" {show_tracker(tracker).lower()} ") == tracker
    assert tracker_of("other", nonce, {"a": 1}) != tracker
    assert tracker_of("m", new_nonce(), {"a": 1}) != tracker
    for bad in ("", "ABC", "ABCD-EFGH-IJK9", "选票"):
        with pytest.raises(BoleError):
            read_tracker(bad)


def test_the_command(package, tmp_path, capsys):
    assert main(["recount", str(package), "--lang", "en"]) == 0
    assert "30 ballots" in capsys.readouterr().out
    with zipfile.ZipFile(package) as zipped:
        tracker = json.loads(zipped.read("ballots.ndjson").split(b"\n")[4])["tracker"]
    assert main(["recount", str(package), "--json", "--tracker", show_tracker(tracker)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["found"]["tracker"] == tracker and document["valid"]
    assert main(["recount", str(package), "--tracker", "AAAA-AAAA-AAAA"]) == 1
    broken = changed(package, tmp_path, True, result=_swap('"staff":19', '"staff":18'))
    capsys.readouterr()
    assert main(["recount", str(broken), "--lang", "en"]) == 1
    assert "stated result" in capsys.readouterr().err


JUNK = [None, -1, 10**30, "x", "", [], {}, [1], [[1]], {"x": 1}, True, [{}], [["names", "甲"]]]


def _spots(value, path=()):
    yield path
    inner = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for key, below in inner:
        yield from _spots(below, (*path, key))


@pytest.mark.parametrize("name", ["manifest", "form", "roll", "result"])
def test_whatever_stands_in_a_package_is_answered(package, tmp_path, name):
    with zipfile.ZipFile(package) as zipped:
        data = json.loads(zipped.read(f"{name}.json"))
    for number, spot in enumerate(_spots(data)):
        junk = JUNK[number % len(JUNK)]
        made = copy.deepcopy(data)
        inner = made
        for step in spot[:-1]:
            inner = inner[step]
        if spot:
            inner[spot[-1]] = junk
        else:
            made = junk
        content = json.dumps(made).encode()
        path = changed(package, tmp_path, name != "manifest", **{name: lambda _, c=content: c})
        try:
            recount(path)
        except BoleError:
            continue
