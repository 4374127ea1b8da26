"""Papers filed, their fields and signatures."""

from __future__ import annotations

from collections.abc import Iterator

from bole.engine.procedures.context import (
    Chosen,
    PaperRecord,
    PersonId,
)
from bole.engine.procedures.evaluate.look import Found, Look, about, of_person, quoted
from bole.engine.procedures.gates import (
    PapersGate,
    SignaturesGate,
)
from bole.engine.procedures.models import Paper
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict


def papers(gate: PapersGate, look: Look) -> Iterator[Found]:
    """Which of the papers lack."""
    for ident in gate.papers:
        yield from missing_papers(look, look.procedure.paper[ident])


def paper_wanted(look: Look, paper: Paper) -> Verdict:
    """Whether the case needs the paper at all; unknown while its condition cannot be decided."""
    return paper.conditional.holds(look.context.fact) if paper.conditional else Verdict.MET


def missing_papers(look: Look, paper: Paper) -> Iterator[Found]:
    """What lacks of one paper: not filed, too few, or fields left empty; per person if so kept."""
    wanted = paper_wanted(look, paper)
    if wanted is Verdict.NOT_MET:
        return
    if wanted is Verdict.UNKNOWN and paper.conditional:
        names = [look.name("fact", f) for f in paper.conditional.unknown(look.context.fact)]
        yield (
            Text(
                "尚不能确定是否需要{paper}：未填写{facts}",
                "Whether {paper} is needed cannot be decided: {facts} not stated",
            ).fill(paper=quoted(paper.name), facts=join(names, "、", ", ")),
            {"action": "state_fact", "target": paper.id, "verdict": Verdict.UNKNOWN},
        )
        return
    records = look.context.papers(paper.id)
    for person in look.persons(paper.for_each):
        mine = [r for r in records if person is None or r.person == person.person]
        if len(mine) < paper.count:
            yield (
                of_person(person)
                + Text("缺少{paper}", "{paper} is missing").fill(paper=quoted(paper.name))
                + (
                    Text(
                        f"（应有{paper.count}份，现有{len(mine)}份）",
                        f" ({len(mine)} of {paper.count} filed)",
                    )
                    if paper.count > 1
                    else Text("", "")
                ),
                {"target": paper.id, **about(person)},
            )
        for record in mine:
            required = {f.id: f.name for f in paper.fields if f.required}
            empty = [required[f] for f in record.missing_fields if f in required]
            if empty:
                yield (
                    of_person(person)
                    + Text("{paper}未填：{fields}", "{paper} lacks: {fields}").fill(
                        paper=quoted(paper.name), fields=join(empty, "、", ", ")
                    ),
                    {"target": paper.id, **about(person)},
                )


def missing_signatures(look: Look, paper: Paper) -> Iterator[Found]:
    """Which signatures lack on the filed papers, and one person signing in two roles."""
    if paper_wanted(look, paper) is not Verdict.MET:
        return
    records = look.context.papers(paper.id)
    for person in look.persons(paper.for_each):
        for record in (r for r in records if person is None or r.person == person.person):
            yield from _signatures_of(look, paper, record, person)


def _signatures_of(
    look: Look, paper: Paper, record: PaperRecord, person: Chosen | None
) -> Iterator[Found]:
    def found(text: Text) -> Found:
        return of_person(person) + text, {
            "target": paper.id,
            "action": "sign_paper",
            **about(person),
        }

    name = quoted(paper.name)
    for signer in paper.signed_by:
        if signer.all_of is not None:
            signed = {s.person for s in record.signatures}
            for member in look.context.persons(signer.all_of):
                if member.person not in signed:
                    yield found(
                        Text(
                            "{paper}缺少{group}{who}签字",
                            "{paper}: {who} of the {group} has not signed",
                        ).fill(paper=name, group=look.name("group", signer.all_of), who=member.name)
                    )
            continue
        assert signer.role is not None
        mine = {s.person for s in record.signatures if s.role == signer.role}
        if len(mine) < signer.count:
            text = (
                Text("{paper}缺少{role}签字", "{paper}: the signature of the {role} is missing")
                if signer.count == 1
                else Text(
                    "{paper}需{role}{n}人签字，已签{k}人",
                    "{paper} needs {n} signatures of the {role}, has {k}",
                )
            )
            yield found(
                text.fill(
                    paper=name, role=look.name("role", signer.role), n=signer.count, k=len(mine)
                )
            )
        elif signer.seal and not any(s.seal for s in record.signatures if s.role == signer.role):
            yield found(
                Text("{paper}未加盖{role}印章", "{paper}: the seal of the {role} is missing").fill(
                    paper=name, role=look.name("role", signer.role)
                )
            )
    if paper.distinct_signers:
        wanted = {s.role for s in paper.signed_by if s.role}
        roles: dict[PersonId, list[str]] = {}
        names: dict[PersonId, str] = {}
        for s in record.signatures:
            if s.role in wanted and s.role not in roles.setdefault(s.person, []):
                roles[s.person].append(s.role)
                names[s.person] = s.name or str(s.person)
        for who, held in roles.items():
            if len(held) > 1:
                yield found(
                    Text(
                        "{paper}：{who}不能同时以{roles}签字",
                        "{paper}: {who} cannot sign in the roles of {roles}",
                    ).fill(
                        paper=name,
                        who=names[who],
                        roles=join([look.name("role", r) for r in held], "、", " and "),
                    )
                )


def signatures(gate: SignaturesGate, look: Look) -> Iterator[Found]:
    """Which of the papers or their signatures lack."""
    for ident in gate.papers:
        paper = look.procedure.paper[ident]
        yield from missing_papers(look, paper)
        yield from missing_signatures(look, paper)
