"""Make the two shipped fonts from the published Noto Serif CJK collections.

    pip install fonttools
    python make_fonts.py FOLDER_WITH_TTC

Hangul, locale variants and hinting are dropped: a printed Chinese form needs none of them, and
the repository stays small. The regular face keeps every hanzi of the source; the bold face is for
headings and keeps GB 2312 (a rarer character in a heading is drawn from the regular face).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found]
from fontTools.ttLib import TTCollection  # type: ignore[import-not-found]

SIMPLIFIED_CHINESE = 2  # place of the SC face in the collections
HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))


def not_hangul(code: int) -> bool:
    """Everything but Korean letters."""
    return not any(first <= code <= last for first, last in HANGUL)


def in_gb2312(code: int) -> bool:
    """Latin, punctuation, full-width forms and the 6,763 hanzi of GB 2312."""
    if code < 0x2100 or 0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFFEF:
        return True
    try:
        chr(code).encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def make(collection: Path, target: Path, keep: Callable[[int], bool]) -> None:
    """Write the simplified Chinese face of `collection` with the characters that `keep` wants."""
    font = TTCollection(str(collection)).fonts[SIMPLIFIED_CHINESE]
    options = subset.Options()
    options.layout_features = ["kern", "mark", "ccmp"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if keep(code)])
    subsetter.subset(font)
    font.save(str(target))


if __name__ == "__main__":
    source, here = Path(sys.argv[1]), Path(__file__).parent
    make(source / "NotoSerifCJK-Regular.ttc", here / "NotoSerifCJKsc-Regular.otf", not_hangul)
    make(source / "NotoSerifCJK-Bold.ttc", here / "NotoSerifCJKsc-Bold.otf", in_gb2312)
