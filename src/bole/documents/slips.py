"""Credential slips: A4 sheets to cut, one one-time code on each.

Slips are printed in the order in which they come; the caller shuffles them, and nothing on a slip
(no running number, no name) tells one from another but its code and the random number on its stub.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno

from bole.documents import pdf
from bole.documents.printed import Printed

PER_SHEET = 10  # two columns of five, 105 × 59.4 mm each

INSTRUCTION_ZH = (
    "用手机扫描二维码，或打开网址输入投票码。一码一票，投出即失效；请勿拍照、勿转交他人。"
)
INSTRUCTION_EN = (
    "Scan, or open the address and type the code. One code, one ballot. "
    "Do not photograph it or pass it on."
)

STUB = ("存根：撕下自留，遗失票条凭此号补发", "Keep: by this number a lost slip is replaced")


@dataclass(frozen=True, slots=True)
class Slip:
    """One credential: the code that people read, the address that the QR code opens, and the
    voter class printed on it ("" = none). `number` stands on a stub to tear off ("" = no stub): by
    it a lost slip is replaced."""

    code: str
    address: str
    electorate_class: str = ""
    number: str = ""


def grouped(code: str, size: int = 4) -> str:
    """The code in groups that can be read aloud: `ABCD-EFGH`. One with hyphens stays as it is."""
    if "-" in code:
        return code
    return "-".join(code[i : i + size] for i in range(0, len(code), size))


def qr_svg(text: str) -> str:
    """A QR code (error correction M) with its quiet zone, as SVG."""
    file = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        file, kind="svg", border=2, xmldecl=False, svgns=True, scale=4
    )
    return file.getvalue().decode()


def slips(
    meeting: str,
    credentials: Sequence[Slip],
    *,
    address: str = "",
    instruction_zh: str = INSTRUCTION_ZH,
    instruction_en: str = INSTRUCTION_EN,
) -> Printed:
    """Sheets of slips to cut, in the order given. `address` is printed for those who type.

    Raises `ValueError` without slips or with the same code twice.
    """
    if not credentials:
        raise ValueError("no slips to print")
    if len({slip.code for slip in credentials}) != len(credentials):
        raise ValueError("the same code stands on two slips")
    return pdf.render_checked(
        "slips",
        {
            "meeting": meeting,
            "address": address,
            "instruction_zh": instruction_zh,
            "instruction_en": instruction_en,
            "per_sheet": PER_SHEET,
            "stub": STUB,
            "slips": [
                {
                    "code": grouped(slip.code),
                    "qr_svg": qr_svg(slip.address),
                    "electorate_class": slip.electorate_class,
                    "number": grouped(slip.number),
                }
                for slip in credentials
            ],
        },
        tagged=False,
    )
