"""The coverage table is honest: every mechanism once, nothing cited that does not exist."""

from __future__ import annotations

from collections import Counter

from bole.engine.schemes import load_all
from bole.engine.schemes.coverage import (
    GeneralPart,
    Mechanism,
    coverage,
    coverage_markdown,
    general,
    mechanisms,
    unknown_citations,
)
from bole.engine.schemes.models import Scheme
from bole.engine.text import Text

ONE = Mechanism("1.1", "N", "某县", "甲", 3)
TWO = Mechanism("1.2", "N", "某县", "乙", 2)


def scheme(**fields: object) -> Scheme:
    return Scheme.model_validate({"id": "x", "name": "试", "place": "县", **fields})


def part(state: str, **fields: object) -> GeneralPart:
    return GeneralPart.model_validate(
        {"part": "engine/x", "name": "部件", "state": state, "ids": ["1.1"], **fields}
    )


def test_every_mechanism_stands_once_and_every_citation_exists():
    schemes, problems = load_all()
    assert problems == {}
    known = mechanisms()
    rows = coverage(schemes, general(), known)
    assert [r.mechanism.id for r in rows] == [m.id for m in known]
    assert len(known) == len({m.id for m in known}) == 2546
    assert unknown_citations(schemes, general(), known) == {}
    declared = Counter(i for p in general() for i in p.ids)
    assert max(declared.values()) == 1
    for row in rows:
        if row.mechanism.code in "ABCDFGHNO":
            assert row.mechanism.id in declared, row.mechanism
        assert (row.state == "partly") == bool(row.missing)


def test_carried_by_one_is_carried_and_partly_names_what_lacks():
    lacking = scheme(sources=["1.1"], partly={"1.1": "缺表"})
    citing = scheme(
        id="y", rules={"set": [{"id": "R", "text": "甲", "bar": "x()", "mechanisms": ["1.1"]}]}
    )
    general_part = part("partly", missing="缺页面")

    def state(*schemes: Scheme, parts: list[GeneralPart]) -> tuple[str, tuple[str, ...]]:
        row = coverage(schemes, parts, [ONE])[0]
        return row.state, tuple(t.zh for t in row.missing)

    assert state(lacking, parts=[]) == ("partly", ("缺表",))
    assert state(lacking, citing, parts=[]) == ("carried", ())
    assert state(parts=[general_part]) == ("partly", ("缺页面",))
    assert state(parts=[part("prose")]) == ("prose", ())
    assert state(parts=[]) == ("not_yet", ())
    assert unknown_citations([scheme(sources=["9.9"])], [], [ONE]) == {"x": ["9.9"]}
    row = coverage([scheme(sources=["1.2"])], [], [TWO])[0]
    assert row.by == ("x",) and Text("a", "a") not in row.missing


def test_the_table_names_each_code():
    text = coverage_markdown()
    assert "| N 全程纪实与追责" in text and "| 057.1 | 东明县 |" in text
