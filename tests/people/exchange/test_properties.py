"""Whatever is in a form survives the way back; whatever is in a file, nothing but BoleError."""

from __future__ import annotations

import contextlib
import io
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.people.exchange import (
    Education,
    FamilyRow,
    PartialDate,
    PartyMembership,
    PersonFile,
    PostRow,
    read_bytes,
    read_lrm,
    read_lrmx,
    read_resume,
    read_roster,
    read_zip,
    split_post,
    write_lrmx,
)
from bole.people.exchange.appraisals import read_appraisals
from bole.people.exchange.education import read_study, split_school
from bole.people.exchange.identity import read_id
from bole.people.exchange.lrmx import TAGS
from bole.people.exchange.words import read_party

from .build import FORM, LRM, base64_of, form, item, lrm, picture, roster

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

#: Pieces of real files, so that random texts come near to what the readers look for.
PIECES = st.sampled_from(
    [
        *"0123456789.-—－~至年月日；、，,;（）()【】其间 \u3000\r\n\t\"'<>&#@|~^",
        "1995.07",
        "1999年8月",
        "--",
        "至今",
        "其间：",
        "&1lt;",
        "&lt;",
        "学习",
        "专业",
        "大学",
        "研究生",
        "安澜县",
        "委",
        "办公室",
        "主任",
        "副局长",
        "民盟",
        "称职",
        "优秀",
        "近三年",
        "均",
        "Ａ",
        "１",
        "\U0001f600",
        "\u200b",
        "𠮷",
    ]
)
xml_text = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12
)
texts = st.one_of(st.lists(PIECES, max_size=25).map("".join), xml_text)
plain_tags = st.sampled_from([t for t in TAGS if t not in ("JiaTingChengYuan", "ZhaoPian")])
unknown_tags = st.lists(
    st.tuples(st.from_regex(r"[A-Z][a-zA-Z]{2,8}", fullmatch=True), xml_text), max_size=3
)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@quick
@given(
    st.dictionaries(plain_tags, texts, max_size=12),
    unknown_tags,
    st.lists(st.tuples(texts, texts, texts, texts, texts), max_size=3),
    st.booleans(),
)
def test_any_form_comes_back_equal(
    changed: dict[str, str],
    unknown: list[tuple[str, str]],
    family: list[tuple[str, str, str, str, str]],
    with_picture: bool,
) -> None:
    data = form(
        **{**FORM, **changed, "ZhaoPian": base64_of(picture()) if with_picture else ""},
        family="".join(item(*map(escaped, row)) for row in family),
        extra="".join(f"<{tag}>{escaped(text)}</{tag}>" for tag, text in unknown),
    )
    person = read_lrmx(data)
    written = write_lrmx(person)
    again = read_lrmx(written)
    assert again == person
    assert write_lrmx(again) == written


months = st.builds(PartialDate, st.integers(1950, 2026), st.integers(1, 12))
posts = st.lists(
    st.builds(
        lambda start, length, unit, title, note: PostRow(
            start,
            PartialDate(start.year + length, start.month),
            unit,
            title,
            f"{unit}{title}" + (f"（{note}）" if note else ""),
            note,
            "section_chief" if note == "正科级" else None,
        ),
        months,
        st.integers(0, 8),
        st.sampled_from(["安澜县财政局", "安澜县委办公室", "安澜县沙岗镇"]),
        st.sampled_from(["主任", "副局长", "党组书记、局长", "党政办公室副主任"]),
        st.sampled_from(["", "正科级", "主持工作"]),
    ),
    max_size=6,
    unique_by=lambda post: post.start,
)
people = st.builds(
    PersonFile,
    name=st.sampled_from(["赖超", "欧阳明月", "阿依古丽·买买提"]),
    sex=st.sampled_from(["男", "女"]),
    birth=months,
    ethnicity=st.sampled_from(["汉族", "土家族"]),
    native_place=st.sampled_from(["河北沧州", ""]),
    parties=st.sampled_from(
        [
            (PartyMembership("中共党员", PartialDate(1994, 8)),),
            (PartyMembership("民盟"),),
            (PartyMembership("民建", PartialDate(2001, 8)), PartyMembership("中共党员")),
        ]
    ),
    work_start=st.just(PartialDate(2026, 7)),
    full_time=st.one_of(
        st.none(),
        st.builds(
            Education,
            level=st.sampled_from(["本科", "专科", "研究生"]),
            degree=st.sampled_from(["学士", ""]),
            school=st.just("山东大学"),
            major=st.sampled_from(["法学", ""]),
        ),
    ),
    posts=posts,
    appraisals=st.dictionaries(
        st.integers(2000, 2025), st.sampled_from(["优秀", "称职", "基本称职", "不定等次"])
    ),
    family=st.lists(
        st.builds(
            FamilyRow,
            relation=st.sampled_from(["妻子", "父亲"]),
            name=st.just("谭雪"),
            birth=months,
            politics=st.just("群众"),
            employer=st.just("农民"),
        ),
        max_size=2,
    ),
    picture=st.sampled_from([None, picture()]),
)


@quick
@given(people)
def test_a_stored_person_is_written_so_that_it_reads_the_same(person: PersonFile) -> None:
    again = read_lrmx(write_lrmx(person))
    for name in ("name", "sex", "birth", "ethnicity", "native_place", "parties", "work_start"):
        assert getattr(again, name) == getattr(person, name), name
    assert again.appraisals == person.appraisals and again.picture == person.picture

    def bare(row: PostRow) -> tuple[object, ...]:
        return (row.start, row.end, row.unit, row.title, row.note, row.grade)

    assert sorted(map(bare, again.posts), key=repr) == sorted(map(bare, person.posts), key=repr)
    if person.full_time is None:
        assert again.full_time is None
    else:
        for part in ("level", "degree", "school", "major"):
            assert getattr(again.full_time, part) == getattr(person.full_time, part)
    assert [(r.relation, r.name, r.birth) for r in again.family] == [
        (r.relation, r.name, r.birth) for r in person.family
    ]


# ---- fuzzing -------------------------------------------------------------------------------

WHOLE = [
    form(),
    lrm(LRM),
    roster([[1, "赖超", "男", "1973.08", "1995.07", "安澜县财政局局长", ""]]),
]


@quick
@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(str.encode)))
def test_any_bytes(data: bytes) -> None:
    for prefix in (b"", b"<Person>", b'"', b"PK\x03\x04", b"\xef\xbb\xbf<"):
        for reader in (read_lrmx, read_lrm, read_roster):
            with contextlib.suppress(BoleError):
                reader(prefix + data)
        with contextlib.suppress(BoleError):
            list(read_zip(prefix + data))


@quick
@given(st.sampled_from(WHOLE), st.data())
def test_damaged_files(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        action = data.draw(st.sampled_from(["change", "cut", "copy"]))
        if action == "change":
            damaged[at] = data.draw(st.integers(0, 255))
        elif action == "cut":
            del damaged[at : at + data.draw(st.integers(1, 60))]
        else:
            damaged[at:at] = damaged[at : at + 60]
        if not damaged:
            break
    for reader in (read_lrmx, read_lrm, read_roster):
        with contextlib.suppress(BoleError):
            reader(bytes(damaged))


@quick
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_in_any_field(text: str) -> None:
    read_resume(text)
    read_appraisals(text, None)
    read_party(text)
    read_study(text)
    split_school(text)
    split_post(text)
    read_id(text)
    person = read_lrmx(form(**dict.fromkeys(FORM, text)))
    assert read_lrmx(write_lrmx(person)) == person


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1979.1, 1979.05, 197905, "1979.1", "#REF!", "=1/0", "民盟", "合计"]),
    st.lists(PIECES, max_size=8).map("".join).filter(lambda t: not t.startswith("=")),
    st.dates(),
)


@settings(quick, max_examples=30)
@given(st.lists(st.lists(cells, min_size=7, max_size=7), max_size=6))
def test_any_cells(rows: list[list[object]]) -> None:
    clean = [[_writable(cell) for cell in row] for row in rows]
    reading = read_bytes(roster(clean), "名册.xlsx")
    assert "READER_FAILED" not in [p.code for p in reading.problems]


def _writable(cell: object) -> object:
    if isinstance(cell, str):
        return "".join(c for c in cell if c >= " " or c in "\r\n\t")
    return cell


@quick
@given(st.lists(st.tuples(st.text(min_size=1, max_size=20), st.binary(max_size=100)), max_size=5))
def test_any_archive(members: list[tuple[str, bytes]]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in dict(members).items():
            with contextlib.suppress(ValueError):
                archive.writestr(name, data)
    with contextlib.suppress(BoleError):
        for reading in read_zip(buffer.getvalue()):
            assert "READER_FAILED" not in [p.code for p in reading.problems]
