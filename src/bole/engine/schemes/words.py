"""A scheme as a person would read it: Markdown in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bole.engine.lists.words import described
from bole.engine.procedures.base import Param, When
from bole.engine.procedures.models import Actor, Deadline, Paper, Procedure, Step
from bole.engine.procedures.vocabulary import BODIES, CHECKS, GROUPS, ROLES
from bole.engine.schemes.models import SECTIONS, Parameter, Rule, Scheme
from bole.engine.schemes.phrases import phrase
from bole.engine.text import Text
from bole.engine.workdays import Length

WORDS = {
    "basis": Text("依据", "Rests on"),
    "from": Text("生效日期", "In force from"),
    "until": Text("失效日期", "In force until"),
    "none": Text("来源未载明", "not given in the source"),
    "extends": Text("上级办法", "Extends"),
    "deviations": Text("比上级办法宽松之处", "Looser than the scheme it extends"),
    "parameters": Text("参数", "Parameters"),
    "open": Text("来源未定，使用时填写", "open in the source; asked for when used"),
    "unverified": Text("待核", "unverified"),
    "rules": Text("规则", "Rules"),
    "require": Text("须满足", "requires"),
    "bar": Text("不得有", "bars"),
    "judged": Text("由人判断", "judged by a person"),
    "when": Text("适用", "when"),
    "procedure": Text("程序", "Procedure"),
    "who": Text("承办", "who"),
    "papers": Text("材料", "papers"),
    "signed": Text("签字", "signed by"),
    "asks": Text("征求意见", "asks"),
    "checks": Text("审核", "checks"),
    "deadline": Text("期限", "deadline"),
    "gates": Text("开始前须", "before it begins"),
    "finish": Text("办结前须", "before it ends"),
    "skip": Text("可略过", "may be left out by"),
    "returns": Text("可退回", "may go back to"),
    "sections": Text("其他内容", "Other parts"),
    "each": Text("每人一份", "one for each"),
    "risks": Text("风险点", "risks"),
    "records": Text("纪实", "record"),
}


COUNTED = {
    "links": Text("环节：来源{m}个，已写明{n}个", "links: {n} of {m} defined"),
    "steps": Text("步骤：来源{m}个，已写明{n}个", "steps: {n} of {m} defined"),
    "items": Text("纪实项：来源{m}项，已写明{n}项", "record items: {n} of {m} defined"),
    "tasks": Text("任务：来源{m}项，已写明{n}项", "tasks: {n} of {m} defined"),
    "papers": Text("材料：来源{m}种，已写明{n}种", "papers: {n} of {m} defined"),
    "risks": Text("风险点：来源{m}个，已写明{n}个", "risk points: {n} of {m} defined"),
    "requirements": Text("要求：来源{m}条，已写明{n}条", "requirements: {n} of {m} defined"),
}


def as_text(scheme: Scheme, language: str = "zh") -> str:
    """The whole scheme as Markdown in `language`."""
    return "\n".join(Reader(scheme, language).lines()) + "\n"


class Reader:
    """Says one scheme in one language."""

    def __init__(self, scheme: Scheme, language: str) -> None:
        self.s, self.language = scheme, language
        self.colon = ": " if language == "en" else "："
        self.comma = ", " if language == "en" else "、"

    def w(self, key: str) -> str:
        return WORDS[key].say(self.language)

    def t(self, text: Text) -> str:
        return text.say(self.language)

    def pair(self, key: str, value: str) -> str:
        return f"{self.w(key)}{self.colon}{value}"

    def lines(self) -> Iterator[str]:
        s = self.s
        yield f"# {self.t(s.name)}"
        yield ""
        start = str(s.effective_from) if s.effective_from else self.w("none")
        yield f"`{s.id}` · {s.place} · {self.pair('from', start)}"
        if s.effective_until:
            yield self.pair("until", str(s.effective_until))
        for basis in s.basis:
            mark = "" if basis.verified else f"（{self.w('unverified')}）"
            said = " ".join(x for x in (basis.title, basis.number, basis.reference) if x)
            yield f"- {self.pair('basis', said)}{mark}"
        if s.lineage:
            yield f"- {self.pair('extends', ' → '.join(s.lineage))}"
        if s.sources:
            yield f"- {self.comma.join(s.sources)}"
        yield from (f"> {self.t(note)}" for note in s.notes)
        if s.deviations:
            yield from ("", f"## {self.w('deviations')}", "")
            for d in s.deviations:
                yield f"- `{d.id}` {self.t(d.what)}{self.colon}{d.reason}"
        if s.parameters:
            yield from ("", f"## {self.w('parameters')}", "")
            for name, parameter in s.parameters.items():
                yield self.parameter(name, parameter)
        for name, rules in s.rules.items():
            title = self.t(rules.name) if rules.name else name
            yield from ("", f"## {self.w('rules')} · {title}", "")
            for rule in rules.rules:
                yield from self.rule(rule)
        if s.procedure:
            yield from self.procedure(s.procedure)
        yield from self.sections()

    def parameter(self, name: str, p: Parameter) -> str:
        value = self.w("open") if p.default is None else _plain(p, self.language)
        mark = "" if p.verified else f"（{self.w('unverified')}）"
        where = f" [{p.reference}]" if p.reference else ""
        unit = p.unit if p.default is not None else ""
        return f"- {self.t(p.label)}{self.colon}{value}{unit}{where}{mark} `{name}`"

    def rule(self, r: Rule) -> Iterator[str]:
        mark = "" if r.verified else f"（{self.w('unverified')}）"
        where = f" [{r.reference}]" if r.reference else ""
        yield f"- **{r.id}** {self.t(r.text)}{where}{mark}"
        if r.when:
            yield f"  - {self.w('when')} `{r.when}`"
        for key in ("require", "bar"):
            if value := getattr(r, key):
                yield f"  - {self.w(key)} `{value}`"
        if r.judged:
            yield f"  - {self.pair('judged', self.t(r.judged))}"

    # -- procedure -------------------------------------------------------------------------------

    def named(self, kind: str, ident: str) -> str:
        p = self.s.procedure
        assert p is not None
        own: dict[str, Any] = {
            "role": {k: v.name for k, v in p.roles.items()},
            "group": {k: v.name for k, v in p.groups.items()},
            "body": p.bodies,
            "check": p.checks,
            "fact": {k: v.name for k, v in p.facts.items()},
        }[kind]
        standard: dict[str, dict[str, Text]] = {
            "role": ROLES,
            "group": GROUPS,
            "body": BODIES,
            "check": CHECKS,
            "fact": {},
        }
        found = own.get(ident) or standard[kind].get(ident)
        return self.t(found) if found else ident

    def procedure(self, p: Procedure) -> Iterator[str]:
        yield from ("", f"## {self.w('procedure')} · {self.t(p.name)}")
        for name, (here, wanted) in p.defined.items():
            said = COUNTED[name].fill(n=here, m=wanted)
            yield f"- {self.t(said)}"
        for n, link in enumerate(p.links, 1):
            where = f" [{link.reference}]" if link.reference else ""
            yield from ("", f"### {n}. {self.t(link.name)}{where}", "")
            for m, step in enumerate(link.steps, 1):
                yield from self.step(p, step, f"{n}.{m}")

    def step(self, p: Procedure, s: Step, number: str) -> Iterator[str]:
        marks = ("★" if s.key_node else "") + ("" if s.verified else f"（{self.w('unverified')}）")
        where = f" [{s.reference}]" if s.reference else ""
        yield f"- **{number} {self.t(s.name)}**{where}{marks}"
        if s.text:
            yield f"  - {self.t(s.text)}"
        if s.when:
            yield f"  - {self.w('when')} {self.condition(s.when)}"
        if s.who:
            yield f"  - {self.pair('who', self.comma.join(self.actor(a) for a in s.who))}"
        if s.papers:
            said = self.comma.join(self.paper(p.paper[i]) for i in s.papers)
            yield f"  - {self.pair('papers', said)}"
        if s.asks:
            said = self.comma.join(self.named("body", a.body) for a in s.asks)
            yield f"  - {self.pair('asks', said)}"
        if s.checks:
            said = self.comma.join(self.named("check", c.check) for c in s.checks)
            yield f"  - {self.pair('checks', said)}"
        if s.deadline:
            yield f"  - {self.pair('deadline', self.deadline(s.deadline))}"
        for key in ("gates", "finish"):
            if gates := getattr(s, key):
                said = "；".join(self.gate(g) for g in gates)
                yield f"  - {self.pair(key, said)}"
        if s.skip:
            said = self.comma.join(self.named("role", r) for r in s.skip.by)
            yield f"  - {self.pair('skip', said)}（{self.t(s.skip.reason)}）"
        for back in s.returns:
            said = f"{self.t(p.steps[back.to].name)}（{self.t(back.reason)}）"
            yield f"  - {self.pair('returns', said)}"
        if s.records:
            said = self.comma.join(self.t(r.name) for r in s.records)
            yield f"  - {self.pair('records', said)}"
        if s.risks:
            yield f"  - {self.pair('risks', '；'.join(self.t(r) for r in s.risks))}"

    def actor(self, a: Actor) -> str:
        return self.named("role", a.role) if a.role else self.t(a.unit or a.named or Text("", ""))

    def paper(self, paper: Paper) -> str:
        said = self.t(paper.name)
        if paper.signed_by:
            roles = [
                self.named("role", x.role) if x.role else self.named("group", x.all_of or "")
                for x in paper.signed_by
            ]
            said += f"（{self.pair('signed', self.comma.join(roles))}）"
        return said

    def value(self, value: Any) -> str:
        if isinstance(value, Param):
            p = self.s.parameters[value.param]
            return f"{self.w('open')}" if p.default is None else _plain(p, self.language)
        return str(value)

    def length(self, value: Any, unit: Any) -> str:
        said = self.value(value)
        if not said.isdigit():
            return said
        return self.t(Length(int(said), unit).text()) if int(said) else ""

    def deadline(self, d: Deadline) -> str:
        event = d.after or d.before
        assert event is not None
        order = (
            Text("“{e}”后{n}", "{n} after “{e}”")
            if d.after
            else Text("“{e}”前{n}", "{n} before “{e}”")
        )
        return self.t(order.fill(e=self.event(event), n=self.length(d.within, d.unit)))

    def event(self, event: Any) -> str:
        p = self.s.procedure
        assert p is not None
        kind, name = event.target
        found = {
            "step": lambda: p.steps[name].name,
            "paper": lambda: p.paper[name].name,
            "ballot": lambda: p.ballots[name].name,
            "fact": lambda: p.facts[name].name,
        }[kind]()
        return self.t(found)

    def condition(self, when: When) -> str:
        parts = [f"{self.named('fact', k)} = {self.choice(k, v)}" for k, v in when.facts.items()]
        if when.any_:
            parts.append(" / ".join(self.condition(x) for x in when.any_))
        if when.not_:
            parts.append(("not " if self.language == "en" else "非 ") + self.condition(when.not_))
        return self.comma.join(parts)

    def choice(self, fact: str, wanted: Any) -> str:
        p = self.s.procedure
        assert p is not None
        if isinstance(wanted, bool):
            return self.t(Text("是", "yes") if wanted else Text("否", "no"))
        if hasattr(wanted, "model_dump"):
            return "，".join(f"{k} {v}" for k, v in wanted.model_dump(exclude_none=True).items())
        options = wanted if isinstance(wanted, list) else [wanted]
        choices = p.facts[fact].choices if fact in p.facts else {}
        return self.comma.join(self.t(choices[o]) if o in choices else str(o) for o in options)

    def gate(self, gate: Any) -> str:
        when = f"（{self.w('when')} {self.condition(gate.when)}）" if gate.when else ""
        return self.t(gate.text or phrase(self, gate)) + when

    def matter(self, name: str) -> list[Text]:
        from bole.engine.matters.section import read_matters
        from bole.engine.matters.words import described as matter_words

        return list(matter_words(read_matters(self.s)[name]))

    def sections(self) -> Iterator[str]:
        for key in SECTIONS:
            section = getattr(self.s, key)
            if section:
                yield from ("", f"## {key}", "")
                for name, value in section.items():
                    said = self.matter(name) if key == "matters" else described(key, name, value)
                    if said is None:
                        yield f"- `{name}`{self.colon}{_flat(value)}"
                        continue
                    yield f"- `{name}`{self.colon}{self.t(said[0])}"
                    yield from (f"  - {self.t(line)}" for line in said[1:])


def _plain(p: Parameter, language: str) -> str:
    if p.type == "choice" and p.default in p.choices:
        return p.choices[p.default].say(language)
    if isinstance(p.default, list):
        return "、".join(str(x) for x in p.default)
    if isinstance(p.default, bool):
        return (Text("是", "yes") if p.default else Text("否", "no")).say(language)
    return str(p.default)


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{k}: {_flat(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(_flat(v) for v in value)
    return "—" if value is None else str(value)
