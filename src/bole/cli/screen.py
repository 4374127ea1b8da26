"""`bole screen`: judge people by the rules of a scheme, each answer explained."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bole.cli import OK, USAGE, django
from bole.engine.errors import BoleError, Problem
from bole.engine.facts.events import Events, load_people
from bole.engine.screening import (
    CompiledRules,
    Population,
    Rule,
    Screening,
    compile_rules,
    explain,
    screen,
)
from bole.engine.screening.compiled import A_FEW
from bole.engine.text import Text

HELP = Text(
    "按办法的规则审查人员，逐人逐条说明理由、缺项和依据",
    "judge people by the rules of a scheme, with reasons, gaps and evidence for each",
)
NOTE = Text(
    "供决策机构参考，本程序不作任何决定", "reference for the decision body; nothing is decided here"
)
LARGEST = 5_000_000  # bytes of a rule file


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--scheme", required=True, metavar="NAME|FILE", help="办法 / scheme")
    parser.add_argument(
        "--as-of", required=True, type=_day, metavar="YYYY-MM-DD", help="截止日期 / as of"
    )
    people = parser.add_mutually_exclusive_group(required=True)
    people.add_argument("--people", type=Path, metavar="FILE.json", help="人员文件 / people file")
    people.add_argument("--all", action="store_true", help="数据库中全部人员 / all in the database")
    parser.add_argument(
        "--rules", metavar="ID,…", help="只用这些规则或规则组 / only these rules or rule sets"
    )
    parser.add_argument(
        "--param", action="append", default=[], metavar="K=V", help="参数值 / value of a parameter"
    )
    parser.add_argument("--json", action="store_true", help="输出JSON / print JSON")


def run(args: argparse.Namespace) -> int:
    """Judge and print. A file that cannot be read is a bad call; what people lack is not."""
    try:
        given = dict(_parameter(p) for p in args.param)
        compiled, name = rules_of(args.scheme, given, args.rules)
        if args.people is not None:
            events, ids = load_people(args.people)
        else:
            events, ids = _database(), None
    except BoleError as error:
        print(error.say(args.lang), file=sys.stderr)
        return USAGE
    # A few people are judged at once; a whole roster is worth planning, which is done once.
    whole = events["persons"].num_rows > A_FEW
    population = Population(events, complete_already=True) if whole else events
    screening = screen(compiled, population, args.as_of, facts=False)
    answers = explain(compiled, population, args.as_of)
    if ids is None:
        shown: dict[int, Any] = {a.person: a.person for a in answers}
    else:
        shown = dict(zip(events["persons"].column("person").to_pylist(), ids, strict=True))
    if args.json:
        document = {
            "scheme": name,
            "as_of": args.as_of.isoformat(),
            "parameters": {k: _plain(v) for k, v in compiled.parameters.items()},
            "note": NOTE.as_dict(),
            "rules": _counts(screening),
            "one_rule_only": {k: [shown[p] for p in v] for k, v in screening.one_rule_only.items()},
            "people": [{**a.as_dict(), "person": shown[a.person]} for a in answers],
        }
        json.dump(document, sys.stdout, ensure_ascii=False, indent=1, default=_plain)
        print()
        return OK
    for answer in answers:
        said = _verdict(answer.verdict.value, args.lang)
        print(f"{shown[answer.person]} {answer.name or ''} {said}")
        for rule in answer.rules:
            print(
                f"  {rule.rule_id} {rule.text.say(args.lang)}\n    {rule.sentence.say(args.lang)}"
            )
    print(NOTE.say(args.lang), file=sys.stderr)
    return OK


def rules_of(
    scheme: str, given: Mapping[str, Any], chosen: str | None = None
) -> tuple[CompiledRules, str]:
    """The rules of a scheme by name or file, with parameters put in, and the scheme's name.

    `chosen` names rule ids or rule sets, separated by commas. Raises `BoleError`.
    """
    plain = _plain_file(Path(scheme))
    sets: dict[str, list[str]] = {}
    if plain is not None:
        entries = plain.get("rules")
        if not isinstance(entries, list) or not all(isinstance(r, dict) for r in entries):
            raise BoleError(
                Problem("RULES", Text("rules 应是规则的列表", "rules must be a list"), scheme)
            )
        rules = [Rule.from_mapping(r) for r in entries]
        parameters = {
            k: v.get("default") if isinstance(v, dict) else v
            for k, v in (plain.get("parameters") or {}).items()
        }
        parameters.update(given)
        name = str(plain.get("id") or Path(scheme).name)
    else:
        from bole.engine.schemes import load

        loaded = load(scheme)
        sets = {k: [r.id for r in s.rules] for k, s in loaded.rules.items()}
        by_id = {r.id: r for r in loaded.all_rules}
        rules = [Rule.from_mapping(r.model_dump()) for r in by_id.values()]
        own = {k: v for k, v in given.items() if k in loaded.parameters}
        # Conventions such as month_dates may be set although the scheme does not list them.
        parameters = {**loaded.values(own), **{k: v for k, v in given.items() if k not in own}}
        name = loaded.id
    compiled = compile_rules(rules, parameters)
    if chosen:
        wanted = [w for w in (part.strip() for part in chosen.split(",")) if w]
        compiled = compiled.only([i for w in wanted for i in sets.get(w, [w])])
    return compiled, name


def _plain_file(path: Path) -> dict[str, Any] | None:
    """A file with `rules:` as a list and no scheme around it; None for a scheme or a name."""
    if path.suffix.lower() not in (".yaml", ".yml", ".json") or not path.is_file():
        return None
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"> {LARGEST}")
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        text = Text(f"读不了：{error}", f"cannot be read: {error}")
        raise BoleError(Problem("RULE_FILE", text, str(path))) from None
    return data if isinstance(data, dict) and "place" not in data else None


def _database() -> Events:
    django()
    from bole.people.queries.events import events

    return events()


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}：应为 / must be YYYY-MM-DD") from None


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise BoleError(
            Problem("PARAM", Text("参数写作 名称=值", "write a parameter as name=value"), text)
        )
    try:
        read = yaml.safe_load(value)
    except yaml.YAMLError:
        read = value
    return name, read if isinstance(read, (str, int, float, bool, list, datetime.date)) else value


def _counts(screening: Screening) -> list[dict[str, Any]]:
    by_id = {r.rule.id: r.rule for r in screening.rules.rules}
    return [
        {
            "id": c.rule_id,
            "text": by_id[c.rule_id].text.as_dict(),
            "strength": by_id[c.rule_id].strength,
            "reference": by_id[c.rule_id].reference,
            "met": c.met,
            "not_met": c.not_met,
            "unknown": c.unknown,
            "not_applicable": c.not_applicable,
            "remaining": c.remaining,
        }
        for c in screening.funnel
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return str(value)


def _verdict(value: str, language: str) -> str:
    said = {
        "met": Text("符合", "met"),
        "not_met": Text("不符合", "not met"),
        "unknown": Text("无法判断", "cannot be judged"),
    }
    return said[value].say(language)
