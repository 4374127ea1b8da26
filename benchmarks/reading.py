"""How long personnel files take to read: `python benchmarks/reading.py [--forms N] [--rows N]`.

Makes its own files in a temporary folder (seeded, invented people, a 300×420 JPEG in every form)
and prints a table. Targets, on 2 cores: 1,000 forms in ≤ 20 s; a roster of 10,000 rows imported in
≤ 15 s, of which reading is one part.
"""

from __future__ import annotations

import argparse
import base64
import io
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from PIL import Image

from bole.people.exchange import (
    FamilyRow,
    PartialDate,
    PartyMembership,
    PersonFile,
    PostRow,
    StudyRow,
    compose_resume,
    read_path,
    read_roster,
    write_lrmx,
)
from bole.people.exchange.identity import check_digit

UNITS = ["安澜县委办公室", "安澜县委组织部", "安澜县财政局", "安澜县沙岗镇", "安澜县清源街道"]
TITLES = ["科员", "办公室副主任", "办公室主任", "党组成员、副局长", "党委书记"]
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "超帆磊志桂明涛文宇燕波俊凯艳强玲飞敏霞萍"


def invented(index: int, chance: random.Random) -> PersonFile:
    """One invented cadre with six posts, two studies and three relatives."""
    birth = PartialDate(chance.randint(1966, 1998), chance.randint(1, 12), chance.randint(1, 28))
    digits = f"371122{birth.year}{birth.month:02d}{birth.day:02d}{index % 1000:03d}"
    start = birth.year + 22
    posts = []
    for i in range(6):
        unit, title = chance.choice(UNITS), TITLES[min(i, 4)]
        begin = PartialDate(start + i * 3, 7)
        end = PartialDate(start + i * 3 + 3, 7) if i < 5 else None
        posts.append(PostRow(begin, end, unit, title, f"{unit}{title}", current=end is None))
    studies = [
        StudyRow(
            PartialDate(start - 4, 9),
            PartialDate(start, 7),
            "山东大学",
            "法学",
            text="山东大学法学专业学习",
        ),
        StudyRow(
            PartialDate(start + 4, 9),
            PartialDate(start + 7, 7),
            "济南大学",
            "土木工程",
            text="在济南大学土木工程专业在职研究生学习",
            nested=True,
        ),
    ]
    return PersonFile(
        name=chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
        sex="男" if (index % 1000) % 2 else "女",
        birth=birth,
        ethnicity="汉族",
        native_place="河北沧州",
        parties=(PartyMembership("中共党员", PartialDate(start + 1, 8)),),
        work_start=PartialDate(start, 7),
        health="健康",
        post=posts[-1].text,
        grade_text="正科级",
        post_since=posts[-1].start,
        grade_since=posts[-2].start,
        posts=posts,
        studies=studies,
        resume=compose_resume(posts, studies),
        appraisals={2023: "称职", 2024: "优秀", 2025: "称职"},
        family=[
            FamilyRow(relation, f"{chance.choice(SURNAMES)}某", birth, "群众", "农民")
            for relation in ("妻子", "女儿", "父亲")
        ],
        fill_date=PartialDate(2026, 11, 21),
        id_number=digits + check_digit(digits),
    )


def photograph() -> bytes:
    """A JPEG as large as forms usually carry."""
    chance = random.Random(7)
    noise = Image.frombytes("RGB", (75, 105), chance.randbytes(75 * 105 * 3))
    buffer = io.BytesIO()
    noise.resize((300, 420)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def roster_of(people: list[PersonFile]) -> bytes:
    """A roster as units send it."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    sheet.append(
        ["序号", "姓名", "性别", "民族", "籍贯", "出生年月", "参加工作时间", "工作单位及职务"]
        + ["任现职时间", "年度考核情况", "身份证号"]
    )
    for number, person in enumerate(people, 1):
        graded = "；".join(f"{year}年{grade}" for year, grade in person.appraisals.items())
        dates = [d.month_only() if d else "" for d in (person.birth, person.work_start)]
        since = person.post_since.month_only() if person.post_since else ""
        sheet.append(
            [number, person.name, person.sex, person.ethnicity, person.native_place]
            + [str(d) for d in dates]
            + [person.post, str(since), graded, person.id_number]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds of wall clock, and what the work gave."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main() -> None:
    """Make the files, read them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=1_000)
    parser.add_argument("--rows", type=int, default=10_000)
    args = parser.parse_args()
    chance = random.Random(20261121)
    picture = photograph()
    rows: list[tuple[str, str, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = folder / "forms.zip"
        forms = folder / "forms"
        forms.mkdir()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for i in range(args.forms):
                person = invented(i, chance)
                person.picture = picture
                data = write_lrmx(person)
                (forms / f"{i:05d}{person.name}.lrmx").write_bytes(data)
                packed.writestr(f"{i:05d}{person.name}.lrmx", data)
        size = sum(path.stat().st_size for path in forms.iterdir()) / 1_048_576
        for label, path in (("folder", forms), ("zip", archive)):
            seconds, readings = timed(lambda path=path: list(read_path(path)))  # type: ignore[misc]
            assert isinstance(readings, list)
            assert len(readings) == args.forms and all(r.ok for r in readings)
            people = [r.person for r in readings]
            assert all(len(p.posts) == 6 and p.picture for p in people)
            rows.append((f"{args.forms:,} forms, {label}", f"{size:.0f} MB", seconds))
        seconds, _ = timed(lambda: [write_lrmx(person) for person in people])
        rows.append((f"{args.forms:,} forms written back", "", seconds))
        everybody = [invented(i, chance) for i in range(args.rows)]
        data = roster_of(everybody)
        seconds, reading = timed(lambda: read_roster(data))
        assert len(reading.people) == args.rows  # type: ignore[attr-defined]
        rows.append(
            (f"roster of {args.rows:,} rows read", f"{len(data) / 1_048_576:.1f} MB", seconds)
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'work':<36}{'size':>10}{'seconds':>10}")
    for work, size_text, seconds in rows:
        print(f"{work:<36}{size_text:>10}{seconds:>10.2f}")
    print(f"{'peak memory':<36}{peak:>7.0f} MB", file=sys.stdout)
    print(f"{len(base64.b64encode(picture)) // 1024} KB of picture in every form")


if __name__ == "__main__":
    main()
