"""Papers of a case: printed from the office's templates or brought as files, and signed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from bole.accounts.models import User
from bole.people.models import Cadre
from bole.record.actions import Signature, store_paper
from bole.selection.actions.base import begin, note, refuse
from bole.selection.models import CasePaper, PaperSignature
from bole.selection.permissions import may_sign
from bole.selection.printing import print_paper

LARGEST = 30 * 1024 * 1024


@transaction.atomic
def file_paper(
    *,
    actor: User,
    case,
    paper: str,
    name: str,
    content: bytes | IO[bytes],
    cadre: Cadre | None = None,
    fields: Mapping[str, str] | None = None,
    on: datetime.date | None = None,
    uploaded: bool = True,
) -> CasePaper:
    """File a paper (a scan, a letter received, a document). An older one is kept as replaced."""
    look = begin(actor=actor, case=case, today=on)
    declared = look.procedure.paper.get(paper)
    if declared is None:
        raise refuse(
            "PAPER_UNKNOWN", "办法中没有材料“{p}”", "The scheme has no paper “{p}”", p=paper
        )
    if (declared.for_each is not None) != (cadre is not None):
        raise refuse(
            "PAPER_PERSON",
            "《{p}》按人归档，请选择人员。" if declared.for_each else "《{p}》不按人归档。",
            "“{p}” is filed for each person: choose one."
            if declared.for_each
            else "“{p}” is filed once for the case.",
            p=declared.name,
        )
    size = len(content) if isinstance(content, bytes) else getattr(content, "size", 0)
    if not size:
        raise refuse("PAPER_EMPTY", "文件是空的。", "The file is empty.", name)
    if size > LARGEST:
        raise refuse(
            "PAPER_LARGE", "文件超过30 MB，请压缩后再交。", "The file is over 30 MB.", name
        )
    stored = store_paper(
        actor=actor,
        stream=look.case.stream,
        name=name,
        content=content,
        kind=paper,
        subject=[cadre] if cadre else None,
        occurred_at=on,
    )
    if declared.count == 1:
        look.case.papers.filter(code=paper, cadre=cadre, replaced_at=None).update(
            replaced_at=timezone.now()
        )
    filed = CasePaper.objects.create(
        case=look.case,
        code=paper,
        cadre=cadre,
        file=stored,
        fields=dict(fields or {}),
        uploaded=uploaded,
        on=on or look.today,
        filed_by=actor,
    )
    note(
        look,
        actor,
        "paper",
        subject=[cadre] if cadre else None,
        after={"paper": declared.name.zh, "file": stored.name, "on": filed.on},
        papers=[stored],
        occurred_at=on,
    )
    return filed


@transaction.atomic
def write_paper(
    *,
    actor: User,
    case,
    paper: str,
    fields: Mapping[str, Any],
    cadre: Cadre | None = None,
    on: datetime.date | None = None,
) -> CasePaper:
    """Fill the paper's fields and print it from the office's template, then file it."""
    look = begin(actor=actor, case=case, today=on)
    declared = look.procedure.paper.get(paper)
    if declared is None:
        raise refuse(
            "PAPER_UNKNOWN", "办法中没有材料“{p}”", "The scheme has no paper “{p}”", p=paper
        )
    missing = [
        f.name for f in declared.fields if f.required and not str(fields.get(f.id, "")).strip()
    ]
    if missing:
        raise refuse(
            "PAPER_FIELDS",
            "《{p}》还没有填：{f}",
            "“{p}” lacks: {f}",
            p=declared.name,
            f="、".join(m.zh for m in missing),
        )
    name, content = print_paper(look, declared, fields, cadre, on or look.today)
    return file_paper(
        actor=actor,
        case=look.case,
        paper=paper,
        name=name,
        content=content,
        cadre=cadre,
        fields=fields,
        on=on,
        uploaded=False,
    )


@transaction.atomic
def sign_paper(
    *,
    actor: User,
    paper: CasePaper,
    role: str,
    signature: Signature | None = None,
    name: str = "",
    signer: User | None = None,
    on: datetime.date | None = None,
) -> PaperSignature:
    """Sign a paper, or record a signature that stands on the paper original.

    With `signature` (re-entered password or code) the actor signs in a role that the actor
    holds. Without it the signature was written on paper by `name`, or by `signer` if that is a
    user of the program; the scan shows it.
    """
    look = begin(actor=actor, case=paper.case_id, today=on)
    paper = look.case.papers.select_related("file").get(pk=paper.pk)
    if paper.replaced_at is not None:
        raise refuse("PAPER_REPLACED", "该材料已被新的替换。", "A newer paper stands in its place.")
    declared = look.procedure.paper[paper.code]
    if signature is not None:
        group = next((s.all_of for s in declared.signed_by if s.all_of == role), None)
        if group:
            if actor.pk not in {m.user_id for m in look.group(group)}:
                raise refuse("SIGN_GROUP", "您不在该组中。", "You are not in that group.")
        elif not may_sign(actor, look.procedure, role):
            raise refuse("SIGN_ROLE", "您没有签字的角色。", "You do not have that role.")
        name, signer = actor.name, actor
    elif signer is not None:
        name = signer.name
    elif not name.strip():
        raise refuse("SIGN_NAME", "请写明纸面签字人姓名。", "Write who signed on paper.", "name")
    day = on or look.today
    if day < paper.on:
        raise refuse(
            "SIGN_EARLY",
            "签字日期{d}早于材料日期{p}。",
            "The signature of {d} lies before the paper of {p}.",
            d=day,
            p=paper.on,
        )
    if paper.signatures.filter(role=role, name=name).exists():
        raise refuse("SIGN_TWICE", "{n}已经签过。", "{n} has signed already.", n=name)
    if declared.distinct_signers and paper.signatures.filter(name=name).exists():
        raise refuse(
            "SIGN_SAME_PERSON",
            "同一人不能以两种身份签字：{n}。",
            "One person cannot sign in two roles: {n}.",
            n=name,
        )
    signed = PaperSignature.objects.create(
        paper=paper,
        role=role,
        user=signer,
        name=name,
        on=day,
        method="password" if signature else "paper",
        recorded_by=actor,
    )
    note(
        look,
        actor,
        "sign",
        subject=[paper.cadre] if paper.cadre_id else None,
        after={
            "paper": declared.name.zh,
            "role": look.called(
                "group" if any(g.all_of == role for g in declared.signed_by) else "role", role
            ),
            "name": name,
            "on": day,
        },
        papers=[paper.file] if paper.file_id else (),
        signature=signature,
        occurred_at=on,
    )
    return signed
