"""Judges of the record and of accountability: clocks, trackers, filings, reviews, exits."""

from __future__ import annotations

from bole.engine.matters.judgement import Finding, Judgement, Look, Sheet, judge
from bole.engine.matters.judges._answers import RESULTS, judged_by, no_rule, whole
from bole.engine.matters.judges.motion import rows_of
from bole.engine.text import Text
from bole.engine.vetting import clocks, counts, desks
from bole.engine.vetting.afterwards import (
    Promotion,
    digest,
    exit_check,
    file_in_time,
    two_reviews,
)
from bole.engine.vetting.papers import file_package


@judge(
    "record.archive",
    Text("归档期限", "archive clock"),
    section="vetting",
    kind="archive_clock",
    words=("issued", "filed", "reported"),
)
def archive(look: Look) -> Judgement:
    """Both due days in working days; the report runs from the filing deadline."""
    if look.item is None:
        return no_rule()
    answer = clocks.archive(
        look.item,
        look.value("issued"),
        look.value("filed"),
        look.value("reported"),
        look.calendar,
    )
    titles = {
        "archive_due": Text("归档截止", "File by"),
        "report_due": Text("汇报截止", "Report by"),
        "archive": Text("归档", "Filing"),
        "report": Text("汇报", "Report"),
        "archive_late_working_days": Text("归档逾期（工作日）", "Filed late, working days"),
        "report_late_working_days": Text("汇报逾期（工作日）", "Reported late, working days"),
    }
    judged = judged_by(answer, titles, result="archive", stops=("refused",), code="ARCHIVE")
    late = [
        Finding("ARCHIVE_LATE", Text("{t}逾期", "{t} late").fill(t=titles[n]), "warn")
        for n in ("archive", "report")
        if answer.values.get(n) == "late"
    ]
    return Judgement((*judged.findings, *late), judged.figures)


@judge(
    "record.tracker",
    Text("整改台账", "rectification tracker"),
    section="vetting",
    kind="tracker",
    words=("problems", "measures", "evaluated"),
)
def tracker(look: Look) -> Judgement:
    """Problem → measure → unit, person, deadline → acceptance; overdue is derived."""
    problems = [str(r.get("problem")) for r in rows_of(look, "problems")]
    measures = [
        desks.Measure(
            str(r.get("problem")),
            str(r.get("measure")),
            str(r["unit"]) if r.get("unit") else None,
            str(r["person"]) if r.get("person") else None,
            r.get("deadline"),
            r.get("state"),
        )
        for r in rows_of(look, "measures")
    ]
    answer = desks.track(problems, measures, look.day, look.value("evaluated"))
    findings = [Finding("TRACKER", text, "block") for text in answer.said]
    rows = []
    for problem, closed, overdue, _incomplete, said in answer.values["problems"]:
        mine = [m for m in measures if m.problem == problem]
        findings += [Finding("TRACKER", text, "block") for text in said.said]
        state = RESULTS["closed"] if closed else RESULTS["open"]
        done = sum(m.state == "accepted" for m in mine)
        rows.append((problem, f"{done}/{len(mine)}", "、".join(overdue) or "—", state))
        if not closed and not said.said:
            text = Text("问题“{p}”尚未全部验收", "problem “{p}” is not accepted yet")
            findings.append(Finding("TRACKER_OPEN", text.fill(p=problem), "block"))
    number = answer.values["counts"]
    figures = (
        (Text("措施", "Measures"), str(number["measures"])),
        (Text("已验收", "Accepted"), str(number["accepted"])),
        (Text("逾期", "Overdue"), str(number["overdue"])),
    )
    head = (
        Text("问题", "Problem"),
        Text("已验收", "Accepted"),
        Text("逾期措施", "Overdue"),
        Text("状态", "State"),
    )
    sheet = Sheet(Text("整改进度", "Progress"), head, tuple(rows))
    return Judgement(tuple(findings), figures, (sheet,) if rows else ())


@judge(
    "record.filing_clock",
    Text("备案期限", "filing clock"),
    section="vetting",
    kind="filing_clock",
    words=("decided_on", "filed_on", "papers"),
)
def filing_clock(look: Look) -> Judgement:
    """Filed within so many days of the event, and complete."""
    if look.item is None:
        return no_rule()
    papers = dict.fromkeys(look.value("papers", ()), True) if look.item.papers else None
    answer = file_in_time(
        look.item, look.value("decided_on"), look.value("filed_on"), papers, look.calendar
    )
    titles = {"due": Text("截止", "Due"), "result": Text("结果", "Result")}
    judged = judged_by(
        answer, titles, stops=("returned", "refused", "cannot_compute"), code="FILING"
    )
    if answer.values.get("result") == "late":
        late = [Finding("FILING_LATE", f.text, "warn") for f in judged.findings]
        return Judgement(tuple(late), judged.figures)
    return judged


@judge(
    "record.filing",
    Text("备案材料审核", "filing package"),
    section="vetting",
    kind="filing",
    words=("checks", "notice_from", "notice_to", "notice_unit", "first_day_counts"),
)
def filing(look: Look) -> Judgement:
    """Every check of the package; all faults go back together."""
    rules = look.item
    if rules is None:
        return no_rule()
    answers = {str(r.get("check")): r.get("met") for r in rows_of(look, "checks")}
    answer = file_package(
        rules,
        answers,
        look.value("notice_from"),
        look.value("notice_to"),
        look.value("notice_unit"),
        look.value("first_day_counts"),
        look.calendar,
    )
    titles = {"notice_days": Text("公示天数", "Days of notice"), "result": Text("结果", "Result")}
    return judged_by(answer, titles, stops=("returned", "open", "refused"), code="FILING")


@judge(
    "record.liability",
    Text("责任期间", "liability window"),
    section="vetting",
    kind="window",
    words=("promoted_on", "sanctioned_on", "in_scope", "dated"),
)
def liability(look: Look) -> Judgement:
    """Whether the matter lies in the period in which it may be looked into."""
    rules: clocks.Window | None = look.item
    if rules is None:
        return Judgement()
    if rules.use == "event":
        answer = clocks.answers_for(
            rules, look.value("promoted_on"), look.value("sanctioned_on"), look.value("in_scope")
        )
    else:
        start = look.value("dated", look.value("promoted_on"))
        answer = clocks.still_valid(rules, start, look.value("sanctioned_on", look.day))
    titles = {"result": Text("是否在责任期间", "In the period")}
    stops = (False, "does_not_apply", "cannot_compute")
    return judged_by(answer, titles, stops=stops, strength="warn", code="LIABILITY")


@judge(
    "record.reviews",
    Text("一报告两评议", "annual report and two reviews"),
    section="vetting",
    kind="two_reviews",
    words=("work_score", "appointed_score", "returned", "reviewed"),
)
def reviews(look: Look) -> Judgement:
    """Both scores against the required one; the newly promoted with their dissatisfied votes."""
    rows = []
    for row in rows_of(look, "reviewed"):
        person = look.ask("person", id=row.get("person"))
        total, bad = whole(look.value("returned")), whole(row.get("dissatisfied"))
        share = "—"
        if total and bad is not None and bad <= total:
            share = f"{bad}/{total}"
        rows.append((str(person["name"]) if person else "—", str(bad), share))
    findings: tuple[Finding, ...] = tuple(
        Finding(
            "REV_ROWS",
            Text(
                "{p}不满意{b}票，多于收回{t}票",
                "{p}: {b} dissatisfied, more than {t} ballots returned",
            ).fill(p=rows[n][0], b=rows[n][1], t=look.value("returned")),
            "block",
        )
        for n, row in enumerate(rows_of(look, "reviewed"))
        if (row.get("dissatisfied") or 0) > (look.value("returned") or 0)
    )
    figures: tuple[tuple[Text, Text | str], ...] = ()
    if look.item is not None:
        answer = two_reviews(look.item, look.value("work_score"), look.value("appointed_score"))
        titles = {"result": Text("两项评议", "Two reviews")}
        judged = judged_by(answer, titles, stops=("refused",), code="REVIEWS")
        findings, figures = (*findings, *judged.findings), judged.figures
    head = (
        Text("新提拔任用人员", "Newly appointed"),
        Text("不满意票", "Dissatisfied"),
        Text("占收回票", "Of those returned"),
    )
    sheet = Sheet(Text("对新提拔任用人员的评议", "Review of persons"), head, tuple(rows))
    return Judgement(findings, figures, (sheet,) if rows else ())


@judge(
    "record.removal",
    Text("免职情形核对", "ground for removal"),
    section="vetting",
    kind="removal",
    words=("returned", "dissatisfied", "appraisal"),
)
def removal(look: Look) -> Judgement:
    """The share of dissatisfied ballots and the appraisal, both needed; a body decides."""
    if look.item is None:
        return no_rule()
    person = look.ask("person", id=look.person) if look.person else None
    answer = counts.removal(
        look.item,
        str(person["name"]) if person else "—",
        whole(look.value("returned")),
        whole(look.value("dissatisfied")),
        look.value("appraisal"),
    )
    titles = {"result": Text("结果", "Result"), "over": Text("不满意票超过比例", "Share above")}
    return judged_by(answer, titles, stops=("refused", "cannot_compute"), code="REMOVAL")


@judge(
    "record.digest",
    Text("信息去向核对", "digest"),
    section="vetting",
    kind="digest",
    words=("collected", "listed", "filed", "set_aside", "reason"),
)
def digest_(look: Look) -> Judgement:
    """Every collected item is listed, filed or set aside with a reason."""
    answer = digest(
        whole(look.value("collected")),
        whole(look.value("listed")),
        whole(look.value("filed")),
        whole(look.value("set_aside", 0)),
        look.value("reason"),
    )
    titles = {
        "without_outcome": Text("没有去向", "Without an outcome"),
        "result": Text("结果", "Result"),
    }
    return judged_by(answer, titles, stops=("refused", "cannot_compute"), code="DB_SUM")


@judge(
    "record.exit_check",
    Text("离任检查", "exit check"),
    section="vetting",
    kind="exit_check",
    words=("from", "until", "promotions"),
)
def exit_check_(look: Look) -> Judgement:
    """The promotions of the departing head's term that are to be looked at."""
    if look.item is None:
        return no_rule()
    promotions = []
    for row in rows_of(look, "promotions"):
        person = look.ask("person", id=row.get("person"))
        name = str(person["name"]) if person else str(row.get("person"))
        promotions.append(Promotion(name, row.get("level"), row.get("on")))
    answer = exit_check(look.item, look.value("from"), look.value("until"), promotions)
    listed = "、".join(answer.values.get("listed", ())) or "—"
    findings = tuple(
        Finding("EXIT_CHECK", text, "block" if answer.values["result"] != "made" else "note")
        for text in answer.said
    )
    return Judgement(findings, ((Text("列入检查", "To be looked at"), listed),))
