"""Published ballots read by their parts: what stood in an earlier line is not parsed again.

A line is `{"answers":{…},"class":"…"` and its end. The answers that are given for each subject are
blocks in braces. What remains of a line without them (its frame) and every `"subject":answer` of a
block is parsed, held to the canonical form and read against the form when it is first seen; a
later line is right if its frame and all its parts have been seen and its subjects are in order.
Whatever is not of this shape is left to be parsed whole.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from bole.engine.tally.tallier import MOST_PARTS, Tallier

MOST_FRAMES = 50_000
OPENING = b'{"answers":{'
_BLOCK = re.compile(rb"\{((?:[^{}]++|\{[^{}]*+\})*+)\}")
_PART = re.compile(
    rb'"[^"\\\x00-\x1f]*+":'
    rb'(?:"[^"\\\x00-\x1f]*+"|-?[0-9]++|true|\[[^\]\[{}\\]*+\]|\{[^{}\\]*+\})'
)


class _Frame:
    """Everything of a line but its blocks: class, marks outside blocks, the items of the blocks."""

    __slots__ = ("blocks", "group", "plain", "times")

    def __init__(self, group: str, plain: list[tuple[str, Any]], blocks: list[str]) -> None:
        self.group, self.plain, self.blocks, self.times = group, plain, blocks, 0


class LineCounter:
    """Counts lines of which everything has been seen before; `learn` shows it a parsed ballot."""

    def __init__(self, tallier: Tallier) -> None:
        self.tallier = tallier
        self._frames: dict[bytes, _Frame] = {}
        # item → the bytes of a part (without the first quote) → its subject
        self._subjects: dict[str, dict[bytes, str]] = defaultdict(dict)
        self._orders: dict[tuple[str, ...], bool] = {}
        self._counted: dict[tuple[str, str], Counter[bytes]] = defaultdict(Counter)

    def add(self, head: bytes, cut: int) -> bool:
        """Count a line if all of it is known. `head`: the line up to its nonce; `cut`: where the
        class begins."""
        inner = _BLOCK.split(head[len(OPENING) : cut - 1])  # outside, block, outside, block, …
        frame = self._frames.get(b"{}".join(inner[::2]) + head[cut - 1 :])
        if frame is None or not head.startswith(OPENING):
            return False
        found = []
        for item, block in zip(frame.blocks, inner[1::2], strict=True):
            known = self._subjects[item]
            parts = block[1:].split(b',"')
            subjects = tuple(map(known.get, parts))
            if None in subjects:  # lists and reasons have commas of their own
                parts = [p[1:] for p in _PART.findall(block)]
                subjects = tuple(map(known.get, parts))
                if None in subjects or b',"'.join(parts) != block[1:]:
                    return False
            if not self._rising(subjects):
                return False
            reader = self.tallier.parts[item]
            if (reader.capped or reader.categories) and not reader.together(parts):
                return False
            found.append((item, parts))
        for item, parts in found:
            self._counted[item, frame.group].update(parts)
        frame.times += 1
        return True

    def _rising(self, subjects: tuple[Any, ...]) -> bool:
        """Whether each subject stands once and all are in the order of canonical JSON."""
        rising = self._orders.get(subjects)
        if rising is None:
            rising = subjects == tuple(sorted(set(subjects)))
            if len(self._orders) < MOST_FRAMES:
                self._orders[subjects] = rising
        return rising

    def learn(self, head: bytes, cut: int, ballot: Mapping[str, Any]) -> bool:
        """Remember the frame and the parts of a line that was parsed; False if it has a fault or
        another shape, so that it must be counted whole."""
        tallier, answers = self.tallier, ballot["answers"]
        if not tallier.plain or not tallier.required <= answers.keys():
            return False
        if not head.startswith(OPENING) or not answers.keys() <= tallier.parts.keys():
            return False
        inner = head[len(OPENING) : cut - 1]
        outside = _BLOCK.split(inner)
        contents = outside[1::2]
        plain, blocks = [], []
        for item in sorted(answers):
            reader, answer = tallier.parts[item], answers[item]
            if reader.each and not reader.names and isinstance(answer, dict):
                blocks.append(item)
                if len(blocks) > len(contents):
                    return False
                if not self._learn_block(item, contents[len(blocks) - 1], answer):
                    return False
            elif isinstance(answer, dict) or (parts := reader.parts(answer)) is None:
                return False
            else:
                plain.append((item, list(parts)))
        if len(contents) != len(blocks):
            return False
        if len(self._frames) >= MOST_FRAMES:
            self.flush()
        frame = b"{}".join(outside[::2]) + head[cut - 1 :]
        self._frames.setdefault(frame, _Frame(ballot["class"], plain, blocks))
        return self.add(head, cut)

    def _learn_block(self, item: str, block: bytes, answer: Mapping[str, Any]) -> bool:
        parts, known = _PART.findall(block), self._subjects[item]
        if not parts or len(parts) != len(answer) or b",".join(parts) != block:
            return False
        if len(known) >= MOST_PARTS:
            return False
        reader = self.tallier.parts[item]
        for part in parts:
            if (short := part[1:]) in known:
                continue
            ((subject, value),) = json.loads(b"{" + part + b"}").items()
            if answer.get(subject) != value or not reader.learn(short, subject, value):
                return False
            known[short] = subject
        return True

    def flush(self) -> None:
        """Hand everything counted to the tallier."""
        for frame in self._frames.values():
            if not frame.times:
                continue
            for item, parts in frame.plain:
                self.tallier.add_parts(item, parts, frame.group, frame.times)
            self.tallier.add_valid(frame.group, frame.times)
        self._frames.clear()
        for (item, group), counter in self._counted.items():
            for part, times in counter.items():
                self.tallier.add_parts(item, [part], group, times)
        self._counted.clear()
