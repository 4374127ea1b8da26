"""Dossier audits: six facts, two persons, routes, the person's signature."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError
from bole.engine.vetting import dossier
from bole.people.models import Cadre
from bole.record.actions import Signature, append, hold
from bole.vetting.actions.base import day, not_before, refuse
from bole.vetting.models import DossierAudit, DossierFinding


@dataclass(frozen=True, slots=True)
class Fact:
    """What the first check found of one fact: every value stated, the page, the verdict."""

    verdict: str
    values: Sequence[str] = ()
    page: str = ""
    note: str = ""


def _known(verdicts: Mapping[str, str]) -> None:
    for verdict in verdicts.values():
        if verdict not in DossierFinding.Verdict.values:
            raise refuse("VERDICT", "没有“{v}”这一意见", "There is no verdict “{v}”", v=verdict)


@transaction.atomic
def audit_dossier(
    *,
    actor: User,
    stream: str,
    cadre: Cadre,
    facts: Mapping[str, Fact],
    on: datetime.date | None = None,
) -> DossierAudit:
    """The first check of all six facts (`engine.vetting.dossier.FACTS`).

    Raises BoleError: FACT_OPEN for each fact without a verdict, FACT_TWO_VALUES where two stated
    values are called consistent, OWN_CHECK, AUDIT_OPEN while an audit waits for its re-check.
    """
    require(actor, "vetting.audit_dossier")
    hold(stream)
    if cadre.account_id == actor.pk:
        raise refuse("OWN_CHECK", "不能审核本人档案", "Nobody audits the own dossier")
    if DossierAudit.objects.filter(
        stream=stream, cadre=cadre, state=DossierAudit.State.FIRST
    ).exists():
        raise refuse(
            "AUDIT_OPEN",
            "{n}的档案已初审，请先复审",
            "The dossier of {n} waits for its re-check",
            n=cadre.name,
        )
    verdicts = {kind: fact.verdict for kind, fact in facts.items() if fact.verdict}
    _known(verdicts)
    wrong = dossier.problems(verdicts, {kind: fact.values for kind, fact in facts.items()})
    if wrong:
        raise BoleError(wrong)
    on = day(on)
    audit = DossierAudit.objects.create(stream=stream, cadre=cadre, first_by=actor, first_on=on)
    DossierFinding.objects.bulk_create(
        DossierFinding(
            audit=audit,
            kind=kind,
            values=[v.strip() for v in facts[kind].values if v.strip()],
            page=facts[kind].page.strip(),
            first=facts[kind].verdict,
            note=facts[kind].note.strip(),
        )
        for kind in dossier.FACTS
    )
    append(
        actor=actor,
        action="dossier.first",
        stream=stream,
        subject=cadre,
        after={"facts": verdicts},
        occurred_at=on,
    )
    return audit


@transaction.atomic
def recheck_dossier(
    *,
    actor: User,
    audit: DossierAudit,
    verdicts: Mapping[str, str],
    deadline: datetime.date | None = None,
    on: datetime.date | None = None,
) -> DossierAudit:
    """The re-check by another person; its verdicts count and give the routes.

    Any route but "next" needs the day until which it is to be settled. Raises BoleError
    (SAME_PERSON, AUDIT_DONE, FACT_OPEN, FACT_TWO_VALUES, DEADLINE_MISSING, DATE_ORDER).
    """
    require(actor, "vetting.audit_dossier")
    hold(audit.stream)
    audit = DossierAudit.objects.select_for_update().select_related("cadre").get(pk=audit.pk)
    if audit.state != DossierAudit.State.FIRST:
        raise refuse("AUDIT_DONE", "该次审核已复审", "This audit is re-checked already")
    if actor.pk in (audit.first_by_id, audit.cadre.account_id):
        raise refuse(
            "SAME_PERSON",
            "初审和复审须由不同的人办理，也不得审核本人档案",
            "First check and re-check are by different persons, and nobody audits the own dossier",
        )
    findings = {f.kind: f for f in audit.findings.all()}
    verdicts = {k: v for k, v in verdicts.items() if v and k in findings}
    _known(verdicts)
    wrong = dossier.problems(verdicts, {k: f.values for k, f in findings.items()})
    if wrong:
        raise BoleError(wrong)
    found = dossier.routes(verdicts).values
    governs = found["governs"]
    audit.routes = [governs, *(r for r in found["routes"] if r != governs)]
    on = day(on)
    not_before(on, audit.first_on, "on")
    if governs != "next" and deadline is None:
        raise refuse(
            "DEADLINE_MISSING",
            "“{r}”须定明完成期限",
            "“{r}” needs the day until which it is to be settled",
            "deadline",
            r=dossier.ROUTES[governs],
        )
    not_before(deadline, on, "deadline")
    for kind, verdict in verdicts.items():
        findings[kind].second = verdict
    DossierFinding.objects.bulk_update(findings.values(), ["second"])
    audit.state, audit.deadline = DossierAudit.State.RECHECKED, deadline
    audit.second_by, audit.second_on = actor, on
    audit.save()
    append(
        actor=actor,
        action="dossier.second",
        stream=audit.stream,
        subject=audit.cadre,
        after={"facts": verdicts, "routes": audit.routes, "deadline": deadline},
        occurred_at=on,
    )
    return audit


@transaction.atomic
def sign_dossier(
    *,
    actor: User,
    audit: DossierAudit,
    signature: Signature | None = None,
    statement: str = "",
    on: datetime.date | None = None,
) -> DossierAudit:
    """The person confirms the audit: by password with the own account, or an officer records the
    signature on the paper form (the statement then says where it lies).

    Raises BoleError (NOT_RECHECKED, SIGNED, SIGN_MISSING).
    """
    audit = DossierAudit.objects.select_for_update().select_related("cadre").get(pk=audit.pk)
    own = audit.cadre.account_id == actor.pk
    if own:
        if signature is None:
            raise refuse("SIGN_MISSING", "请输入密码签字", "Sign with your password", "password")
    else:
        require(actor, "vetting.audit_dossier")
        if not statement.strip():
            raise refuse(
                "SIGN_MISSING",
                "登记纸面签字，请写明签字表的存放处",
                "To record a signature on paper, say where the signed form lies",
                "statement",
            )
        if signature is not None and signature.signer != actor:
            raise PermissionDenied("vetting.audit_dossier")
    if audit.state == DossierAudit.State.FIRST:
        raise refuse("NOT_RECHECKED", "尚未复审，不能签字", "The re-check comes first")
    if audit.state == DossierAudit.State.SIGNED:
        raise refuse("SIGNED", "本人已签字确认", "The person has signed already")
    on = day(on)
    not_before(on, audit.second_on or audit.first_on, "on")
    audit.state, audit.signed_on = DossierAudit.State.SIGNED, on
    audit.statement = statement.strip()
    audit.save()
    append(
        actor=actor,
        action="dossier.sign",
        stream=audit.stream,
        subject=audit.cadre,
        after={"state": audit.state, "routes": audit.routes},
        signature=signature,
        occurred_at=on,
    )
    return audit
