"""The office's own templates of papers: each version is kept and recorded."""

from __future__ import annotations

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.documents.paper_kinds import KINDS
from bole.documents.papers import check_template
from bole.engine.errors import BoleError
from bole.record.actions import store_paper
from bole.record.models import Paper
from bole.record.streams import OFFICE
from bole.selection.actions.base import refuse

LARGEST = 5 * 1024 * 1024


@transaction.atomic
def set_template(*, actor: User, kind: str, content: bytes) -> Paper:
    """Print a kind of paper from this Word file from now on.

    It is filled with samples first. Raises BoleError with every tag that is wrong and its place,
    or TEMPLATE_KIND, TEMPLATE_LARGE.
    """
    require(actor, "selection.templates")
    if kind not in KINDS:
        raise refuse("TEMPLATE_KIND", "没有文书“{k}”", "There is no paper “{k}”", k=kind)
    if len(content) > LARGEST:
        raise refuse("TEMPLATE_LARGE", "模板超过5 MB。", "The template is over 5 MB.", "file")
    problems = check_template(kind, content)
    if problems:
        raise BoleError(problems)
    return store_paper(
        actor=actor,
        stream=OFFICE,
        name=f"模板-{KINDS[kind].name.zh}.docx",
        content=content,
        kind=f"template:{kind}",
    )
