"""How fast a hall votes: one process of the server, phones as connections of their own.

    python benchmarks/ballots.py [--database postgres://…] [--only small|large|kill]

489 voters within 10 s, 5,000 within 60 s, and 5,000 with the server killed (SIGKILL) in the middle
and started again. Each phone does what the page does: it opens its ballot, reads it over, casts,
and casts the same ballot again when it gets no answer. Prints a Markdown table. The server gets the
threads that `make run` gives it, and on PostgreSQL two processes, as docs/administrators.md says;
phones come at moments spread evenly at random over nine tenths of the time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bole.engine.ballotbox import new_nonce, recount  # noqa: E402
from tests.ballots.hall import Hall, hall  # noqa: E402

NAMES = ["贾平", "易安", "邴原"]
ANSWER_WITHIN = 20.0  # seconds after which a phone asks again


async def request(port: int, fields: Mapping[str, str] | None) -> tuple[int, str]:
    """One request over a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        body = urllib.parse.urlencode(fields or {}).encode()
        head = f"{'POST' if fields else 'GET'} /ballots/v/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        answer = await reader.read()
    finally:
        writer.close()
    status, _blank, text = answer.partition(b"\r\n\r\n")
    if not status:
        raise ConnectionError("no answer")
    return int(status.split()[1]), text.decode()


class Voter:
    """One phone."""

    def __init__(self, code: str) -> None:
        self.code, self.nonce = code, new_nonce()
        self.answers = json.dumps({"names": random.sample(NAMES, random.randint(0, 2))})
        self.tracker = ""
        self.times: list[float] = []
        self.repeated = 0

    async def ask(self, port: int, fields: Mapping[str, str] | None) -> str:
        while True:
            begin = time.perf_counter()
            try:
                status, text = await asyncio.wait_for(request(port, fields), ANSWER_WITHIN)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
                self.repeated += 1
                await asyncio.sleep(0.5 + random.random())
                continue
            self.times.append(time.perf_counter() - begin)
            if status >= 500:
                self.repeated += 1
                await asyncio.sleep(0.5 + random.random())
                continue
            if status != 200:
                raise AssertionError(text)
            return text

    async def vote(self, port: int, after: float) -> None:
        await asyncio.sleep(after)
        await self.ask(port, {"step": "ballot", "code": self.code})
        fields = {"step": "cast", "code": self.code, "nonce": self.nonce, "answers": self.answers}
        text = await self.ask(port, fields)
        at = text.index('id="tracker">') + len('id="tracker">')
        self.tracker = text[at : text.index("<", at)].replace("-", "")


async def hold(place: Hall, voters: list[Voter], spread: float, kill_at: float) -> float:
    """All vote within `spread` seconds; returns how long it took until the last receipt."""
    begin = time.perf_counter()
    tasks = [asyncio.create_task(v.vote(place.port, random.random() * spread)) for v in voters]
    if kill_at:
        await asyncio.sleep(kill_at)
        await asyncio.to_thread(place.kill)
        await asyncio.to_thread(place.start)
    await asyncio.gather(*tasks)
    return time.perf_counter() - begin


def measure(name: str, place: Hall, number: int, within: float, kill_at: float = 0) -> str:
    """One meeting; a row of the table."""
    meeting = place.prepare({"a": number // 3, "b": number // 3, "c": number - 2 * (number // 3)})
    voters = [Voter(code) for codes in meeting["codes"].values() for code in codes]
    random.shuffle(voters)
    took = asyncio.run(hold(place, voters, within * 0.9, kill_at))
    begin = time.perf_counter()
    package = place.home / f"{meeting['meeting']}.zip"
    finished = place.finish(meeting["meeting"], package)
    closed = time.perf_counter() - begin
    shown = {v.tracker for v in voters}
    counted = [t for _c, _a, t, _n in finished["ballots"]]
    lost, extra = len(shown - set(counted)), len(counted) - len(shown & set(counted))
    assert recount(package, root=finished["root"]).valid
    times = sorted(t for v in voters for t in v.times)
    p99 = times[int(len(times) * 0.99)]
    repeated = sum(v.repeated for v in voters)
    row = [name, f"{took:.1f} s", f"{statistics.median(times) * 1000:.0f} ms"]
    row += [f"{p99 * 1000:.0f} ms", str(repeated), str(lost), str(extra), f"{closed:.1f} s"]
    return "| " + " | ".join(row) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="")
    parser.add_argument("--only", choices=["small", "large", "kill"])
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--workers", type=int, help="processes: 1 on SQLite, 2 on PostgreSQL")
    args = parser.parse_args()
    database: Any = args.database or None
    kind = "PostgreSQL" if database else "SQLite"
    workers = args.workers or (2 if database else 1)
    print("| meeting | last receipt | median | p99 | asked again | lost | too many | closing |")
    print("|---|---|---|---|---|---|---|---|")
    with (
        tempfile.TemporaryDirectory(prefix="bole-benchmark-") as home,
        hall(Path(home), database, threads=args.threads, workers=workers) as place,
    ):
        for only, name, number, within, kill_at in (
            ("small", "489 voters in 10 s", 489, 10.0, 0.0),
            ("large", "5,000 voters in 60 s", 5000, 60.0, 0.0),
            ("kill", "5,000 voters in 60 s, SIGKILL after 25 s", 5000, 60.0, 25.0),
        ):
            if args.only in (None, only):
                print(measure(f"{kind}: {name}", place, number, within, kill_at), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
