"""Reading many files at once: a file, a folder or a zip. One bad file never stops the others.

Nothing is unpacked to disk. Names that leave the archive, nested archives, bombs and passwords
are refused member by member, each with its own sentence.
"""

from __future__ import annotations

import io
import logging
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

from .lrm import read_lrm
from .lrmx import read_lrmx, refuse, sniff
from .pictures import MOST_BYTES as PICTURE_LIMIT
from .posts import UnitNames
from .record import PersonFile
from .roster import RosterReading, read_roster
from .workbook import MOST_BYTES as MOST_MEMBER
from .workbook import Progress

logger = logging.getLogger(__name__)

MOST_FILES = 50_000
MOST_ARCHIVE = 2 * 1024 * 1024 * 1024  # bytes unpacked, all members together
MOST_RATIO = 200  # unpacked : packed, of members over a megabyte
FORMS = (".lrmx", ".lrm")
ROSTERS = (".xlsx", ".xlsm")
PICTURES = (".pic", ".jpg", ".jpeg", ".png", ".bmp")
_NOISE = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini", "~$")


@dataclass(slots=True)
class FileReading:
    """What one file gave: a person, a roster, or only problems.

    `ignored` = a file of another kind that lay in the folder and was not looked into.
    """

    file: str
    kind: Literal["form", "roster", "other"]
    person: PersonFile | None = None
    roster: RosterReading | None = None
    problems: list[Problem] = field(default_factory=list)
    ignored: bool = False

    @property
    def people(self) -> list[PersonFile]:
        """Everybody the file tells of."""
        if self.person:
            return [self.person]
        return self.roster.people if self.roster else []

    @property
    def ok(self) -> bool:
        """True if nothing is wrong with the file; flags of single values do not count."""
        return not self.all_problems()

    def all_problems(self) -> list[Problem]:
        """The file's problems, its sheets' and its people's."""
        problems = list(self.problems)
        if self.roster:
            problems += self.roster.problems
            for sheet in self.roster.sheets:
                problems += sheet.problems
        for person in self.people:
            problems += person.problems
        return problems


# A source gives the names of its files and the bytes of one.
_Open = Callable[[], bytes]


def read_bytes(
    data: bytes,
    file: str,
    *,
    beside: Mapping[str, _Open] | None = None,
    units: UnitNames | None = None,
    progress: Progress | None = None,
) -> FileReading:
    """Read the bytes of one file by its extension; never raises for what the file holds.

    `beside` gives the pictures that lie beside it, by lower-case name.
    """
    suffix = PurePosixPath(file).suffix.lower()
    if suffix in FORMS:
        reading = FileReading(file, "form")
    elif suffix in ROSTERS:
        reading = FileReading(file, "roster")
    else:
        reading = FileReading(file, "other")
    try:
        if suffix == ".lrmx":
            reading.person = read_lrmx(data, file, units)
        elif suffix == ".lrm":
            picture, problem = _picture_beside(file, beside or {})
            reading.person = read_lrm(data, file, picture, units)
            if problem:
                reading.problems.append(problem)
        elif suffix in ROSTERS:
            reading.roster = read_roster(data, file, units=units, progress=progress)
        elif suffix == ".xls":
            raise refuse(
                "OLD_OR_ENCRYPTED",
                "是旧版 .xls 工作簿；请用 Excel 或 WPS 另存为 .xlsx 后再导入",
                "it is an old .xls workbook; save it as .xlsx and import again",
            )
        else:
            kind = sniff(data)
            if kind in ("xml", "lrm") or (kind == "zip" and _is_workbook(data)):
                raise refuse(
                    "WRONG_EXTENSION",
                    "扩展名是 {suffix}，内容却像干部文件；请把扩展名改成 {right} 后再读",
                    "the extension is {suffix}, but the content looks like a personnel file;"
                    " change the extension to {right}",
                    suffix=suffix or "（无）",
                    right={"xml": ".lrmx", "lrm": ".lrm"}.get(kind, ".xlsx"),
                )
            reading.ignored = True
    except BoleError as error:
        reading.problems += error.problems
    except Exception as error:  # whatever a file does to the reader, the others go on
        logger.exception("reading %s", file)
        reading.problems.append(
            Problem(
                "READER_FAILED",
                Text(
                    "读取时程序出错（{kind}），这个文件没有读入；请把它交给维护人员",
                    "the program failed on it ({kind}) and it was not read; please hand it to the"
                    " maintainers",
                ).fill(kind=type(error).__name__),
            )
        )
    return reading


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.startswith("xl/workbook") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def _picture_beside(file: str, beside: Mapping[str, _Open]) -> tuple[bytes | None, Problem | None]:
    stem = str(PurePosixPath(file).with_suffix("")).lower()
    for suffix in PICTURES:
        opener = beside.get(stem + suffix)
        if opener:
            try:
                return opener(), None
            except BoleError as error:
                return None, error.problems[0]
    return None, None


def is_noise(name: str) -> bool:
    """What file managers leave behind; never a personnel file."""
    return any(
        part.lower().startswith(_NOISE) or part.lower() in _NOISE
        for part in PurePosixPath(name).parts
    )


def _read_all(
    files: dict[str, _Open],
    units: UnitNames | None,
    progress: Progress | None,
) -> Iterator[FileReading]:
    """Read named files in order; pictures are taken with their .lrm, not on their own."""
    beside = {
        name.lower(): opener
        for name, opener in files.items()
        if PurePosixPath(name).suffix.lower() in PICTURES
    }
    wanted = [
        name
        for name in sorted(files)
        if PurePosixPath(name).suffix.lower() not in PICTURES and not is_noise(name)
    ]
    for done, name in enumerate(wanted, start=1):
        try:
            data = files[name]()
        except BoleError as error:
            kind: Literal["form", "roster", "other"] = (
                "form" if PurePosixPath(name).suffix.lower() in FORMS else "other"
            )
            yield FileReading(name, kind, problems=list(error.problems))
        else:
            yield read_bytes(data, name, beside=beside, units=units)
        if progress:
            progress(done, len(wanted), name)


# ---- folders and single files --------------------------------------------------------------


def _opener(path: Path, limit: int) -> _Open:
    def open_() -> bytes:
        try:
            if path.stat().st_size > limit:
                raise refuse(
                    "FILE_TOO_LARGE",
                    "文件有 {size} MB，超过 {limit} MB 的上限，不予读取",
                    "the file has {size} MB, more than the limit of {limit} MB, and is refused",
                    size=f"{path.stat().st_size / 1_048_576:.1f}",
                    limit=limit // 1_048_576,
                )
            return path.read_bytes()
        except OSError as error:
            raise refuse(
                "FILE_UNREADABLE",
                "文件打不开（{reason}），请检查权限或是否被占用",
                "the file cannot be opened ({reason}); check its permissions",
                reason=error.strerror or type(error).__name__,
            ) from None

    return open_


def _limit_of(name: str) -> int:
    return PICTURE_LIMIT if PurePosixPath(name).suffix.lower() in PICTURES else MOST_MEMBER


def read_path(
    path: Path, *, units: UnitNames | None = None, progress: Progress | None = None
) -> Iterator[FileReading]:
    """Read a file, every file of a folder (with its sub-folders), or a zip, one by one.

    `progress(done, total, name)` is called after each file. Stop iterating to cancel.
    Raises `BoleError` if there is no such path or the archive cannot be opened.
    """
    if path.is_dir():
        files = {
            str(PurePosixPath(found.relative_to(path))): _opener(found, _limit_of(found.name))
            for found in sorted(path.rglob("*"))
            if found.is_file() and not found.is_symlink()
        }
        yield from _read_all(files, units, progress)
    elif path.is_file() and path.suffix.lower() == ".zip":
        if path.stat().st_size > MOST_ARCHIVE:
            raise _bomb()
        yield from read_zip(path.read_bytes(), units=units, progress=progress)
    elif path.is_file():
        beside = {
            found.name.lower(): _opener(found, PICTURE_LIMIT)
            for found in path.parent.iterdir()
            if found.suffix.lower() in PICTURES and found.is_file()
        }
        try:
            data = _opener(path, MOST_MEMBER)()
        except BoleError as error:
            yield FileReading(path.name, "other", problems=list(error.problems))
            return
        yield read_bytes(data, path.name, beside=beside, units=units, progress=progress)
    else:
        raise refuse(
            "NO_SUCH_FILE",
            "没有这个文件或文件夹：{path}",
            "there is no such file or folder: {path}",
            path=path,
        )


# ---- archives ------------------------------------------------------------------------------


def _bomb(most_bytes: int = MOST_ARCHIVE) -> BoleError:
    return refuse(
        "ZIP_BOMB",
        "压缩包解开后过大（上限 {limit} MB、{files} 个文件），不予读取",
        "the archive unpacks to too much (limit {limit} MB, {files} files) and is refused",
        limit=most_bytes // 1_048_576,
        files=MOST_FILES,
    )


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name; names without the UTF-8 flag were written by Chinese Windows in GBK."""
    if info.flag_bits & 0x800:
        return info.filename.replace("\\", "/")
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename.replace("\\", "/")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename.replace("\\", "/")


def _leaves_archive(name: str) -> bool:
    return (
        name.startswith("/")
        or ".." in PurePosixPath(name).parts
        or (len(name) > 1 and name[1] == ":")
        or "\x00" in name
    )


def _member_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> _Open:
    limit = _limit_of(name)

    def open_() -> bytes:
        if _leaves_archive(name):
            raise refuse(
                "ZIP_PATH",
                "压缩包里的文件名“{name}”指向包外，有安全风险，已跳过",
                "the name “{name}” points outside of the archive, which is not safe; skipped",
                name=name[:80],
            )
        if info.flag_bits & 0x1:
            raise refuse(
                "ZIP_PASSWORD",
                "压缩包加了密码，无法读取；请去掉密码后重新打包",
                "the archive has a password; pack it again without one",
            )
        too_dense = info.file_size > 1_048_576 and info.file_size > MOST_RATIO * max(
            info.compress_size, 1
        )
        if info.file_size > limit or too_dense:
            raise refuse(
                "ZIP_BOMB",
                "解开后有 {size} MB，与压缩后相差悬殊或超过上限，疑似恶意压缩，已跳过",
                "unpacks to {size} MB, over the limit or out of proportion, and looks hostile;"
                " skipped",
                size=f"{info.file_size / 1_048_576:.0f}",
            )
        try:
            with archive.open(info) as stream:
                data = stream.read(limit + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            ValueError,
            RuntimeError,
            NotImplementedError,
        ):
            raise refuse(
                "ZIP_MEMBER_BROKEN",
                "在压缩包里已损坏，无法解开；请重新打包",
                "is damaged inside the archive; pack it again",
            ) from None
        if len(data) > limit:
            raise _bomb()
        return data

    return open_


def zip_members(data: bytes, *, most_bytes: int = MOST_ARCHIVE) -> dict[str, _Open]:
    """The files of a zip by name, each with what opens it; noise of file managers is left out.

    Raises `BoleError` (ZIP_BROKEN, ZIP_BOMB) for the archive as a whole; opening a member raises
    for that member alone, so that the others go on.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise refuse(
            "ZIP_BROKEN",
            "压缩包不完整或已损坏，无法打开；请重新打包",
            "the archive is cut off or damaged; pack it again",
        ) from None
    if len(members) > MOST_FILES or sum(m.file_size for m in members) > most_bytes:
        raise _bomb(most_bytes)
    files: dict[str, _Open] = {}
    for info in members:
        name = member_name(info)
        if is_noise(name):
            continue
        nested = PurePosixPath(name).suffix.lower() == ".zip"
        files[name] = _nested if nested else _member_opener(archive, info, name)
    return files


def read_zip(
    data: bytes, *, units: UnitNames | None = None, progress: Progress | None = None
) -> Iterator[FileReading]:
    """Read every file of a zip, one by one; see `read_path`."""
    yield from _read_all(zip_members(data), units, progress)


def _nested() -> bytes:
    raise BoleError(
        Problem(
            "ZIP_NESTED",
            Text(
                "压缩包里还有压缩包，未读入；请解开后重新打包",
                "is an archive inside the archive and was not read; unpack it and pack again",
            ),
        )
    )
