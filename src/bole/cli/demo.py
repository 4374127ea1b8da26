"""`bole demo`: the invented county 安澜县, for a first look and for tests."""

from __future__ import annotations

import argparse
import datetime

from bole.cli import OK, PROBLEMS, django
from bole.engine.text import Text

HELP = Text("载入示范县（安澜县）", "Load the demo county (Anlan)")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--if-empty", action="store_true", help="库中已有数据则不动 / leave a filled database alone"
    )
    parser.add_argument(
        "--accounts",
        action="store_true",
        help="列出示范账号（与 --if-empty 同用时在载入之后） / print the accounts, after loading "
        "if --if-empty is given too",
    )
    parser.add_argument("--address", default="", help="随账号列出的网址 / address to print")
    parser.add_argument("--cadres", type=int, default=1200, help="干部人数 / number of cadres")
    parser.add_argument(
        "--no-cases", action="store_true", help="不建示范任用事项 / without the demo cases"
    )
    parser.add_argument(
        "--only-cases",
        action="store_true",
        help="示范县已载入而尚无任用事项时补建 / the demo cases of a county that has none yet",
    )


def run(args: argparse.Namespace) -> int:
    django()
    from django.utils import timezone

    if args.only_cases:
        return _cases(timezone.localdate())
    only_show = args.accounts and not args.if_empty
    code = OK if only_show else _load(args, timezone.localdate())
    if args.accounts:
        show_accounts(args.address)
    return code


def _load(args: argparse.Namespace, today: datetime.date) -> int:
    from bole.demo import county

    if not county.is_empty():
        if args.if_empty:
            return OK
        print("库中已有数据，未载入示范县。 / The database is not empty: nothing was loaded.")
        return PROBLEMS
    print(f"载入安澜县（{args.cadres}名干部）… / Loading Anlan County …", flush=True)
    county.load(today=today, cadres=args.cadres)
    if not args.no_cases:
        from bole.demo import ballots, cases, matters

        cases.load(today=today)
        ballots.load(today=today)
        matters.load(today=today)
    return OK


def _cases(today: datetime.date) -> int:
    from bole.demo import cases, county
    from bole.selection.models import Case

    if not county.by_role() or Case.objects.exists():
        return OK
    print("示范事项正在后台办理，约一分钟后齐备。 / The demo cases are on their way.", flush=True)
    cases.load(today=today)
    print("示范事项已齐备。 / The demo cases are there.", flush=True)
    return OK


def show_accounts(address: str) -> None:
    """The address and one account per role; only those that stand in this database."""
    from bole.accounts.models import Role
    from bole.demo import county

    found = county.by_role()
    if address:
        print(f"\n  伯乐 bole  {address}\n")
    if not found:
        return
    print(f"  示范账号 / demo accounts (口令 / password: {county.PASSWORD})")
    for role in Role:
        for user in found.get(role, []):
            print(f"  {user.username:<12}{role.label}")
    print()
