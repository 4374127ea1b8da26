"""The same tally as `bole tally`."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from ninja import Body, Router

from bole.accounts.models import Role
from bole.api.shapes import REFUSALS
from bole.cli.tally import read_tally
from bole.engine.errors import BoleError, Problem
from bole.engine.tally.file import tally as count
from bole.engine.text import Text

router = Router(tags=["tally"])
MOST_BYTES = 20_000_000
COUNTERS = (
    Role.SECTION_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.INSPECTOR,
    Role.AUDITOR,
)
SCHEME_ID = re.compile(r"[\w-]{1,100}")


@router.post("/tally", response={200: dict[str, Any], **REFUSALS})
def tally(request, body: Body[dict[str, Any]]):
    """Counts, shares, results and reasons; `problems` tells why a sheet cannot be right."""
    from django.core.exceptions import PermissionDenied

    if not request.user.plays(*COUNTERS):
        raise PermissionDenied
    scheme = body.get("scheme")
    # By id alone: a path would read files of the machine.
    if scheme is not None and not (isinstance(scheme, str) and SCHEME_ID.fullmatch(scheme)):
        text = Text("scheme 应是办法编号", "scheme must be the id of a scheme")
        raise BoleError(Problem("SCHEME", text, "scheme"))
    if len(request.body) > MOST_BYTES:
        text = Text("超过{m}字节", "over {m} bytes").fill(m=MOST_BYTES)
        raise BoleError(Problem("TOO_BIG", text))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "body.json"
        path.write_bytes(request.body)
        file = read_tally(path)
    try:
        return count(file)
    except BoleError as error:
        return {"form": file.form.id, "problems": [p.as_dict() for p in error.problems]}
