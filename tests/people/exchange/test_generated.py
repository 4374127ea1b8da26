"""430 people of the samples written with every quirk of the formats, and read back whole."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from bole.people.exchange import as_person, read_lrm, read_lrmx

from .build import base64_of, form, item, lrm, picture
from .test_samples import NOT_IN_LRM, TRUTH, last_years, only

PEOPLE: list[dict[str, Any]] = [
    person for value in TRUTH.values() for person in (value if isinstance(value, list) else [value])
]
SEPARATORS = ("--", "—", "——", "－－", "-", "–", "~", "至", "-- ", " — ")
OPEN = ("         ", "至今  ", "现在  ", "\u3000\u3000\u3000", "今 ")
PICTURE = base64_of(picture())


def month(text: str, shape: int) -> str:
    """A month in one of the shapes that files use."""
    year, mm = text[:4], text[4:]
    return (
        f"{year}.{mm}",
        f"{year}{mm}",
        f"{year}年{int(mm)}月",
        f"{year}-{mm}",
        f"{year}/{int(mm)}",
        f"{year}．{mm}".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    )[shape]


def resume(person: dict[str, Any], chance: random.Random) -> str:
    shape, separator = chance.randrange(6), chance.choice(SEPARATORS)
    if shape == 3 and separator.strip() == "-":
        separator = " - "
    course = person["full_time"]
    lines = [
        f"{month(course['start'], shape)}{separator}{month(course['end'], shape)}  "
        f"{course['school']}{course['major']}专业学习"
    ]
    nested = person["on_job"]
    for post in person["posts"]:
        end = month(post["end"], shape) if post["end"] else chance.choice(OPEN)
        text = f"{post['unit']}{post['title']}"
        if chance.random() < 0.2 and len(text) > 8:
            cut = chance.randrange(3, len(text) - 2)
            text = f"{text[:cut]}\n{' ' * 18}{text[cut:]}"
        line = f"{month(post['start'], shape)}{separator}{end}  {text}"
        if nested and (post["end"] is None or nested["start"] < post["end"]):
            opening = chance.choice([f"\n{' ' * 18}（其间：", "（其间：", "(其间:", "\n（期间，"])
            line += (
                f"{opening}{month(nested['start'], shape)}{separator}"
                f"{month(nested['end'], shape)}在{nested['school']}{nested['major']}专业"
                f"{nested['level']}学习{chance.choice(['', '；', '。'])}"
                f"{')' if '(' in opening else '）'}"
            )
            nested = None
        lines.append(line)
    return chance.choice(["\n", "\r\n"]).join(lines)


def appraisals(person: dict[str, Any], chance: random.Random) -> str:
    grades = last_years(person["appraisals"])
    shapes = [
        "；".join(f"{y}年年度考核{g}" for y, g in grades.items()) + "。",
        "，".join(f"{y}年{g}" for y, g in grades.items()),
        "\n".join(f"{y}年：{g}" for y, g in grades.items()),
        "；".join(
            f"{'、'.join(y for y, g in grades.items() if g == grade)}年{grade}"
            for grade in dict.fromkeys(grades.values())
        ),
    ]
    if len(grades) == 3 and len(set(grades.values())) == 1:
        shapes.append(f"近三年年度考核均为{grades['2025']}。")
    return chance.choice(shapes)


def party(person: dict[str, Any], shape: int, chance: random.Random) -> str:
    if person["other_party"]:
        return chance.choice(["{}", "（{}）", "({})", " {} "]).format(person["other_party"])
    return month(person["party_date"], shape)


def padded(name: str, chance: random.Random) -> str:
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 and chance.random() < 0.7 else name


def texts(person: dict[str, Any], chance: random.Random) -> dict[str, str]:
    shape = chance.randrange(6)
    out = {
        "XingMing": padded(person["name"], chance),
        "XingBie": person["sex"],
        "ChuShengNianYue": month(person["birth"], shape),
        "MinZu": person["ethnicity"].removesuffix("族" if chance.random() < 0.3 else ""),
        "JiGuan": person["origin"],
        "RuDangShiJian": party(person, shape, chance),
        "CanJiaGongZuoShiJian": month(person["work_start"], shape),
        "JianKangZhuangKuang": chance.choice(["健康", " 健康\u3000"]),
        "ZhuanYeJiShuZhiWu": person["title"] or chance.choice(["", "\n   "]),
        "XianRenZhiWu": person["posts"][-1]["unit"] + person["posts"][-1]["title"],
        "JianLi": resume(person, chance),
        "NianDuKaoHeJieGuo": appraisals(person, chance),
    }
    for prefix, course in (
        ("QuanRiZhiJiaoYu", person["full_time"]),
        ("ZaiZhiJiaoYu", person["on_job"]),
    ):
        if course:
            level = {"本科": "大学", "在职研究生": "研究生"}.get(course["level"], course["level"])
            school = f"{course['school']}{course['major']}{chance.choice(['专业', ''])}"
            out[f"{prefix}_XueLi"] = level
            out[f"{prefix}_XueWei"] = course["degree"] and chance.choice(
                [course["degree"], f"农学{course['degree']}"]
            )
            out[f"{prefix}_XueLi_BiYeYuanXiaoXi"] = school
    return out


def check(found: dict[str, Any], truth: dict[str, Any], skipped: set[str]) -> None:
    for field in set(truth) - skipped - {"posts", "appraisals", "full_time", "on_job"}:
        assert found[field] == truth[field], field
    wanted = [only(row, row, {"grade"}) for row in truth["posts"]]
    assert [only(row, wanted[0]) for row in found["posts"]] == wanted
    assert found["appraisals"] == last_years(truth["appraisals"])
    for field in ("full_time", "on_job"):
        assert (found[field] and only(found[field], truth[field])) == truth[field], field


@pytest.mark.parametrize("seed", range(3))
def test_lrmx_with_quirks(seed: int) -> None:
    chance = random.Random(seed)
    for person in PEOPLE:
        changed = texts(person, chance)
        number = person["id_number"]
        kind = chance.random()
        if kind < 0.2:
            number = number.lower()
        elif kind < 0.4 and number[6:8] == "19":
            number = number[:6] + number[8:17]
        if chance.random() < 0.15:
            changed["ChuShengNianYue"] = chance.choice(
                ["", person["birth"][:5], person["birth"][:4]]
            )
        family = "".join(
            item(f[0], padded(f[1], chance), month(f[2], chance.randrange(6)), f[3], f[4])
            for f in person["family"]
        )
        data = form(**changed, ShenFenZheng=number, family=family, ZhaoPian=PICTURE)
        if chance.random() < 0.3:
            data = b"\xef\xbb\xbf" + data
        read = read_lrmx(data)
        assert {f.code for f in read.flags} <= {"BIRTH_RECOVERED"} and not read.problems
        check(as_person(read), person, set())


def test_lrm_with_quirks() -> None:
    chance = random.Random(11)
    for person in PEOPLE:
        said = texts(person, chance)

        def course(part: str, said: dict[str, str] = said) -> str:
            halves = [
                "#".join(
                    said.get(f"{prefix}_{name}", "") for name in (part, part.replace("Li", "Wei"))
                )
                for prefix in ("QuanRiZhiJiaoYu", "ZaiZhiJiaoYu")
            ]
            return "@".join(halves).rstrip("#@" if chance.random() < 0.5 else "")

        columns = list(zip(*person["family"], strict=True))
        fields = {
            0: said["XingMing"],
            1: said["XingBie"],
            2: said["ChuShengNianYue"],
            3: said["MinZu"],
            4: said["JiGuan"],
            5: said["RuDangShiJian"],
            6: said["JianKangZhuangKuang"],
            8: said["CanJiaGongZuoShiJian"],
            9: course("XueLi"),
            10: course("XueLi_BiYeYuanXiaoXi"),
            11: said["ZhuanYeJiShuZhiWu"],
            17: said["JianLi"],
            19: said["NianDuKaoHeJieGuo"],
            25: said["XianRenZhiWu"],
            30: "20261121",
            32: "20261121",
        }
        for i, column in enumerate(columns):
            fields[20 + i] = "@".join(column) + chance.choice(["@", ""])
        read = read_lrm(lrm(fields))
        assert not read.flags and not read.problems
        check(as_person(read), person, NOT_IN_LRM)


def test_the_samples_are_the_samples() -> None:
    path = Path(__file__).parents[2] / "samples" / "truth.json"
    assert len(PEOPLE) == 430 and json.loads(path.read_text(encoding="utf-8")) == TRUTH
