"""A case whose input is refused as a whole answers with every code and sentence."""

from __future__ import annotations

import functools
from typing import Any

from bole.engine.errors import BoleError
from tests.golden.harness import Adapter


def answered(run: Adapter) -> Adapter:
    """The adapter, with a refusal of the engine as its answer."""

    @functools.wraps(run)
    def adapter(case: dict[str, Any]) -> Any:
        try:
            return run(case)
        except BoleError as error:
            said = "; ".join(p.say("en") for p in error.problems)
            return {
                "result": "refused",
                "error": error.problems[0].code,
                "codes": [p.code for p in error.problems],
                "tell": said,
                "tell_user": said,
            }

    return adapter
