"""`bole demo`: the invented county 安澜县."""

from __future__ import annotations

import argparse

from bole.cli import OK, django
from bole.engine.text import Text

HELP = Text("载入示范县（安澜县）", "Load the demo county (Anlan)")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--if-empty", action="store_true")
    parser.add_argument("--accounts", action="store_true")
    parser.add_argument("--address", default="")


def run(args: argparse.Namespace) -> int:
    django()
    return OK
