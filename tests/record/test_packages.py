"""The archive package of a case, and what happens when someone changes it."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import bagit
import pytest
from django.core.exceptions import PermissionDenied

from bole import cli
from bole.engine.chain import Anchor, new_key, read_private_key, read_public_key, seal
from bole.engine.chain.packages import verify_package
from bole.engine.errors import BoleError
from bole.record import actions, archive, streams
from bole.record.models import AnchorRecord, Entry
from bole.record.verification import stored_anchor, verify_database

pytestmark = pytest.mark.django_db
PRIVATE, PUBLIC = new_key()
KEY = read_private_key(PRIVATE)


@pytest.fixture
def auditor(user_with):
    return user_with("auditor", username="auditor")


@pytest.fixture
def case(user_with):
    """Case 1 with entries 1–6 and the papers of entries 3, 4 and 5; other cases around it."""
    officer = user_with("section_officer", username="officer")

    def act(stream, **more):
        actions.append(actor=officer, action="test.act", stream=stream, **more)

    act("case:2")
    act("case:1", after={"state": "open", "text": {"zh": "动议", "en": "motion"}, "ok": True})
    act("case:3")
    act("case:1", subject=("people.cadre:7", "李某"), before={"step": "1"}, after={"step": "2"})
    for name, text in [("考察材料.docx", "一"), ("a/b%.txt", "二"), ("考察材料.docx", "三")]:
        actions.store_paper(
            actor=officer, stream="case:1", name=name, content=text.encode(), kind="report"
        )
    act("case:2")
    act("case:1", reason="完成", papers=[("外部.pdf", "f" * 64)])
    act("case:2")
    return "case:1"


@pytest.fixture
def package(case, auditor, tmp_path):
    """A signed package as a zip."""
    path = tmp_path / "case.zip"
    archive.archive_case(actor=auditor, stream=case, destination=path, title="镇长选任", key=KEY)
    return path


@pytest.fixture
def folder(package, tmp_path):
    """The same unpacked."""
    with zipfile.ZipFile(package) as zipped:
        zipped.extractall(tmp_path / "open")
    return tmp_path / "open" / "bole-case-1"


@pytest.fixture(params=[True, False], ids=["manifests mended", "manifests left"])
def mend(request, folder):
    """What a careful forger does afterwards: manifests anew (or not)."""

    def manifests():
        if not request.param:
            return
        for name, files in [
            ("manifest-sha256.txt", [p for p in (folder / "data").rglob("*") if p.is_file()]),
            (
                "tagmanifest-sha256.txt",
                [folder / n for n in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")],
            ),
        ]:
            (folder / name).write_text(
                "".join(
                    f"{hashlib.sha256(p.read_bytes()).hexdigest()}  "
                    f"{p.relative_to(folder).as_posix()}\n"
                    for p in sorted(files)
                )
            )

    return manifests


def lines(folder):
    text = (folder / "data/record.ndjson").read_text()
    return [json.loads(line) for line in text.splitlines()]


def write(folder, entries):
    text = "".join(
        json.dumps(e, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for e in entries
    )
    (folder / "data/record.ndjson").write_text(text)


def broken(path, **options):
    report = verify_package(path, **options)
    assert not report.valid
    return report.chain.broken and (report.chain.broken.kind, report.chain.broken.number)


def test_a_package_is_a_valid_bag_and_verifies_without_a_database(package, folder):
    bagit.Bag(str(folder)).validate()
    for path in (package, folder):
        report = verify_package(path, trusted=read_public_key(PUBLIC))
        assert report.valid, report.texts()
        assert (report.chain.count, report.papers) == (6, 3)
        assert report.signed_by in report.texts()[0].zh
    names = sorted(p.name for p in (folder / "data/papers").iterdir())
    assert names == ["001-考察材料.docx", "002-b_.txt", "003-考察材料 v2.docx"]
    html = (folder / "data/index.html").read_text()
    for words in ("镇长选任", "考察材料.docx", "李某", "理由：完成", "1 → 2", "动议"):
        assert words in html


def test_archiving_is_recorded_and_the_record_stays_valid(package, auditor):
    assert verify_database().valid
    entry = Entry.objects.last()
    assert entry.action == "record.archive"
    assert entry.after["digest"] == hashlib.sha256(package.read_bytes()).hexdigest()


def test_archiving_needs_permission_and_entries(case, auditor, user_with, tmp_path):
    with pytest.raises(PermissionDenied):
        archive.archive_case(
            actor=user_with("cadre", username="c"), stream=case, destination=tmp_path / "x.zip"
        )
    with pytest.raises(BoleError, match="没有纪实"):
        archive.archive_case(actor=auditor, stream="case:99", destination=tmp_path / "x.zip")


def test_the_room_of_a_case_says_who_may_read_it(case, user_with):
    officer = user_with("section_officer", username="officer")
    assert not officer.has_perm("record.read_stream", case)
    streams.register(
        "case",
        title=lambda key: f"事项{key}",
        url=lambda key: f"/cases/{key}/",
        may_read=lambda user, key: key == "1",
    )
    assert officer.has_perm("record.read_stream", "case:1")
    assert not officer.has_perm("record.read_stream", "case:2")
    assert (streams.title(case), streams.url(case)) == ("事项1", "/cases/1/")


def change(entries):
    entries[1]["after"] = {"step": "9"}


def change_and_reseal(entries):
    content = {k: v for k, v in entries[1].items() if k != "hash"} | {"after": {"step": "9"}}
    entries[1] = content | {"hash": seal(content)}


def remove(entries):
    del entries[1]


def insert(entries):
    entries.insert(1, dict(entries[1]))


def reorder(entries):
    entries[1], entries[2] = entries[2], entries[1]


def truncate(entries):
    del entries[4:]


def empty(entries):
    entries.clear()


@pytest.mark.parametrize(
    ("tamper", "kind", "number"),
    [
        (change, "changed", 2),
        (change_and_reseal, "changed", 2),
        (remove, "removed", 2),
        (insert, "inserted", 2),
        (reorder, "reordered", 3),
        (truncate, "truncated", 5),
        (empty, "truncated", 1),
    ],
)
def test_tampering_with_entries_is_found_and_named(folder, mend, tamper, kind, number):
    entries = lines(folder)
    tamper(entries)
    write(folder, entries)
    mend()
    assert broken(folder) == (kind, number)
    assert str(number) in verify_package(folder).texts()[0].zh


def test_a_line_that_is_no_json(folder, mend):
    text = (folder / "data/record.ndjson").read_text().splitlines()
    text[2] = text[2][:50]
    (folder / "data/record.ndjson").write_text("\n".join(text))
    mend()
    assert broken(folder) == ("changed", 3)


def test_a_cut_tail_with_a_corrected_statement_fails_the_proof_and_signature(folder, mend):
    entries = lines(folder)[:4]
    write(folder, entries)
    about = json.loads((folder / "data/package.json").read_text())
    about |= {"count": 4, "head": entries[-1]["hash"]}
    about["papers"] = about["papers"][:2]
    (folder / "data/papers/003-考察材料 v2.docx").unlink()
    (folder / "data/package.json").write_text(json.dumps(about))
    mend()
    codes = {p.code for p in verify_package(folder).problems}
    assert {"SIGNATURE_BAD", "ANCHOR_PROOF"} <= codes
    del about["signature"], about["key"]
    (folder / "data/package.json").write_text(json.dumps(about))
    mend()
    assert "ANCHOR_PROOF" in {p.code for p in verify_package(folder).problems}
    trusted = read_public_key(PUBLIC)
    assert "PACKAGE_UNSIGNED" in {p.code for p in verify_package(folder, trusted=trusted).problems}


PAPERS = "data/papers"


def test_swapped_papers_are_named(folder, mend):
    one, two = folder / PAPERS / "001-考察材料.docx", folder / PAPERS / "002-b_.txt"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    mend()
    assert broken(folder) == ("paper", 3)
    sentence = verify_package(folder).texts()[0].zh
    assert "考察材料.docx" in sentence
    assert "b%.txt" in sentence


def test_a_changed_or_missing_paper_is_named(folder, mend):
    paper = folder / PAPERS / "002-b_.txt"
    paper.write_text("改")
    mend()
    assert broken(folder) == ("paper", 4)
    paper.unlink()
    mend()
    assert broken(folder) == ("paper", 4)
    about = json.loads((folder / "data/package.json").read_text())
    about["papers"] = [p for p in about["papers"] if "002" not in p["path"]]
    (folder / "data/package.json").write_text(json.dumps(about))
    mend()
    assert broken(folder) == ("paper", 4)


def test_swapping_the_listing_does_not_help(folder, mend):
    about = json.loads((folder / "data/package.json").read_text())
    a, b = about["papers"][:2]
    a["path"], b["path"] = b["path"], a["path"]
    (folder / "data/package.json").write_text(json.dumps(about))
    mend()
    assert broken(folder) == ("paper", 3)


def test_added_files_and_changed_readable_copy(folder):
    (folder / "data/papers/新.txt").write_text("x")
    (folder / "data/index.html").write_text("x")
    (folder / "data/package.json").chmod(0o644)
    report = verify_package(folder)
    assert report.chain.valid
    assert [(p.code, p.where) for p in report.problems] == [
        ("FILE_CHANGED", "data/index.html"),
        ("FILE_EXTRA", "data/papers/新.txt"),
    ]


def test_a_changed_statement_is_found(folder, mend):
    about = json.loads((folder / "data/package.json").read_text())
    about["title"] = "别的"
    (folder / "data/package.json").write_text(json.dumps(about))
    mend()
    assert "SIGNATURE_BAD" in {p.code for p in verify_package(folder).problems}


def test_a_missing_manifest_or_record_is_found(folder):
    (folder / "manifest-sha256.txt").unlink()
    assert "FILE_MISSING" in {p.code for p in verify_package(folder).problems}
    (folder / "data/record.ndjson").unlink()
    assert broken(folder) == ("truncated", 1)


def test_a_package_agrees_with_the_anchor_kept_outside(package, auditor):
    kept = stored_anchor(AnchorRecord.objects.first())
    assert verify_package(package, anchors=[kept]).valid
    later = stored_anchor(archive.make_anchor(actor=auditor))
    assert [p.code for p in verify_package(package, anchors=[later]).problems] == ["ANCHOR_OTHER"]
    forged = Anchor.from_json(kept.to_json().replace(kept.head, "0" * 64))
    codes = [p.code for p in verify_package(package, anchors=[forged]).problems]
    assert codes == ["SIGNATURE_BAD"]


def test_a_damaged_zip_is_found(package):
    content = bytearray(package.read_bytes())
    with zipfile.ZipFile(package) as zipped:
        info = zipped.getinfo("bole-case-1/data/record.ndjson")
    content[info.header_offset + 120] ^= 0xFF
    package.write_bytes(content)
    assert not verify_package(package).valid


def test_a_file_twice_in_the_zip_is_found(package):
    with pytest.warns(UserWarning), zipfile.ZipFile(package, "a") as zipped:
        zipped.writestr("bole-case-1/data/index.html", "x")
    assert not verify_package(package).valid


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip"])
def test_other_files_are_unreadable(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(BoleError) as caught:
        verify_package(tmp_path / "x.zip")
    assert caught.value.problems[0].code == "PACKAGE_UNREADABLE"


def test_other_zips_and_folders_are_unreadable(tmp_path, folder):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as zipped:
        zipped.writestr("a/bagit.txt", "BagIt-Version: 1.0")
    (folder / "data/package.json").write_text("{}")
    for path in (tmp_path / "x.zip", tmp_path, tmp_path / "absent.zip", folder):
        with pytest.raises(BoleError):
            verify_package(path)


def test_the_independent_checker_in_the_docs_works(folder):
    text = (Path(__file__).resolve().parents[2] / "docs" / "record.md").read_text()
    code = next(c for c in re.findall(r"```python\n(.*?)```", text, re.S) if "hashlib" in c)

    def check():
        command = [sys.executable, "-c", code, str(folder / "data/record.ndjson")]
        return subprocess.run(command, capture_output=True, text=True)

    assert "valid: 6 entries" in check().stdout
    entries = lines(folder)
    change(entries)
    write(folder, entries)
    assert "entry 2 was changed" in check().stderr


def test_verifying_a_package_needs_no_django(package):
    code = (
        "import sys; sys.modules['django'] = None; from bole.cli import main;"
        f"sys.exit(main(['verify', {str(package)!r}]))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


class TestCommand:
    def test_exit_codes_and_sentences(self, package, folder, tmp_path, capsys):
        assert cli.main(["verify", str(package)]) == 0
        assert "有效" in capsys.readouterr().out
        assert cli.main(["verify", "--lang", "en", str(folder)]) == 0
        assert "Valid" in capsys.readouterr().out
        entries = lines(folder)
        change(entries)
        write(folder, entries)
        assert cli.main(["verify", str(package), str(folder)]) == 1
        assert "第2条" in capsys.readouterr().err
        assert cli.main(["verify", str(tmp_path / "absent.zip")]) == 2
        assert cli.main(["verify"]) == 2

    def test_json(self, folder, capsys):
        entries = lines(folder)
        remove(entries)
        write(folder, entries)
        assert cli.main(["verify", "--json", str(folder)]) == 1
        document = json.loads(capsys.readouterr().out)
        assert document["state"] == "broken"
        assert (document["broken"]["kind"], document["broken"]["entry"]) == ("removed", 2)

    def test_keys_and_anchors(self, package, tmp_path, capsys):
        key = tmp_path / "auditor.pem"
        assert cli.main(["verify", "--new-key", str(key)]) == 0
        assert key.stat().st_mode & 0o077 == 0
        assert cli.main(["verify", "--new-key", str(key)]) == 2
        anchor = tmp_path / "anchor.json"
        row = AnchorRecord.objects.first()
        anchor.write_text(stored_anchor(row).to_json())
        assert cli.main(["verify", str(package), "--anchor", str(anchor)]) == 0
        assert cli.main(["verify", "--sign", str(key), "--anchor", str(anchor)]) == 0
        public = str(key) + ".pub"
        options = ["--anchor", str(anchor), "--key", public]
        assert cli.main(["verify", "--database", *options]) == 0
        assert cli.main(["verify", str(package), *options]) == 1, "another key signed the package"
        assert cli.main(["verify", str(package), "--anchor", str(key)]) == 2
        assert cli.main(["verify", str(package), "--key", str(tmp_path / "absent")]) == 2
        assert cli.main(["verify", "--sign", str(key)]) == 2

    def test_one_case_and_the_database(self, case, auditor, capsys):
        assert cli.main(["verify", "--case", case]) == 0
        assert cli.main(["verify", "--case", "case:99"]) == 2
        assert cli.main(["verify", "--database", "--json"]) == 0
        documents = capsys.readouterr().out.splitlines()
        assert json.loads(documents[-1])["entries"] == 10
