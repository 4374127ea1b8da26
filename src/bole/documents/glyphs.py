"""Which fonts the printer uses, and which characters none of them can draw."""

from __future__ import annotations

import os
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

from bole.engine.errors import Problem
from bole.engine.text import Text

SHIPPED = Path(__file__).parent / "fonts"
_NOWHERE = "\U0005e000"  # an unassigned code: every font draws its "no such character" box
_FONT_MISSING = Text(
    "字库中没有“{character}”（U+{code:04X}），打印为空框；"
    "请把含该字的字体文件放入 BOLE_FONT_DIR 指定的文件夹",
    "no font has “{character}” (U+{code:04X}); an empty box is printed. Put a font that has it "
    "into the folder named by BOLE_FONT_DIR",
)


def font_folders() -> list[Path]:
    """The shipped fonts, then the office's own folder (setting or variable `BOLE_FONT_DIR`)."""
    own = os.environ.get("BOLE_FONT_DIR", "")
    if not own:
        from django.conf import settings

        own = getattr(settings, "BOLE_FONT_DIR", "") if settings.configured else ""
    return [SHIPPED, Path(own)] if own and Path(own).is_dir() else [SHIPPED]


@cache
def _faces(folders: tuple[Path, ...]) -> list[tuple[ImageFont.FreeTypeFont, bytes]]:
    """Each font with the picture of its "no such character" box."""
    faces = []
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in (".otf", ".ttf", ".ttc") and "Bold" not in path.stem:
                face = ImageFont.truetype(str(path), 20)
                faces.append((face, bytes(face.getmask(_NOWHERE))))
    return faces


@lru_cache(maxsize=4096)
def _is_drawn(character: str, folders: tuple[Path, ...]) -> bool:
    return any(
        bytes(face.getmask(character)) != missing and face.getlength(character) > 0
        for face, missing in _faces(folders)
    )


def missing_characters(text: str) -> list[Problem]:
    """One problem for each character of `text` that no font can draw, in order of appearance."""
    folders = tuple(font_folders())
    problems: dict[str, Problem] = {}
    for character in text:
        code = ord(character)
        # GB 18030-2005, Latin and its accents are known to be in the shipped font.
        if code < 0x180 or 0x3400 <= code <= 0x4DB5 or 0x4E00 <= code <= 0x9FBB:
            continue
        if character in problems or unicodedata.category(character)[0] in "CZM":
            continue
        if not _is_drawn(character, folders):
            problems[character] = Problem(
                "FONT_MISSING", _FONT_MISSING.fill(character=character, code=code), character
            )
    return list(problems.values())
