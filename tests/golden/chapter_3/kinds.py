"""Families by kind of rule, for inputs of other shapes than those of `dispatch`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bole.engine.decision import (
    ConductRule,
    ItemMinutes,
    NoticeRule,
    Statement,
    VoteRule,
    check_minutes,
    places,
    read_differential,
)
from bole.engine.decision.before_office import (
    AchievementForm,
    AchievementRule,
    LetterRule,
    TestRule,
    check_achievement,
    check_letter,
    read_test,
)
from bole.engine.decision.reading import PersonReading, ReadingRule, check_reading
from bole.engine.decision.routes import (
    ApplicantsRule,
    ConsultationRule,
    DirectRule,
    DocumentsRule,
    decides_directly,
    read_applicants,
    read_consultation,
)
from bole.engine.decision.talks import Talk, TalkRule, check_talks
from bole.engine.exact import Figures, percent, rounded
from bole.engine.instruments import InstrumentForm
from bole.engine.ranking import cut
from bole.engine.scoring import Composite, rank, tie_order, total
from bole.engine.tally import (
    AttendanceRule,
    Ballot,
    Electorate,
    RoundRule,
    Subject,
    Threshold,
    attendance,
    columns,
    count_ballots,
    evaluate,
    read_round,
    tabulate,
    weighted_share,
)
from bole.engine.tally.electorate import VoterClass
from bole.engine.text import Text
from tests.golden.by_kind import NotMine, each, first, has, kind, plan_of, problems, said, tables


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, str, Fraction)) and not isinstance(value, bool)


def _votes(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Votes per person: a mapping, or a table with a column of votes."""
    if isinstance(data.get("votes"), Mapping):
        return dict(data["votes"])
    for rows in tables(data).values():
        if all(has(row, "votes") for row in rows):
            return {str(row[next(iter(row))]): first(row, "votes") for row in rows}
    return None


@kind(Threshold)
def threshold(rule: Threshold, case: dict[str, Any]) -> Any:
    measures = {m for leaf in rule.leaves() for m in leaf.measures}

    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not measures & row.keys():
            raise NotMine(f"none of {sorted(measures)}")
        figures = Figures.read({**case["input"], **row})
        named = {k: v for k, v in row.items() if v is None or _number(v)}
        result = evaluate(rule, Subject(named, figures))
        return {"result": result.outcome.value, **said(result.reason)}

    return each(case, read)


@kind(AttendanceRule)
def attended(rule: AttendanceRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        base = first(row, rule.base.value, "due", "base", "members", "cadres")
        if base is None and not has(row, "due", "base", "members"):
            raise NotMine("no base")
        result = attendance(rule, base, first(row, "present", "actual", "attending", "scored"))
        return {"needed": result.needed, "result": result.state.value, **said(result.text)}

    return each(case, read)


@kind(RoundRule)
def second_round(rule: RoundRule, case: dict[str, Any]) -> Any:
    given = plan_of(case)
    changes = {k: given[k] for k in ("share", "enough", "admit", "op") if given.get(k) is not None}
    chosen = RoundRule.model_validate({**rule.model_dump(), **changes})

    def read(data: dict[str, Any]) -> dict[str, Any]:
        votes = _votes(data)
        if votes is None:
            raise NotMine("no votes")
        found = read_round(chosen, votes, first(data, "valid"), data.get("posts") or 1)
        out: dict[str, Any] = {"result": found.outcome.value, **said(found.text)}
        if found.next_round is not None:
            out["next_round"] = list(found.next_round.sure)
            out["tie_at_cut"] = list(found.next_round.tied)
        return out

    return read(dict(case["input"]))


@kind(Composite)
def composite(rule: Composite, case: dict[str, Any]) -> Any:
    names = {p.measure or n: n for n, p in rule.parts.items()}

    def read(data: Mapping[str, Any], rows: list[dict[str, Any]]) -> Any:
        if not any(set(names) & row.keys() for row in rows):
            raise NotMine(f"none of {sorted(names)}")
        subjects = {str(r[next(iter(r))]): Subject({n: r.get(n) for n in names}) for r in rows}
        totals = {n: total(rule, s) for n, s in subjects.items()}
        posts = data.get("posts")
        free = rule.cut * (posts or 1) if isinstance(rule.cut, int) else posts
        order = tie_order(rule, {n: s.measures for n, s in subjects.items()})
        ranking = rank({n: t.value for n, t in totals.items()}, places=free, order=order)
        out: list[dict[str, Any]] = [
            {
                "person": p.subject,
                "total": None if p.total is None else rounded(p.total, 2),
                "rank": p.rank,
                "tied_with": list(p.tied_with),
                **said(totals[p.subject].text),
                **({} if p.total is not None else {"result": "cannot_compute"}),
            }
            for p in ranking.places
        ]
        if ranking.cut is not None:
            out.append(
                {
                    "outcome": ranking.text,
                    "go_on": list(ranking.cut.sure),
                    "tie_at_cut": list(ranking.cut.tied),
                    "places_left": ranking.cut.places_left,
                }
            )
        return out

    found = tables(case["input"])
    if not found:
        raise NotMine("no scores")
    out = {name: read(case["input"], rows) for name, rows in found.items()}
    return next(iter(out.values())) if len(out) == 1 else out


@kind(VoteRule)
def differential(rule: VoteRule, case: dict[str, Any]) -> Any:
    data = case["input"]
    votes, base = _votes(data), first(data, "due", "members", "base")
    if votes is None:
        raise NotMine("no votes")
    found = read_differential(rule, base=base, votes=votes, places=data.get("places") or 1)
    line = found.cut or cut({}, 0)
    return {
        "result": found.result.value,
        "needed": found.needed,
        "reached": list(found.over),
        "passed": list(line.sure),
        "tie_at_cut": list(line.tied),
        **said(found.text),
    }


@kind(ConductRule)
def conduct(rule: ConductRule, case: dict[str, Any]) -> Any:
    data = case["input"]

    def statement(one: Any) -> Statement:
        if isinstance(one, str):
            return Statement(one, secret=True)
        if isinstance(one, (list, tuple)):
            return Statement(*one)
        return Statement(str(first(one, "member", "person")), one.get("position"))

    def read(row: dict[str, Any]) -> dict[str, Any]:
        spoken = first(row, "statements", "speaking_order", "spoke", "order")
        if not isinstance(spoken, list):
            raise NotMine("no statements")
        statements = [statement(s) for s in spoken]
        present = first(row, "present", "members") or data.get("present")
        if not isinstance(present, list):
            present = [s.member for s in statements]
        made = ItemMinutes(
            str(row[next(iter(row))]),
            not first(row, "ad_hoc") if has(row, "ad_hoc") else row.get("on_agenda", True),
            present,
            str(first(row, "principal", "secretary", "chair") or data.get("principal")),
            statements,
            row.get("recused") or [],
            row.get("explained") or [],
            row.get("to_explain") or row.get("must_explain") or [],
        )
        return problems(check_minutes(rule, made), "may_be_closed")

    if has(data, "statements", "speaking_order", "spoke"):
        return read({"item": data.get("item", "item"), **data})
    return each(case, read)


@kind(ConsultationRule)
def consultation(rule: ConsultationRule, case: dict[str, Any]) -> Any:
    steps = list(dict.fromkeys(a.before for a in rule.asked))

    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "replies", "received") and not any(a.when in row for a in rule.asked):
            raise NotMine("no replies")
        replies = first(row, "replies", "received") or {}
        if isinstance(replies, list):
            replies = dict.fromkeys(replies, "written")
        step = first(row, "step", "before") or steps[-1]
        facts = row.get("facts") or {k: v for k, v in row.items() if v is None or v in (0, 1)}
        found = read_consultation(rule, step, facts, replies)
        words = {True: "may_go", False: "waits", None: "cannot_compute"}
        return {
            "result": words[found.may_go],
            "outstanding": list(found.outstanding),
            "not_written": list(found.not_written),
            "cannot_compute": list(found.unknown),
            **said(found.text),
        }

    return each(case, read)


@kind(DocumentsRule)
def documents(rule: DocumentsRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        done = first(row, "done", "recorded", "completed")
        if not isinstance(done, list):
            raise NotMine("nothing done")
        out: dict[str, Any] = {"next": rule.next(done)}
        paper = first(row, "paper", "wanted", "step", "attempt", "document")
        if paper is not None:
            missing = rule.missing(str(paper), done)
            out |= {"missing": missing, "result": "refused" if missing else "allowed"}
            out["tell_user"] = f"before {paper}: {', '.join(missing)}" if missing else "allowed"
        return out

    return each(case, read)


@kind(DirectRule)
def direct(rule: DirectRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        wanted = first(row, "kind", "case", "change")
        if wanted is None:
            raise NotMine("no kind of case")
        body = decides_directly([rule], str(wanted))
        return {"body": body, "result": "direct" if body else "full_procedure"}

    return each(case, read)


@kind(ApplicantsRule)
def applicants(rule: ApplicantsRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "passed", "eligible", "applicants"):
            raise NotMine("no applicants")
        passed = first(row, "passed", "eligible", "applicants")
        found = read_applicants(rule, row.get("posts"), passed)
        return {"result": found.outcome.value, "posts": found.posts, **said(found.text)}

    return each(case, read)


@kind(ReadingRule)
def reading(rule: ReadingRule, case: dict[str, Any]) -> Any:
    sources = [s.zh for s in rule.sources]

    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "conclusion"):
            raise NotMine("no conclusion")
        one = PersonReading(
            str(row[next(iter(row))]),
            row.get("rank"),
            row.get("conclusion"),
            str(row.get("author") or ""),
            str(first(row, "reason", "text") or ""),
            row.get("sources_seen", sources),
            row.get("findings") or [],
            str(row.get("analysis") or ""),
        )
        places_ = case["input"].get("places", row.get("places")) or 1
        return problems(check_reading(rule, places_, [one]), "may_be_closed")

    return each(case, read)


@kind(TalkRule)
def talks(rule: TalkRule, case: dict[str, Any]) -> Any:
    data = case["input"]
    rows = tables(data).get("talks")
    if rows is None:
        raise NotMine("no talks")
    held = [
        Talk(
            r.get("persons") or [r.get("person")],
            str(first(r, "by", "leader")),
            bool(r.get("collective")),
            r.get("contents") or [],
            r.get("recorded") or [],
        )
        for r in rows
    ]
    people = data.get("persons") or list(dict.fromkeys(p for t in held for p in t.persons))
    found = check_talks(rule, people, held)
    missing = [p for p in people if any(x.where == p and x.code == "NO_TALK" for x in found)]
    return {**problems(found, "complete"), "not_talked_with": missing}


@kind(TestRule)
def tests(rule: TestRule, case: dict[str, Any]) -> Any:
    line = plan_of(case).get("pass_line")
    chosen = rule if line is None else rule.model_copy(update={"pass_line": line})

    def read(row: dict[str, Any]) -> dict[str, Any]:
        scores = row.get("scores")
        if scores is None:
            cells = list(row.items())[1:]
            scores = [v for k, v in cells if any(w in k for w in ("score", "test", "first", "sec"))]
        state, text = read_test(chosen, scores)
        return {"result": state.value, "state": state.value, **said(text)}

    return each(case, read)


@kind(LetterRule)
def letters(rule: LetterRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "shortcomings"):
            raise NotMine("no shortcomings")
        points = first(row, "shortcomings")
        if isinstance(points, int):
            points = [str(i) for i in range(points)]
        found = check_letter(rule, points)
        late = first(row, "issued"), first(row, "start", "office", "appointed")
        out = problems(found, "may_be_issued")
        if None not in late and str(late[0]) > str(late[1]):
            out |= {"result": "refused", "codes": [*out["codes"], "AFTER_OFFICE"]}
        return out

    return each(case, read)


@kind(AchievementRule)
def achievements(rule: AchievementRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        fields = row.get("fields")
        if not isinstance(fields, Mapping):
            length = first(row, "characters", "length")
            if not isinstance(length, int):
                raise NotMine("no fields of a form")
            # Only the length is given: one field carries it, the others stand for filled ones.
            filled = dict.fromkeys(rule.fields, "")
            rest = rule.model_copy(update={"fields": ()})
            form = AchievementForm({**filled, "text": "字" * length}, _signed(rule, row))
            return problems(check_achievement(rest, form))
        return problems(check_achievement(rule, AchievementForm(fields, _signed(rule, row))))

    return each(case, read)


def _signed(rule: AchievementRule, row: Mapping[str, Any]) -> list[str]:
    signed = row.get("signed")
    if isinstance(signed, list):
        return signed
    return [s for s in rule.signatures if row.get(f"signed_by_{s}") or row.get(s) or signed is True]


@kind(NoticeRule)
def notice_places(rule: NoticeRule, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        facts = row.get("facts")
        if facts is None:
            facts = [f for f in rule.places if row.get(f)]
        if not rule.places or not (set(rule.places) & row.keys() or "facts" in row):
            raise NotMine("no facts for places")
        return {"places": places(rule, facts)}

    return each(case, read)


@kind(InstrumentForm)
def ballots(rule: InstrumentForm, case: dict[str, Any]) -> Any:
    data, given = case["input"], plan_of(case)
    points = data.get("indicators") or given.get("indicators") or given.get("points")
    form = rule
    if isinstance(points, Mapping):
        full = given.get("total", data.get("total"))
        items = [{"id": k, "kind": "points", "max_points": v} for k, v in points.items()]
        form = InstrumentForm.model_validate(
            {"id": rule.id, "anonymous": True, "items": items, "points_total": full}
            | {"over_pick": given.get("over_pick", "void_ballot")}
        )
    elif given.get("over_pick") is not None:
        form = rule.model_copy(update={"over_pick": given["over_pick"]})
    rows = data.get("ballots")
    if not isinstance(rows, list):
        raise NotMine("no ballots")
    single = form.items[0].id if form.items else ""
    read = [
        Ballot(
            r.get("answers") or _answers(r, single, {i.id for i in form.items}),
            str(r.get("class") or ""),
            r.get("times") or 1,
        )
        for r in rows
    ]
    subjects = data.get("subjects", [""] if isinstance(points, Mapping) else None)
    count = count_ballots(form, read, subjects=subjects, posts=data.get("posts"))
    table = tabulate(form, count, Electorate(), subjects)
    votes = {
        (x.subject or x.option): {"votes": x.votes, "rank": x.rank, "tied_with": list(x.tied_with)}
        for x in table.lines
    }
    means = {m.item: m for m in table.means}
    known = [m.mean for m in table.means if m.mean is not None]
    return {
        "returned": sum(count.returned.values()),
        "valid": table.valid,
        "void": count.void,
        "void_reasons": dict(count.void_reasons) | dict(count.void_categories),
        "votes": {n: v["votes"] for n, v in votes.items()},
        "ranks": {n: v["rank"] for n, v in votes.items() if v["rank"]},
        "means": {n: None if m.mean is None else rounded(m.mean, 2) for n, m in means.items()},
        "unrated": {n: m.unrated for n, m in means.items()},
        "total": rounded(sum(known, Fraction(0)), 2) if len(known) == len(means) else None,
    }


def _answers(row: Mapping[str, Any], single: str, items: set[str]) -> dict[str, Any]:
    if items & row.keys():
        return {k: v for k, v in row.items() if k in items}
    for name in ("names", "picks", "votes"):
        if name in row:
            return {single: row[name]}
    return {k: v for k, v in row.items() if k not in ("ballot", "class", "times", "nr")}


@kind(Electorate)
def classes(rule: Electorate, case: dict[str, Any]) -> Any:
    data, given = case["input"], plan_of(case)
    rows = tables(data).get("classes") or next(iter(tables(data).values()), None)
    if rows is None or not all(has(row, "ballots", "valid", "returned") for row in rows):
        raise NotMine("no classes with ballots")
    named = [str(row[next(iter(row))]) for row in rows]
    weights = given.get("weights") or {}
    changes = {
        "classes": [
            VoterClass(id=n, weight=first(row, "weight") or weights.get(n))
            for n, row in zip(named, rows, strict=True)
        ],
        "formula": given.get("formula", rule.formula),
        "minimum_size": given.get("minimum_size", given.get("minimum", rule.minimum_size)),
    }
    electorate = Electorate.model_validate({**rule.model_dump(), **changes})
    cast = {
        n: first(row, "ballots", "valid", "returned") for n, row in zip(named, rows, strict=True)
    }
    votes = {n: first(row, "votes") or 0 for n, row in zip(named, rows, strict=True)}
    shown = columns(electorate, cast)
    share, missing = weighted_share(electorate, votes, cast)
    weighted = "cannot_compute" if share is None else percent(share)
    text = Text("", "Missing: " + ", ".join(m.en for m in missing) if missing else weighted)
    return {
        "columns": ["+".join(c.classes) for c in shown if not c.hidden],
        "hidden": ["+".join(c.classes) for c in shown if c.hidden],
        "share": None if share is None else str(share),
        "weighted": weighted,
        **said(text),
    }
