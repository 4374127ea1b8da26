"""Walk a chain and name the first entry that is broken, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bole.engine.chain.anchors import Anchor
from bole.engine.chain.links import ENTRIES, GENESIS, Numbering, seal_of
from bole.engine.chain.merkle import MerkleAccumulator
from bole.engine.text import Text

Sealed = tuple[Mapping[str, Any], str]  # an entry without its hash, and the hash stored with it
Kind = Literal[
    "changed", "removed", "inserted", "reordered", "truncated", "rewritten", "stream", "paper"
]
STEP = 10_000  # entries between two reports of progress

KINDS: dict[str, Text] = {
    "changed": Text("内容被改动", "was changed"),
    "removed": Text("被删除", "was removed"),
    "inserted": Text("是事后插入的", "was inserted afterwards"),
    "reordered": Text("的次序被调换", "was moved to another place"),
    "truncated": Text("起的末尾被截去", "and all after it were cut off"),
    "rewritten": Text("与锚点不符，记录被整体改写", "does not agree with the anchor: rewritten"),
    "stream": Text("与本事项上一条纪实不相衔接", "does not follow the entry before it in its case"),
    "paper": Text("所附材料有误", "has a wrong paper"),
}


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that is wrong: `number` is the entry's number in its chain."""

    kind: Kind
    number: int
    detail: Text
    entry: Mapping[str, Any] | None = None

    def text(self) -> Text:
        """One sentence: which entry, what happened, and what shows it."""
        about = ""
        if self.entry:
            parts = (self.entry.get("action"), _actor(self.entry), self.entry.get("occurred_at"))
            about = ", ".join(str(part) for part in parts if part)
        kind = KINDS[self.kind]
        return Text(
            f"第{self.number}条"
            + (f"（{about}）" if about else "")
            + f"{kind.zh}：{self.detail.zh}",
            f"Entry {self.number}" + (f" ({about})" if about else "") + f" {kind.en}: "
            f"{self.detail.en}",
        )

    def as_dict(self) -> dict[str, Any]:
        """The break as JSON outputs carry it."""
        return {"kind": self.kind, "entry": self.number, "text": self.text().as_dict()}


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: `count` entries were found good, `head` is the hash of the last good one."""

    count: int
    head: str
    broken: Break | None = None
    anchors: int = 0  # how many anchors the chain was compared with

    @property
    def valid(self) -> bool:
        """Whether nothing was found wrong."""
        return self.broken is None

    def text(self) -> Text:
        """The outcome in a sentence."""
        if self.broken:
            return self.broken.text()
        text = Text("完整有效：共{count}条", "Valid: {count} entries")
        if self.anchors:
            text += Text("，与{anchors}个锚点相符", ", in agreement with {anchors} anchors")
        return text.fill(count=self.count, anchors=self.anchors)


def _actor(entry: Mapping[str, Any]) -> str:
    actor = entry.get("actor")
    return str(actor.get("name", "")) if isinstance(actor, Mapping) else ""


def verify_chain(
    entries: Iterable[Sealed],
    numbering: Numbering = ENTRIES,
    *,
    anchors: Sequence[Anchor] = (),
    size: int | None = None,
    head: str | None = None,
    check_streams: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check that entries are numbered 1, 2, 3 …, sealed, and linked to the one before.

    `size` and `head` are what the keeper of the chain says is its length and last hash;
    `anchors` are statements kept elsewhere: only they show that a tail was cut off or that the
    whole chain was rewritten. With `check_streams` the links inside each case are checked too.
    `progress` is told the number of entries done so far. Reads `entries` once, in memory that
    does not grow with their number (one hash per open stream).
    """
    waiting = sorted(anchors, key=lambda a: a.size)
    stream_heads: dict[str, tuple[int, str]] = {}
    # Only anchors ask for the tree; it is a tenth of the work.
    tree = MerkleAccumulator() if any(a.root for a in anchors) else None
    count, last, agreed = 0, GENESIS, 0
    previous_entry: Mapping[str, Any] | None = None
    number_key, previous_key = numbering.number, numbering.previous

    def report(broken: Break | None) -> Report:
        return Report(count, last, broken, agreed)

    iterator = iter(entries)
    for content, found in iterator:
        if (
            content.get(number_key) != count + 1
            or content.get(previous_key) != last
            or seal_of(content) != found
        ):
            return report(
                _diagnose(numbering, count + 1, last, previous_entry, content, found, iterator)
            )
        if check_streams and (broken := _stream_break(stream_heads, content, found)):
            after, _hash = next(iterator, ({}, ""))
            if after.get(previous_key) == last:
                text = Text("本处原有的那条在其后", "the entry that belongs here comes after it")
                broken = Break("inserted", count + 1, text, content)
            return report(broken)
        count, last, previous_entry = count + 1, found, content
        if tree is not None:
            tree.append(found.encode())
        while waiting and waiting[0].size <= count:
            anchor = waiting.pop(0)
            other_root = tree is not None and anchor.root and anchor.root != tree.root().hex()
            if anchor.size == count and (anchor.head != last or other_root):
                return report(Break("rewritten", count, _against(anchor), content))
            agreed += 1
        if progress and count % STEP == 0:
            progress(count)
    if waiting and waiting[0].size > count:
        longest = waiting[-1]
        return report(Break("truncated", count + 1, _against(longest, count)))
    if size is not None and count < size:
        text = Text("应有{size}条，只有{count}条", "{size} entries are due, {count} are there")
        return report(Break("truncated", count + 1, text.fill(size=size, count=count)))
    if size is not None and count > size:
        text = Text(
            "应有{size}条，却有{count}条", "{size} entries are due, {count} are there"
        ).fill(size=size, count=count)
        return report(Break("inserted", size + 1, text))
    if head is not None and head != last:
        text = Text(
            "最后一条的哈希值与登记的链头不符", "the last hash is not the head that was registered"
        )
        return report(Break("changed", count, text, previous_entry))
    if progress:
        progress(count)
    return report(None)


def _against(anchor: Anchor, count: int | None = None) -> Text:
    if count is None:
        return Text(
            "{made_at}的锚点记有{size}条，链头为{head}…",
            "the anchor of {made_at} states {size} entries with the head {head}…",
        ).fill(made_at=anchor.made_at, size=anchor.size, head=anchor.head[:16])
    return Text(
        "{made_at}的锚点记有{size}条，现只有{count}条",
        "the anchor of {made_at} states {size} entries, {count} are there",
    ).fill(made_at=anchor.made_at, size=anchor.size, count=count)


def _stream_break(
    heads: dict[str, tuple[int, str]], content: Mapping[str, Any], found: str
) -> Break | None:
    stream = content.get("stream", "")
    number, head = heads.get(stream, (0, GENESIS))
    if content.get("stream_sequence") != number + 1 or content.get("stream_previous") != head:
        text = Text("在“{stream}”中应为第{number}条", "in '{stream}' number {number} is due").fill(
            stream=stream, number=number + 1
        )
        return Break("stream", content["sequence"], text, content)
    heads[stream] = (number + 1, found)
    return None


def _diagnose(
    numbering: Numbering,
    due: int,
    last: str,
    previous_entry: Mapping[str, Any] | None,
    content: Mapping[str, Any],
    found: str,
    rest: Iterator[Sealed],
) -> Break:
    """Why the entry at the place of number `due` is wrong.

    Looks on in the chain for the entry that belongs here, to tell a removed entry from a moved one
    and an inserted entry from a changed one.
    """
    number, previous = content.get(numbering.number), content.get(numbering.previous)
    sealed = seal_of(content) == found
    later = _look_on(numbering, due, last, previous, found, rest)
    if not isinstance(number, int) or isinstance(number, bool):
        text = Text("没有可读的序号", "it has no readable number")
        return Break("changed", due, text, content)
    if not sealed:
        genuine = _genuine_number(numbering, content, found)
        if previous != last and later.heir and (later.has_parent or (genuine or 0) > due):
            text = Text("这里本应是另一条", "another entry belongs here")
            return Break("reordered", due, text, content)
        if genuine is not None and genuine > due and previous != last:
            text = Text("其后各条被重新编号", "the entries after it were renumbered")
            return Break("removed", due, text)
        if genuine is not None and genuine < number and previous != last:
            text = Text("其后各条被重新编号", "the entries after it were renumbered")
            return Break("inserted", genuine, text, previous_entry)
        if previous != last and later.heir and not later.has_child:
            text = Text("本处原有的那条在其后", "the entry that belongs here comes after it")
            return Break("inserted", due, text, content)
        text = Text("内容与其哈希值不符", "its content does not fit its hash")
        return Break("changed", due, text, content)
    if number > due:
        if later.has_number:
            text = Text("第{due}条排在它之后", "entry {due} comes after it").fill(due=due)
            return Break("reordered", number, text, content)
        upto = number - 1
        text = (
            Text("缺第{due}条", "entry {due} is missing")
            if upto == due
            else Text("缺第{due}至{upto}条", "entries {due} to {upto} are missing")
        )
        return Break("removed", due, text.fill(due=due, upto=upto))
    if number < due:
        text = Text("同一序号出现两次", "its number occurs twice")
        return Break("inserted", number, text, content)
    if later.heir:
        text = Text("本处原有的那条在其后", "the entry that belongs here comes after it")
        return Break("inserted", due, text, content)
    if due > 1 and (later.has_child or not later.any):
        text = Text(
            "其哈希值已重算，但下一条仍指向原来的内容",
            "its hash was recomputed, but the next entry still points to the former content",
        )
        return Break("changed", due - 1, text, previous_entry)
    text = Text("它不指向上一条", "it does not point to the entry before it")
    return Break("changed", due, text, content)


@dataclass(slots=True)
class _Later:
    any: bool = False
    has_number: bool = False  # an entry bears the number that is due
    heir: bool = False  # an entry points to the last good entry
    has_parent: bool = False  # the entry that the bad one points to stands after it
    has_child: bool = False  # an entry points to the bad one


def _look_on(
    numbering: Numbering,
    due: int,
    last: str,
    previous: object,
    found: str,
    rest: Iterator[Sealed],
) -> _Later:
    seen = _Later()
    for content, own in rest:
        seen.any = True
        pointed = content.get(numbering.previous)
        seen.has_number |= content.get(numbering.number) == due
        seen.heir |= pointed == last
        seen.has_parent |= own == previous
        seen.has_child |= pointed == found
    return seen


def _genuine_number(numbering: Numbering, content: Mapping[str, Any], found: str) -> int | None:
    """The number under which the entry's seal fits, if only its numbers were altered."""
    number = content[numbering.number]
    other = "stream_sequence" if numbering.number == "sequence" else "sequence"
    both = isinstance(content.get(other), int)
    for distance in range(1, 1000):
        for sign in (1, -1):
            trial = dict(content) | {numbering.number: number + sign * distance}
            if seal_of(trial) == found:
                return int(number + sign * distance)
            if not both or distance > 8:
                continue
            for shift in range(1, distance + 1):
                trial[other] = content[other] + sign * shift
                if seal_of(trial) == found:
                    return int(number + sign * distance)
    return None
