"""The event tables: dated histories of people, from which every fact is derived.

A table is a `pyarrow.Table` with the columns of `TABLES`; `person` is an int64 id. A date known
only to the month is the first of that month with precision "month"; an end that is null is open;
an end with precision "unknown" has passed on a day that nobody recorded.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

Events = dict[str, pa.Table]

_COLUMNS: dict[str, str] = {
    "persons": "name sex birth:date birth_precision ethnicity native_place work_start:date "
    "work_start_precision party party_joined:date party_joined_precision identity health "
    "unit:int unit_kind",
    "posts": "row:int unit:int unit_name unit_kind title grade rank leading:bool head:bool "
    "team:bool acting:bool concurrent:bool grass_roots:bool front_line:bool start:date "
    "start_precision end:date end_precision document",
    "grades": "row:int grade start:date start_precision end:date end_precision document",
    "ranks": "row:int rank start:date start_precision end:date end_precision document",
    "education": "row:int level degree mode school major start:date end:date",
    "appraisals": "row:int year:int grade kind document",
    "awards": "row:int name level date:date document",
    "sanctions": "row:int kind category issuer date:date effect_from:date effect_until:date "
    "document status",
    "trainings": "row:int name start:date end:date days:number hours:number institution kind",
    "relations": "row:int kinship name birth:date politics employer title unit:int "
    "related_person:int abroad:bool",
    "secondments": "row:int kind unit:int unit_name unit_kind start:date start_precision "
    "end:date end_precision front_line:bool",
    "recommendations": "row:int meeting_date:date kind channel votes:int valid:int rank:int",
    "talks": "row:int date:date kind",
    "pools": "row:int pool tier entered:date left:date",
    "points": "row:int date:date points:number account reason",
    "titles": "row:int name level date:date",
    "checks": "row:int kind date:date result",
    # Histories that nobody has filled in for a person: an empty list says "none", this says
    # "not recorded", and a fact of that table is then unknown.
    "unrecorded": "table",
}
_ARROW = {
    "text": pa.string(),
    "int": pa.int64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "number": pa.float64(),
}


def _schema(columns: str) -> pa.Schema:
    fields = [pa.field("person", pa.int64(), nullable=False)]
    for column in columns.split():
        name, _, kind = column.partition(":")
        fields.append(pa.field(name, _ARROW[kind or "text"]))
    return pa.schema(fields)


TABLES: dict[str, pa.Schema] = {name: _schema(columns) for name, columns in _COLUMNS.items()}
IBIS_SCHEMAS: dict[str, ibis.Schema] = {
    name: ibis.Schema.from_pyarrow(schema) for name, schema in TABLES.items()
}

TABLE_LABELS: dict[str, Text] = {
    "persons": Text("基本信息", "basic information"),
    "posts": Text("任职经历", "posts"),
    "grades": Text("职务层次经历", "grades"),
    "ranks": Text("职级经历", "ranks"),
    "education": Text("学历学位", "education"),
    "appraisals": Text("考核", "appraisals"),
    "awards": Text("奖励", "awards"),
    "sanctions": Text("处分处理", "sanctions"),
    "trainings": Text("培训", "training"),
    "relations": Text("家庭成员及社会关系", "relations"),
    "secondments": Text("挂职锻炼", "secondments"),
    "recommendations": Text("民主推荐", "recommendations"),
    "talks": Text("谈话", "talks"),
    "pools": Text("人才库", "pools"),
    "points": Text("积分", "points"),
    "titles": Text("专业技术职务", "professional titles"),
    "checks": Text("审核", "checks"),
}

COLUMN_LABELS: dict[str, Text] = {
    "birth": Text("出生年月", "birth date"),
    "sex": Text("性别", "sex"),
    "ethnicity": Text("民族", "ethnicity"),
    "work_start": Text("参加工作时间", "start of work"),
    "party": Text("政治面貌", "political status"),
    "party_joined": Text("入党时间", "date of joining the Party"),
    "identity": Text("人员身份", "personnel identity"),
    "health": Text("健康状况", "health"),
    "unit": Text("单位", "unit"),
    "unit_kind": Text("单位类型", "kind of unit"),
    "grade": Text("等次或职务层次", "grade"),
    "rank": Text("职级", "rank"),
    "leading": Text("是否领导职务", "whether a leading post"),
    "head": Text("是否正职", "whether head"),
    "team": Text("是否班子成员", "whether in the leadership team"),
    "acting": Text("是否代理", "whether acting"),
    "concurrent": Text("是否兼任", "whether concurrent"),
    "grass_roots": Text("是否基层", "whether grass roots"),
    "front_line": Text("是否一线", "whether front line"),
    "start": Text("开始时间", "start date"),
    "end": Text("结束时间", "end date"),
    "level": Text("层次", "level"),
    "degree": Text("学位", "degree"),
    "mode": Text("学习形式", "mode of study"),
    "major": Text("专业", "major"),
    "year": Text("年度", "year"),
    "date": Text("日期", "date"),
    "meeting_date": Text("会议日期", "meeting date"),
    "effect_from": Text("影响期开始", "start of the effect period"),
    "effect_until": Text("影响期截止", "end of the effect period"),
    "status": Text("状态", "status"),
    "days": Text("天数", "days"),
    "hours": Text("学时", "hours"),
    "votes": Text("得票", "votes"),
    "valid": Text("有效票", "valid ballots"),
    "points": Text("分值", "points"),
    "abroad": Text("是否移居国（境）外", "whether settled abroad"),
    "kinship": Text("称谓", "kinship"),
    "entered": Text("入库时间", "date of entry"),
    "left": Text("出库时间", "date of leaving"),
    "kind": Text("种类", "kind"),
    "result": Text("结果", "result"),
}

# What a coded column may hold; a wrong word is refused, never carried along.
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("persons", "sex"): ("男", "女"),
    ("education", "mode"): ("full_time", "in_service"),
    ("appraisals", "kind"): ("annual", "term", "special"),
    ("sanctions", "category"): ("sanction", "treatment", "admonition", "accountability"),
    ("sanctions", "status"): ("reported", "confirmed", "lifted"),
}
_PRECISIONS = ("day", "month", "unknown")

# Spells whose end may not lie before their start.
_SPELLS = {
    "posts": ("start", "end"),
    "grades": ("start", "end"),
    "ranks": ("start", "end"),
    "education": ("start", "end"),
    "trainings": ("start", "end"),
    "secondments": ("start", "end"),
    "sanctions": ("effect_from", "effect_until"),
    "pools": ("entered", "left"),
}


_EMPTY = {name: schema.empty_table() for name, schema in TABLES.items()}


def empty(name: str) -> pa.Table:
    """An event table without rows."""
    return _EMPTY[name]


def complete(tables: Mapping[str, pa.Table]) -> Events:
    """All event tables in the stated column order and types.

    Absent tables come out empty and absent columns null (precision "day"); unknown tables or
    columns, and values that do not fit, raise `BoleError` naming table and column.
    """
    problems: list[Problem] = []
    out: Events = {}
    for name in tables:
        if name not in TABLES:
            problems.append(_problem("EVENTS_TABLE", name, "没有这个事件表", "is no event table"))
    for name, schema in TABLES.items():
        table = tables.get(name)
        if table is None:
            out[name] = empty(name)
            continue
        if table.schema.equals(schema):
            out[name] = table
            continue
        columns = []
        for field in schema:
            if field.name in table.column_names:
                try:
                    columns.append(table.column(field.name).cast(field.type))
                except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                    problems.append(
                        _problem(
                            "EVENTS_TYPE",
                            f"{name}.{field.name}",
                            f"应为{field.type}：{error}",
                            f"must be {field.type}: {error}",
                        )
                    )
            elif field.name == "person":
                problems.append(_problem("EVENTS_PERSON", name, "缺少person列", "lacks person"))
            else:
                columns.append(pa.nulls(table.num_rows, field.type))
        if not problems:
            out[name] = pa.table(columns, schema=schema)
    if problems:
        raise BoleError(problems)
    return out


def only(events: Mapping[str, pa.Table], people: Sequence[int]) -> Events:
    """The rows of these people alone."""
    wanted = pa.array(list(people), pa.int64())
    return {
        name: table.filter(pa.compute.is_in(table.column("person"), value_set=wanted))
        for name, table in events.items()
    }


def load_people(path: Path) -> tuple[Events, list[Any]]:
    """Read `people.json`; see `from_people`."""
    try:
        people = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BoleError(
            _problem("PEOPLE_FILE", str(path), f"读不了：{error}", str(error))
        ) from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise BoleError(
            _problem("PEOPLE_JSON", str(path), f"不是有效的JSON：{error}", f"is no JSON: {error}")
        ) from None
    return from_people(people)


def from_people(people: Any) -> tuple[Events, list[Any]]:
    """Event tables from a list of persons as JSON gives them, and the ids as they were given.

    A person has the fields of `persons` and, for each other table, a list of rows. A table that
    a person does not mention is noted in `unrecorded`; an empty list means "none". When the ids
    are not whole numbers, people are numbered 1, 2, 3 … in the order of the file. A month-only
    date may be written "2018-07". Raises `BoleError` with every wrong value and its place.
    """
    if isinstance(people, Mapping) and isinstance(people.get("people"), list):
        people = people["people"]
    if not isinstance(people, list) or not all(isinstance(p, Mapping) for p in people):
        raise BoleError(
            _problem("PEOPLE_SHAPE", "", "应是人员的列表", "a list of persons is expected")
        )
    given = [p.get("person", p.get("id", i)) for i, p in enumerate(people, 1)]
    whole = all(isinstance(g, int) and not isinstance(g, bool) and abs(g) < 2**63 for g in given)
    ids: list[int] = list(given) if whole else list(range(1, len(given) + 1))
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for i, g in enumerate(given):
        if str(g) in seen:
            problems.append(
                _problem(
                    "PERSON_TWICE",
                    f"[{i}].person",
                    f"编号{g}与第{seen[str(g)] + 1}人重复",
                    f"id {g} is already that of person {seen[str(g)] + 1}",
                )
            )
        seen[str(g)] = i
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for index, (number, person) in enumerate(zip(ids, people, strict=True)):
        who = f"[{index}]" + (f" {person['name']}" if isinstance(person.get("name"), str) else "")
        fields = {k: v for k, v in person.items() if k not in TABLES and k not in ("person", "id")}
        rows["persons"].append(_row("persons", fields, who, number, problems))
        _check_person(rows["persons"][-1], who, problems)
        for name in TABLES:
            if name in ("persons", "unrecorded"):
                continue
            entries = person.get(name)
            if entries is None:
                rows["unrecorded"].append({"person": number, "table": name})
                continue
            if not isinstance(entries, list):
                problems.append(
                    _problem("ROWS_SHAPE", f"{who}.{name}", "应是列表", "a list is expected")
                )
                continue
            for at, entry in enumerate(entries):
                where = f"{who}.{name}[{at}]"
                if not isinstance(entry, Mapping):
                    problems.append(
                        _problem("ROW_SHAPE", where, "应是一行字段", "fields are expected")
                    )
                    continue
                row = _row(name, dict(entry), where, number, problems)
                row["row"] = at + 1 if row.get("row") is None else row["row"]
                _check_spell(name, row, where, problems)
                rows[name].append(row)
    if problems:
        raise BoleError(problems)
    tables = {n: pa.Table.from_pylist(r, schema=TABLES[n]) for n, r in rows.items()}
    return tables, given


def _problem(code: str, where: str, zh: str, en: str) -> Problem:
    return Problem(code, Text(zh, en), where)


def _row(
    table: str, entry: dict[str, Any], where: str, person: int, problems: list[Problem]
) -> dict[str, Any]:
    schema = TABLES[table]
    row: dict[str, Any] = {"person": person}
    for key, value in entry.items():
        if key == "person":
            continue
        if key not in schema.names:
            known = "、".join(n for n in schema.names if n != "person")
            problems.append(
                _problem(
                    "FIELD_UNKNOWN",
                    f"{where}.{key}",
                    f"没有这个字段，可用：{known}",
                    f"is no field; known: {known.replace('、', ', ')}",
                )
            )
            continue
        if value is None:
            continue
        try:
            row[key] = _value(schema.field(key).type, value)
            if key.endswith("_precision") and value not in _PRECISIONS:
                raise ValueError(" | ".join(_PRECISIONS))
            if (table, key) in CHOICES and value not in CHOICES[table, key]:
                raise ValueError(" | ".join(CHOICES[table, key]))
        except (ValueError, OverflowError) as error:
            problems.append(
                _problem(
                    "VALUE",
                    f"{where}.{key}",
                    f"{value!r}不可用（{error}）",
                    f"{value!r} cannot be used ({error})",
                )
            )
            row.pop(key, None)
            continue
        precision = f"{key}_precision"
        if isinstance(value, str) and len(value) == 7 and precision in schema.names:
            row.setdefault(precision, "month")
    return row


def _value(kind: pa.DataType, value: Any) -> Any:
    if kind == pa.date32():
        if isinstance(value, datetime.date):
            return value
        if not isinstance(value, str):
            raise ValueError("YYYY-MM-DD")
        text = value + "-01" if len(value) == 7 else value
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise ValueError("YYYY-MM-DD") from None
    if kind == pa.bool_():
        if not isinstance(value, bool):
            raise ValueError("true | false")
        return value
    if kind == pa.int64():
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
            raise ValueError("1, 2, 3 …")
        return value
    if kind == pa.float64():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e12:
            raise ValueError("1, 2.5 …")
        return float(value)
    if not isinstance(value, str):
        raise ValueError("文字 / text")
    return value.strip() or None


def _check_person(row: dict[str, Any], where: str, problems: list[Problem]) -> None:
    birth, work = row.get("birth"), row.get("work_start")
    if birth and work and work < birth:
        problems.append(
            _problem(
                "WORK_BEFORE_BIRTH",
                f"{where}.work_start",
                f"参加工作时间{work}早于出生时间{birth}",
                f"start of work {work} lies before the birth date {birth}",
            )
        )


def _check_spell(table: str, row: dict[str, Any], where: str, problems: list[Problem]) -> None:
    first, last = _SPELLS.get(table, ("", ""))
    start, end = row.get(first), row.get(last)
    if start and end and end < start and row.get("end_precision") != "unknown":
        same_month = (start.year, start.month) == (end.year, end.month)
        if same_month and row.get(f"{last}_precision") == "month":
            return
        problems.append(
            _problem(
                "END_BEFORE_START",
                f"{where}.{last}",
                f"结束{end}早于开始{start}",
                f"end {end} lies before start {start}",
            )
        )
