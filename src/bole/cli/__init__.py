"""The `bole` command: the same actions and queries as the pages, for scripts.

Each command is a module with `HELP` (a `Text`), `arguments(parser)` and `run(args) -> int`.
Modules are imported only when called, so that reading a file needs no database.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType

from bole.engine.errors import BoleError
from bole.engine.text import Text

OK = 0
PROBLEMS = 1  # it ran and found something wrong
USAGE = 2  # a bad call, or an input that cannot be read at all

COMMANDS = {
    "read": "bole.cli.read",
    "import": "bole.cli.import_",
    "export": "bole.cli.export",
    "screen": "bole.cli.screen",
    "scheme": "bole.cli.scheme",
    "matters": "bole.cli.matters",
    "tally": "bole.cli.tally",
    "recount": "bole.cli.recount",
    "run-case": "bole.cli.run_case",
    "verify": "bole.cli.verify",
    "backup": "bole.cli.backup",
    "restore": "bole.cli.restore",
    "office": "bole.cli.office",
    "demo": "bole.cli.demo",
}

HELP = Text(
    "伯乐：组织部门的一体化程序。每个子命令均可加 --help。",
    "bole: the office of an organisation department. Every command has --help.",
)


def language_of(arguments: list[str]) -> str:
    """The language asked for by --lang, else by LANG, else Chinese."""
    for i, argument in enumerate(arguments):
        if argument == "--lang" and i + 1 < len(arguments):
            return arguments[i + 1]
        if argument.startswith("--lang="):
            return argument.split("=", 1)[1]
    return "en" if os.environ.get("LANG", "").lower().startswith("en") else "zh"


def django() -> None:
    """Start Django for commands that work on the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bole.config.settings")
    importlib.import_module("django").setup()


def _available() -> dict[str, ModuleType]:
    return {name: importlib.import_module(path) for name, path in COMMANDS.items()}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; problems are printed as sentences on standard error."""
    arguments = sys.argv[1:] if arguments is None else arguments
    language = language_of(arguments)
    if language not in ("zh", "en"):
        print("--lang: zh | en", file=sys.stderr)
        return USAGE
    parser = argparse.ArgumentParser(
        prog="bole",
        description=f"{HELP.zh}\n{HELP.en}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = next((a for a in arguments if a in COMMANDS), None)
    modules = {wanted: importlib.import_module(COMMANDS[wanted])} if wanted else _available()
    for name, module in modules.items():
        sub = subparsers.add_parser(
            name,
            help=f"{module.HELP.zh} / {module.HELP.en}",
            description=f"{module.HELP.zh}\n{module.HELP.en}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.add_argument(
            "--lang", choices=("zh", "en"), default=language, help="输出语言 / language"
        )
        module.arguments(sub)
        sub.set_defaults(run=module.run)
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args))
    except BoleError as error:
        print(error.say(args.lang), file=sys.stderr)
        return PROBLEMS
