"""How long recounting a ballot package takes (target: 1,000,000 ballots ≤ 30 s on 2 cores).

    python benchmarks/recount.py [BALLOTS] [--rating]

Two kinds of ballot: nominations (up to 3 of 60 names, many equal ballots) and, with --rating,
grades for 20 persons (nearly every ballot is different: the hardest case).
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bole.engine.ballotbox import Cast, Meeting, Signature, prepare, recount, tracker_of
from bole.engine.instruments import InstrumentForm
from bole.engine.tally import Electorate

CLASSES = ("leaders", "middle", "staff")


def nomination() -> InstrumentForm:
    return InstrumentForm.model_validate(
        {
            "id": "recommend",
            "anonymous": True,
            "over_pick": "void_ballot",
            "items": [{"id": "names", "kind": "nominate", "max_picks": 3}],
        }
    )


def rating() -> InstrumentForm:
    grades = ["excellent", "competent", "basic", "incompetent"]
    return InstrumentForm.model_validate(
        {
            "id": "rating",
            "anonymous": True,
            "over_pick": "void_ballot",
            "items": [{"id": "grade", "kind": "grade", "options": grades}],
        }
    )


def ballots(number: int, rated: bool, names: list[str]) -> Iterator[Cast]:
    rng = random.Random(7)  # noqa: S311 (repeatable data)
    grades = ["excellent", "competent", "basic", "incompetent"]
    for _ in range(number):
        if rated:
            answers = {"grade": {n: rng.choice(grades) for n in names}}
        else:
            answers = {"names": rng.sample(names, rng.randint(1, 3))}
        nonce = f"{rng.getrandbits(128):032x}"
        yield Cast(answers, rng.choice(CLASSES), nonce, tracker_of("bench", nonce, answers))


def main() -> int:
    rated = "--rating" in sys.argv
    number = next((int(a) for a in sys.argv[1:] if a.isdigit()), 1_000_000)
    names = [f"候选人{i:02d}" for i in range(20 if rated else 60)]
    meeting = Meeting(
        "bench",
        "benchmark",
        "2026-01-01",
        rating() if rated else nomination(),
        Electorate.model_validate({"classes": [{"id": c} for c in CLASSES]}),
        tuple(names),
    )
    box = list(ballots(number, rated, names))
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
