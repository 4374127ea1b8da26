"""Pictures in personnel files: bounded in bytes and pixels, and really pictures."""

from __future__ import annotations

import base64
import binascii
import io
import re
import warnings

from bole.engine.errors import Problem
from bole.engine.text import Text

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
_KINDS = {"JPEG": "jpg", "PNG": "png", "BMP": "bmp", "GIF": "gif"}
WHERE = "照片"


def _problem(code: str, zh: str, en: str, **values: object) -> Problem:
    return Problem(code, Text(zh, en).fill(**values), WHERE)


def decode_picture(text: str) -> bytes | Problem:
    """The bytes of a base64 picture, or what is wrong with it."""
    packed = re.sub(r"^data:image/[\w.+-]+;base64,", "", re.sub(r"\s+", "", text))
    if len(packed) > MOST_BYTES * 4 // 3 + 4:
        return too_large_picture(len(packed) * 3 // 4)
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return _problem(
            "PICTURE_BASE64",
            "照片不是有效的 base64 编码，未读入；请重新导出或重新插入照片",
            "the picture is not valid base64 and was not read; export the form again or insert"
            " the picture again",
        )


def too_large_picture(size: int) -> Problem:
    """The problem of a picture of `size` bytes that is over the limit."""
    return _problem(
        "PICTURE_TOO_LARGE",
        "照片有{size}，超过{limit}的上限，未读入；请缩小后再插入",
        "the picture has {size}, more than the limit of {limit}, and was not read; make it smaller",
        size=f"{size / 1_048_576:.1f} MB",
        limit=f"{MOST_BYTES // 1_048_576} MB",
    )


def check_picture(data: bytes) -> str | Problem:
    """The kind of a picture (jpg, png, bmp, gif), or what is wrong with it.

    Opens the picture to see that it is whole; sizes are checked before anything is decoded.
    """
    from PIL import Image

    if len(data) > MOST_BYTES:
        return too_large_picture(len(data))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=list(_KINDS)) as picture:
                kind = _KINDS[picture.format or ""]
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    return _problem(
                        "PICTURE_TOO_LARGE",
                        "照片有 {width}×{height} 像素，超过 {limit} 万像素的上限，未读入",
                        "the picture has {width}×{height} pixels, more than the limit of {limit}"
                        " × 10,000, and was not read",
                        width=width,
                        height=height,
                        limit=MOST_PIXELS // 10_000,
                    )
                # An eighth of the size is enough to see that a JPEG is whole, and quick.
                picture.draft(None, (max(1, width // 8), max(1, height // 8)))
                picture.load()
    except Exception:  # Pillow raises many kinds for bytes that are no picture
        return _problem(
            "PICTURE_INVALID",
            "照片损坏，或不是 JPEG、PNG、BMP、GIF 图片，未读入；请重新插入照片",
            "the picture is broken or is no JPEG, PNG, BMP or GIF and was not read;"
            " insert it again",
        )
    return kind
