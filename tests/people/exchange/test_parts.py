"""Tables of quirks: dates, identity numbers, parties, schools, posts, appraisals."""

from __future__ import annotations

import datetime

import pytest

from bole.people.exchange import PartialDate, UnitNames, age_on, parse_date, read_id, split_post
from bole.people.exchange.appraisals import read_appraisals, read_grade_list
from bole.people.exchange.dates import is_lost_zero
from bole.people.exchange.education import read_study, split_school
from bole.people.exchange.identity import check_digit, extend
from bole.people.exchange.words import pad_name, read_name, read_party, read_people

from .build import ID_NUMBER

ON = datetime.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("197308", "1973.08"),
        ("19730825", "1973.08.25"),
        ("1973.08", "1973.08"),
        ("1973.08.25", "1973.08.25"),
        ("1973-8-25", "1973.08.25"),
        ("1973-08", "1973.08"),
        ("1973/8", "1973.08"),
        ("1973年8月", "1973.08"),
        ("1973年08月25日", "1973.08.25"),
        (" 1973 年 8 月 ", "1973.08"),
        ("１９７３．０８", "1973.08"),
        ("一九七三年十二月", "1973.12"),
        ("二〇〇一年八月", "2001.08"),
        ("19730800", "1973.08"),
        ("1973.08\n（53岁）", "1973.08"),
        ("1973-08-25 00:00:00", "1973.08.25"),
        ("1973.08。", "1973.08"),
        ("1973", None),
        ("197313", None),
        ("73.08", None),
        ("19730", None),
        ("20230230", None),
        ("", None),
        ("民盟", None),
        ("1873.08", None),
    ],
)
def test_dates(text: str, expected: str | None) -> None:
    date = parse_date(text)
    assert (str(date) if date else None) == expected


def test_lost_zero_is_only_the_first_month() -> None:
    assert is_lost_zero("1979.1")
    assert not is_lost_zero("1979.10") and not is_lost_zero("1979.2") and not is_lost_zero("1979-1")


@pytest.mark.parametrize(
    ("on", "years"), [((2026, 7, 31), 52), ((2026, 8, 1), 53), ((2026, 11, 21), 53)]
)
def test_the_birth_month_counts_as_reached(on: tuple[int, int, int], years: int) -> None:
    age = age_on(PartialDate(1973, 8, 25), datetime.date(*on), "age_date")
    assert (age.years, age.against, age.source) == (years, datetime.date(*on), "age_date")


@pytest.mark.parametrize(
    ("text", "valid", "number", "birth", "sex"),
    [
        (ID_NUMBER, True, ID_NUMBER, "1973.08.25", "男"),
        ("37142519670411143x", True, "37142519670411143X", "1967.04.11", "男"),
        (" 371122 19730825 1958 ", True, ID_NUMBER, "1973.08.25", "男"),
        ("３７１１２２１９７３０８２５１９５８", True, ID_NUMBER, "1973.08.25", "男"),
        ("371122730825195", True, ID_NUMBER, "1973.08.25", "男"),
        ("371122197308251957", False, "371122197308251957", None, None),
        ("371122197313251958", False, "371122197313251958", None, None),
        ("991122197308251958", False, "991122197308251958", None, None),
        ("12345", False, "12345", None, None),
    ],
)
def test_identity_numbers(
    text: str, valid: bool, number: str, birth: str | None, sex: str | None
) -> None:
    found = read_id(text)
    assert (found.valid, found.number, found.sex) == (valid, number, sex)
    assert (str(found.birth) if found.birth else None) == birth
    assert (found.problem is None) == valid


def test_check_digits() -> None:
    assert check_digit(ID_NUMBER[:17]) == "8"
    assert extend("371122730825195") == ID_NUMBER
    wrong = read_id("371122197308251957").problem
    assert wrong and "8" in wrong.text.zh and wrong.code == "ID_CHECK_DIGIT"


@pytest.mark.parametrize(
    ("text", "memberships", "unread"),
    [
        ("1994.08", [("中共党员", "1994.08")], 0),
        ("20010815", [("中共党员", "2001.08.15")], 0),
        ("民盟", [("民盟", None)], 0),
        ("(民盟)", [("民盟", None)], 0),
        ("（九三学社）", [("九三学社", None)], 0),
        ("200108；民建", [("中共党员", "2001.08"), ("民建", None)], 0),
        ("民建2001.08", [("民建", "2001.08")], 0),
        ("民建 2001年8月", [("民建", "2001.08")], 0),
        ("2001年8月加入民建", [("民建", "2001.08")], 0),
        ("2001.08民建", [("民建", None)], 1),
        ("中共党员", [("中共党员", None)], 0),
        ("中国民主同盟，1999-05", [("民盟", None), ("中共党员", "1999.05")], 0),
        ("1998.06;民盟 2003.05", [("中共党员", "1998.06"), ("民盟", "2003.05")], 0),
        ("无党派人士", [("无党派", None)], 0),
        ("群众", [("群众", None)], 0),
        ("1994.08（1995.08转正）", [], 1),
        ("待查", [], 1),
        ("中共2001.08；民建", [("中共党员", "2001.08"), ("民建", None)], 0),
        ("2025.06预备党员", [("中共党员", "2025.06")], 0),
        ("", [], 0),
    ],
)
def test_parties(text: str, memberships: list[tuple[str, str | None]], unread: int) -> None:
    reading = read_party(text)
    found = [(m.party, str(m.joined) if m.joined else None) for m in reading.memberships]
    assert found == memberships
    assert len(reading.unread) == unread


def test_names_and_peoples() -> None:
    assert read_name("赖\u3000超") == "赖超"
    assert read_name("阿依古丽 · 买买提") == "阿依古丽·买买提"
    assert read_name("John  Smith") == "John Smith"
    assert pad_name("赖超") == "赖\u3000超" and pad_name("欧阳修") == "欧阳修"
    assert read_people("汉") == ("汉族", True)
    assert read_people("土家族") == ("土家族", True)
    assert read_people("未识别") == ("未识别", False)


@pytest.mark.parametrize(
    ("text", "school", "major"),
    [
        ("聊城大学计算机科学与技术专业", "聊城大学", "计算机科学与技术"),
        ("曲阜师范大学汉语言文学", "曲阜师范大学", "汉语言文学"),
        ("青岛大学经济学院金融学专业", "青岛大学经济学院", "金融学"),
        ("中国科学院大学生态学专业", "中国科学院大学", "生态学"),
        ("山东大学中文系汉语言文学专业", "山东大学中文系", "汉语言文学"),
        ("山东大学系统工程专业", "山东大学", "系统工程"),
        ("山东省委党校经济管理专业", "山东省委党校", "经济管理"),
        ("山东大学（威海）法学专业", "山东大学（威海）", "法学"),
        ("山东大学 法学专业", "山东大学", "法学"),
        ("山东大学\n法学专业", "山东大学", "法学"),
        ("山东大学", "山东大学", ""),
        ("国防科大", "国防科大", ""),
        ("", "", ""),
    ],
)
def test_schools(text: str, school: str, major: str) -> None:
    assert split_school(text) == (school, major)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("聊城大学计算机科学与技术专业学习", ("聊城大学", "计算机科学与技术", None, "study")),
        ("在济南大学土木工程专业大学学习", ("济南大学", "土木工程", "本科", "study")),
        (
            "在中国海洋大学环境科学专业在职研究生学习",
            ("中国海洋大学", "环境科学", "研究生", "study"),
        ),
        ("山东大学法学专业学习，获法学学士学位", ("山东大学", "法学", None, "study")),
        ("山东大学法学专业本科学生", ("山东大学", "法学", "本科", "study")),
        ("济南大学学习", ("济南大学", "", None, "study")),
        ("参加省委党校中青年干部培训班学习", ("省委党校", "中青年干部培训班", None, "training")),
        ("安澜县第一中学教师", None),
        ("安澜县委党校副校长", None),
        ("安澜县委宣传部科员", None),
    ],
)
def test_studies(text: str, expected: tuple[str, str, str | None, str] | None) -> None:
    study = read_study(text)
    found = (study.school, study.major, study.level, study.kind) if study else None
    assert found == expected


POSTS = """
安澜县委宣传部办公室副主任 | 安澜县委宣传部:办公室副主任
安澜县委办公室主任 | 安澜县委办公室:主任
安澜县委办公室办公室主任 | 安澜县委办公室:办公室主任
安澜县沙岗镇党委书记 | 安澜县沙岗镇:党委书记
安澜县清源街道党委委员、办事处副主任 | 安澜县清源街道:党委委员、办事处副主任
安澜县清源街道办事处主任 | 安澜县清源街道:办事处主任
安澜县住房和城乡建设局办公室主任 | 安澜县住房和城乡建设局:办公室主任
安澜县乡村振兴局局长 | 安澜县乡村振兴局:局长
景德镇市财政局科员 | 景德镇市财政局:科员
安澜县石桥镇中心小学教师 | 安澜县石桥镇中心小学:教师
安澜县石桥镇卫生院院长 | 安澜县石桥镇卫生院:院长
安澜县石桥镇农业综合服务中心主任 | 安澜县石桥镇:农业综合服务中心主任
安澜县第一中学校长 | 安澜县第一中学:校长
安澜县委常委、宣传部部长 | 安澜县委:常委、宣传部部长
安澜县人民政府副县长 | 安澜县人民政府:副县长
安澜县人大常委会办公室主任 | 安澜县人大常委会办公室:主任
安澜县公安局交警大队大队长 | 安澜县公安局:交警大队大队长
安澜县水利局四级调研员 | 安澜县水利局:四级调研员
安澜县沙岗镇党委委员、组织委员 | 安澜县沙岗镇:党委委员、组织委员
任安澜县财政局副局长 | 安澜县财政局:副局长
挂职任安澜县石桥镇镇长助理 | 安澜县石桥镇:镇长助理
安澜县农业农村局局长，兼安澜县扶贫办主任 | 安澜县农业农村局:局长 & 安澜县扶贫办:主任
安澜县财政局副局长兼安澜县国资局局长 | 安澜县财政局:副局长 & 安澜县国资局:局长
中共安澜县委宣传部副部长、县文明办主任 | 中共安澜县委宣传部:副部长 & 县文明办:主任
安澜县沙岗镇张庄村党支部书记、村委会主任 | 安澜县沙岗镇张庄村:党支部书记、村委会主任
安澜县自然资源局双河镇自然资源所所长 | 安澜县自然资源局双河镇自然资源所:所长
在安澜县财政局工作 | 安澜县财政局:工作
安澜县农业农村局副局长、安澜县畜牧中心主任 | 安澜县农业农村局:副局长 & 安澜县畜牧中心:主任
""".strip().splitlines()


@pytest.mark.parametrize("line", POSTS)
def test_unit_and_title(line: str) -> None:
    text, expected = line.split(" | ")
    taken = split_post(text)
    assert taken.certain
    assert " & ".join(f"{p.unit}:{p.title}" for p in taken.posts) == expected
    assert [p.concurrent for p in taken.posts] == [i > 0 for i in range(len(taken.posts))]


@pytest.mark.parametrize(
    "text", ["在家待业", "自由职业", "某单位", "", "参加工作", "主持安澜县国资局工作"]
)
def test_what_cannot_be_told_apart_stays_whole(text: str) -> None:
    taken = split_post(text)
    assert not taken.certain
    assert [(p.unit, p.title) for p in taken.posts] == [(None, text)]


def test_known_units_decide() -> None:
    units = UnitNames(["安澜县融媒体", "安澜县委", "安澜县委宣传部办公室"])
    assert split_post("安澜县融媒体首席策划", units).posts[0].unit == "安澜县融媒体"
    assert split_post("安澜县委宣传部办公室主任", units).posts[0].title == "主任"
    assert not split_post("安澜县融媒体首席策划").certain


def test_a_grade_is_read_only_where_it_is_named() -> None:
    assert split_post("安澜县沙岗镇党委书记（正科级）").grade == "section_chief"
    assert split_post("安澜县沙岗镇党委书记（主持工作）").grade is None
    assert split_post("安澜县沙岗镇党委书记（主持工作）").note == "主持工作"
    assert split_post("安澜县沙岗镇党委书记").grade is None


@pytest.mark.parametrize(
    ("text", "grades", "flagged"),
    [
        ("2023年年度考核优秀；2024年年度考核称职。", {2023: "优秀", 2024: "称职"}, False),
        ("2017、2018年优秀", {2017: "优秀", 2018: "优秀"}, False),
        ("2017、18年优秀", {2017: "优秀", 2018: "优秀"}, False),
        ("2021-2023年均为称职", {2021: "称职", 2022: "称职", 2023: "称职"}, False),
        ("近三年年度考核均为称职", {2023: "称职", 2024: "称职", 2025: "称职"}, False),
        ("近三年考核：称职、优秀、称职", {2023: "称职", 2024: "优秀", 2025: "称职"}, False),
        (
            "近三年均为称职，其中2024年优秀",
            {2023: "称职", 2024: "优秀", 2025: "称职"},
            False,
        ),
        ("2023年：优秀\n2024年：称职", {2023: "优秀", 2024: "称职"}, False),
        ("2023年基本称职，2024年不称职", {2023: "基本称职", 2024: "不称职"}, False),
        ("２０２３年未定等次", {2023: "不定等次"}, False),
        ("2023年优秀，2023年称职，2024年称职", {2024: "称职"}, True),
        ("优秀", {}, True),
        ("2023年未考核", {}, True),
        ("无", {}, False),
        ("", {}, False),
    ],
)
def test_appraisals(text: str, grades: dict[int, str], flagged: bool) -> None:
    reading = read_appraisals(text, ON)
    assert reading.grades == grades
    assert bool(reading.flags) == flagged


@pytest.mark.parametrize("on", [None, datetime.date(2026, 2, 1)])
def test_recent_years_need_a_date_that_decides(on: datetime.date | None) -> None:
    reading = read_appraisals("近三年年度考核均为称职", on)
    assert reading.grades == {}
    assert [flag.code for flag in reading.flags] == ["APPRAISAL_YEARS_UNKNOWN"]


def test_a_short_list_belongs_to_the_last_years_of_a_newcomer() -> None:
    assert read_grade_list("称职、优秀", 3, ON, PartialDate(2023, 8)).grades == {
        2024: "称职",
        2025: "优秀",
    }
    assert read_grade_list("称职、优秀", 3, ON, PartialDate(2003, 8)).flags
    assert read_grade_list("均为称职", 3, ON).grades == dict.fromkeys((2023, 2024, 2025), "称职")
