"""How long recounting a ballot package takes (target: 1,000,000 ballots ≤ 30 s on 2 cores).

    python benchmarks/recount.py [BALLOTS] [--rating | --capped | --points | --categories]

Nominations (up to 3 of 60 names, many equal ballots), or ballots that are nearly all different:
grades for 20 persons, the same with caps on each ballot, points in steps of a half, or names in
two categories.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bole.engine.ballotbox import Cast, Meeting, Signature, prepare, recount, tracker_of
from bole.engine.instruments import InstrumentForm
from bole.engine.tally import Electorate

CLASSES = ("leaders", "middle", "staff")


KINDS = ("nomination", "rating", "capped", "points", "categories")
GRADES = ["excellent", "competent", "basic", "incompetent"]
ITEMS: dict[str, dict[str, Any]] = {
    "nomination": {"id": "names", "kind": "nominate", "max_picks": 3},
    "rating": {"id": "grade", "kind": "grade", "options": GRADES},
    "capped": {"id": "grade", "kind": "grade", "options": GRADES},
    "points": {"id": "points", "kind": "points", "max_points": 100, "step": "1/2"},
    "categories": {
        "id": "names",
        "kind": "nominate",
        "categories": [{"id": "head", "max_picks": 2}, {"id": "deputies", "max_picks": 3}],
    },
}


def form_of(kind: str) -> InstrumentForm:
    """The form of one kind of ballot."""
    caps = [{"options": ["excellent"], "at_most": "1", "level": "each_ballot"}]
    return InstrumentForm.model_validate(
        {
            "id": kind,
            "anonymous": True,
            "over_pick": "void_ballot",
            "items": [ITEMS[kind]],
            "caps": caps if kind == "capped" else [],
        }
    )


def ballots(number: int, kind: str, names: list[str]) -> Iterator[Cast]:
    """Random ballots, the same in every run."""
    rng = random.Random(7)  # noqa: S311 (repeatable data)
    for _ in range(number):
        answers: dict[str, Any]
        if kind == "nomination":
            answers = {"names": rng.sample(names, rng.randint(1, 3))}
        elif kind == "points":
            answers = {"points": {n: f"{rng.randint(0, 200)}/2" for n in names}}
        elif kind == "categories":
            picked = rng.sample(names, 5)
            answers = {"names": {"head": sorted(picked[:2]), "deputies": sorted(picked[2:])}}
        else:
            answers = {"grade": {n: rng.choice(GRADES) for n in names}}
        nonce = f"{rng.getrandbits(128):032x}"
        yield Cast(answers, rng.choice(CLASSES), nonce, tracker_of("bench", nonce, answers))


def main() -> int:
    kind = next((k for k in KINDS if f"--{k}" in sys.argv), KINDS[0])
    number = next((int(a) for a in sys.argv[1:] if a.isdigit()), 1_000_000)
    names = [f"候选人{i:02d}" for i in range(60 if kind in ("nomination", "categories") else 20)]
    meeting = Meeting(
        "bench",
        "benchmark",
        "2026-01-01",
        form_of(kind),
        Electorate.model_validate({"classes": [{"id": c} for c in CLASSES]}),
        tuple(names),
    )
    box = list(ballots(number, kind, names))
    roll = {}
    for name in CLASSES:
        used = sum(b.voter_class == name for b in box)
        roll[name] = dict.fromkeys(("due", "attending", "issued", "used"), used)
    started = time.perf_counter()
    draft = prepare(meeting, box, roll)
    del box
    print(f"prepare  {number:>9,} ballots  {time.perf_counter() - started:6.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "box.zip"
        draft.write(path, [Signature("甲", "counter"), Signature("乙", "monitor")])
        size = path.stat().st_size
        del draft
        started = time.perf_counter()
        report = recount(path)
        took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"recount  {report.ballots:>9,} ballots  {took:6.1f} s  ({size / 1e6:.0f} MB zip)")
    print(f"valid    {report.valid}  peak of the whole run {peak} MB")
    return 0 if report.valid and (number < 1_000_000 or took <= 30) else 1


if __name__ == "__main__":
    sys.exit(main())
