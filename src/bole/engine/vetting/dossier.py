"""The dossier audit of the house: which facts are looked at, and where verdicts lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bole.engine.errors import Problem
from bole.engine.text import Text
from bole.engine.vetting.base import Answer
from bole.engine.vetting.routing import Routes, route

FACTS: dict[str, Text] = {
    "age": Text("出生时间", "birth date"),
    "seniority": Text("参加工作时间", "start of work"),
    "party_age": Text("入党时间", "joining the Party"),
    "education": Text("学历学位", "education"),
    "work": Text("工作经历", "work history"),
    "identity": Text("干部身份", "cadre identity"),
}
ROUTES: dict[str, Text] = {
    "next": Text("审核通过，进入下一环节", "in order, go on"),
    "supplement": Text("补充材料", "supply what is missing"),
    "verify": Text("组织核实认定", "verify and determine"),
    "investigate": Text("启动调查", "investigate"),
}
# The house's order, strictest first; the documents set none, so a pack may set its own.
HOUSE = Routes(
    id="dossier",
    routes={
        "alteration_suspected": "investigate",
        "inconsistent": "verify",
        "unclear": "verify",
        "missing": "supplement",
    },
    normal="next",
    order=("alteration_suspected", "inconsistent", "unclear", "missing"),
)


def problems(verdicts: Mapping[str, str], values: Mapping[str, Sequence[str]]) -> list[Problem]:
    """What an audit lacks: a fact without a verdict; two values called consistent."""
    found = []
    for fact, name in FACTS.items():
        if not verdicts.get(fact):
            text = Text("{f}尚未审核", "{f} has no verdict").fill(f=name)
            found.append(Problem("FACT_OPEN", text, fact))
        elif verdicts[fact] == "consistent":
            stated = list(dict.fromkeys(v.strip() for v in values.get(fact, ()) if v.strip()))
            if len(stated) > 1:
                text = Text(
                    "{f}有{n}个不同记载（{v}），不能审核为一致",
                    "{f} is stated in {n} ways ({v}); it cannot be called consistent",
                ).fill(f=name, n=len(stated), v="、".join(stated))
                found.append(Problem("FACT_TWO_VALUES", text, fact))
    return found


def routes(verdicts: Mapping[str, str], rule: Routes = HOUSE) -> Answer:
    """Where the verdicts of the re-check lead: all routes, the governing one first."""
    wrong = [v for v in verdicts.values() if v != "consistent"]
    return route(rule, wrong, {})
