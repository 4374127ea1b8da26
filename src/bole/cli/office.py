"""`bole office`: opens a new office: its three administrators and the schemes that ship."""

from __future__ import annotations

import argparse
import sys

from bole.cli import OK, PROBLEMS, django
from bole.engine.text import Text

HELP = Text(
    "启用一个新单位：开立系统、安全、审计三个管理员账号，装入随附的办法。只能用一次",
    "open a new office: the accounts of the system, security and audit administrators, and the "
    "schemes that ship. Works once only",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments: the real names of three different persons."""
    parser.add_argument("--system", required=True, help="系统管理员姓名 / system administrator")
    parser.add_argument("--security", required=True, help="安全管理员姓名 / security administrator")
    parser.add_argument("--audit", required=True, help="审计管理员姓名 / audit administrator")


def run(args: argparse.Namespace) -> int:
    """Open the accounts and print each first password once; raises BoleError if they stand."""
    django()
    from bole.accounts.actions import open_office
    from bole.schemes.actions import install_shipped

    opened = open_office(system=args.system, security=args.security, audit=args.audit)
    print(
        Text(
            "账号和初始口令（只显示这一次，请当面交给本人并立即更改）：",
            "Accounts and first passwords (shown only now; hand them over, to be changed at once):",
        ).say(args.lang)
    )
    for user, password in opened:
        print(f"  {user.username:<10}{password}  {user.name}")
    versions, problems = install_shipped()
    said = Text("装入办法{n}个", "{n} schemes installed")
    print(said.fill(n=len(versions)).say(args.lang))
    for problem in (p for found in problems.values() for p in found):
        print(problem.say(args.lang), file=sys.stderr)
    return PROBLEMS if problems else OK
