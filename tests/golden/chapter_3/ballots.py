"""Sheets, bars on ballots, capped grades, reverse forms, attendance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bole.engine.decision import GateSet, VoteRule
from bole.engine.errors import BoleError
from bole.engine.exact import Base, Comparator, Figures, exact
from bole.engine.instruments import (
    InstrumentForm,
    check_grades,
    describe,
    editor_warnings,
    room,
)
from bole.engine.tally import (
    AttendanceRule,
    Outcome,
    Share,
    Sheet,
    Subject,
    Threshold,
    attendance,
    evaluate_all,
    missing_figures,
    reconcile,
    together,
    two_bases,
)
from bole.engine.text import join
from tests.golden.chapter_3._read import (
    bases_in,
    figure,
    item,
    items,
    mechanisms,
    numbered,
    refused,
    rows,
    subject_of,
)


def thresholds(case: Mapping[str, Any], **values: Any) -> list[Threshold]:
    return [rule for _, rule in items("thresholds", Threshold, *mechanisms(case), **values)]


def answer(
    rules: list[Threshold], subject: Subject, where: str = "", **words: str
) -> dict[str, Any]:
    """Result and reason of one subject; `words` renames outcomes as the case's body says them."""
    try:
        results = evaluate_all(rules, subject)
    except BoleError as error:
        return refused(error)
    outcome = together(results)
    out: dict[str, Any] = {"result": words.get(outcome.value, outcome.value)}
    out["because"] = join([r.reason for r in results if r.readings])
    if outcome is Outcome.CANNOT_COMPUTE:
        missing = {m.en for r in results for m in r.missing}
        out["tell_user"] = f"Missing{' of ' + where if where else ''}: {', '.join(sorted(missing))}"
    return out


def gate_on_ratings(case: dict[str, Any]) -> Any:
    """Several meetings, each with its table of grades: bars on a named base."""
    out = []
    rules = thresholds(case)
    for number, meeting in numbered(case["input"], "meeting"):
        where = f"meeting {number}"
        for row in rows(case["input"][f"votes_{number}"]):
            kind, name = subject_of(row)
            grades = {k: v for k, v in row.items() if k != kind}
            try:
                figures = Figures.read(meeting, where)
                problems = reconcile(Sheet(figures, grades={str(name): grades}))
                if problems:
                    raise BoleError(problems)
            except BoleError as error:
                out.append({kind: name, **refused(error)})
                continue
            out.append({kind: name, **answer(rules, Subject(grades, figures), where)})
    return out


def objection(case: dict[str, Any]) -> Any:
    """One vote per member of the whole body: counted on all members, not on ballots."""
    rules, out = thresholds(case), []
    words = {"blocks": "no_longer_nominee", "no_bar": "stays"}
    for row in rows(case["input"]):
        kind, name = subject_of(row)
        parts = [row.get("full_members", row.get("members")), row.get("alternates", 0)]
        whole = all(isinstance(p, int) for p in parts)
        members = None if None in parts else sum(parts) if whole else "、".join(map(str, parts))
        votes = {"disagree": row["disagree"]}
        try:
            figures = Figures.read({"members": members, "returned": row.get("ballots_returned")})
            counted = figures.with_(valid=r) if (r := figures.of(Base.RETURNED)) else figures
            problems = reconcile(Sheet(counted, votes=votes))
            if members is not None and (figures.of(Base.RETURNED) or 0) > members:
                papers = Figures.read({"issued": members, "returned": row["ballots_returned"]})
                problems += reconcile(Sheet(papers))
            if problems:
                raise BoleError(problems)
        except BoleError as error:
            out.append({kind: name, **refused(error)})
            continue
        out.append({kind: name, **answer(rules, Subject(votes, figures), **words)})
    return out


def in_one_of_two(case: dict[str, Any]) -> Any:
    """Shares of written and talk recommendation, hard and in principle."""
    rules, out = thresholds(case), []
    written, *talk = bases_in((case.get("config") or {}).get("share_base")) or [None]
    for row in rows(case["input"]):
        kind, name = subject_of(row)
        subject = Subject(
            {
                **{k: v for k, v in row.items() if k not in (kind, "written", "talk")},
                "written": _share(row, "written", written),
                "talk": _share(row, "talk", talk[0] if talk else None),
            }
        )
        try:
            _possible(subject)
        except BoleError as error:
            out.append({kind: name, **refused(error)})
            continue
        out.append({kind: name, **answer(rules, subject, no_bar="meets")})
    return out


def _share(row: Mapping[str, Any], measure: str, base: Base | None) -> Share | None:
    votes = row.get(measure)
    of = row.get("of_ballots") if base is Base.VALID else figure(row, base)
    return None if votes is None else Share(votes, of, base or Base.VALID)


def _possible(subject: Subject) -> None:
    for name, value in subject.measures.items():
        if isinstance(value, Share) and value.of is not None:
            problems = reconcile(
                Sheet(Figures.read({"valid": value.of}), votes={name: value.count})
            )
            if problems:
                raise BoleError(problems)


def capped(case: dict[str, Any]) -> Any:
    """Grades under caps, on each ballot or on the unit result."""
    config = case.get("config") or {}
    form = item("instruments", InstrumentForm, *mechanisms(case), cap_level=config.get("level"))
    out: list[Any] = []
    for row in rows(case["input"]):
        kind, name = subject_of(row)
        persons = row["persons"]
        grades = {k: v for k, v in row.items() if k not in (kind, "persons")}
        if any(c.level is None for c in form.caps) or persons is None:
            what = "persons" if persons is None else "level of the caps"
            out.append({kind: name, "result": "cannot_compute", "tell_user": f"Missing: {what}"})
            continue
        complete = config.get("incomplete_ballot", form.incomplete) == "refuse"
        problems = check_grades(form.caps, grades, persons, complete=complete)
        if problems:
            out.append({kind: name, **refused(BoleError(problems))})
        else:
            because = describe(form.caps, grades, persons)
            out.append({kind: name, "result": "accepted", "because": because})
    size = case["input"].get("setup_check_for_unit_of")
    if size is not None:
        out.append(_editor(form, size))
    return out


def _editor(form: InstrumentForm, size: int) -> dict[str, Any]:
    warnings = editor_warnings(form.caps, size)
    entry: dict[str, Any] = {f"unit_of_{size}": "warning_to_editor" if warnings else "accepted"}
    for cap in form.caps:
        name, limits = "_plus_".join(cap.options), room(cap, size)
        if limits.at_most is not None:
            entry[f"max_{name}"] = limits.at_most
        if limits.at_least is not None:
            entry[f"min_{name}"] = limits.at_least
    entry["tell_user"] = "; ".join(w.text.en for w in warnings) or "The caps leave room."
    return entry


def sheets(case: dict[str, Any]) -> Any:
    """Counting sheets before any result."""
    out = []
    for number, data in numbered(case["input"], "sheet"):
        entry: dict[str, Any] = {"sheet": int(number) if number.isdigit() else number}
        try:
            sheet = Sheet(
                Figures.read(data),
                max_picks=data.get("names_allowed"),
                classes=data.get("classes") or {},
                votes=data.get("votes") or {},
                grades=data.get("grades") or {},
            )
            problems = reconcile(sheet)
            if problems:
                raise BoleError(problems)
        except BoleError as error:
            told = [p.text.en for p in error.problems]
            out.append({**entry, "result": "refused", "tell_user": told})
            continue
        missing = missing_figures(sheet)
        if missing:
            told = [f"Missing: {m.en}" for m in missing]
            out.append({**entry, "result": "cannot_compute", "tell_user": told})
        else:
            out.append({**entry, "result": "accepted"})
    return out


def reverse(case: dict[str, Any]) -> Any:
    """Marks of a reverse form: figures on two bases, a check only where the scheme says so."""
    config, marks = case.get("config") or {}, case["input"]["marks"]
    forms = items("instruments", InstrumentForm, *mechanisms(case))
    form_item = next(i for _, f in forms for i in f.items if i.kind == "reverse")
    unknown = [o for o in marks if o not in {x.id for x in form_item.options}]
    missing = [o for o, n in marks.items() if n is None]
    if unknown or missing:
        told = f"Unknown or missing marks: {', '.join(unknown + missing)}"
        return {"result": "refused" if unknown else "cannot_compute", "tell_user": told}
    try:
        Sheet(Figures(), grades={"marks": marks})
        problems = reconcile(Sheet(Figures(), grades={"marks": marks}))
        if problems:
            raise BoleError(problems)
    except BoleError as error:
        return refused(error)
    found = two_bases(form_item, marks)
    rules = thresholds(case, check_threshold=config.get("check_threshold"))
    subject = Subject({"marks": found.problem}, Figures.read({"valid": found.all_marks}))
    result = answer(rules, subject, not_set="reported_only", no_bar="reported_only")
    if result["result"] == "orders":
        result["result"] = "check_opened"
    return {
        "marks_problem": found.problem,
        "share_of_all": found.of_all,
        "share_of_those_who_know": found.of_knowing,
        "tell_user": result["because"],
        **{k: v for k, v in result.items() if k != "because"},
    }


def attendance_rules(*named: str) -> list[AttendanceRule]:
    """Attendance rules of the mechanisms, wherever packs write them: alone, in gates, in votes."""
    found = [r for _, r in items("thresholds", AttendanceRule, *named)]
    for _, gates in items("decision", GateSet, *named):
        found += [g.attendance for g in gates.gates if g.attendance is not None]
    found += [r.quorum for _, r in items("decision", VoteRule, *named) if r.quorum is not None]
    return found


_SHARES = {"2/3": "two_thirds", "1/2": "half", "3/4": "three_quarters", "4/5": "four_fifths"}


def _reading(rule: AttendanceRule) -> str:
    share = str(exact(rule.share))
    return f"{'above' if rule.op is Comparator.ABOVE else 'at_least'}_{_SHARES.get(share, share)}"


def quorum_readings(case: dict[str, Any]) -> Any:
    """The same attendance under every reading that the named schemes hold."""
    found = [r for r in attendance_rules(*mechanisms(case)) if r.share is not None]
    readings = {_reading(rule): rule for rule in found}
    out: dict[str, Any] = {"rows": []}
    for row in rows(case["input"]):
        kind, name = subject_of(row)
        base, present = row.get("due", row.get("members")), row["present"]
        line: list[Any] = [name]
        for rule in readings.values():
            try:
                result = attendance(rule, base, present)
            except BoleError as error:
                line.append("refused")
                out[f"tell_user_{name}"] = refused(error)["tell_user"]
                continue
            words = {"met": "opens", "not_met": "does_not_open"}
            line.append(words.get(result.state.value, result.state.value))
            if result.state.value != "met":
                out.setdefault(f"tell_user_{name}", result.text.en)
        out["rows"].append(line)
        out["columns"] = [kind, *readings]
    return out


def attendance_lines(case: dict[str, Any]) -> Any:
    """Lines that each name their rule: what is needed, and what fails without it."""
    words = {
        ("opening", "met"): "may_open",
        ("opening", "not_met"): "may_not_open",
        ("result", "met"): "valid",
        ("result", "not_met"): "invalid",
    }
    out: dict[str, Any] = {"rows": []}
    for row in rows(case["input"]):
        kind, name = subject_of(row)
        (rule, *_) = attendance_rules(str(row["rule"]))
        out["columns"] = [kind, "needed", "result"]
        try:
            result = attendance(rule, row["base"], row["actual"])
        except BoleError as error:
            out["rows"].append([name, None, "refused"])
            out[f"tell_user_{name}"] = refused(error)["tell_user"]
            continue
        said = words.get((rule.governs, result.state.value), result.state.value)
        out["rows"].append([name, result.needed, said])
    return out
