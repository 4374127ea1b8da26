"""Who it is, and what differs: before anything is written."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bole.people.exchange import PartialDate, PersonFile, compare, match, read_lrmx, read_roster
from bole.people.exchange.compare import LABELS, plain

from .build import ID_NUMBER, form, item, picture, roster

OTHER_ID = "37142519670411143X"


def stored(
    key: int, name: str = "赖超", birth: Any = "1973.08", id_number: Any = None
) -> dict[str, Any]:
    return {"key": key, "name": name, "birth": birth, "id_number": id_number}


def person(birth: str = "1973.08", number: str = ID_NUMBER) -> PersonFile:
    return read_lrmx(form(ChuShengNianYue=birth, ShenFenZheng=number))


@pytest.mark.parametrize(
    ("read", "candidates", "outcome", "keys"),
    [
        (person(), [], "new", ()),
        (person(), [stored(1, id_number=ID_NUMBER), stored(2)], "id_number", (1,)),
        (person(), [stored(1, id_number="371122730825195")], "id_number", (1,)),
        (person(number="371122730825195"), [stored(1, id_number=ID_NUMBER)], "id_number", (1,)),
        (person(), [stored(1, name="赖\u3000超", id_number=ID_NUMBER)], "id_number", (1,)),
        (person(), [stored(1, name="赖朝", id_number=ID_NUMBER)], "ambiguous", (1,)),
        (
            person(),
            [stored(1, id_number=ID_NUMBER), stored(2, id_number=ID_NUMBER)],
            "ambiguous",
            (1, 2),
        ),
        (person(), [stored(1)], "name_and_birth", (1,)),
        (person(), [stored(1, birth=datetime.date(1973, 8, 1))], "name_and_birth", (1,)),
        (person(), [stored(1, birth=PartialDate(1973, 8))], "name_and_birth", (1,)),
        (person(), [stored(1), stored(2, birth="1980.01")], "name_and_birth", (1,)),
        (person(), [stored(1), stored(2)], "ambiguous", (1, 2)),
        (person(), [stored(1, id_number=OTHER_ID)], "new", ()),
        (person(), [stored(1, birth="1973.09")], "new", ()),
        (person(), [stored(1, birth=None)], "ambiguous", (1,)),
        (person(), [stored(1, birth=None, id_number=OTHER_ID)], "new", ()),
        (person(birth="", number=""), [stored(1)], "ambiguous", (1,)),
        (person(number=""), [stored(1, id_number=OTHER_ID)], "name_and_birth", (1,)),
        (
            person(number="371122197308251957"),
            [stored(1, id_number="371122197308251957")],
            "name_and_birth",
            (1,),
        ),
    ],
)
def test_matching(
    read: PersonFile, candidates: list[dict[str, Any]], outcome: str, keys: tuple[int, ...]
) -> None:
    found = match(read, candidates)
    assert (found.outcome, found.keys) == (outcome, keys)
    assert "赖超" in found.text.zh or ID_NUMBER in found.text.zh


def test_namesakes_are_named_and_never_matched() -> None:
    found = match(person(), [stored(1, birth="1980.01"), stored(2, birth="1990.05")])
    assert (found.outcome, found.namesakes) == ("new", (1, 2))


# ---- differences ---------------------------------------------------------------------------


def whole() -> PersonFile:
    return read_lrmx(
        form(
            family=item("妻子", "谭雪", "197511", "群众", "安澜县供电公司职工")
            + item("父亲", "赖辉", "194705", "群众", "农民"),
            NianDuKaoHeJieGuo="2023年称职；2024年优秀",
            QuanRiZhiJiaoYu_XueLi="大学",
            QuanRiZhiJiaoYu_XueLi_BiYeYuanXiaoXi="山东大学法学专业",
            RuDangShiJian="199408；民建",
        )
    )


def as_stored(read: PersonFile) -> dict[str, Any]:
    return {name: getattr(read, name) for name in LABELS}


def test_the_same_person_has_no_differences() -> None:
    read = whole()
    assert compare(as_stored(read), read) == []
    assert compare(plain(read), read) == []


def test_nothing_stored_means_everything_is_added() -> None:
    found = compare({}, whole())
    assert {d.kind for d in found} == {"added"}
    fields = {d.field for d in found}
    assert {"name", "birth", "posts.199507", "family.妻子.谭雪", "appraisals.2024"} <= fields
    assert {"full_time.school", "full_time.level", "party_joined", "parties"} <= fields


def test_changes_are_told_field_by_field() -> None:
    before = as_stored(whole()) | {
        "native_place": "山东滕州",
        "work_start": datetime.date(1995, 8, 1),
        "health": "",
        "appraisals": {2023: "优秀"},
        "picture": b"old",
    }
    read = whole()
    read.picture = picture()
    found = {d.field: (d.stored, d.read, d.kind) for d in compare(before, read)}
    assert found == {
        "native_place": ("山东滕州", "河北沧州", "changed"),
        "work_start": ("1995.08.01", "1995.07", "changed"),
        "health": (None, "健康", "added"),
        "appraisals.2023": ("优秀", "称职", "changed"),
        "appraisals.2024": (None, "优秀", "added"),
        "picture": (True, len(picture()), "changed"),
    }


def test_a_stored_day_is_kept_and_a_new_day_is_told() -> None:
    read = read_lrmx(form(ShenFenZheng=""))
    assert not [d for d in compare({"birth": "1973.08.25"}, read) if d.field == "birth"]
    known = read_lrmx(form())
    (difference,) = [d for d in compare({"birth": "1973.08"}, known) if d.field == "birth"]
    assert (difference.stored, difference.read) == ("1973.08", "1973.08.25")


def test_rows_are_matched_sensibly() -> None:
    read = whole()
    before = as_stored(read)
    before["posts"] = [
        {"start": "1995.07", "end": "2023.10", "unit": "安澜县委宣传部", "title": "干事"},
        {"start": "1990.07", "end": "1991.01", "unit": "安澜县财政局", "title": "科员"},
        {"start": "2023.10", "end": None, "unit": "安澜县沙岗镇", "title": "党委书记"},
    ]
    before["family"] = [
        {
            "relation": "妻子",
            "name": "谭雪雪",
            "birth": "1975.11",
            "politics": "群众",
            "employer": "安澜县供电公司职工",
        },
        {
            "relation": "父亲",
            "name": "赖辉",
            "birth": "1947.05",
            "politics": "群众",
            "employer": "农民",
        },
    ]
    found = {d.field: d for d in compare(before, read)}
    assert set(found) == {"posts.199507", "posts.199007", "family.妻子.谭雪"}
    assert found["posts.199507"].kind == "changed"
    assert found["posts.199507"].stored["title"] == "干事"
    assert found["posts.199007"].kind == "only_stored"
    assert found["family.妻子.谭雪"].stored["name"] == "谭雪雪"


def test_what_a_format_cannot_say_is_no_difference() -> None:
    data = roster([[1, "赖超", "男", "1973.08", "1995.07", "安澜县沙岗镇党委书记", ID_NUMBER]])
    (read,) = read_roster(data).people
    before = as_stored(whole()) | {"post": "安澜县沙岗镇党委书记"}
    assert compare(before, read) == []
