"""Which engine a case of this chapter asks: told by what its input holds, never by its id.

One mechanism is read by several engines (027.5 is a quorum and a set of gates), so the shape of
the input chooses; the mechanism then chooses the rule from the packs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.golden import by_kind
from tests.golden.chapter_3 import ballots, composites, decisions
from tests.golden.chapter_3._read import NoItem
from tests.golden.harness import adapter

# §6 of the chapter: the mechanisms that these engines read.
MECHANISMS = """
036.3 105.2 146.2 179.3 223.1 271.2 340.2 042.1 043.1 053.2 105.1 105.3 110.5 164.1 236.3
276.5 313.9 313.11 316.12 318.11 456.12 027.2 144.5 160.5 299.3 326.4 447.4 269.2 275.1
313.6 317.2 317.3 319.2 319.3 345.1 022.2 120.2 133.3 136.2 139.3 146.4 146.9 224.2 230.5
288.1 373.2 373.5 376.1 388.4 S1.4 026.3 157.1 159.8 204.3 260.5 316.15 S1.6 416.2 027.4
036.5 048.5 083.4 091.2 145.5 345.5 422.1 027.5 284.2 305.2 310.5 336.8 345.3 456.13 002.4
036.6 048.6 053.6 216.4 326.9 S1.7 271.4 345.6 017.5 259.7 299.8 190.2 193.2 223.2 266.1
313.7 359.2 384.3 307.5 002.5 048.7 053.7 146.3 210.4 310.6 444.3 342.1 342.2 076.7 123.2
135.1 185.5 316.8 318.6 326.10 384.5 418.1 442.1 001.2 272.4 272.6 284.1 285.1 S1.10
027.11 051.3 070.4 092.3 216.5 229.2 275.6 317.5 319.4 323.3 336.9 073.6 156.2 157.5
"""


def _columns(data: Mapping[str, Any]) -> set[str]:
    if "columns" in data:
        return set(data["columns"])
    if isinstance(data.get("rows"), list) and data["rows"]:
        return set(data["rows"][0])
    return set()


Family = Callable[[dict[str, Any]], Any]
SHAPES: tuple[tuple[Callable[[Mapping[str, Any], set[str]], bool], Family], ...] = (
    (lambda d, c: any(k.startswith("sheet_") for k in d), ballots.sheets),
    (lambda d, c: any(k.startswith("votes_") for k in d), ballots.gate_on_ratings),
    (lambda d, c: "marks" in d, ballots.reverse),
    (lambda d, c: "posted_on" in d, decisions.notice_clock),
    (lambda d, c: "starts" in d or "conclusions" in d, decisions.probation),
    (lambda d, c: "persons" in d and "meeting" in d, decisions.gates),
    (lambda d, c: "complaint" in c, decisions.complaints),
    (lambda d, c: {"rule", "base", "actual"} <= c, ballots.attendance_lines),
    (lambda d, c: "full_members" in c or ({"members", "disagree"} <= c), ballots.objection),
    (lambda d, c: "agree" in c, decisions.votes),
    (lambda d, c: {"due", "present"} <= c, ballots.quorum_readings),
    (lambda d, c: "eligible_persons" in c, ballots.in_one_of_two),
    (lambda d, c: any(x.startswith("y1_") for x in c), composites.years),
    (lambda d, c: "persons" in c, ballots.capped),
    (
        lambda d, c: "meeting_votes" in c or any(k.startswith("campaign_") for k in d),
        composites.campaigns,
    ),
    (lambda d, c: "nominees" in d or "targeted" in d, composites.agreement),
    (lambda d, c: "posts" in d, composites.campaigns),
)


@adapter(*MECHANISMS.split())
def run(case: dict[str, Any]) -> Any:
    data = case["input"]
    columns = _columns(data)
    for fits, family in SHAPES:
        if fits(data, columns):
            try:
                return family(case)
            except NoItem:
                break
    return by_kind.run(case)
