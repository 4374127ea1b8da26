"""Which of the documents' mechanisms run, and by what: generated, so that it cannot flatter.

A mechanism is carried by every pack that cites it (`sources`, or `mechanisms` anywhere inside),
unless the pack says in `partly` what is missing; and by the general parts of the engines that
`schemes/general-mechanisms.yaml` declares.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Model, Name
from bole.engine.schemes.load import directory, load_all
from bole.engine.schemes.models import Scheme
from bole.engine.schemes.source import read
from bole.engine.text import Text

State = Literal["carried", "partly", "prose", "not_yet"]
STATES: dict[State, Text] = {
    "carried": Text("已承载", "carried"),
    "partly": Text("部分承载", "partly"),
    "prose": Text("叙述性内容", "prose"),
    "not_yet": Text("尚未承载", "not yet"),
}
CODES: dict[str, Text] = {
    "A": Text("人才库", "people and pools"),
    "B": Text("发现推荐", "finding and recommendation"),
    "C": Text("动议与职数", "motion, vacancies, headcount"),
    "D": Text("民主推荐与测评", "democratic recommendation"),
    "E": Text("考察识别", "inspection"),
    "F": Text("审核把关", "vetting"),
    "G": Text("讨论决定", "deliberation"),
    "H": Text("公示任职与试用", "notice, appointment, probation"),
    "I": Text("竞争性选拔", "competition"),
    "J": Text("考核激励", "appraisal and incentives"),
    "K": Text("培养锻炼", "development"),
    "L": Text("研判匹配", "analysis and matching"),
    "M": Text("能上能下与关爱", "up-and-down, tolerance, care"),
    "N": Text("全程纪实与追责", "process record and accountability"),
    "O": Text("名额与结构", "quotas and structure"),
    "P": Text("全流程与其他", "whole workflows, other"),
}


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One mechanism of the documents; `distinct` 1 (general) to 3 (its own)."""

    id: str
    code: str
    place: str
    name: str
    distinct: int


class GeneralPart(Model):
    """What a part of the engines carries without a pack of its own."""

    part: str
    name: Name
    state: State
    missing: Name | None = None
    ids: list[str]

    def model_post_init(self, _: Any) -> None:
        if (self.state == "partly") != (self.missing is not None):
            raise ValueError("state: partly 须写 missing，其他不写 / partly needs missing")


class General(Model):
    """The file `schemes/general-mechanisms.yaml`."""

    parts: list[GeneralPart]


@dataclass(frozen=True, slots=True)
class Covered:
    """Where a mechanism stands: its state, what carries it, what is missing."""

    mechanism: Mechanism
    state: State
    by: tuple[str, ...]
    missing: tuple[Text, ...] = ()


def mechanisms(where: Path | None = None) -> list[Mechanism]:
    """Every mechanism of the list that ships with the packs."""
    lines = ((where or directory()) / "mechanisms.jsonl").read_text(encoding="utf-8").splitlines()
    return [Mechanism(**json.loads(line)) for line in lines if line.strip()]


def general(where: Path | None = None) -> list[GeneralPart]:
    """The engines' own declaration. Raises BoleError for a file that is not in shape."""
    path = (where or directory()) / "general-mechanisms.yaml"
    try:
        return General.model_validate(read(path)).parts
    except ValidationError as error:
        said = str(error)
        raise BoleError(Problem("GENERAL", Text(said, said), path.name)) from None


def cited(value: Any) -> Iterator[str]:
    """Every mechanism id below a value: what stands under `mechanisms` or `mechanism`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("mechanisms", "mechanism"):
                yield from (inner if isinstance(inner, (list, tuple)) else [str(inner)])
            else:
                yield from cited(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from cited(inner)


def citations(scheme: Scheme) -> set[str]:
    """Every mechanism that a pack names, what it inherits included."""
    named = set(cited(scheme.model_dump(mode="json")))
    return set(scheme.sources) | named | set(scheme.partly)


def coverage(
    schemes: Iterable[Scheme], parts: Iterable[GeneralPart], known: Iterable[Mechanism]
) -> list[Covered]:
    """The state of every mechanism, in the order of the list.

    Carried by one is carried; partly by several names what each lacks; prose only where nothing
    carries it.
    """
    found: dict[str, list[tuple[State, str, Text | None]]] = defaultdict(list)
    for scheme in schemes:
        for ident in citations(scheme):
            missing = scheme.partly.get(ident)
            found[ident].append(("partly" if missing else "carried", scheme.id, missing))
    for part in parts:
        for ident in part.ids:
            found[ident].append((part.state, part.part, part.missing))
    result = []
    for mechanism in known:
        here = found.get(mechanism.id, [])
        states = [s for s, _, _ in here]
        order: tuple[State, ...] = ("carried", "partly", "prose", "not_yet")
        state: State = next((s for s in order if s in states), "not_yet")
        mine = [(by, m) for s, by, m in here if s == state]
        result.append(
            Covered(
                mechanism,
                state,
                () if state == "not_yet" else tuple(sorted({by for by, _ in mine})),
                tuple(m for _, m in mine if m is not None),
            )
        )
    return result


def unknown_citations(
    schemes: Iterable[Scheme], parts: Iterable[GeneralPart], known: Iterable[Mechanism]
) -> dict[str, list[str]]:
    """Cited ids that the list does not have, by pack or part: a slip of the pen."""
    ids = {m.id for m in known}
    wrong: dict[str, list[str]] = {}
    for scheme in schemes:
        if bad := sorted(citations(scheme) - ids):
            wrong[scheme.id] = bad
    for part in parts:
        if bad := sorted(set(part.ids) - ids):
            wrong[part.part] = bad
    return wrong


def coverage_markdown(where: Path | None = None) -> str:
    """`docs/coverage.md`: a table by code, then every mechanism once."""
    schemes, _ = load_all(where)
    rows = coverage(schemes, general(where), mechanisms(where))
    lines = [
        "# 机制覆盖情况 / Mechanisms carried",
        "",
        "由 `bole scheme coverage --write docs/coverage.md` 生成，请勿手改。",
        "Generated by `bole scheme coverage --write docs/coverage.md`; do not edit.",
        "",
        "“已承载”指有办法或引擎部件按其运行；“部分承载”列明所缺；“尚未承载”即程序还不能做。",
        "Carried: a pack or a general part runs it. Partly: what is missing is named. "
        "Not yet: the program does not do it.",
        "",
        "| 类 code | 共 all | 已承载 carried | 部分 partly | 叙述 prose | 尚未 not yet |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    by_code: dict[str, list[Covered]] = defaultdict(list)
    for row in rows:
        by_code[row.mechanism.code].append(row)

    def counts(some: list[Covered]) -> str:
        cells = [str(sum(r.state == s for r in some)) for s in STATES]
        return f"{len(some)} | " + " | ".join(cells)

    for code in sorted(by_code):
        name = CODES.get(code, Text(code, code))
        lines.append(f"| {code} {name.zh} / {name.en} | {counts(by_code[code])} |")
    lines.append(f"| 合计 / total | {counts(rows)} |")
    for code in sorted(by_code):
        name = CODES.get(code, Text(code, code))
        lines += ["", f"## {code} {name.zh} / {name.en}", "", "| id | 地方 | 机制 | 状态 | 由 |"]
        lines.append("|---|---|---|---|---|")
        lines += [_row(row) for row in by_code[code]]
    return "\n".join(lines) + "\n"


def _row(row: Covered) -> str:
    m, state = row.mechanism, STATES[row.state]
    by = ", ".join(f"`{b}`" for b in row.by)
    if row.missing:
        by += "；缺：" + "；".join(dict.fromkeys(x.zh for x in row.missing))
    said = f"{state.zh} {state.en}"
    return f"| {m.id} | {m.place} | {m.name.replace('|', '/')} | {said} | {by} |"
