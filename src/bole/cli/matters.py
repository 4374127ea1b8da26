"""`bole matters`: kinds and judges, lists, opening a matter and doing its moves."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from bole.cli import OK, django
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

HELP = Text(
    "事项台账：种类、列表、新建、办理（list、kinds、judges、open、move）",
    "matters: kinds, lists, opening one, doing its moves (list, kinds, judges, open, move)",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """One of five verbs; values are JSON (`{"target": "副镇长"}`) or a file of it."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, help_ in (
        ("list", "列出事项 / list matters"),
        ("kinds", "列出种类 / list kinds"),
        ("judges", "列出核对 / list judges"),
        ("open", "新建 / open one"),
        ("move", "办理 / do a move"),
    ):
        verb = verbs.add_parser(name, help=help_)
        verb.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
        verb.add_argument("--user", default="", help="以哪个账号 / which account acts")
        if name in ("list", "kinds"):
            verb.add_argument("--area", default="")
            verb.add_argument("--kind", default="")
        if name == "open":
            verb.add_argument("kind")
            verb.add_argument("--scheme", default="", help="办法编号 / id of the scheme")
            verb.add_argument("--cadre", type=int, help="干部编号 / number of the cadre")
            verb.add_argument("--unit", default="", help="单位代码 / code of the unit")
            verb.add_argument("--case", default="", help="如 case:12 / such as case:12")
        if name == "move":
            verb.add_argument("matter", type=int)
            verb.add_argument("move")
            verb.add_argument("--reason", default="")
        if name in ("open", "move"):
            verb.add_argument("--values", default="{}", help="JSON 或 @文件 / JSON or @file")


def run(args: argparse.Namespace) -> int:
    """Do the verb; refusals are printed with every reason. Signed moves are done on the pages."""
    if args.verb == "judges":
        from bole.engine.matters import every_judge

        found = [
            {
                "name": j.name,
                "title": j.title.as_dict(),
                "section": j.section,
                "kind": j.item_kind,
                "fields": list(j.words),
            }
            for j in every_judge().values()
        ]
        return _print(
            args, found, lambda r: f"{r['name']}  {r['section']}/{r['kind']}  {r['fields']}"
        )
    django()
    return {"list": _list, "kinds": _kinds, "open": _open, "move": _move}[args.verb](args)


def _print(args: argparse.Namespace, found: Any, line: Any) -> int:
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=2, default=str))
    else:
        for row in found if isinstance(found, list) else [found]:
            print(line(row))
    return OK


def _line(row: dict[str, Any]) -> str:
    parts = [f"#{row['id']}", row["number"], row["title"], row["state"], row["due_on"] or ""]
    return "  ".join(str(p) for p in parts)


def _list(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from bole.cli.people import acting_user
    from bole.matters.data import as_data
    from bole.matters.queries import rows

    user, today = acting_user(args.user), timezone.localdate()
    found = (
        rows(user, today, area=args.area, kind=args.kind)
        .select_related("scheme")
        .defer("scheme__document")
    )
    return _print(args, [as_data(m, today) for m in found], _line)


def _kinds(args: argparse.Namespace) -> int:
    from bole.matters.data import kind_data
    from bole.matters.kinds import offered

    found = [kind_data(o) for o in offered(args.area) if args.kind in ("", o.code)]
    return _print(
        args,
        found,
        lambda r: f"{r['kind']}  {r['title'][args.lang]}  {r['scheme']}  {r['place']}",
    )


def _values(args: argparse.Namespace) -> dict[str, Any]:
    try:
        text = args.values
        if text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8")
        found = json.loads(text, parse_float=str)
        if isinstance(found, dict):
            return found
    except (OSError, ValueError):
        pass
    text_ = Text("--values 须为一个 JSON 对象", "--values must be one JSON object")
    raise BoleError(Problem("VALUES", text_, "--values"))


def _open(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from bole.cli.people import acting_user
    from bole.matters.actions import open_matter
    from bole.matters.data import as_data
    from bole.people.models import Cadre
    from bole.units.models import Unit

    cadre = Cadre.objects.filter(pk=args.cadre).first() if args.cadre else None
    unit = Unit.objects.filter(code=args.unit).first() if args.unit else None
    matter = open_matter(
        actor=acting_user(args.user),
        kind=args.kind,
        scheme=args.scheme,
        cadre=cadre,
        unit=unit,
        case_stream=args.case,
        values=_values(args),
    )
    return _print(args, as_data(matter, timezone.localdate()), _line)


def _move(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from bole.cli.people import acting_user
    from bole.matters.actions import do_move
    from bole.matters.data import as_data
    from bole.matters.queries import one

    found = one(args.matter)
    if found is None:
        text = Text("没有编号为{n}的事项", "there is no matter {n}").fill(n=args.matter)
        raise BoleError(Problem("MATTER_UNKNOWN", text))
    matter = do_move(
        actor=acting_user(args.user),
        matter=found,
        move=args.move,
        values=_values(args),
        reason=args.reason,
    )
    return _print(args, as_data(matter, timezone.localdate()), _line)
