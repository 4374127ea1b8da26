"""Where to draw each step: links across, steps down; parallel steps side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bole.engine.procedures.models import Procedure
from bole.engine.text import Text


@dataclass(frozen=True, slots=True)
class Node:
    """A step on a grid: `column` counts lanes from 0 across all links, `row` from 0 downwards."""

    id: str
    link: str
    name: Text
    column: int
    row: int
    key_node: bool
    branch: bool  # stands only in some kinds of case


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow: the order of steps, or a declared return."""

    source: str
    target: str
    kind: Literal["next", "return"]


@dataclass(frozen=True, slots=True)
class Lane:
    """The columns of a link: the first and how many."""

    link: str
    name: Text
    column: int
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The picture of a procedure as a grid."""

    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    columns: int
    rows: int


def layout(procedure: Procedure) -> Layout:
    """Grid places of every step and the arrows between them; same input, same picture."""
    lanes, nodes, column = [], [], 0
    for link in procedure.links:
        width, row, index, block = 1, -1, 0, None
        for step in link.steps:
            if step.parallel is not None and step.parallel == block:
                index += 1
            else:
                row, index, block = row + 1, 0, step.parallel
            width = max(width, index + 1)
            nodes.append(
                Node(
                    step.id,
                    link.id,
                    step.name,
                    column + index,
                    row,
                    step.key_node,
                    step.when is not None,
                )
            )
        lanes.append(Lane(link.id, link.name, column, width))
        column += width
    edges = [
        Edge(source, ident, "next") for ident, waits in procedure.before.items() for source in waits
    ] + [
        Edge(ident, back.to, "return")
        for ident, step in procedure.steps.items()
        for back in step.returns
    ]
    return Layout(tuple(lanes), tuple(nodes), tuple(edges), column, max(n.row for n in nodes) + 1)
