"""Forms: quirks of single fields, what is derived and from where, hostile files."""

from __future__ import annotations

import datetime

import pytest

from bole.engine.errors import BoleError
from bole.people.exchange import as_person, read_lrm, read_lrmx, write_lrmx
from bole.people.exchange.lrmx import MOST_BYTES

from .build import FORM, ID_NUMBER, LRM, base64_of, codes, form, item, lrm, picture


def refusal(data: bytes, lrm_form: bool = False) -> str:
    with pytest.raises(BoleError) as caught:
        (read_lrm if lrm_form else read_lrmx)(data, "x")
    (problem,) = caught.value.problems
    assert problem.text.zh and problem.text.en and problem.text.zh != problem.text.en
    return problem.code


# ---- quirks --------------------------------------------------------------------------------


def test_a_plain_form() -> None:
    person = read_lrmx(form())
    assert not person.flags and not person.problems
    assert (person.name, person.ethnicity, person.sex) == ("赖超", "汉族", "男")
    assert str(person.birth) == "1973.08.25"
    assert person.sources["birth_day"].code == "id_number"
    age = person.age()
    assert age and (age.years, age.against, age.source) == (
        53,
        datetime.date(2026, 11, 21),
        "age_date",
    )
    asked = person.age(datetime.date(2027, 7, 1))
    assert asked and (asked.years, asked.source) == (53, "asked")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + form(),
        form().decode().encode("utf-16"),
        form().decode().replace('encoding="utf-8"', 'encoding="GBK"').encode("gb18030"),
        form().decode().replace('encoding="utf-8"', 'encoding="gb2312"').encode("gb18030"),
        form().replace(b'<?xml version="1.0" encoding="utf-8"?>', b""),
        b"\r\n  " + form(),
        form() + b"\x00\x00\r\n",
        form().replace(b"utf-8", b"utf-16"),
        form().replace(b"><", b">\r\n  <"),
    ],
)
def test_encodings_and_blanks(data: bytes) -> None:
    assert as_person(read_lrmx(data)) == as_person(read_lrmx(form()))


def test_empty_tags_may_hold_blanks() -> None:
    person = read_lrmx(form(JiGuan="\r\n   ", QuanRiZhiJiaoYu_XueLi="\n", JianLi=" \n \u3000"))
    assert (person.native_place, person.full_time, person.posts) == ("", None, [])
    assert person.birthplace is None, "a tag that is not there says nothing"


@pytest.mark.parametrize("birth", ["19730", "1973", "73.08", "1973年", "不详"])
def test_a_bad_birth_is_recovered_from_the_number(birth: str) -> None:
    person = read_lrmx(form(ChuShengNianYue=birth))
    assert str(person.birth) == "1973.08.25"
    assert person.sources["birth"].code == "id_number"
    assert codes(person.flags) == ["BIRTH_RECOVERED"]
    assert read_lrmx(write_lrmx(person)) == person


def test_a_bad_birth_stays_unknown_without_a_valid_number() -> None:
    person = read_lrmx(form(ChuShengNianYue="19730", ShenFenZheng="371122197308251957"))
    assert person.birth is None and person.id_number == "371122197308251957"
    assert sorted(codes(person.flags)) == ["BIRTH_UNREADABLE", "ID_CHECK_DIGIT"]


@pytest.mark.parametrize("birth", ["1974.08", "1973.09", "1973.08.26"])
def test_a_birth_that_contradicts_the_number_is_not_changed(birth: str) -> None:
    person = read_lrmx(form(ChuShengNianYue=birth))
    assert str(person.birth) == birth
    assert codes(person.flags) == ["BIRTH_CONTRADICTS_ID"]
    assert birth in person.flags[0].text.zh and "1973.08.25" in person.flags[0].text.zh


def test_sex_against_the_number() -> None:
    person = read_lrmx(form(XingBie="女"))
    assert person.sex == "女" and codes(person.flags) == ["SEX_CONTRADICTS_ID"]
    derived = read_lrmx(form(XingBie=""))
    assert derived.sex == "男" and derived.sources["sex"].code == "id_number"


def test_a_number_of_fifteen_digits_is_extended() -> None:
    person = read_lrmx(form(ShenFenZheng="371122730825195"))
    assert person.id_number == ID_NUMBER
    assert "371122730825195" in person.sources["id_number"].text.zh
    again = read_lrmx(write_lrmx(person))
    assert again.texts["ShenFenZheng"] == "371122730825195" and again == person


def test_education_takes_its_months_from_the_resume() -> None:
    person = read_lrmx(
        form(
            QuanRiZhiJiaoYu_XueLi="大学",
            QuanRiZhiJiaoYu_XueWei="农学学士",
            QuanRiZhiJiaoYu_XueLi_BiYeYuanXiaoXi="山东农业大学农学专业",
            ZaiZhiJiaoYu_XueLi="研究生",
            ZaiZhiJiaoYu_XueLi_BiYeYuanXiaoXi="山东农业大学农学专业",
            JianLi="1991.09--1995.07 山东农业大学农学专业学习\n"
            "1995.07--2023.10 安澜县委宣传部科员（其间：2000.09--2003.07在山东农业大学农学专业"
            "在职研究生学习）\n2023.10-- 安澜县沙岗镇党委书记",
        )
    )
    found = as_person(person)
    assert found["full_time"]["level"] == "本科" and found["full_time"]["degree"] == "学士"
    assert (found["full_time"]["start"], found["full_time"]["end"]) == ("199109", "199507")
    assert found["on_job"]["level"] == "在职研究生"
    assert (found["on_job"]["start"], found["on_job"]["end"]) == ("200009", "200307")


def test_family() -> None:
    person = read_lrmx(
        form(
            family=item("妻子", "谭\u3000雪", "1975.11", "群众", "安澜县供电公司职工")
            + item("", "")
            + item("父亲", "赖辉", "不详", "", "农民")
        )
    )
    assert as_person(person)["family"] == [
        ["妻子", "谭雪", "197511", "群众", "安澜县供电公司职工"],
        ["父亲", "赖辉", "不详", "", "农民"],
    ]
    assert codes(person.flags) == ["FAMILY_BIRTH"]


def test_a_post_that_the_resume_does_not_end_with() -> None:
    assert codes(read_lrmx(form(XianRenZhiWu="安澜县财政局局长")).flags) == ["POST_NOT_IN_RESUME"]


def test_unknown_tags_survive_in_their_places() -> None:
    unknown = (
        "<GaiGeQianRenZhiNianLingJieXian>1974</GaiGeQianRenZhiNianLingJieXian>"
        '<DaoLingNianYue a="b">203308</DaoLingNianYue><X><Y>1 &amp; 2</Y></X>'
    )
    person = read_lrmx(form(extra=unknown))
    assert [tag.name for tag in person.unknown_tags] == [
        "GaiGeQianRenZhiNianLingJieXian",
        "DaoLingNianYue",
        "X",
    ]
    written = write_lrmx(person)
    assert b'<DaoLingNianYue a="b">203308</DaoLingNianYue>' in written
    assert b"<X><Y>1 &amp; 2</Y></X>" in written
    again = read_lrmx(written)
    assert again == person and again.tag_order == person.tag_order


def test_an_unknown_tag_of_a_stored_person_goes_after_the_tag_it_followed() -> None:
    person = read_lrmx(form(extra="<A>1</A><B>2</B>"))
    person.tag_order = ()
    order = read_lrmx(write_lrmx(person)).tag_order
    assert order[order.index("JiaTingChengYuan") + 1 :][:2] == ("A", "B")


def test_a_repeated_tag_is_not_read_and_not_lost() -> None:
    person = read_lrmx(form(extra="<XingMing>张三</XingMing>"))
    assert person.name == "赖超" and codes(person.flags) == ["TAG_NOT_UNDERSTOOD"]
    assert read_lrmx(write_lrmx(person)) == person


@pytest.mark.parametrize("raw", ["&1lt;5%&1gt;", "R&D", "&nbsp;x"])
def test_ampersands_that_are_not_escaped(raw: str) -> None:
    data = form(JiangChengQingKuang="@").replace(b"@", raw.encode())
    person = read_lrmx(data)
    assert person.awards == {"&1lt;5%&1gt;": "<5%>", "R&D": "R&D", "&nbsp;x": "x"}[raw]
    assert codes(person.flags) == ["AMPERSAND_REPAIRED"]
    again = read_lrmx(write_lrmx(person))
    assert again.awards == person.awards and again.texts == person.texts


# ---- hostile .lrmx -------------------------------------------------------------------------

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<Person><XingMing>&b;</XingMing></Person>"
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b" \r\n\x00", "FILE_EMPTY"),
        (BOMB, "DTD_REFUSED"),
        (BOMB.decode().encode("utf-16"), "DTD_REFUSED"),
        (b'<!DOCTYPE Person SYSTEM "file:///etc/passwd"><Person/>', "DTD_REFUSED"),
        (form()[:-30], "FILE_TRUNCATED"),
        (form()[: len(form()) // 2].decode(errors="ignore").encode(), "FILE_TRUNCATED"),
        (form().replace(b"</XingBie>", b"</XingBei>"), "XML_BROKEN"),
        (b"<Person>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Person>", "XML_BROKEN"),
        (form().decode().encode("gb18030"), "WRONG_ENCODING"),
        (
            form().decode().replace("utf-8", "shift_jis").encode("shift_jis", "replace"),
            "ENCODING_UNKNOWN",
        ),
        (b"<html><body>404</body></html>", "NOT_A_FORM"),
        (lrm(LRM), "WRONG_EXTENSION"),
        (b"PK\x03\x04" + b"x" * 100, "WRONG_EXTENSION"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "WRONG_EXTENSION"),
        (picture(), "WRONG_EXTENSION"),
        (picture("JPEG"), "WRONG_EXTENSION"),
        (b"%PDF-1.7 ...", "WRONG_EXTENSION"),
        (b"hello", "FILE_UNKNOWN"),
        (b"<Person>" + b" " * MOST_BYTES + b"</Person>", "FILE_TOO_LARGE"),
    ],
)
def test_hostile_forms(data: bytes, code: str) -> None:
    assert refusal(data) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("这不是图片", "PICTURE_BASE64"),
        ("iVBORw0KGgo", "PICTURE_BASE64"),
        (base64_of(b"not a picture at all"), "PICTURE_INVALID"),
        (base64_of(picture()[:-40]), "PICTURE_INVALID"),
        (base64_of(picture("JPEG", (400, 560))[:800]), "PICTURE_INVALID"),
        ("A" * 9_000_000, "PICTURE_TOO_LARGE"),
        (base64_of(picture("PNG", (8000, 8000))), "PICTURE_TOO_LARGE"),
    ],
)
def test_a_bad_picture_is_a_problem_and_the_form_is_read(text: str, code: str) -> None:
    person = read_lrmx(form(ZhaoPian=text))
    assert codes(person.problems) == [code]
    assert person.picture is None and person.name == "赖超" and len(person.posts) == 2


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF"])
def test_good_pictures(kind: str) -> None:
    as_url = read_lrmx(form(ZhaoPian="data:image/png;base64," + base64_of(picture(kind))))
    assert as_url.picture == picture(kind)
    person = read_lrmx(form(ZhaoPian="\r\n" + base64_of(picture(kind))))
    assert person.picture == picture(kind) and not person.problems
    assert read_lrmx(write_lrmx(person)) == person


def test_a_form_without_a_name() -> None:
    assert codes(read_lrmx(form(XingMing=" \u3000")).problems) == ["NAME_MISSING"]


def test_every_field_too_long_is_cut_and_said() -> None:
    person = read_lrmx(form(JiangChengQingKuang="奖" * 100_001))
    assert codes(person.problems) == ["FIELD_TOO_LONG"] and len(person.awards or "") == 100_000


# ---- .lrm ----------------------------------------------------------------------------------


def test_a_plain_lrm() -> None:
    person = read_lrm(lrm(LRM), "L.lrm", picture())
    assert not person.flags and not person.problems
    assert (person.name, person.picture_kind, person.id_number) == ("刘健飞", "png", None)
    assert person.full_time and person.full_time.school == "山东财经大学"
    assert person.in_service is None and str(person.birth) == "1997.04"


@pytest.mark.parametrize(
    ("education", "schools", "full_time", "in_service"),
    [
        (
            "大学#学士@研究生#硕士",
            "甲大学乙专业#甲大学乙专业@丙大学丁专业#",
            ("本科", "学士", "甲大学"),
            ("研究生", "硕士", "丙大学"),
        ),
        ("大专", "甲大学乙专业", ("专科", "", "甲大学"), None),
        ("大学#", "", ("本科", "", ""), None),
        ("@大学", "@甲大学乙专业", None, ("本科", "", "甲大学")),
        ("", "", None, None),
    ],
)
def test_lrm_education_with_parts_missing(
    education: str,
    schools: str,
    full_time: tuple[str, str, str] | None,
    in_service: tuple[str, str, str] | None,
) -> None:
    person = read_lrm(lrm({**LRM, 9: education, 10: schools}))
    for found, expected in ((person.full_time, full_time), (person.in_service, in_service)):
        assert (found and (found.level, found.degree, found.school)) == expected


def test_lrm_family() -> None:
    person = read_lrm(
        lrm(
            {
                **LRM,
                20: "妻子@父亲@",
                21: "易\u3000芳@刘山@",
                22: "199811@1971.05@",
                23: "群众@@",
                24: "教师@农民@",
            }
        )
    )
    assert as_person(person)["family"] == [
        ["妻子", "易芳", "199811", "群众", "教师"],
        ["父亲", "刘山", "197105", "", "农民"],
    ]
    uneven = read_lrm(lrm({**LRM, 20: "妻子@父亲@", 21: "易芳@"}))
    assert codes(uneven.flags) == ["FAMILY_COLUMNS"] and len(uneven.family) == 2


@pytest.mark.parametrize("tail", [b"\r\n", b"\x00", b"\x1a", b""])
def test_lrm_ends(tail: bytes) -> None:
    assert read_lrm(lrm(LRM) + tail).name == "刘健飞"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FILE_EMPTY"),
        (lrm(LRM, "utf-8"), "WRONG_ENCODING"),
        (lrm(LRM)[:-1] + b'\xff\xff"', "WRONG_ENCODING"),
        (lrm(LRM)[:200], "FILE_TRUNCATED"),
        (lrm(LRM, count=20), "FILE_TRUNCATED"),
        (form(), "WRONG_EXTENSION"),
        (picture(), "WRONG_EXTENSION"),
        (b"PK\x03\x04" + b"x" * 100, "WRONG_EXTENSION"),
        (b"hello, world", "FILE_UNKNOWN"),
    ],
)
def test_hostile_lrm(data: bytes, code: str) -> None:
    assert refusal(data, lrm_form=True) == code


def test_lrm_bad_picture_and_shifted_fields() -> None:
    assert codes(read_lrm(lrm(LRM), "", b"junk").problems) == ["PICTURE_INVALID"]
    shifted = lrm({**LRM, 3: '汉族","x'})
    assert codes(read_lrm(shifted).problems) == ["LRM_FIELDS"]


def test_lrm_becomes_lrmx_without_loss() -> None:
    person = read_lrm(lrm({**LRM, 12: "某项"}), "", picture())
    again = read_lrmx(write_lrmx(person))
    for name in ("name", "birth", "posts", "studies", "full_time", "picture", "resume"):
        assert getattr(again, name) == getattr(person, name)
    assert "某项" in again.unknown_tags[0].xml


def test_labels_cover_the_form() -> None:
    assert set(FORM) - {"Version"} <= set(read_lrmx(form()).tag_order)
