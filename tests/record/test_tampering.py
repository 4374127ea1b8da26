"""Someone with full access to the database changes it; the verifier finds and names it."""

import json

import pytest
from django.db import connection

from bole.engine.chain import GENESIS, Anchor, new_key, read_private_key, read_public_key, seal
from bole.record import actions, archive, guards, queries
from bole.record.models import AnchorRecord, Entry, Head, Reading
from bole.record.sealing import content_of
from bole.record.verification import stored_anchor, verify_database, verify_stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(user_with):
    return user_with("auditor", username="auditor")


@pytest.fixture
def record(user_with):
    """Twelve entries in three cases, two papers of case 1 (entries 13 and 14), three readings."""
    officer = user_with("section_officer", username="officer")
    for i in range(12):
        actions.append(
            actor=officer,
            action="test.act",
            stream=f"case:{i % 3}",
            subject=("people.cadre:7", "李某") if i % 2 else None,
            before={"step": i},
            after={"step": i + 1},
        )
    for name in ("甲.txt", "乙.txt"):
        actions.store_paper(actor=officer, stream="case:1", name=name, content=name.encode())
    for _ in range(3):
        actions.log_reading(actor=officer, subject=officer, fields=["health"])
    return officer


@pytest.fixture
def sql(record):
    """Runs SQL with the guards taken away, and puts them back as a careful forger would."""

    def run(*statements):
        guards.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute(
                "PRAGMA foreign_keys = OFF"
                if connection.vendor == "sqlite"
                else "SET CONSTRAINTS ALL DEFERRED"
            )
            for statement in statements:
                cursor.execute(statement)
        guards.install(connection)

    return run


def broken(**options):
    found = verify_database(**options)
    assert not found.valid
    return found.entries.broken and (found.entries.broken.kind, found.entries.broken.number)


def codes(**options):
    found = verify_database(**options)
    assert found.entries.valid
    return [p.code for p in found.problems]


def test_an_untouched_record_is_valid(record, auditor):
    archive.make_anchor(actor=auditor)
    found = verify_database()
    assert found.valid, found.texts()
    assert (found.entries.count, found.readings.count, found.papers) == (15, 3, 2)
    assert found.entries.anchors == 1
    assert "15" in found.texts()[0].zh
    assert verify_stream("case:1").valid
    assert verify_stream("case:1").count == 6


def test_an_empty_record_is_valid(db):
    assert verify_database().valid


RESEQUENCE = (
    "UPDATE record_entry SET sequence = -sequence - {shift} WHERE sequence >= {start}",
    "UPDATE record_entry SET sequence = -sequence WHERE sequence < 0",
)
DROP_INDEX = "DELETE FROM record_entrysubject"


@pytest.mark.parametrize(
    ("statements", "kind", "number"),
    [
        (["UPDATE record_entry SET action = 'x' WHERE sequence = 5"], "changed", 5),
        (["UPDATE record_entry SET actor_name = 'x' WHERE sequence = 5"], "changed", 5),
        (["UPDATE record_entry SET after = '{\"step\": 9}' WHERE sequence = 5"], "changed", 5),
        (["UPDATE record_entry SET papers = '[]' WHERE sequence = 13"], "changed", 13),
        (
            ["UPDATE record_entry SET occurred_at = '2020-01-01 00:00:00' WHERE sequence = 5"],
            "changed",
            5,
        ),
        ([DROP_INDEX, "DELETE FROM record_entry WHERE sequence = 5"], "removed", 5),
        ([DROP_INDEX, "DELETE FROM record_entry WHERE sequence IN (5, 6)"], "removed", 5),
        (
            [
                DROP_INDEX,
                "DELETE FROM record_entry WHERE sequence = 5",
                *(s.format(start=5, shift=-1) for s in RESEQUENCE),
            ],
            "removed",
            5,
        ),
        (
            [
                DROP_INDEX,
                "UPDATE record_entry SET sequence = -5 WHERE sequence = 5",
                "UPDATE record_entry SET sequence = 5 WHERE sequence = 6",
                "UPDATE record_entry SET sequence = 6 WHERE sequence = -5",
            ],
            "reordered",
            5,
        ),
        (
            [
                DROP_INDEX,
                "UPDATE record_entry SET sequence = -5 WHERE sequence = 5",
                "UPDATE record_entry SET sequence = 5 WHERE sequence = 11",
                "UPDATE record_entry SET sequence = 11 WHERE sequence = -5",
            ],
            "reordered",
            5,
        ),
        ([DROP_INDEX, "DELETE FROM record_entry WHERE sequence > 10"], "truncated", 11),
        ([DROP_INDEX, "DELETE FROM record_entry"], "truncated", 1),
        (["UPDATE record_head SET count = 10 WHERE name = 'entries'"], "changed", 10),
        (["UPDATE record_head SET hash = 'x' WHERE name = 'entries'"], "changed", 14),
        (["DELETE FROM record_head WHERE name = 'entries'"], "inserted", 1),
    ],
)
def test_tampering_in_the_database_is_found_and_named(sql, statements, kind, number):
    sql(*statements)
    assert broken() == (kind, number)


@pytest.mark.parametrize("careful", [True, False])
def test_an_inserted_entry_is_found(sql, record, careful):
    for statement in RESEQUENCE:
        sql(DROP_INDEX, statement.format(start=5, shift=1))
    forged = Entry.objects.get(sequence=4)
    forged.pk, forged.previous = 5, forged.hash
    forged.stream_sequence, forged.stream = 1, "case:9"
    forged.stream_previous = GENESIS if careful else "x"
    forged._state.adding = True
    forged.hash = seal(content_of(forged))
    forged.save()
    assert broken() == ("inserted", 5)


def test_an_entry_appended_behind_the_program_s_back_is_found(sql, record):
    forged = Entry.objects.get(sequence=14)
    forged.pk, forged.previous, forged.stream_previous = 15, forged.hash, forged.hash
    forged.stream_sequence += 1
    forged._state.adding = True
    forged.hash = seal(content_of(forged))
    forged.save()
    assert broken() == ("inserted", 15)


def reseal_everything():
    """What a system administrator can do who knows the program: rewrite the whole chain."""
    last, heads = "0" * 64, {}
    with connection.cursor() as cursor:
        for entry in Entry.objects.order_by("sequence"):
            entry.previous = last
            entry.stream_previous = heads.get(entry.stream, "0" * 64)
            last = heads[entry.stream] = seal(content_of(entry))
            cursor.execute(
                "UPDATE record_entry SET previous = %s, stream_previous = %s, hash = %s "
                "WHERE sequence = %s",
                [entry.previous, entry.stream_previous, last, entry.sequence],
            )
    Head.objects.filter(name="entries").update(hash=last)


def rewrite(sql):
    sql("UPDATE record_entry SET action = 'x' WHERE sequence = 5")
    guards.remove(connection)
    reseal_everything()
    guards.install(connection)


def test_a_rewritten_chain_is_seen_by_a_kept_anchor(sql, auditor):
    private, public = new_key()
    key = read_private_key(private)
    kept = stored_anchor(archive.make_anchor(actor=auditor, key=key))
    rewrite(sql)
    assert broken() == ("rewritten", 14)
    sql("DELETE FROM record_anchorrecord")
    assert verify_database().valid, "without a witness a full rewrite cannot be seen"
    assert broken(anchors=[kept], trusted=read_public_key(public)) == ("rewritten", 14)


def test_a_cut_tail_with_a_corrected_head_is_seen_by_a_kept_anchor(sql, auditor):
    kept = stored_anchor(archive.make_anchor(actor=auditor))
    tenth = Entry.objects.get(sequence=10)
    sql(
        "DELETE FROM record_entrysubject WHERE entry_id > 10",
        "DELETE FROM record_entry WHERE sequence > 10",
        "DELETE FROM record_paper",
        "DELETE FROM record_anchorrecord",
        f"UPDATE record_head SET count = 10, hash = '{tenth.hash}' WHERE name = 'entries'",
    )
    assert verify_database().valid
    assert broken(anchors=[kept]) == ("truncated", 11)
    assert kept.made_at in verify_database(anchors=[kept]).texts()[0].zh


def test_a_forged_anchor_is_found(record, auditor):
    key = read_private_key(new_key()[0])
    good = stored_anchor(archive.make_anchor(actor=auditor, key=key))
    forged = Anchor.from_json(good.to_json().replace(good.made_at[:4], "2001"))
    assert codes(anchors=[forged]) == ["SIGNATURE_BAD"]
    assert codes(anchors=[good], trusted=read_public_key(new_key()[1])) == ["SIGNATURE_KEY"]


def test_a_changed_anchor_row_is_found(sql, auditor):
    archive.make_anchor(actor=auditor, key=read_private_key(new_key()[0]))
    sql("UPDATE record_anchorrecord SET office = '别处'")
    assert codes() == ["SIGNATURE_BAD"]


def test_a_changed_index_of_subjects_is_found(sql):
    sql("DELETE FROM record_entrysubject WHERE entry_id = 4")
    found = verify_database()
    assert [p.code for p in found.problems] == ["INDEX_CHANGED"]
    assert "4" in found.texts()[0].zh


def test_an_added_index_row_is_found(sql):
    sql("INSERT INTO record_entrysubject (entry_id, ref) VALUES (3, 'people.cadre:8')")
    assert codes() == ["INDEX_CHANGED"]


def test_missing_guards_are_reported(record):
    guards.remove(connection)
    assert set(codes()) == {"GUARD_MISSING"}


def test_tampered_readings_are_found(sql, auditor):
    kept = stored_anchor(archive.make_anchor(actor=auditor))
    for statement, kind, number in [
        ("UPDATE record_reading SET reader_name = 'x' WHERE sequence = 2", "changed", 2),
        ("DELETE FROM record_reading WHERE sequence = 2", "removed", 2),
        ("DELETE FROM record_reading WHERE sequence = 1", "removed", 1),
    ]:
        sql(statement)
        found = verify_database().readings.broken
        assert (found.kind, found.number) == (kind, number)
    sql("DELETE FROM record_reading", "DELETE FROM record_head WHERE name = 'readings'")
    assert verify_database(anchors=[]).readings.broken.kind == "truncated"
    sql("DELETE FROM record_anchorrecord")
    assert verify_database().readings.valid
    assert verify_database(anchors=[kept]).readings.broken.kind == "truncated"
    assert not Reading.objects.exists()


class TestPapers:
    @pytest.fixture
    def papers(self, record):
        found = list(queries.papers_of("case:1").order_by("entry_number"))
        yield found
        for paper in found:
            paper.path.unlink(missing_ok=True)

    def overwrite(self, path, content):
        path.chmod(0o640)
        path.write_bytes(content)

    def sentence(self):
        found = verify_database()
        assert found.entries.valid
        assert not found.valid
        return found.texts()[0].zh

    def test_swapped_files_are_named(self, papers):
        one, two = (p.path.read_bytes() for p in papers)
        self.overwrite(papers[0].path, two)
        self.overwrite(papers[1].path, one)
        sentence = self.sentence()
        assert "13" in sentence
        assert "甲.txt" in sentence
        assert "乙.txt" in sentence
        report = verify_stream("case:1")
        assert (report.broken.kind, report.broken.number) == ("paper", 5)
        assert verify_database(papers=False).valid

    def test_a_changed_file_is_named(self, papers):
        self.overwrite(papers[1].path, b"x")
        assert "乙.txt" in self.sentence()

    def test_a_missing_file_is_named(self, papers):
        papers[0].path.unlink()
        assert "甲.txt" in self.sentence()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE record_paper SET name = '丙.txt' WHERE name = '甲.txt'",
            "UPDATE record_paper SET digest = 'x' WHERE name = '甲.txt'",
            "UPDATE record_paper SET version = 7 WHERE name = '甲.txt'",
            "UPDATE record_paper SET entry_number = 3 WHERE name = '甲.txt'",
        ],
    )
    def test_a_changed_listing_is_named(self, papers, sql, statement):
        sql(statement)
        assert "PAPER_LISTING" in codes()

    def test_a_removed_listing_is_named(self, papers, sql):
        sql("DELETE FROM record_paper WHERE name = '甲.txt'")
        assert codes() == ["PAPER_REMOVED"]
        assert "13" in self.sentence()


def test_unreadable_json_is_a_changed_entry(sql):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL itself refuses text that is not JSON")
    sql(
        "PRAGMA ignore_check_constraints = ON",
        "UPDATE record_entry SET after = '{' WHERE sequence = 5",
        "PRAGMA ignore_check_constraints = OFF",
    )
    assert broken() == ("changed", 5)


def test_an_anchor_of_a_broken_head_is_refused(sql, auditor):
    sql("UPDATE record_head SET hash = 'x' WHERE name = 'entries'")
    with pytest.raises(Exception, match="链头"):
        archive.make_anchor(actor=auditor)
    assert not AnchorRecord.objects.exists()


def test_progress_is_told(record):
    seen = []
    verify_database(progress=seen.append)
    assert seen == [14]
    assert json.dumps(verify_database().texts()[0].as_dict())
