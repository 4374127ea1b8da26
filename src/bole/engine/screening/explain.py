"""One person's answers: verdict, sentence with the numbers used, evidence, what is missing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from bole.engine.errors import BoleError, Problem
from bole.engine.expressions import tree, words
from bole.engine.facts.definitions import Bound
from bole.engine.facts.events import COLUMN_LABELS, TABLE_LABELS, Events, complete, only
from bole.engine.facts.plan import holds_back
from bole.engine.facts.rows import describe, place
from bole.engine.facts.views import base_tables
from bole.engine.screening import compiled
from bole.engine.screening.rules import CompiledRule, CompiledRules
from bole.engine.screening.screen import Population
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict

Rows = dict[str, list[dict[str, Any]]]  # of one person, by table
Hits = dict[str, list[tuple[str, int, bool | None]]]  # by fact: table, row, whether it counts
SHOWN_MISSING = 5


@dataclass(frozen=True)
class Evidence:
    """A row behind a number, and the document that it was taken from."""

    table: str
    row: int
    text: Text
    document: str | None


@dataclass(frozen=True)
class FactAnswer:
    """A fact of one person: its value, or the range that is possible (an open end is None)."""

    key: str
    label: Text
    value: Any
    low: Any
    high: Any
    shown: Text
    reference: str
    evidence: tuple[Evidence, ...]
    missing: tuple[Text, ...]


@dataclass(frozen=True)
class ConditionAnswer:
    """A single condition of a rule with the value used and the threshold."""

    verdict: Verdict
    sentence: Text
    facts: tuple[str, ...]


@dataclass(frozen=True)
class RuleAnswer:
    """A rule for one person. `applies` is False where the rule is not made for the person."""

    rule_id: str
    text: Text
    verdict: Verdict
    applies: bool | None
    strength: str
    reference: str
    verified: bool
    mechanisms: tuple[str, ...]
    sentence: Text
    conditions: tuple[ConditionAnswer, ...]
    facts: tuple[FactAnswer, ...]
    missing: tuple[Text, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON outputs carry it; a rule that is not made for the person is not_applicable."""
        return {
            "rule": self.rule_id,
            "text": self.text.as_dict(),
            "verdict": "not_applicable" if self.applies is False else self.verdict.value,
            "strength": self.strength,
            "reference": self.reference,
            "verified": self.verified,
            "mechanisms": list(self.mechanisms),
            "explanation": self.sentence.as_dict(),
            "conditions": [
                {"verdict": c.verdict.value, "text": c.sentence.as_dict(), "facts": list(c.facts)}
                for c in self.conditions
            ],
            "facts": [_fact_dict(f) for f in self.facts],
            "missing": [m.as_dict() for m in self.missing],
        }


@dataclass(frozen=True)
class PersonAnswer:
    """All rules for one person; `verdict` is that of the rules that block."""

    person: int
    name: str | None
    day: datetime.date
    verdict: Verdict
    rules: tuple[RuleAnswer, ...]

    @property
    def failing(self) -> tuple[str, ...]:
        """Ids of the rules that are not met, all of them."""
        return tuple(r.rule_id for r in self.rules if r.verdict is Verdict.NOT_MET)

    def as_dict(self) -> dict[str, Any]:
        """As JSON outputs carry it."""
        return {
            "person": self.person,
            "name": self.name,
            "as_of": self.day.isoformat(),
            "verdict": self.verdict.value,
            "rules": [r.as_dict() for r in self.rules],
        }


def _fact_dict(fact: FactAnswer) -> dict[str, Any]:
    return {
        "fact": fact.key,
        "label": fact.label.as_dict(),
        "value": _json(fact.value),
        "low": _json(fact.low),
        "high": _json(fact.high),
        "shown": fact.shown.as_dict(),
        "reference": fact.reference,
        "evidence": [
            {"table": e.table, "row": e.row, "text": e.text.as_dict(), "document": e.document}
            for e in fact.evidence
        ],
        "missing": [m.as_dict() for m in fact.missing],
    }


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


@dataclass
class _Case:
    """What is known about one person while the answers are put together."""

    day: datetime.date
    result: Mapping[str, Any]
    columns: Mapping[str, Any]
    rows: Rows
    holes: frozenset[str]
    hits: Hits
    facts: dict[str, FactAnswer] = field(default_factory=dict)


def explain(
    rules: CompiledRules,
    events: Mapping[str, pa.Table] | Population,
    as_of: datetime.date,
    people: Sequence[int] | None = None,
) -> list[PersonAnswer]:
    """The answers for these people (all of the events without `people`), in the order asked.

    Raises `BoleError` (PERSON_UNKNOWN) for an id that is not among the persons.
    """
    active = rules.in_force(as_of)
    needed = {t for b in active.facts for t in base_tables(b.fact.source.table)}
    needed |= {"persons", "unrecorded"}
    population: Population | None = None
    if isinstance(events, Population):
        population = events
        tables = population.tables(needed, people)
    else:
        tables = only(complete(events), people) if people is not None else complete(events)
    rows = _by_person({n: tables[n] for n in needed})
    if len(rows) <= compiled.A_FEW:
        found = _few(active, tables, as_of)
    else:
        # A whole population is judged in one pass; only the answers are put together here.
        population = population or Population(tables, complete_already=True)
        found = _many(active, population, as_of, people)
    wanted = list(found.results) if people is None else list(people)
    absent = [p for p in wanted if p not in found.results]
    if absent:
        raise BoleError(
            [
                Problem("PERSON_UNKNOWN", Text("没有这个人", "there is no such person"), str(p))
                for p in absent
            ]
        )
    out = []
    for person in wanted:
        mine = rows[person]
        case = _Case(
            as_of,
            found.results[person],
            found.columns,
            mine,
            frozenset(entry["table"] for entry in mine.get("unrecorded", ())),
            found.hits.get(person, {}),
        )
        answers = tuple(_rule(case, r) for r in active.rules)
        verdict = Verdict.of(case.result["verdict"])
        out.append(PersonAnswer(person, case.result["name"], as_of, verdict, answers))
    return out


@dataclass
class _Found:
    """By person: the row of answers, and for each fact the rows that it looked at."""

    columns: Mapping[str, Any]
    results: dict[int, Mapping[str, Any]]
    hits: dict[int, Hits] = field(default_factory=dict)

    def mark(self, rows: Sequence[Mapping[str, Any]], flags: Mapping[str, str]) -> None:
        for row in rows:
            mine = self.hits.setdefault(row["person"], {})
            for key, flag in flags.items():
                mine.setdefault(key, []).append((row["table"], row["row"], row[flag]))


def _few(rules: CompiledRules, tables: Events, day: datetime.date) -> _Found:
    few = compiled.few(rules)
    out = few.run(tables, day)
    found = _Found(few.columns, {r["person"]: r for r in out.pop(compiled.ANSWERS)})
    for name, marked in out.items():
        found.mark(marked, few.flags[name])
    return found


def _many(
    rules: CompiledRules,
    population: Population,
    day: datetime.date,
    people: Sequence[int] | None,
) -> _Found:
    statement = compiled.statement(rules, population.shape, conditions=True)
    answers = population.rows(_of(statement.sql, people), day)
    found = _Found(statement.columns, {r["person"]: r for r in answers})
    for evidence in compiled.evidence_statements(rules, population.shape):
        found.mark(population.rows(_of(evidence.sql, people), day), evidence.flags)
    return found


def _of(sql: str, people: Sequence[int] | None) -> str:
    if people is None:
        return sql
    ids = ", ".join(str(int(p)) for p in people) or "NULL"
    return f"SELECT * FROM ({sql}) WHERE person IN ({ids})"


def _by_person(tables: Events) -> dict[int, Rows]:
    out: dict[int, Rows] = {p: {} for p in tables["persons"].column("person").to_pylist()}
    for name, table in tables.items():
        for row in table.to_pylist():
            mine = out.get(row["person"])
            if mine is not None:  # a row of nobody has no answer that it could explain
                mine.setdefault(name, []).append(row)
    return out


def _rule(case: _Case, compiled_rule: CompiledRule) -> RuleAnswer:
    rule = compiled_rule.rule
    applies = case.result.get(compiled.applies_column(rule.id))
    verdict = Verdict.of(case.result[rule.id])
    facts = tuple(_fact(case, b) for b in compiled_rule.facts)
    known = {f.key: f.shown for f in facts}
    conditions = tuple(
        ConditionAnswer(
            Verdict.of(case.result[f"{rule.id}#{i}"]),
            words.condition(leaf, known, case.day),
            tuple(b.key for b in tree.facts(leaf)),
        )
        for i, leaf in enumerate(compiled.leaves(compiled_rule))
    )
    missing = [
        Text(f"参数{p}尚未确定", f"the parameter {p} is not set") for p in compiled_rule.open
    ]
    if rule.judged is not None:
        missing.append(Text("须由专人判断：", "a named person judges: ") + rule.judged)
    if verdict is Verdict.UNKNOWN:
        undecided = {key for c in conditions if c.verdict is Verdict.UNKNOWN for key in c.facts}
        missing += [m for f in facts if f.key in undecided for m in f.missing]
    missing = list(dict.fromkeys(missing))
    sentence = _sentence(rule.bar is not None, verdict, applies, conditions, missing)
    return RuleAnswer(
        rule.id,
        rule.text,
        verdict,
        None if compiled_rule.when is None else applies,
        rule.strength,
        rule.reference,
        rule.verified,
        rule.mechanisms,
        sentence,
        conditions,
        facts,
        tuple(missing),
    )


_SAID = {
    Verdict.MET: Text("符合", "met"),
    Verdict.NOT_MET: Text("不符合", "not met"),
    Verdict.UNKNOWN: Text("无法判断", "cannot be judged"),
}
_BAR_SAID = {
    Verdict.MET: Text("不存在该情形", "does not apply to the person"),
    Verdict.NOT_MET: Text("存在该情形", "bars the person"),
    Verdict.UNKNOWN: Text("无法判断", "cannot be judged"),
}
_MARK = {
    Verdict.MET: Text("是", "yes"),
    Verdict.NOT_MET: Text("否", "no"),
    Verdict.UNKNOWN: Text("待定", "open"),
}


def _sentence(
    bar: bool,
    verdict: Verdict,
    applies: bool | None,
    conditions: Sequence[ConditionAnswer],
    missing: Sequence[Text],
) -> Text:
    if applies is False:
        said = Text("本规则不适用", "the rule is not made for this person")
    else:
        said = (_BAR_SAID if bar else _SAID)[verdict]
    parts = [c.sentence + Text("（", " (") + _MARK[c.verdict] + Text("）", ")") for c in conditions]
    text = said
    if parts:
        text = text + Text("：", ": ") + join(parts)
    if missing:
        text = text + Text("；缺少：", "; missing: ") + join(list(missing), "、", ", ")
    return text + Text("。", ".")


def _fact(case: _Case, bound: Bound) -> FactAnswer:
    if bound.key in case.facts:
        return case.facts[bound.key]
    columns = case.columns[bound.key]
    low, high = _plain(case.result[columns.low]), _plain(case.result[columns.high])
    value = low if low is not None and low == high else None
    answer = FactAnswer(
        bound.key,
        bound.label,
        words.shown(bound.type, value).zh if value is not None and bound.type.scale else value,
        low,
        high,
        words.shown_range(bound.type, low, high),
        bound.fact.reference,
        _evidence(case, bound),
        () if value is not None else _missing(case, bound),
    )
    case.facts[bound.key] = answer
    return answer


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime.datetime) else value


def _evidence(case: _Case, bound: Bound) -> tuple[Evidence, ...]:
    if bound.fact.source.table == "persons":
        person = case.rows.get("persons", [{}])[0]
        parts = [
            COLUMN_LABELS.get(n, Text(n, n)) + Text(f"：{person.get(n)}", f": {person.get(n)}")
            for n in bound.fact.source.needs
            if person.get(n) is not None
        ]
        return (Evidence("persons", 1, join(parts), None),) if parts else ()
    out = []
    for table, number, hit in case.hits.get(bound.key, ()):
        row = _row(case, table, number) if hit else None
        if row is not None:
            out.append(Evidence(table, number, describe(table, row), row.get("document")))
    return tuple(sorted(out, key=lambda e: (e.table, e.row)))


def _row(case: _Case, table: str, number: int) -> dict[str, Any] | None:
    return next((r for r in case.rows.get(table, ()) if r.get("row") == number), None)


def _missing(case: _Case, bound: Bound) -> tuple[Text, ...]:
    """What would have to be filled in for the fact to be known."""
    source = bound.fact.source
    if source.table == "persons":
        person = case.rows.get("persons", [{}])[0]
        return tuple(
            COLUMN_LABELS.get(n, Text(n, n)) for n in source.needs if person.get(n) is None
        ) or (Text(f"{bound.label.zh}的准确日期", f"the exact date for {bound.label.en}"),)
    for table in holds_back(bound):
        if table in case.holes:
            label = TABLE_LABELS[table]
            return (Text(f"{label.zh}（未填写）", f"{label.en} (not recorded)"),)
    found = []
    for table, number, hit in case.hits.get(bound.key, ()):
        row = _row(case, table, number)
        if row is None or hit is False:
            continue
        empty = [n for n in source.needs if n in row and row[n] is None and n != "end"]
        if row.get("end_precision") == "unknown":
            empty.append("end")
        if not empty and hit is None:
            empty = [n for n in ("effect_until", "grade") if n in row and row[n] is None]
        if empty:
            found.append(place(table, number, tuple(empty)))
    years = _missing_years(case, bound) if source.table == "appraisals" else []
    if not found and not years:
        tables = [t for t in base_tables(source.table) if t in TABLE_LABELS]
        if not any(case.rows.get(t) for t in tables):
            label = TABLE_LABELS[tables[0]]
            return (Text(f"{label.zh}（没有记录）", f"{label.en} (nothing on file)"),)
        if not any(h for _, _, h in case.hits.get(bound.key, ())):
            return (Text(f"{bound.label.zh}（没有记录）", f"{bound.label.en} (nothing on file)"),)
        return (
            Text(f"{bound.label.zh}的准确日期或折算办法", "exact dates or a way to add up days"),
        )
    return tuple([*years, *found][:SHOWN_MISSING])


def _missing_years(case: _Case, bound: Bound) -> list[Text]:
    last = case.day.year - 1
    wanted = bound.args.get("year")
    if wanted is not None:
        years = [wanted if isinstance(wanted, int) else case.day.year - wanted.back]
    else:
        years = list(range(last - bound.args.get("last", 3) + 1, last + 1))
    person = case.rows.get("persons", [{}])[0]
    begun = person["work_start"].year if person.get("work_start") else 0
    graded = {r["year"] for r in case.rows.get("appraisals", ()) if r["grade"] is not None}
    return [
        Text(f"{y}年度考核结果", f"the annual appraisal of {y}")
        for y in years
        if y not in graded and (y > begun or wanted is not None)
    ]
