"""Reads of this room."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bole.accounts.models import User
from bole.engine.procedures.context import AnswerRecord, CheckRecord, HoldRecord
from bole.engine.text import Text
from bole.engine.vetting.counts import BodyReport, monthly
from bole.engine.workdays import month_end
from bole.people.models import Sanction
from bole.record import streams
from bole.vetting.codes import body_name
from bole.vetting.models import (
    AdverseCourse,
    Check,
    Complaint,
    Conclusion,
    DossierAudit,
    Doubt,
    Letter,
    MemberBody,
    Opinion,
    PeriodReport,
)
from bole.vetting.plans import Concerned, Plan, plan_of
from bole.vetting.relations import avoidance
from bole.web.due import Due

__all__ = ["StreamVetting", "avoidance", "board", "due", "matrix", "of_stream", "people_of"]

# What the program computes itself needs no paper.
COMPUTED = {"avoidance"}


@dataclass
class StreamVetting:
    """Everything that vetting says about a case, in the procedure engine's records."""

    answers: list[AnswerRecord] = field(default_factory=list)
    checks: list[CheckRecord] = field(default_factory=list)
    holds: list[HoldRecord] = field(default_factory=list)


def of_stream(
    stream: str, *, cadres: Iterable[int] | None = None, today: datetime.date | None = None
) -> StreamVetting:
    """Answers, checks and holds of a case in one query.

    `cadres`: the persons now in the case, whose complaints, doubts and effect periods hold it;
    without them the persons are those whom the case's checks and letters are about.
    """
    today = today or timezone.localdate()
    known = cadres is not None
    people = set(cadres) if cadres is not None else _about(stream)
    found = StreamVetting()
    for row in sorted(_said(stream, people, known, today), key=lambda r: (r[0], r[-1])):
        kind, code, cadre, user, state, began, until, more, _pk = row
        if kind == "check":
            evidence = more not in (None, "", "[]", "null") or code in COMPUTED
            found.checks.append(
                CheckRecord(
                    check=code,
                    person=cadre or (f"u{user}" if user else None),
                    conclusion=state,
                    on=began,
                    evidence=evidence or state == Conclusion.NOT_APPLICABLE,
                    valid_until=until,
                )
            )
        elif kind == "opinion":
            found.answers.append(
                AnswerRecord(
                    body=code, asked=began, answered=until, answer=state or None, person=cadre
                )
            )
        else:
            found.holds.append(_hold(kind, code, until, kind == "effect_period"))
    return found


def _about(stream: str) -> set[int]:
    """Whom the checks and letters of a case are about."""
    checked = Check.objects.filter(stream=stream).values_list("cadre", flat=True)
    asked = Opinion.objects.filter(letter__stream=stream).values_list("cadre", flat=True)
    return {*checked, *asked} - {None}


def _said(stream: str, people: set[int], known: bool, today: datetime.date) -> QuerySet:
    """(kind, code or name, cadre, user, state, day, until, evidence, pk) of all that vetting says.

    `known`: a doubt about somebody who left the case holds no more.
    """
    text, day, whole = CharField(), DateField(), BigIntegerField()
    nothing = Value(None)

    def rows(queryset, kind: str, code, until, *, cadre=nothing, user=nothing, state="", **more):
        return queryset.order_by().values_list(
            Value(kind, text),
            Cast(code, text),
            Cast(cadre, whole),
            Cast(user, whole),
            Cast(F(state) if state else Value(""), text),
            Cast(more.get("began", nothing), day),
            Cast(until, day),
            Cast(more.get("evidence", Value("")), text),
            "pk",
        )

    of_doubt = Q(cadre=None) | Q(cadre__in=people) if known else Q()
    checks = rows(
        Check.objects.filter(stream=stream),
        "check",
        F("check_code"),
        F("valid_until"),
        cadre=F("cadre"),
        user=F("user"),
        state="conclusion",
        began=F("on"),
        evidence=F("evidence"),
    )
    return checks.union(
        rows(
            Opinion.objects.filter(letter__stream=stream),
            "opinion",
            F("letter__body"),
            F("received_on"),
            cadre=F("cadre"),
            state="answer",
            began=F("letter__sent_on"),
        ),
        rows(
            Complaint.objects.filter(
                Q(stream=stream) | Q(cadres__in=people), concrete=True, concluded_on=None
            ).distinct(),
            "complaint",
            F("number"),
            F("due_on"),
        ),
        rows(
            Doubt.objects.filter(
                of_doubt, stream=stream, state__in=[Doubt.State.OPEN, Doubt.State.UNRESOLVED]
            ),
            "doubt",
            F("cadre__name"),
            F("due_on"),
        ),
        rows(
            Sanction.objects.filter(
                Q(effect_until__gte=today) | Q(effect_until=None),
                cadre__in=people,
                status=Sanction.Status.CONFIRMED,
                effect_from__lte=today,
            ),
            "effect_period",
            F("cadre__name"),
            F("effect_until"),
        ),
    )


def _hold(kind: str, label: str | None, until: datetime.date | None, has_end: bool) -> HoldRecord:
    """One hold in words that say no more than colleagues need."""
    if kind == "complaint":
        text = Text("{n}号信访举报正在核查", "complaint {n} is being verified").fill(n=label)
    elif kind == "doubt":
        text = Text("{who}有一项审核尚未办结", "a check of {who} is open").fill(
            who=label or Text("本事项", "the case")
        )
    elif until is None:
        text = Text(
            "{who}的影响期未登记截止日期，请补充",
            "the end of the effect period of {who} is not recorded: complete it",
        ).fill(who=label)
    else:
        text = Text("{who}在影响期内", "{who} is in an effect period").fill(who=label)
    return HoldRecord(kind, text, until if has_end else None)


@dataclass(frozen=True)
class Cell:
    """One check of one person as the desk shows it."""

    check: str
    name: str
    person: int | str
    label: object
    colour: str
    last: Check | None = None
    asked: bool = True


@dataclass(frozen=True)
class Row:
    """A person of the desk with the cells of every check."""

    who: Concerned
    cells: list[Cell]


COLOURS = {
    "clear": "green",
    "clear_with_note": "lime",
    "doubt": "yellow",
    "adverse": "red",
    "not_obtained": "orange",
    "not_applicable": "secondary",
}


def people_of(stream: str, plan: Plan | None = None) -> list[Concerned]:
    """The persons of a case: of its plan, then those whom its checks and letters are about."""
    people = {c.person: c for c in (plan or plan_of(stream)).people}
    checks = Check.objects.filter(stream=stream).select_related("cadre", "user")
    for check in checks:
        if check.person is not None:
            people.setdefault(check.person, Concerned(check.cadre, check.user))
    asked = Opinion.objects.filter(letter__stream=stream).exclude(cadre=None)
    for opinion in asked.select_related("cadre"):
        people.setdefault(opinion.cadre_id or 0, Concerned(opinion.cadre))
    return list(people.values())


def matrix(stream: str, today: datetime.date) -> tuple[list[tuple[str, str]], list[Row]]:
    """Checks (code, name) and persons of a case with where each stands."""
    plan = plan_of(stream)
    newest: dict[tuple[str, object], Check] = {}
    for check in Check.objects.filter(stream=stream).select_related("cadre", "user"):
        newest[check.check_code, check.person] = check
    codes = list(dict.fromkeys([*plan.checks, *(code for code, _person in newest)]))
    rows = []
    for who in people_of(stream, plan):
        cells = []
        for code in codes:
            last = newest.get((code, who.person))
            asked = who.checks is None or code in who.checks
            if last is None:
                label, colour = (_("To do"), "blue") if asked else ("—", "")
            elif last.valid_until and last.valid_until < today:
                label, colour = _("Expired"), "orange"
            else:
                label, colour = last.get_conclusion_display(), COLOURS[last.conclusion]
            cells.append(
                Cell(code, say(plan.check_name(code)), who.person, label, colour, last, asked)
            )
        rows.append(Row(who, cells))
    return [(code, say(plan.check_name(code))) for code in codes], rows


def streams_known() -> list[dict[str, object]]:
    """Every case with something vetted: checks, letters waiting, what is open."""
    found: dict[str, dict[str, object]] = {}

    def add(rows, key: str) -> None:
        for stream, count in rows:
            if stream:
                found.setdefault(stream, {"stream": stream, "checks": 0, "letters": 0, "open": 0})
                found[stream][key] = int(str(found[stream][key])) + count

    counted = Count("pk")
    add(Check.objects.order_by().values_list("stream").annotate(counted), "checks")
    waiting = Opinion.objects.filter(answer="").order_by()
    add(waiting.values_list("letter__stream").annotate(counted), "letters")
    add(((s, 0) for s in Letter.objects.order_by().values_list("stream", flat=True)), "letters")
    unsettled = [Doubt.State.OPEN, Doubt.State.UNRESOLVED]
    doubts = Doubt.objects.filter(state__in=unsettled).order_by()
    add(doubts.values_list("stream").annotate(counted), "open")
    complaints = Complaint.objects.filter(concluded_on=None).order_by()
    add(complaints.values_list("stream").annotate(counted), "open")
    audits = DossierAudit.objects.exclude(state=DossierAudit.State.SIGNED).order_by()
    add(audits.values_list("stream").annotate(counted), "open")
    return sorted(found.values(), key=lambda row: str(row["stream"]), reverse=True)


def board(year: int) -> list[dict[str, object]]:
    """Each reporting body with its twelve months: what came, what is late, what is missing."""
    today = timezone.localdate()
    reports = {(r.body_id, r.month): r for r in PeriodReport.objects.filter(year=year)}
    bodies = MemberBody.objects.filter(since__lte=datetime.date(year, 12, 31))
    rows = []
    for body in bodies.filter(Q(until=None) | Q(until__gte=datetime.date(year, 1, 1))):
        months = []
        for month in range(1, 13):
            last = month_end(year, month)
            report = reports.get((body.pk, month))
            member = body.since <= last and (body.until is None or body.until >= last)
            if report is None:
                state = "missing" if member and last < today else "open" if member else "none"
            else:
                answer = monthly(
                    year,
                    month,
                    [BodyReport(body.code, report.zero, len(report.items), report.received_on)],
                ).values
                kinds = ("late", "zero_on_time", "content_on_time", "contradictory")
                state = next(k for k in kinds if answer[k])
            months.append({"month": month, "state": state, "report": report})
        rows.append({"body": body, "months": months})
    return rows


def due(user: User, today: datetime.date) -> list[Due]:
    """What has a day: answers, verifications, doubts, dossiers, replies to adverse items; and the
    monthly reports that are missing. Two queries."""
    items = [_due(user, *row) for row in _waiting(user)]
    if user.has_perm("vetting.bodies"):
        before = today.replace(day=1) - datetime.timedelta(days=1)
        members = MemberBody.objects.filter(
            Q(until=None) | Q(until__gte=before), since__lte=before
        ).exclude(reports__year=before.year, reports__month=before.month)
        silent = [body.name for body in members]
        if silent:
            items.append(
                Due(
                    _("Monthly reports missing: %(bodies)s") % {"bodies": "、".join(silent)},
                    reverse("vetting:reports"),
                    "deadline",
                    before,
                )
            )
    return [item for item in items if item is not None]


def _waiting(user: User) -> list[tuple]:
    """(kind, pk, name, more, day, by): everything that waits for somebody, in one query."""
    text, day, whole = CharField(), DateField(), BigIntegerField()

    def rows(queryset, kind: str, name, more, until, by=None, key="pk"):
        return queryset.order_by().values_list(
            Value(kind, text),
            F(key),
            Cast(name, text),
            Cast(more, text),
            Cast(until, day),
            Cast(by if by is not None else Value(None), whole),
        )

    parts = []
    if user.has_perm("vetting.ask"):
        waiting = Opinion.objects.filter(answer="", letter__due_on__isnull=False)
        language = "en" if get_language() == "en" else "zh"
        named = KeyTextTransform(language, "letter__body_words")
        words = Coalesce(Cast(named, text), F("letter__body"), output_field=text)
        number = Concat(F("letter__number"), Value("|"), words, output_field=text)
        parts.append(rows(waiting, "answer", F("cadre__name"), number, F("letter__due_on")))
    if user.has_perm("vetting.complaint"):
        open_ = Complaint.objects.filter(concluded_on=None)
        parts.append(rows(open_, "complaint", F("number"), Value(""), F("due_on")))
    if user.has_perm("vetting.doubt"):
        unsettled = [Doubt.State.OPEN, Doubt.State.UNRESOLVED]
        doubts = Doubt.objects.filter(state__in=unsettled, due_on__isnull=False)
        parts.append(rows(doubts, "doubt", F("cadre__name"), F("stream"), F("due_on")))
    if user.has_perm("vetting.audit_dossier"):
        audits = DossierAudit.objects.exclude(state=DossierAudit.State.SIGNED)
        parts.append(
            rows(audits, "dossier", F("cadre__name"), F("state"), F("deadline"), F("first_by"))
        )
    if user.has_perm("vetting.adverse"):
        items = AdverseCourse.objects.filter(item__status=Sanction.Status.REPORTED)
        step = Case(
            When(told_on=None, then=Value("tell")),
            When(item__reply="", reply_by__isnull=False, then=Value("reply")),
            default=Value("confirm"),
        )
        since = Coalesce(F("reply_by"), F("told_on"), F("reported_on"))
        parts.append(
            rows(
                items.exclude(item__cadre__account=user),
                "adverse",
                F("item__cadre__name"),
                step,
                since,
                F("first_confirmed_by"),
                "item",
            )
        )
    if not parts:
        return []
    union = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return sorted(union, key=lambda row: (row[4] or datetime.date.max, row[0], row[1]))


def _due(
    user: User,
    kind: str,
    pk: int,
    name: str | None,
    more: str | None,
    day: datetime.date | None,
    by: int | None,
) -> Due | None:
    """One row in words; None for what another person has to do."""
    who, more = name or "", more or ""
    if kind == "answer":
        number, _bar, body = more.partition("|")
        what = _("Answer of %(body)s to %(number)s") % {
            "body": say(body_name(body)),
            "number": number,
        }
        what = f"{what} {who}".strip()
        url = reverse("vetting:answer", args=[pk])
    elif kind == "complaint":
        what = _("Verify complaint %(number)s") % {"number": who}
        url = reverse("vetting:complaint", args=[pk])
    elif kind == "doubt":
        what = _("Clear the doubt about %(name)s") % {"name": who or streams.title(more)}
        url = reverse("vetting:doubt", args=[pk])
    elif kind == "dossier":
        first = more == DossierAudit.State.FIRST
        if first and by == user.pk:
            return None
        words = _("Re-check the dossier of %(name)s")
        if not first:
            words = _("Have %(name)s sign the dossier audit")
        what, url = words % {"name": who}, reverse("vetting:dossier", args=[pk])
    else:
        if more == "confirm" and by == user.pk:
            return None
        what = {
            "tell": _("Tell %(name)s of the adverse item"),
            "reply": _("Adverse item without a reply: %(name)s"),
            "confirm": _("Confirm the adverse item of %(name)s"),
        }[more] % {"name": who}
        url = reverse("vetting:adverse-item", args=[pk])
    return Due(what, url, "deadline", day)


def say(text: Text) -> str:
    """A sentence of the engine in the language of the page."""
    return text.say(get_language() or "zh")
