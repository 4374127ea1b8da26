"""Judges of motion: its gates, and plans of moves against the headcount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bole.engine.headcount import Line, Move, RowVerdict, departures
from bole.engine.headcount import Sheet as HeadcountSheet
from bole.engine.headcount import judge as judge_sheet
from bole.engine.matters.judgement import (
    Finding,
    Judgement,
    Look,
    Sheet,
    Strength,
    judge,
)
from bole.engine.motion.gates import MotionCase, MotionGates, Passed, check_gates
from bole.engine.motion.no_motion import Person, PersonGate, gate
from bole.engine.schemes.sections import read_item
from bole.engine.text import Text, join

PERSON, POST = Text("人选", "Person"), Text("职位", "Post")


class Names:
    """Names of persons and posts; two persons of one name are told apart by their numbers."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.people: dict[int, str] = {}
        self.posts: dict[int, dict[str, Any]] = {}

    def person(self, key: int) -> str:
        if key not in self.people:
            found = self.look.ask("person", id=key)
            name = str(found["name"]) if found else str(key)
            self.people[key] = f"{name}（{key}）" if name in self.people.values() else name
        return self.people[key]

    def post(self, key: int | None) -> str:
        if key is None:
            return "—"
        if key not in self.posts:
            self.posts[key] = self.look.ask("post", id=key) or {}
        found = self.posts[key]
        return f"{found['unit_name']}{found['title']}" if found else str(key)


def rows_of(look: Look, word: str) -> list[Mapping[str, Any]]:
    """The rows of a table; none where it is empty."""
    rows: list[Mapping[str, Any]] = look.value(word, [])
    return rows


def _plan(look: Look, names: Names, word: str) -> tuple[HeadcountSheet, list[Move]] | None:
    """The headcount sheet of rows (person, post, keeps); None while the plan is empty."""
    rows = [r for r in rows_of(look, word) if r.get("post")]
    seats = [(r.get("person"), r["post"], bool(r.get("keeps"))) for r in rows]
    given = look.ask("plan", seats=seats, day=look.day) if seats else None
    if not given:
        return None
    lines = [Line(*line) for line in given["lines"]]
    moves = [
        Move(
            names.person(person) if person else names.post(post),
            move["source"],
            move["target"],
            keeps,
        )
        for (person, post, keeps), move in zip(seats, given["moves"], strict=True)
    ]
    return judge_sheet(lines, moves), moves


def _sheet(found: HeadcountSheet) -> Sheet:
    head = (
        Text("职数", "Line"),
        Text("核定", "Approved"),
        Text("现配", "Filled"),
        Text("减少", "Leaving"),
        Text("增加", "Entering"),
        Text("拟配", "Planned"),
        Text("结果", "Result"),
    )

    def number(value: int | None) -> str:
        return "—" if value is None else str(value)

    rows = tuple(
        (
            row.line.name,
            number(row.line.approved),
            number(row.line.filled),
            str(row.leaving),
            "、".join(row.entering) or "0",
            number(row.planned),
            row.verdict.words,
        )
        for row in found.rows
    )
    return Sheet(Text("职数预审", "Headcount sheet"), head, rows)


def _sheet_findings(found: HeadcountSheet) -> list[Finding]:
    strengths: dict[RowVerdict, Strength] = {
        RowVerdict.OVER: "block",
        RowVerdict.UNKNOWN: "block",
        RowVerdict.STILL_OVER: "note",
    }
    return [
        Finding(row.code or "HC_STILL_OVER", row.text, strengths[row.verdict])
        for row in found.rows
        if row.verdict in strengths
    ]


@judge(
    "motion.headcount",
    Text("职数预审", "headcount sheet of a plan"),
    words=("plan",),
)
def headcount(look: Look) -> Judgement:
    """A plan of moves against the ledger as one, chains included; equal is allowed."""
    found = _plan(look, Names(look), "plan")
    if found is None:
        text = Text("调整方案尚未填写", "the plan is empty")
        return Judgement((Finding("PLAN_EMPTY", text, "block"),))
    return Judgement(tuple(_sheet_findings(found[0])), sheets=(_sheet(found[0]),))


@judge(
    "motion.adjustment",
    Text("调整参考表", "adjustment table"),
    words=("plan",),
)
def adjustment(look: Look) -> Judgement:
    """The same plan read from the persons and from the posts, and against the headcount."""
    names = Names(look)
    rows = [r for r in rows_of(look, "plan") if r.get("person") and r.get("post")]
    findings: list[Finding] = []
    sheets: list[Sheet] = []
    by_post: dict[int, list[int]] = {}
    by_person: dict[int, list[int]] = {}
    for row in rows:
        by_post.setdefault(row["post"], []).append(row["person"])
        by_person.setdefault(row["person"], []).append(row["post"])
    for person, posts in by_person.items():
        if len(posts) > 1:
            text = Text("{p}列为{n}个职位的人选", "{p} stands for {n} posts")
            findings.append(
                Finding("SEVERAL_POSTS", text.fill(p=names.person(person), n=len(posts)), "note")
            )
    for post, people in by_post.items():
        if len(people) > 1:
            text = Text("{p}有{n}名人选，请比选", "{p} has {n} persons: compare them")
            findings.append(
                Finding("SEVERAL_PERSONS", text.fill(p=names.post(post), n=len(people)), "note")
            )
    one_each = all(len(p) == 1 for p in [*by_post.values(), *by_person.values()])
    found = _plan(look, names, "plan") if rows and one_each else None
    if found is not None:
        findings += _sheet_findings(found[0])
        for leaver, entrant in departures(*found):
            text = Text("{o}离任后{i}方可到任", "{o} has to leave before {i} comes")
            findings.append(Finding("LEAVES_FIRST", text.fill(o=leaver, i=entrant), "note"))
    sheets.append(
        Sheet(
            Text("以人找岗", "From person to post"),
            (PERSON, Text("现任", "Now"), Text("任现职", "Since"), Text("拟任", "Proposed")),
            tuple(
                (names.person(p), *_now(look, p), "、".join(names.post(x) for x in posts))
                for p, posts in by_person.items()
            ),
        )
    )
    sheets.append(
        Sheet(
            Text("以岗找人", "From post to person"),
            (POST, Text("现任", "Held by"), Text("现任去向", "Goes to"), Text("拟任", "Proposed")),
            tuple(
                (
                    names.post(post),
                    "、".join(names.person(h) for h in _holders(names, post)) or "空缺",
                    "、".join(
                        names.post(x) for h in _holders(names, post) for x in by_person.get(h, ())
                    )
                    or "—",
                    "、".join(names.person(p) for p in people),
                )
                for post, people in by_post.items()
            ),
        )
    )
    if found is not None:
        sheets.append(_sheet(found[0]))
    return Judgement(tuple(findings), sheets=tuple(sheets) if rows else ())


def _now(look: Look, person: int) -> tuple[str, str]:
    found = look.ask("person", id=person) or {}
    since = look.ask("post_since", id=person, day=look.day)
    return str(found.get("post_title") or "—"), since.isoformat() if since else "—"


def _holders(names: Names, post: int) -> list[int]:
    names.post(post)
    holders: list[int] = names.posts[post].get("holders", [])
    return holders


@judge(
    "motion.gates",
    Text("动议关口", "gates of a motion"),
    section="motion",
    kind="gates",
    words=(
        "trigger",
        "analysis",
        "principles",
        "principles_on",
        "names_on",
        "plan",
        "candidates",
        "checks",
        "risks",
        "consulted",
    ),
)
def gates(look: Look) -> Judgement:
    """Every gate that the scheme has, all at once.

    `options.due` says from which state on a gate holds the motion up; before that what it lacks
    is only noted. `options.no_motion` names the scheme's no-motion rules (gate G7); the facts
    that they look at are columns of the candidates.
    """
    names = Names(look)
    rules: MotionGates = look.item or MotionGates(id="none", title=look.kind.title, gates=())
    candidates: dict[str, list[str]] = {}
    for row in rows_of(look, "candidates"):
        if row.get("person"):
            people = candidates.setdefault(names.post(row.get("post")), [])
            people.append(names.person(row["person"]))
    everyone = list(dict.fromkeys(p for people in candidates.values() for p in people))
    plan = _plan(look, names, "plan")
    results = check_gates(
        rules,
        MotionCase(
            trigger=look.value("trigger"),
            analysis_report=look.value("analysis"),
            principles_adopted=look.value("principles_on"),
            names_first_listed=look.value("names_on"),
            headcount=plan[0] if plan else None,
            written_recommendations={
                names.person(r["person"]): r.get("written")
                for r in rows_of(look, "candidates")
                if r.get("person")
            },
            candidates=candidates,
            no_motion=_no_motion(look, names),
            checks=_checks(look, names, everyone),
            risks=_risks(look),
            consulted={r["who"]: r.get("on") for r in rows_of(look, "consulted") if "who" in r},
        ),
    )
    states = list(look.kind.states)
    here = states.index(look.state) if look.state in states else 0
    due = look.options.get("due", {})
    findings: list[Finding] = []
    for result in results:
        late = here >= states.index(due[result.gate]) if result.gate in due else True
        strength: Strength = result.strength if late else "note"
        findings += [Finding(result.gate, text, strength) for text in result.reasons]
    words = {
        Passed.YES: Text("通过", "passed"),
        Passed.OPEN: Text("尚缺材料", "open"),
        Passed.STOPPED: Text("不通过", "stopped"),
    }
    head = (Text("关口", "Gate"), Text("结果", "Result"), Text("说明", "Why"))
    table = tuple(
        (r.gate, words[r.state], join(list(r.reasons)) if r.reasons else "—") for r in results
    )
    sheets = [Sheet(rules.title, head, table)] if table else []
    if plan:
        sheets.append(_sheet(plan[0]))
    dissent = [
        (str(r["who"]), str(r["dissent"])) for r in rows_of(look, "consulted") if r.get("dissent")
    ]
    if dissent:
        said = (Text("对象", "Asked"), Text("不同意见", "Dissent"))
        sheets.append(Sheet(Text("不同意见", "Dissent"), said, tuple(dissent)))
    return Judgement(tuple(findings), sheets=tuple(sheets))


def _no_motion(look: Look, names: Names) -> Sequence[PersonGate]:
    use = look.options.get("no_motion")
    if not use or look.scheme is None:
        return ()
    people = [
        Person(names.person(r["person"]), {k: _fact(v) for k, v in r.items() if k != "person"})
        for r in rows_of(look, "candidates")
        if r.get("person")
    ]
    return gate(read_item(look.scheme, "motion", str(use)), people)


def _fact(value: Any) -> Any:
    """A count as the rules take it."""
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


def _checks(look: Look, names: Names, everyone: list[str]) -> dict[str, dict[str, str | None]]:
    """Check → person → conclusion; a row without a person holds for everyone."""
    found: dict[str, dict[str, str | None]] = {}
    for row in rows_of(look, "checks"):
        people = [names.person(row["person"])] if row.get("person") else everyone
        for person in people:
            found.setdefault(str(row.get("check")), {})[person] = row.get("conclusion")
    return found


def _risks(look: Look) -> dict[str, str | None]:
    rows = rows_of(look, "risks")
    return {"risk_note": "filed" if rows else None} | {
        str(r.get("risk")): r.get("measure") for r in rows
    }
