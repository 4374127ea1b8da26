"""The same screening as the page and `bole screen`."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Router, Schema
from pydantic import Field, model_validator

from bole.api.shapes import LARGEST_ID, REFUSALS, need
from bole.engine.errors import BoleError, Problem
from bole.engine.facts.events import from_people
from bole.engine.screening import CompiledRules, Rule, compile_rules, explain
from bole.engine.text import Text
from bole.people.permissions import needs_reason
from bole.schemes.queries import newest, resolve
from bole.screening import roster
from bole.screening.permissions import SENSITIVE_TABLES, screened

router = Router(tags=["screening"])
MOST_PEOPLE = 2000
NOTE = Text(
    "供决策机构参考，不作任何决定", "Reference for the decision body; nothing is decided here"
)


class Screen(Schema):
    """A scheme with its rule set, or rules; the day; and whom to judge.

    `rules`: the rule language, one condition a line, or rules as a pack writes them.
    `people`: "all" of the user's part of the roster, ids, or whole persons as `bole screen` reads.
    """

    scheme: str | None = Field(default=None, max_length=100)
    rule_set: str | None = Field(default=None, max_length=100)
    rules: str | list[dict[str, Any]] | None = None
    parameters: dict[str, Any] = {}
    as_of: datetime.date
    people: Literal["all"] | list[Annotated[int, Field(ge=1, le=LARGEST_ID)]] | list[dict[str, Any]]
    explain: bool = True

    @model_validator(mode="after")
    def one_source(self):
        if (self.scheme is None) == (self.rules is None):
            raise ValueError("请只写 scheme 或 rules / give either scheme or rules")
        if not 1900 <= self.as_of.year <= 2200:
            raise ValueError("as_of 应在1900至2200年之间 / as_of must be from 1900 to 2200")
        return self


def _refuse(code: str, zh: str, en: str, where: str) -> BoleError:
    return BoleError(Problem(code, Text(zh, en), where))


def _compiled(body: Screen) -> CompiledRules:
    """The rules asked for, with parameters put in. Raises BoleError, Http404."""
    if body.scheme is not None:
        version = newest(body.scheme) if "\x00" not in body.scheme else None
        if version is None:
            raise Http404
        scheme = resolve(version)
        if body.rule_set is None or body.rule_set not in scheme.rules:
            known = "、".join(scheme.rules)
            raise _refuse("RULE_SET", f"rule_set 应为：{known}", f"rule_set: {known}", "rule_set")
        entries = [r.model_dump(mode="json", by_alias=True) for r in scheme.rule_set(body.rule_set)]
        rules = [Rule.from_mapping(r) for r in entries]
        return compile_rules(rules, scheme.values(body.parameters))
    if isinstance(body.rules, str):
        lines = [line.strip() for line in body.rules.splitlines() if line.strip()]
        rules = [Rule(str(n), Text(line, line), require=line) for n, line in enumerate(lines, 1)]
    else:
        rules = [Rule.from_mapping(r) for r in body.rules or []]
    if not rules:
        raise _refuse("RULES", "没有规则", "there are no rules", "rules")
    return compile_rules(rules, body.parameters)


@router.post("/screen", response={200: dict[str, Any], **REFUSALS})
def screen(request, body: Screen):
    """Verdict per person and rule, with sentences, evidence and what is missing."""
    need(request, "screening.use")
    compiled = _compiled(body)
    head = {
        "scheme": body.scheme,
        "as_of": body.as_of.isoformat(),
        "note": NOTE.as_dict(),
    }
    given = body.people
    if isinstance(given, list) and given and isinstance(given[0], dict):
        if len(given) > MOST_PEOPLE:
            raise _too_many()
        events, ids = from_people(given)
        order = events["persons"].column("person").to_pylist()
        shown = dict(zip(order, ids, strict=True))
        answers = explain(compiled, events, body.as_of)
        return {**head, "people": [{**a.as_dict(), "person": shown[a.person]} for a in answers]}
    mine = screened(request.user)
    if given == "all":
        wanted = list(mine.order_by("pk").values_list("pk", flat=True))
    else:
        wanted = list(dict.fromkeys(given))
        if mine.filter(pk__in=wanted[:MOST_PEOPLE]).count() != len(wanted[:MOST_PEOPLE]):
            raise _refuse(
                "OUTSIDE", "有人不在您的范围内", "some of them are out of your scope", "people"
            )
    answered = roster.judge(request.user, compiled, body.as_of)
    screening = answered.whole
    head["taken_at"] = answered.taken_at.isoformat()
    if not body.explain:
        chosen = set(wanted)
        rows = [
            {
                "person": r["person"],
                "name": r["name"],
                "verdict": _word(r["verdict"]),
                "rules": {i: _word(r[i]) for i in screening.ids},
            }
            for r in screening.table.to_pylist()
            if r["person"] in chosen
        ]
        return {**head, "people": rows}
    if len(wanted) > MOST_PEOPLE:
        raise _too_many()
    cadres = screened(request.user).select_related("unit").in_bulk(wanted)
    out = []
    for answer in roster.reasons(compiled, body.as_of, wanted):
        shown_answer = answer.as_dict()
        masked = needs_reason(request.user, cadres[answer.person])
        for rule in shown_answer["rules"]:
            _mask(rule, masked)
        out.append(shown_answer)
    return {**head, "people": out}


def _mask(rule: dict[str, Any], masked: bool) -> None:
    """Rows of sensitive tables stay in the file; for who must give a reason, so do the values."""
    touched = False
    for fact in rule["facts"]:
        kept = [e for e in fact["evidence"] if e["table"] not in SENSITIVE_TABLES]
        touched = touched or len(kept) < len(fact["evidence"]) or fact["fact"] == "health"
        fact["evidence"] = kept
    if touched and masked:
        hidden = Text("依据敏感信息，请在干部档案中写明事由后查看", "rests on sensitive fields")
        rule |= {"explanation": hidden.as_dict(), "facts": [], "conditions": [], "missing": []}


def _word(value: bool | None) -> str:
    return {True: "met", False: "not_met", None: "unknown"}[value]


def _too_many() -> BoleError:
    return _refuse(
        "TOO_MANY",
        f"一次最多说明{MOST_PEOPLE}人的理由；人数更多请写 explain: false",
        f"reasons for at most {MOST_PEOPLE} people at once; give explain: false for more",
        "people",
    )
