"""Families by kind of vetting rule: the cases' own adapters, and rules without a visible case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bole.engine.vetting.afterwards import (
    DigestRule,
    ExitCheck,
    FilingClock,
    Promotion,
    TwoReviews,
    digest,
    exit_check,
    file_in_time,
    two_reviews,
)
from bole.engine.vetting.base import Answer
from bole.engine.vetting.clocks import ArchiveClock, Window, answers_for, still_valid
from bole.engine.vetting.counts import (
    BodyReport,
    Catalogue,
    CreditList,
    MonthlyReport,
    PointRules,
    RemovalGround,
    monthly,
)
from bole.engine.vetting.desks import AuditDuties, IntegrityDesk, Tracker
from bole.engine.vetting.holds import (
    BodyReply,
    Confirmation,
    ConfirmationRule,
    Element,
    ElementRule,
    IntakeChecks,
    RestartRule,
    SilenceRule,
    confirmation,
    elements,
    restart,
    silence,
    take_paper,
)
from bole.engine.vetting.limits import (
    KinLine,
    LimitFacts,
    PostLimits,
    SeekingEvent,
    SigningRule,
    kin_line,
    post_limit,
    seeking,
    signed_by,
)
from bole.engine.vetting.papers import CertificateRule, Completeness, FilingRule
from bole.engine.vetting.routing import ConsultMatrix, PetitionRules, Routes
from bole.engine.workdays import Calendar
from tests.golden.by_kind import NotMine, each, first, has, kind, plan_of, tables
from tests.golden.chapter_5 import counts, desks, record, routes
from tests.golden.chapter_5._read import calendar, day, yes
from tests.golden.harness import Adapter


def _own(family: Adapter, *columns: str) -> Any:
    """The adapter of the visible cases, for a table with these columns."""

    def read(rule: Any, case: dict[str, Any]) -> Any:
        found = tables(case["input"])
        if not any(set(columns) <= row.keys() for rows in found.values() for row in rows):
            raise NotMine(f"no table with {columns}")
        return family({**case, "mechanisms": list(rule.mechanisms)})

    return read


kind(ArchiveClock)(_own(record.archive_clock, "issued", "last_paper_filed"))
kind(Completeness)(_own(record.completeness, "paper", "recorder"))
kind(CertificateRule)(_own(record.certificates, "concluding", "text_date"))
kind(FilingRule)(_own(record.filing, "notice_from", "notice_to"))
kind(ConsultMatrix)(_own(routes.consultation, "person"))
kind(PetitionRules)(_own(routes.petitions, "case", "status"))
kind(PointRules)(_own(counts.points, "event_date", "points"))
kind(Catalogue)(_own(counts.catalogues, "person"))
kind(RemovalGround)(_own(counts.one_third, "dissatisfied"))
kind(IntegrityDesk)(_own(desks.desk, "occasion"))
kind(AuditDuties)(_own(desks.audits, "since"))
kind(Tracker)(_own(desks.tracker, "problem", "measure"))


@kind(CreditList)
def credit(rule: CreditList, case: dict[str, Any]) -> Any:
    if "accuracy" not in case["input"]:
        raise NotMine("no accuracy")
    return counts.places({**case, "mechanisms": list(rule.mechanisms)})


def told(answer: Answer) -> dict[str, Any]:
    """An answer as a row: dates in words, its sentence under the keys of a sentence."""
    values = {k: v.isoformat() if isinstance(v, date) else v for k, v in answer.values.items()}
    return {**values, "tell_user": answer.text.en, "tell": answer.text.en}


def _grouped(
    case: Mapping[str, Any], answered: Callable[[str, list[dict[str, Any]]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows of one person together, in the order of the input."""
    rows = next(iter(tables(case["input"]).values()), [dict(case["input"])])
    key = next(iter(rows[0]))
    people = list(dict.fromkeys(row[key] for row in rows))
    return [{key: p, **answered(str(p), [r for r in rows if r[key] == p])} for p in people]


@kind(SilenceRule)
def silences(rule: SilenceRule, case: dict[str, Any]) -> Any:
    rows = next(iter(tables(case["input"]).values()), [])
    if not any(has(row, "reply", "answer", "clear") for row in rows):
        raise NotMine("no replies")
    # The case lists the bodies that were asked.
    rule = rule.model_copy(update={"bodies": ()})

    def reply(row: dict[str, Any]) -> BodyReply:
        given = first(row, "reply", "answer", "clear_reply")
        given = {True: "clear", False: None}.get(yes(given), given)
        return BodyReply(
            str(row.get("body") or "body"),
            None if given in (None, "none", "unclear", "cannot_answer") else given,
            bool(yes(first(row, "reminded", "reminder"))),
            bool(yes(first(row, "recorded", "silence_recorded"))),
        )

    return _grouped(case, lambda p, mine: told(silence(rule, p, [reply(r) for r in mine])))


@kind(ConfirmationRule)
def confirmations(_rule: ConfirmationRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "signed"):
            raise NotMine("no signature")
        audited = first(row, "audited", "reviewed", "form")
        form = Confirmation(
            True if audited is None and not has(row, "audited", "reviewed", "form") else audited,
            yes(first(row, "signed")),
            yes(first(row, "explained", "explanation")),
            yes(first(row, "valid_paper", "valid", "paper")),
            yes(first(row, "gap", "missing", "altered")),
            yes(first(row, "gap_resolved", "supplemented", "resolved", "concluded")),
        )
        return told(confirmation(str(row[next(iter(row))]), form))

    return each(case, read)


@kind(ElementRule)
def element_forms(_rule: ElementRule, case: dict[str, Any]) -> Any:
    rows = next(iter(tables(case["input"]).values()), [])

    def element(row: Mapping[str, Any]) -> Element:
        return Element(
            str(first(row, "element", "name")),
            first(row, "state", "doubt", "result", "finding"),
            first(row, "source", "cleared_by"),
        )

    if any("elements" in row for row in rows):
        return each(
            case,
            lambda row: told(
                elements(str(row[next(iter(row))]), [element(e) for e in row["elements"]])
            ),
        )
    if not any(has(row, "element") for row in rows):
        raise NotMine("no elements")
    return _grouped(case, lambda p, mine: told(elements(p, [element(r) for r in mine])))


@kind(IntakeChecks)
def intake(rule: IntakeChecks, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not set(rule.liaison) & row.keys():
            raise NotMine("no checks")
        checks = {c: yes(row.get(c)) for c in (*rule.liaison, *rule.keeper)}
        audited = row.get("special_audit") or {
            c: first(row, f"audit_{c}", f"{c}_audit", f"special_audit_{c}") for c in rule.compared
        }
        values = row.get("paper_values") or {c: row.get(c) for c in rule.compared}
        return told(take_paper(rule, checks, values, audited, row.get("copies", 1)))

    return each(case, read)


@kind(RestartRule)
def restarts(rule: RestartRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "effect_until", "period_end", "influence", "until"):
            raise NotMine("no effect period")
        papers = first(row, "old_papers", "reuse", "papers") or []
        papers = papers if isinstance(papers, list) else ["old papers"] if yes(papers) else []
        return told(
            restart(
                rule,
                day(first(row, "effect_until", "period_end", "influence", "until")),
                day(first(row, "restart_on", "on", "restart", "requested")),
                first(row, "link", "from_link", "stage"),
                papers,
            )
        )

    return each(case, read)


@kind(PostLimits)
def limits(rule: PostLimits, case: dict[str, Any]) -> Any:
    days = first(plan_of(case), "move_days", "days", "move_within")

    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "matter", "breach"):
            raise NotMine("no matter")
        facts = LimitFacts(
            first(row, "post_class", "post"),
            first(row, "matter", "breach"),
            yes(first(row, "sanction")),
            yes(first(row, "bad_effect")),
            yes(first(row, "confirmed", "instance")),
            yes(first(row, "holds_post", "holder", "in_post")),
            day(first(row, "decided_on", "decision", "decided")),
        )
        return told(post_limit(rule, facts, days))

    return each(case, read)


@kind(KinLine)
def kin(rule: KinLine, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "relation", "kin"):
            raise NotMine("no relation")
        return told(
            kin_line(
                rule,
                first(row, "relation", "kin"),
                first(row, "generation", "degree"),
                yes(first(row, "direct_line", "direct_link", "direct", "superior")),
                yes(first(row, "native_place", "native")),
                yes(first(row, "former_workplace", "former")),
            )
        )

    return each(case, read)


@kind(SigningRule)
def signatures(rule: SigningRule, case: dict[str, Any]) -> Any:
    data = case["input"]

    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "signed", "signatures", "present", "attended"):
            raise NotMine("no signatures")
        return told(
            signed_by(
                rule,
                row.get("team") or data.get("team") or [],
                first(row, "signed", "signatures") or [],
                first(row, "present", "attended"),
            )
        )

    return each(case, read)


@kind(FilingClock)
def filings(rule: FilingClock, case: dict[str, Any]) -> Any:
    own = calendar(case["input"])
    given = own if own is not None else Calendar.of([])

    def read(row: dict[str, Any]) -> dict[str, Any]:
        events = ("decided", "decision", "issued", "adjusted", "finished", "completed", "event")
        if not has(row, *events):
            raise NotMine("no event")
        papers = row.get("papers")
        if isinstance(papers, list):
            papers = dict.fromkeys(papers, True)
        if papers is None and set(rule.papers) & row.keys():
            papers = {p: yes(row.get(p)) for p in rule.papers}
        filed = day(first(row, "complete_on", "filed", "sent", "built", "archived"))
        return told(file_in_time(rule, day(first(row, *events)), filed, papers, given))

    return each(case, read)


@kind(ExitCheck)
def exit_checks(rule: ExitCheck, case: dict[str, Any]) -> Any:
    data = case["input"]
    term = data.get("term") or [first(data, "term_from", "from"), first(data, "term_to", "to")]
    if isinstance(term, Mapping):
        term = [term.get("from"), term.get("to")]
    rows = next(iter(tables(data).values()), None)
    if rows is None or not any(has(row, "promoted", "date", "on") for row in rows):
        raise NotMine("no promotions")
    promotions = [
        Promotion(
            str(r[next(iter(r))]), first(r, "level", "grade"), day(first(r, "promoted", "date"))
        )
        for r in rows
    ]
    return told(exit_check(rule, day(term[0]), day(term[1]), promotions))


@kind(TwoReviews)
def reviews(rule: TwoReviews, case: dict[str, Any]) -> Any:
    line = first(plan_of(case), "required", "required_score", "score")

    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "work", "selection_work"):
            raise NotMine("no reviews")
        work = first(row, "work", "selection_work", "work_score")
        appointed = first(row, "appointed", "newly_appointed", "new_cadres", "cadres")
        return told(two_reviews(rule, work, appointed, first(row, "required") or line))

    return each(case, read)


@kind(DigestRule)
def digests(_rule: DigestRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "collected"):
            raise NotMine("nothing collected")
        aside = first(row, "set_aside")
        return told(
            digest(
                row.get("collected"),
                first(row, "listed", "database"),
                first(row, "filed"),
                0 if aside is None and not has(row, "set_aside") else aside,
                first(row, "reason", "set_aside_reason"),
            )
        )

    return each(case, read)


@kind(MonthlyReport)
def reports(rule: MonthlyReport, case: dict[str, Any]) -> Any:
    rows = next(iter(tables(case["input"]).values()), None)
    if rows is None or not any("body" in row for row in rows):
        raise NotMine("no bodies")
    year, month = map(int, str(first(case["input"], "month", "period")).split("-")[:2])
    answer = monthly(
        year,
        month,
        [
            BodyReport(r["body"], yes(first(r, "zero")), r.get("items"), day(first(r, "received")))
            for r in rows
        ],
        rule.bodies if {r["body"] for r in rows} <= set(rule.bodies) else (),
    )
    said = answer.values.pop("said")
    return {**told(answer), **{f"tell_user_{body}": text for body, text in said.items()}}


@kind(Routes)
def events(rule: Routes, case: dict[str, Any]) -> Any:
    rows = next(iter(tables(case["input"]).values()), [])
    if any("findings" in row for row in rows):
        return routes.dossier_routes({**case, "mechanisms": list(rule.mechanisms)})
    if not any(has(row, "event", "kind") and has(row, "state", "verified") for row in rows):
        raise NotMine("no events")

    def event(row: dict[str, Any]) -> SeekingEvent:
        state = row.get("state")
        if state is None and has(row, "verified"):
            state = {True: "verified", False: "reported"}.get(yes(first(row, "verified")))
        return SeekingEvent(
            str(first(row, "event", "kind")),
            state,
            yes(first(row, "answered", "reply", "replied")),
            bool(yes(row.get("helper"))),
        )

    return _grouped(case, lambda _p, mine: told(seeking(rule, [event(r) for r in mine])))


@kind(Window)
def windows(rule: Window, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        dates = list(row.items())[1:]
        if rule.use == "event":
            scope = yes(first(row, "conduct_in_former_post", "in_scope", "conduct"))
            answer = answers_for(rule, day(first(row, "promoted")), day(first(row, "sanct")), scope)
            return told(answer)
        start = first(row, "dated", "from", "issued", "since")
        used = first(row, "used_on", "raised_on", "on", "to")
        if start is None and used is None and len(dates) < 2:
            raise NotMine("no dates")
        answer = still_valid(rule, day(start), day(used))
        inside = answer.values["result"]
        return {**told(answer), "valid": inside, "within": inside}

    return each(case, read)
