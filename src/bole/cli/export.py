"""`bole export`: appointment forms (.lrmx, .docx, .pdf) and rosters (.xlsx)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from bole.cli import OK, USAGE, django
from bole.engine.text import Text

HELP = Text("导出任免审批表或名册", "Export appointment forms or a roster")
KINDS = ("lrmx", "roster", "form-docx", "form-pdf")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument(
        "cadres", nargs="*", metavar="ID|NAME", help="编号或姓名（默认：全部）/ ids or names"
    )
    parser.add_argument("--unit", default="", help="单位及下级 / a unit (name) and those below it")
    parser.add_argument(
        "--columns", default="", help="名册的列，逗号分隔 / columns of the roster, by commas"
    )
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--user", default="", help="以哪个账号办理 / the acting account")


def run(args: argparse.Namespace) -> int:
    """0 written; 1 refused; 2 misuse (nobody found, unknown columns)."""
    django()
    from bole.cli.people import acting_user
    from bole.people import permissions

    actor = acting_user(args.user)
    reach = permissions.readable(actor, permissions.WRITERS).filter(status="in_service")
    if args.unit:
        from bole.units.models import Unit

        unit = Unit.objects.filter(name=args.unit).first()
        reach = reach.filter(unit__path__startswith=unit.path) if unit else reach.none()
    ids = _chosen(args.cadres, reach)
    if not ids:
        text = Text("没有符合条件的干部", "no cadre fits")
        print(text.say(args.lang), file=sys.stderr)
        return USAGE
    if args.kind == "roster":
        content = _roster(args, reach, ids, actor)
        if content is None:
            return USAGE
    else:
        from bole.people.actions.exports import export_forms

        content = export_forms(actor=actor, kind=args.kind, ids=ids, reason="bole export").content
    args.output.write_bytes(content)
    text = Text("已导出{count}人：{path}", "{count} cadres exported: {path}")
    print(text.fill(count=len(ids), path=args.output).say(args.lang), file=sys.stderr)
    return OK


def _chosen(wanted: list[str], reach: Any) -> list[int]:
    if not wanted:
        return list(reach.order_by("pk").values_list("pk", flat=True))
    ids = [int(w) for w in wanted if w.isdigit()]
    names = [w for w in wanted if not w.isdigit()]
    from django.db.models import Q

    return list(
        reach.filter(Q(pk__in=ids) | Q(name__in=names)).order_by("pk").values_list("pk", flat=True)
    )


def _roster(args: argparse.Namespace, reach: Any, ids: list[int], actor: Any) -> bytes | None:
    from django.utils import timezone, translation

    from bole.documents.tables import table_to_xlsx
    from bole.people.actions.exports import record_roster
    from bole.people.roster import roster_columns

    with translation.override("en" if args.lang == "en" else "zh-hans"):
        columns = roster_columns(timezone.localdate())
        known = {c.key: c for c in columns}
        keys = [k for k in args.columns.split(",") if k] or [c.key for c in columns]
        unknown = [k for k in keys if k not in known]
        if unknown:
            text = Text(
                "没有这些列：{names}；可用：{known}", "no such columns: {names}; known: {known}"
            )
            said = text.fill(names="、".join(unknown), known="、".join(known)).say(args.lang)
            print(said, file=sys.stderr)
            return None
        chosen = [known[k] for k in keys]
        rows = reach.filter(pk__in=ids).select_related("unit").order_by("unit__path", "pk")
        record_roster(actor=actor, columns=keys, count=len(ids))
        title = Text("干部名册", "Roster of cadres").say(args.lang)
        note = Text("截至{day}", "As of {day}").fill(day=timezone.localdate()).say(args.lang)
        return table_to_xlsx(
            title,
            [str(c.label) for c in chosen],
            [[c.value(r) for c in chosen] for r in rows],
            [note],
        )
