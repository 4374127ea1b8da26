"""The cadre's own say: corrections asked for, replies to adverse items."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.people.actions.cadres import edit_row, stream, update_cadre
from bole.people.forms import changed_field
from bole.people.histories import HISTORIES
from bole.people.models import Cadre, Correction, History, Sanction
from bole.people.permissions import is_own_file
from bole.record.actions import append


def find_row(cadre: Cadre, table: str, row: int | None) -> Cadre | History:
    """The cadre itself, or the row of one of its histories. Raises BoleError if it is gone."""
    if table == "cadre":
        return cadre
    found = HISTORIES[table].model.objects.filter(cadre=cadre, pk=row).first()
    if found is None:
        text = Text("该条记录已不存在。", "That row is no longer there.")
        raise BoleError(Problem("ROW_GONE", text))
    return found


@transaction.atomic
def ask_correction(
    *,
    actor: User,
    cadre: Cadre,
    table: str,
    row: int | None,
    field: str,
    stands: str,
    wanted: str,
    reason: str,
) -> Correction:
    """The cadre asks for a correction of one field of the own file."""
    require(actor, "people.correct_own", cadre)
    find_row(cadre, table, row)
    if Correction.objects.filter(
        cadre=cadre, table=table, row=row, field=field, state=Correction.State.ASKED
    ).exists():
        text = Text(
            "对该项的更正申请尚在处理中。", "A correction of this item is already being decided."
        )
        raise BoleError(Problem("CORRECTION_OPEN", text))
    if not wanted.strip() or not reason.strip():
        text = Text("请写明应为何值以及依据。", "Say what it should be, and which paper shows it.")
        raise BoleError(Problem("CORRECTION_EMPTY", text))
    correction = Correction.objects.create(
        cadre=cadre,
        table=table,
        row=row,
        field=field,
        stands=stands,
        wanted=wanted.strip(),
        reason=reason.strip(),
        asked_by=actor,
    )
    append(
        actor=actor,
        action="correction.ask",
        stream=stream(cadre),
        subject=cadre,
        after={"table": table, "row": row, "field": field},
        reason=reason,
    )
    return correction


@transaction.atomic
def decide_correction(*, actor: User, correction: Correction, accept: bool, decision: str) -> None:
    """Accept (and change the file) or return a correction, with the reason.

    Nobody decides on the own file. Raises BoleError if the value cannot stand there: the officer
    then returns it, or edits the row by hand.
    """
    cadre = correction.cadre
    require(actor, "people.decide_correction", cadre)
    if cadre.account_id == actor.pk:
        text = Text("不能办理本人的更正申请。", "Nobody decides on the own file.")
        raise BoleError(Problem("OWN_FILE", text))
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    if correction.state != Correction.State.ASKED:
        text = Text("该申请已经办结。", "This correction has already been decided.")
        raise BoleError(Problem("CORRECTION_DECIDED", text))
    if not decision.strip():
        text = Text("请写明办理意见。", "Say why you decide so.")
        raise BoleError(Problem("DECISION_EMPTY", text, "decision"))
    if accept:
        target = find_row(cadre, correction.table, correction.row)
        values = changed_field(target, correction.field, correction.wanted)
        why = f"{correction.reason} / {decision}"
        if isinstance(target, Cadre):
            update_cadre(actor=actor, cadre=target, values=values, reason=why)
        else:
            edit_row(actor=actor, row=target, values=values, reason=why)
    correction.state = Correction.State.ACCEPTED if accept else Correction.State.RETURNED
    correction.decided_by = actor
    correction.decided_at = timezone.now()
    correction.decision = decision.strip()
    correction.save()
    append(
        actor=actor,
        action="correction.accept" if accept else "correction.return",
        stream=stream(cadre),
        subject=cadre,
        before={"state": "asked"},
        after={"table": correction.table, "row": correction.row, "field": correction.field},
        reason=decision,
    )


@transaction.atomic
def reply_to_item(*, actor: User, item: Sanction, reply: str) -> None:
    """The cadre replies to an adverse item of the own file."""
    if not is_own_file(actor, item.cadre):
        raise PermissionDenied("people.correct_own")
    if not reply.strip():
        text = Text("请填写说明。", "Write what you have to say.")
        raise BoleError(Problem("REPLY_EMPTY", text, "reply"))
    item.reply = reply.strip()
    item.replied_on = timezone.localdate()
    item.save(update_fields=["reply", "replied_on"])
    append(
        actor=actor,
        action="sanctions.reply",
        stream=stream(item.cadre_id),
        subject=item.cadre,
        after={"row": item.pk, "replied_on": item.replied_on},
    )
