"""`python -m bole` is the `bole` command."""

import sys

from bole.cli import main

sys.exit(main())
