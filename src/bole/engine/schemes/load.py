"""Finds, reads, resolves and checks packs."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.check import validate
from bole.engine.schemes.alike import alike
from bole.engine.schemes.faults import problems_of
from bole.engine.schemes.inherit import extend
from bole.engine.schemes.models import Parameter, Scheme
from bole.engine.schemes.sections import section_problems
from bole.engine.schemes.source import Map, Seq, place, read
from bole.engine.text import Text

MOST_ANCESTORS = 8
MOST_OTHERS = 64  # packs that others are like, kept as they were read


def directory() -> Path:
    """Where the packs of this installation lie: BOLE_SCHEMES, else `schemes/` of the project."""
    given = os.environ.get("BOLE_SCHEMES")
    return Path(given) if given else Path(__file__).resolve().parents[4] / "schemes"


def files(where: Path | None = None) -> list[Path]:
    """Every pack file below the directory, sorted; cases files are no packs."""
    where = where or directory()
    return sorted(
        Path(folder, name)
        for folder, _folders, names in os.walk(where)
        if Path(folder) != where
        for name in names
        if name.endswith(".yaml") and not name.endswith(".cases.yaml") and not name.startswith("_")
    )


def find(name: str, where: Path | None = None) -> Path:
    """The file of the pack that says `id: <name>`, else the file of that name.

    Of several versions of one id the last file by name. Raises BoleError when there is none.
    """
    candidates = files(where)
    said = _ids(tuple((path, path.stat().st_mtime_ns) for path in candidates))
    for found in (
        [p for p in candidates if said[p] == name],
        [p for p in candidates if p.stem == name],
    ):
        if found:
            return found[-1]
    names = [*filter(None, said.values()), *(p.stem for p in candidates)]
    near = difflib.get_close_matches(name, names, n=1)
    hint = Text(f"，是否为“{near[0]}”？", f"; is “{near[0]}” meant?") if near else Text("", "")
    text = Text("没有名为“{n}”的办法", "There is no scheme “{n}”").fill(n=name) + hint
    raise BoleError(Problem("SCHEME_UNKNOWN", text))


ID_LINE = re.compile(r"^id:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)

LIKE = re.compile(r"\blike:[ \t]*[\"']?([^\s\"'/#,}]+)/")

EXTENDS_LINE = re.compile(ID_LINE.pattern.replace("id:", "extends:", 1), re.MULTILINE)


@lru_cache(maxsize=8)
def _ids(stamped: tuple[tuple[Path, int], ...]) -> dict[Path, str | None]:
    """The id of each file, read again when one of them has changed."""
    return {path: _id_of(path) for path, _changed in stamped}


def _id_of(path: Path) -> str | None:
    """The id that a pack gives itself, without reading the whole of it."""
    with path.open(encoding="utf-8", errors="replace") as file:
        found = ID_LINE.search(file.read(4000))
    return found.group(1) if found else None


def load(
    name_or_path: str | Path, where: Path | None = None, *, expressions: bool = False
) -> Scheme:
    """The scheme, resolved and checked. Raises BoleError with every problem by line.

    `expressions`: check the rules against the fact catalogue, too, as before a pack is installed;
    a page that only reads a pack need not load the catalogue.
    """
    text = str(name_or_path)
    is_path = isinstance(name_or_path, Path) or text.endswith((".yaml", ".yml")) or os.sep in text
    path = (Path(text) if is_path else find(text, where)).resolve()
    if not path.is_file():
        said = Text("没有文件“{p}”", "There is no file “{p}”").fill(p=text)
        raise BoleError(Problem("FILE", said))
    where = where or _directory_of(path)
    return _load(path, where, _stamp(path, where), expressions)


def _stamp(path: Path, where: Path) -> tuple[tuple[str, int], ...]:
    """When the file and those that it rests on were changed: the key of what was made of them."""
    return tuple((str(p), p.stat().st_mtime_ns) for p in _chain(path, where))


def _directory_of(path: Path) -> Path:
    """The schemes directory that holds the pack, else that of the installation."""
    for parent in path.parents:
        if parent.name == "schemes":
            return parent
    return directory()


def _chain(path: Path, where: Path) -> Iterator[Path]:
    """The file and the files that it extends, as far as they can be found."""
    for _ in range(MOST_ANCESTORS):
        yield path
        text = path.read_text(encoding="utf-8", errors="replace")
        for name in sorted(set(LIKE.findall(text))):
            with suppress(BoleError):  # said when the pack is read
                yield find(name, where)
        parent = EXTENDS_LINE.search(text)
        if parent is None:
            return
        try:
            path = find(parent.group(1), where)
        except BoleError:
            return


@lru_cache(maxsize=1024)
def _load(path: Path, where: Path, stamp: tuple[tuple[str, int], ...], expressions: bool) -> Scheme:
    return build(resolved(path, where), expressions=expressions)


def resolved(path: Path, where: Path, seen: tuple[str, ...] = ()) -> Map:
    """The pack's data with everything that it extends, or that its matters are like, put in."""
    data = alike(read(path), lambda name: _other(name, where, seen))
    parent = data.get("extends")
    if parent is None:
        return data
    if parent in seen or parent == data.get("id") or len(seen) >= MOST_ANCESTORS:
        text = Text("办法互相继承：{s}", "Schemes extend each other: {s}")
        chain = " → ".join([*seen, str(data.get("id")), str(parent)])
        raise BoleError(Problem("EXTENDS", text.fill(s=chain), place(data, ("extends",))))
    try:
        file = find(str(parent), where)
    except BoleError as error:
        problem = error.problems[0]
        raise BoleError(Problem(problem.code, problem.text, place(data, ("extends",)))) from None
    return extend(resolved(file, where, (*seen, str(data.get("id")))), data)


def _other(name: str, where: Path, seen: tuple[str, ...]) -> Map:
    """The pack that a kind of matter is like. Raises BoleError for a circle or no such pack."""
    if len(seen) >= MOST_ANCESTORS:
        text = Text("办法互相引用：{s}", "Schemes refer to each other: {s}")
        raise BoleError(Problem("LIKE", text.fill(s=" → ".join((*seen, name)))))
    path = find(name, where)
    key = (where, _stamp(path, where))
    if key not in _others:  # a circle is never kept: it raises
        if len(_others) > MOST_OTHERS:
            _others.clear()
        _others[key] = resolved(path, where, (*seen, name))
    return _others[key]


_others: dict[tuple[Path, tuple[tuple[str, int], ...]], Map] = {}  # read only: `alike` copies


def build(data: Map, *, expressions: bool = False) -> Scheme:
    """A scheme from resolved data; see `load`. Raises BoleError with every problem by line."""
    _share_papers(data)
    try:
        scheme = Scheme.model_validate(data)
    except ValidationError as error:
        raise BoleError(problems_of(error, data)) from None
    problems = [*_sound(scheme, data), *section_problems(scheme, data)]
    if expressions:
        problems += _expressions(scheme, data)
    if problems:
        raise BoleError(problems)
    return scheme


def _share_papers(data: Map) -> None:
    """Papers of the scheme are known to its procedure without being written twice."""
    papers, procedure = data.get("papers"), data.get("procedure")
    if not isinstance(papers, Seq) or not isinstance(procedure, Map):
        return
    if "papers" not in procedure:
        empty = Seq()
        empty.mark, empty.marks = papers.mark, []
        procedure["papers"], procedure.marks["papers"] = empty, papers.mark
    own = procedure["papers"]
    if not isinstance(own, Seq):
        return
    known = {p.get("id") for p in own if isinstance(p, Map)}
    used = {
        i
        for link in procedure.get("links") or []
        if isinstance(link, Map)
        for step in link.get("steps") or []
        if isinstance(step, Map)
        for i in [*(step.get("papers") or []), *(step.get("optional_papers") or [])]
    }
    for n, paper in enumerate(papers):
        if isinstance(paper, Map) and paper.get("id") in used - known:
            own.append(paper)
            own.marks.append(papers.marks[n])


def _sound(scheme: Scheme, data: Map) -> Iterator[Problem]:
    """Faults that only the whole shows: rule ids twice, dates, the procedure."""
    if (
        scheme.effective_from
        and scheme.effective_until
        and (scheme.effective_until < scheme.effective_from)
    ):
        text = Text("失效日早于生效日", "It ends before it takes effect")
        yield Problem("DATES", text, place(data, ("effective_until",)))
    seen: dict[str, str] = {}
    for name, rules in scheme.rules.items():
        for n, rule in enumerate(rules.rules):
            if rule.id in seen:
                text = Text("规则编号“{id}”重复", "The rule id “{id}” stands twice")
                yield Problem(
                    "ID_TWICE",
                    text.fill(id=rule.id),
                    place(data, ("rules", name, "rules", n, "id")),
                )
            seen[rule.id] = name
    if scheme.procedure is not None:
        for finding in validate(
            scheme.procedure, scheme.rules, scheme.parameters, scheme.instruments
        ):
            yield Problem(finding.code, finding.text, place(data, ("procedure", *finding.path)))


def _expressions(scheme: Scheme, data: Map) -> Iterator[Problem]:
    """Faults of the rules' expressions. Values that are still open stand in by their type."""
    if not scheme.rules:
        return
    from bole.engine.expressions import check  # the fact catalogue is heavy: only where needed

    values = {n: _stand_in(p) for n, p in scheme.parameters.items()}
    for name, rules in scheme.rules.items():
        for n, rule in enumerate(rules.rules):
            for key in ("require", "bar", "when"):
                if (text := getattr(rule, key)) is None:
                    continue
                try:
                    check(text, values)
                except BoleError as error:
                    where = place(data, ("rules", name, "rules", n, key))
                    for problem in error.problems:
                        yield Problem(problem.code, problem.text, where)


def _stand_in(parameter: Parameter) -> Any:
    """The parameter's value, or one of its type while it is open."""
    if parameter.default is not None:
        return parameter.read(parameter.default)
    if parameter.choices:
        return next(iter(parameter.choices))
    simple: dict[str, Any] = {"date": date(2000, 1, 1), "text": "", "bool": False, "list": ["-"]}
    return simple.get(parameter.type, 1)


# -- many packs ----------------------------------------------------------------------------------


def load_all(
    where: Path | None = None, *, expressions: bool = False
) -> tuple[list[Scheme], dict[str, list[Problem]]]:
    """Every pack below the directory, sorted by place and id, and the problems by file."""
    where = where or directory()
    schemes, problems = [], {}
    for path in files(where):
        try:
            schemes.append(load(path, where, expressions=expressions))
        except BoleError as error:
            problems[str(path.relative_to(where))] = list(error.problems)
    schemes.sort(key=lambda s: (s.place, s.id, s.version))
    return schemes, problems


def in_force(schemes: Iterable[Scheme], place: str, day: date) -> list[Scheme]:
    """The schemes of a place in force on a day; of several versions of one id the latest begun."""
    latest: dict[str, Scheme] = {}
    for scheme in schemes:
        if scheme.place != place or not scheme.in_force(day):
            continue
        other = latest.get(scheme.id)
        if other is None or (scheme.effective_from or date.min) >= (
            other.effective_from or date.min
        ):
            latest[scheme.id] = scheme
    return sorted(latest.values(), key=lambda s: s.id)
