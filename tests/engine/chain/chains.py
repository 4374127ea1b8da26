"""Small chains to tamper with."""

import copy

from bole.engine.chain import ENTRIES, GENESIS, seal


def chain(n=12, streams=3):
    """n sealed entries over a few cases, as a list of [content, hash]."""
    out, last, heads = [], GENESIS, {}
    for i in range(1, n + 1):
        stream = f"case:{i % streams}"
        number, before = heads.get(stream, (0, GENESIS))
        content = {
            "sequence": i,
            "previous": last,
            "stream": stream,
            "stream_sequence": number + 1,
            "stream_previous": before,
            "actor": {"id": i % 4, "name": f"经办人{i % 4}", "role": "section_officer"},
            "action": "selection.step.done",
            "occurred_at": f"2026-03-{i:02d}T01:00:00.000000Z" if i < 29 else "2026-04-01",
            "before": None,
            "after": {"step": i},
            "papers": [{"name": f"{i}.pdf", "digest": f"{i:064x}"}],
        }
        last = seal(content)
        heads[stream] = (number + 1, last)
        out.append([content, last])
    return out


def of_stream(entries, stream):
    """The entries of one case, as its package holds them."""
    return copy.deepcopy([e for e in entries if e[0]["stream"] == stream])


def resealed(content):
    """A forged entry with a seal that fits."""
    return [content, seal(content)]


def relinked(entries, numbering=ENTRIES):
    """The whole chain numbered, linked and sealed anew: what a careful forger would leave."""
    out, last = [], GENESIS
    for i, (content, _) in enumerate(copy.deepcopy(entries), 1):
        content[numbering.number], content[numbering.previous] = i, last
        last = seal(content)
        out.append([content, last])
    return out
