"""Pictures of persons, made safe and brought to the size of their box."""

from __future__ import annotations

import base64
import io
import warnings

from PIL import Image, ImageOps

from bole.engine.errors import Problem
from bole.engine.text import Text

MOST_PIXELS = 40_000_000
_DOTS_PER_MM = 12  # about 300 dpi
PICTURE_UNREADABLE = Text(
    "照片无法读取（{reason}），已按无照片打印；请换用 JPG 或 PNG 格式的照片",
    "the picture cannot be read ({reason}); the form is printed without it. Use a JPG or PNG",
)


def fitted_jpeg(picture: bytes, size_mm: tuple[int, int]) -> bytes:
    """The picture as a JPEG cut to the proportions of `size_mm` (width, height), at 300 dpi.

    Re-encoding drops whatever else the file carried. Raises `ValueError` with the reason.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            image = Image.open(io.BytesIO(picture), formats=("JPEG", "PNG", "BMP", "GIF"))
            if image.width * image.height > MOST_PIXELS:
                raise ValueError(f"{image.width}×{image.height}")
            image = ImageOps.exif_transpose(image).convert("RGB")
        except (OSError, Warning, Image.DecompressionBombError, SyntaxError) as error:
            raise ValueError(str(error)) from error
    pixels = (size_mm[0] * _DOTS_PER_MM, size_mm[1] * _DOTS_PER_MM)
    target = io.BytesIO()
    ImageOps.fit(image, pixels).save(target, "JPEG", quality=88)
    return target.getvalue()


def picture_svg(picture: bytes, size_mm: tuple[int, int]) -> tuple[str, tuple[Problem, ...]]:
    """The picture wrapped for Typst, and the problem if it cannot be read (then empty)."""
    try:
        jpeg = fitted_jpeg(picture, size_mm)
    except ValueError as error:
        text = PICTURE_UNREADABLE.fill(reason=str(error))
        return "", (Problem("PICTURE_UNREADABLE", text, "照片"),)
    return wrapped_svg(jpeg, size_mm), ()


def wrapped_svg(picture: bytes, size_mm: tuple[float, float]) -> str:
    """A JPEG or PNG as an SVG of that size, which Typst takes as plain text."""
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    width, height = size_mm
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" preserveAspectRatio="none" '
        f'xlink:href="data:image/{kind};base64,{base64.b64encode(picture).decode()}"/></svg>'
    )
