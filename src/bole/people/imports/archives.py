"""Opening zip archives of personnel files, bounded in number and size."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.conf import settings

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

MOST_FILES = 20_000
SKIPPED = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


class Unreadable(BoleError):
    """The archive cannot be opened; the other uploads go on."""


def opened(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The files in an upload: those of a zip archive with their paths, else the upload itself.

    Raises Unreadable for an archive that is broken, has a password, or unpacks to too much.
    """
    name = name.replace("\\", "/").lstrip("/")
    if any(part in SKIPPED or part.startswith("~$") for part in PurePosixPath(name).parts):
        return
    if PurePosixPath(name).suffix.lower() != ".zip":
        yield name, content
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [m for m in archive.infolist() if not m.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise _unreadable(
            "ZIP_BROKEN",
            "压缩包已损坏或不完整，请重新打包",
            "the archive is damaged or cut off: pack it again",
        ) from None
    if len(members) > MOST_FILES or sum(m.file_size for m in members) > settings.UPLOAD_LIMIT:
        raise _unreadable(
            "ZIP_TOO_LARGE",
            f"压缩包解开后超过{settings.UPLOAD_LIMIT // 1_048_576} MB或{MOST_FILES}个文件，未读入",
            f"the archive unpacks to more than {settings.UPLOAD_LIMIT // 1_048_576} MB or "
            f"{MOST_FILES} files and is refused",
        )
    left = settings.UPLOAD_LIMIT
    for member in members:
        path = PurePosixPath(_name(member))
        if any(part in SKIPPED or part.startswith((".", "~$")) for part in path.parts):
            continue
        try:
            with archive.open(member) as stream:
                data = stream.read(left + 1)
        except RuntimeError:
            raise _unreadable(
                "ZIP_PASSWORD",
                "压缩包有密码，请去掉密码后再导入",
                "the archive has a password: remove it and import again",
            ) from None
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError):
            raise _unreadable(
                "ZIP_BROKEN",
                f"压缩包中的{path.name}已损坏",
                f"{path.name} in the archive is damaged",
            ) from None
        left -= len(data)
        if left < 0:  # the stated sizes lied
            raise _unreadable(
                "ZIP_TOO_LARGE",
                "压缩包解开后的实际大小超过上限，未读入",
                "the archive unpacks to more than it states and is refused",
            )
        yield f"{name}/{path}", data


def _name(member: zipfile.ZipInfo) -> str:
    """Archives made under Chinese Windows name their files in GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename


def _unreadable(code: str, zh: str, en: str) -> Unreadable:
    return Unreadable(Problem(code, Text(zh, en)))
