"""What is asked of the roster: a rule set of an installed scheme, or saved conditions.

A screening stands wholly in its address: `<source>/<day>/<values>/`, where the source is
`scheme-<version>-<rule set>` or `saved-<id>` and the values are `name=value;name=value` or `-`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language

from bole.accounts.models import User
from bole.engine.errors import BoleError, Problem
from bole.engine.schemes import Parameter, Scheme
from bole.engine.screening import CompiledRules, Rule, compile_rules
from bole.engine.text import Text
from bole.schemes.models import SchemeVersion
from bole.schemes.queries import resolve
from bole.screening.permissions import conditions

NO_VALUES = "-"


def said(text: Text) -> str:
    """A sentence of the engine in the page's language."""
    return text.say(get_language() or "zh")


@dataclass(frozen=True)
class Source:
    """Rules with a name; `parameters` are those that the rules use."""

    key: str
    title: Text
    rules: tuple[Rule, ...]
    parameters: Mapping[str, Parameter]
    scheme: Scheme | None = None
    version: SchemeVersion | None = None
    rule_set: str = ""


@dataclass(frozen=True)
class Asked:
    """A source on a day with values put in."""

    source: Source
    day: datetime.date
    values: Mapping[str, Any]
    written: str

    @property
    def args(self) -> list[str]:
        """What addresses of pages about this screening begin with."""
        return [self.source.key, self.day.isoformat(), self.written]

    @property
    def url(self) -> str:
        return reverse("screening:result", args=self.args)

    @cached_property
    def compiled(self) -> CompiledRules:
        """The rules ready to run; those that a person judges stay unknown."""
        return compile_rules(self.source.rules, self.values)

    @cached_property
    def by_files(self) -> CompiledRules:
        """The rules that files can answer, ready to run."""
        return compile_rules([r for r in self.source.rules if r.judged is None], self.values)


def of_scheme(version: SchemeVersion, rule_set: str) -> Source:
    """A rule set of an installed version. Raises Http404 for a set that it does not have."""
    scheme = resolve(version)
    if rule_set not in scheme.rules:
        raise Http404
    found = scheme.rules[rule_set]
    rules = tuple(Rule.from_mapping(r.model_dump(mode="json", by_alias=True)) for r in found.rules)
    words = set(re.findall(r"\w+", " ".join(f"{r.condition or ''} {r.when or ''}" for r in rules)))
    return Source(
        f"scheme-{version.pk}-{rule_set}",
        scheme.name + Text(" · ", " · ") + (found.name or Text(rule_set, rule_set)),
        rules,
        {name: p for name, p in scheme.parameters.items() if name in words},
        scheme,
        version,
        rule_set,
    )


def find(user: User, key: str) -> Source:
    """The source of an address. Raises Http404 when the user may not use it or it is gone."""
    kind, _, rest = key.partition("-")
    if kind == "scheme":
        pk, _, rule_set = rest.partition("-")
        version = SchemeVersion.objects.filter(pk=pk).first() if _number(pk) else None
        if version is None:
            raise Http404
        return of_scheme(version, rule_set)
    saved = conditions(user).filter(pk=rest).first() if kind == "saved" and _number(rest) else None
    if saved is None:
        raise Http404
    rules = tuple(Rule.from_mapping(r) for r in saved.rules)
    return Source(key, Text(saved.name, saved.name), rules, {})


def _number(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,15}", text))


def ask(user: User, key: str, day: str, written: str) -> Asked:
    """What an address asks. Raises Http404, or BoleError for values that do not fit."""
    source = find(user, key)
    try:
        on = datetime.date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if not 1900 <= on.year <= 2200:
        raise Http404
    return Asked(source, on, read_values(source, unwrite(written)), written)


def write(values: Mapping[str, str]) -> str:
    """Values as a part of an address."""
    kept = {k: v.strip() for k, v in values.items() if v and v.strip()}
    if not kept:
        return NO_VALUES
    return ";".join(f"{k}={v.replace('/', '~').replace(';', '；')}" for k, v in kept.items())


def unwrite(written: str) -> dict[str, str]:
    """What `write` wrote."""
    if written == NO_VALUES:
        return {}
    pairs = (part.partition("=") for part in written.split(";"))
    return {name: value.replace("~", "/") for name, _, value in pairs if name}


def read_values(source: Source, given: Mapping[str, str]) -> dict[str, Any]:
    """The values of every parameter of the scheme, what was given put in.

    Raises BoleError for a name that the scheme does not have or a value that does not fit.
    """
    if source.scheme is None:
        return {}
    plan = {
        name: _typed(source.scheme.parameters[name], text)
        if name in source.scheme.parameters
        else text
        for name, text in given.items()
    }
    return source.scheme.values(plan)


def _typed(parameter: Parameter, text: str) -> Any:
    """A form's text in the shape that the parameter reads."""
    if parameter.type in ("int", "days"):
        try:
            return int(text)
        except ValueError:
            wrong = Text("“{v}”不是整数", "“{v}” is not a whole number").fill(v=text)
            raise BoleError(Problem("PARAM_VALUE", wrong, said(parameter.label))) from None
    if parameter.type == "bool":
        return text in ("true", "是", "yes")
    if parameter.type == "list":
        return [part for part in re.split(r"[、,，\s]+", text) if part]
    return text
