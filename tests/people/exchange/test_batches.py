"""Folders and archives: one bad file never stops the others, and nothing leaves the archive."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from bole.engine.errors import BoleError
from bole.people.exchange import FileReading, read_path, read_zip

from .build import LRM, codes, form, lrm, picture, roster


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return buffer.getvalue()


def by_name(readings: list[FileReading]) -> dict[str, FileReading]:
    return {reading.file: reading for reading in readings}


FILES = {
    "赖超.lrmx": form(),
    "大写.LRMX": form(XingMing="张三"),
    "坏.lrmx": form()[:200],
    "炸弹.lrmx": b"<!DOCTYPE x><Person/>",
    "L01.lrm": lrm(LRM),
    "L01.pic": picture(),
    "名册.xlsx": roster([[1, "王五", "女", "1980.02", "2002.07", "安澜县财政局科员", ""]]),
    "旧.xls": b"\xd0\xcf\x11\xe0" + b"x" * 600,
    "表.txt": form(),
    "说明.txt": "请查收".encode(),
    "Thumbs.db": b"x",
}


def check(readings: list[FileReading]) -> None:
    found = by_name(readings)
    assert set(found) == set(FILES) - {"L01.pic", "Thumbs.db"}
    assert found["赖超.lrmx"].ok and found["大写.LRMX"].ok and found["名册.xlsx"].ok
    assert found["L01.lrm"].person and found["L01.lrm"].person.picture == picture()
    assert codes(found["坏.lrmx"].problems) == ["FILE_TRUNCATED"]
    assert codes(found["炸弹.lrmx"].problems) == ["DTD_REFUSED"]
    assert codes(found["旧.xls"].problems) == ["OLD_OR_ENCRYPTED"]
    assert codes(found["表.txt"].problems) == ["WRONG_EXTENSION"]
    assert found["说明.txt"].ignored


def test_a_folder(tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "下级").mkdir()
    (tmp_path / "下级" / "李四.lrmx").write_bytes(form(XingMing="李四"))
    (tmp_path / "link.lrmx").symlink_to(tmp_path / "赖超.lrmx")
    steps: list[tuple[int, int, str]] = []
    readings = list(read_path(tmp_path, progress=lambda *step: steps.append(step)))
    below = [r for r in readings if "/" in r.file]
    assert [r.file for r in below] == ["下级/李四.lrmx"]
    check([r for r in readings if "/" not in r.file])
    assert [step[0] for step in steps] == list(range(1, len(readings) + 1))
    assert steps[-1][1] == len(readings)


def test_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "报送.ZIP"
    path.write_bytes(archive(FILES))
    check(list(read_path(path)))


def test_stopping_midway_is_cancelling(tmp_path: Path) -> None:
    for i in range(5):
        (tmp_path / f"{i}.lrmx").write_bytes(form())
    steps: list[int] = []
    readings = read_path(tmp_path, progress=lambda done, *_: steps.append(done))
    next(readings)
    readings.close()  # type: ignore[attr-defined]
    assert steps == []


def test_a_single_file_with_its_picture(tmp_path: Path) -> None:
    (tmp_path / "L.LRM").write_bytes(lrm(LRM))
    (tmp_path / "l.JPG").write_bytes(picture("JPEG"))
    (reading,) = read_path(tmp_path / "L.LRM")
    assert reading.person and reading.person.picture_kind == "jpg"


def test_names_that_leave_the_archive() -> None:
    bad = {
        "../赖超.lrmx": form(),
        "/etc/x.lrmx": form(),
        "a/../../b.lrmx": form(),
        "C:\\x.lrmx": form(),
        "好.lrmx": form(),
    }
    found = by_name(list(read_zip(archive(bad))))
    assert len(found) == 5
    for name, reading in found.items():
        assert codes(reading.problems) == ([] if name == "好.lrmx" else ["ZIP_PATH"])


def test_a_bomb_a_nested_archive_and_the_others() -> None:
    members = {
        "大.lrmx": b" " * 30_000_000,
        "内.zip": archive({"a.lrmx": form()}),
        "好.lrmx": form(),
    }
    found = by_name(list(read_zip(archive(members))))
    assert codes(found["大.lrmx"].problems) == ["ZIP_BOMB"]
    assert codes(found["内.zip"].problems) == ["ZIP_NESTED"]
    assert found["好.lrmx"].ok


def test_chinese_windows_names() -> None:
    name = "赖超任免表"
    # GBK bytes without the UTF-8 flag, as Chinese Windows writes them.
    data = archive({"xxxxxxxxxx.lrmx": form()})
    (reading,) = read_zip(data.replace(b"xxxxxxxxxx", name.encode("gbk")))
    assert reading.file == f"{name}.lrmx" and reading.ok


def test_a_damaged_member_and_a_password() -> None:
    data = archive({"甲.lrmx": form(), "乙.lrmx": form(XingMing="乙")})
    damaged = bytearray(data)
    at = data.index("甲.lrmx".encode()) + 40
    damaged[at : at + 20] = b"\xff" * 20
    found = by_name(list(read_zip(bytes(damaged))))
    assert codes(found["甲.lrmx"].problems) == ["ZIP_MEMBER_BROKEN"] and found["乙.lrmx"].ok
    locked = bytearray(archive({"a.lrmx": form()}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.index(signature) + offset
        locked[at] |= 1
    (reading,) = read_zip(bytes(locked))
    assert codes(reading.problems) == ["ZIP_PASSWORD"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04junk", archive({"a": b"x"})[:40]],
    ids=["empty", "junk", "truncated"],
)
def test_broken_archives(data: bytes) -> None:
    with pytest.raises(BoleError) as caught:
        list(read_zip(data))
    assert codes(caught.value.problems) == ["ZIP_BROKEN"]


def test_no_such_path(tmp_path: Path) -> None:
    with pytest.raises(BoleError) as caught:
        list(read_path(tmp_path / "nothing"))
    assert codes(caught.value.problems) == ["NO_SUCH_FILE"]
