"""Small types that procedures and schemes share: names, amounts, shares, branch conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from bole.engine.errors import BoleError
from bole.engine.exact.comparators import Comparator
from bole.engine.exact.numbers import exact
from bole.engine.text import Text
from bole.engine.verdict import Verdict, all_of, any_of, negate

FactValue = bool | int | Decimal | Fraction | date | str


class Model(BaseModel):
    """A frozen part of a pack. Unknown keys are refused: a mistyped key must not be lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _name(value: Any) -> Any:
    if isinstance(value, str):
        if not value.strip():
            raise ValueError("名称不能为空 / a name must not be empty")
        return Text(value.strip(), value.strip())
    if isinstance(value, Mapping):
        extra = set(value) - {"zh", "en"}
        if extra:
            raise ValueError(
                f"名称只写 zh 和 en，多出“{'、'.join(map(str, extra))}”；"
                "{} 中的文字有逗号时须加引号 / "
                f"a name has zh and en only, not “{', '.join(map(str, extra))}”; "
                "quote a text with a comma inside {}"
            )
        if not all(isinstance(v, str) and v.strip() for v in value.values()):
            raise ValueError("名称须为文字 / a name is a text")
        if "zh" not in value:
            raise ValueError("名称缺少 zh / the name lacks zh")
        return Text(value["zh"].strip(), value.get("en", value["zh"]).strip())
    return value


# A name in both languages. One text alone is Chinese and is shown in English pages as it stands.
Name = Annotated[
    Text,
    BeforeValidator(_name),
    PlainSerializer(lambda t: t.as_dict(), return_type=dict[str, str]),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
                    "required": ["zh"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]

ID = re.compile(r"^[^\W\d][\w.-]{0,79}$")


def _id(value: Any) -> Any:
    if not isinstance(value, str) or not ID.match(value):
        raise ValueError(
            "编号以字母或汉字开头，只含字母、汉字、数字、下划线、点和连字符 / "
            "an id starts with a letter and holds letters, digits, _ . -"
        )
    return value


Id = Annotated[str, BeforeValidator(_id), WithJsonSchema({"type": "string", "pattern": ID.pattern})]


def _share(value: Any) -> Fraction:
    try:
        return exact(value)
    except BoleError as error:
        raise ValueError(" / ".join(error.problems[0].text.as_dict().values())) from None


Share = Annotated[
    Fraction,
    BeforeValidator(_share),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": ["string", "number"]}),
]


class Param(Model):
    """A value kept in the scheme's parameters: `{param: notice_days}`."""

    param: Id


Count = Annotated[int, Field(ge=0)] | Param
Ratio = Annotated[
    Share | Param,
    PlainSerializer(lambda v: v.model_dump() if isinstance(v, Param) else str(v)),
]


class Need(Exception):
    """A parameter without a value was asked for; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


Parameters = Mapping[str, Any]


def number(value: int | Param, parameters: Parameters) -> int:
    """The count itself, or the parameter's value. Raises `Need` while that is open."""
    if isinstance(value, Param):
        found = parameters.get(value.param)
        if found is None:
            raise Need(value.param)
        return int(found)
    return value


def ratio(value: Fraction | Param, parameters: Parameters) -> Fraction:
    """The share itself, or the parameter's value. Raises `Need` while that is open."""
    if isinstance(value, Param):
        found = parameters.get(value.param)
        if found is None:
            raise Need(value.param)
        return exact(found)
    return value


class Bounds(Model):
    """A condition on one case fact other than equality; all that are given must hold."""

    at_least: int | date | None = None
    at_most: int | date | None = None
    more_than: int | date | None = None
    less_than: int | date | None = None
    known: bool | None = None

    def holds(self, value: FactValue | None) -> Verdict:
        """Whether `value` lies within; a missing value is unknown unless `known` asks for it."""
        if self.known is not None:
            return Verdict.of((value is not None) == self.known)
        if value is None:
            return Verdict.UNKNOWN
        tests: tuple[tuple[Any, Callable[[Any, Any], bool]], ...] = (
            (self.at_least, lambda a, b: a >= b),
            (self.at_most, lambda a, b: a <= b),
            (self.more_than, lambda a, b: a > b),
            (self.less_than, lambda a, b: a < b),
        )
        try:
            return Verdict.of(all(test(value, bound) for bound, test in tests if bound is not None))
        except TypeError:
            return Verdict.UNKNOWN


Wanted = bool | int | str | Bounds | list[bool | int | str]


class When(Model):
    """A branch condition on the facts of a case: every line must hold.

    `{kind: [promotion, exceptional], dual_management: true}`, `{any: [...]}`, `{not: {...}}`,
    `{posts: {at_least: 2}}`. A fact that is not stated makes the condition unknown.
    """

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)
    __pydantic_extra__: dict[str, Wanted] = Field(init=False)

    any_: list[When] | None = Field(default=None, alias="any")
    not_: When | None = Field(default=None, alias="not")

    @property
    def facts(self) -> dict[str, Wanted]:
        """The plain conditions by fact name."""
        return self.__pydantic_extra__ or {}

    def names(self) -> set[str]:
        """Every fact that the condition reads."""
        found = set(self.facts)
        for part in self.any_ or []:
            found |= part.names()
        return found | (self.not_.names() if self.not_ else set())

    def holds(self, fact: Callable[[str], FactValue | None]) -> Verdict:
        """The condition's verdict (Kleene) for the facts given by `fact(name)`."""
        parts = [_matches(fact(name), wanted) for name, wanted in self.facts.items()]
        if self.any_ is not None:
            parts.append(any_of(part.holds(fact) for part in self.any_))
        if self.not_ is not None:
            parts.append(negate(self.not_.holds(fact)))
        return all_of(parts)

    def unknown(self, fact: Callable[[str], FactValue | None]) -> list[str]:
        """The facts that are not stated, in the order of their names."""
        return sorted(name for name in self.names() if fact(name) is None)


def _matches(value: FactValue | None, wanted: Wanted) -> Verdict:
    if isinstance(wanted, Bounds):
        return wanted.holds(value)
    if value is None:
        return Verdict.UNKNOWN
    options = wanted if isinstance(wanted, list) else [wanted]
    return Verdict.of(any(type(value) is type(o) and value == o for o in options))


Base = Literal["due", "attending", "issued", "returned", "valid"]
BASES: tuple[str, ...] = get_args(Base)


class Needed(Model):
    """A share that must be reached, `{more_than: 1/2, of: due}` or with `at_least`.

    `of` names the denominator: due, attending, issued, returned or valid, or the parameter that
    does where the source leaves it open.
    """

    at_least: Ratio | None = None
    more_than: Ratio | None = None
    of: Base | Param

    def model_post_init(self, _: Any) -> None:
        if (self.at_least is None) == (self.more_than is None):
            raise ValueError(
                "at_least 与 more_than 须且只须写一个 / write exactly one of at_least, more_than"
            )

    def base(self, parameters: Parameters) -> str:
        """The name of the denominator. Raises `Need` while the parameter is open."""
        if isinstance(self.of, Param):
            found = parameters.get(self.of.param)
            if found not in BASES:
                raise Need(self.of.param)
            return str(found)
        return self.of

    def compared(self, parameters: Parameters) -> tuple[Comparator, Fraction]:
        """The comparator and the share. Raises `Need` while the share is open."""
        if self.at_least is not None:
            return Comparator.AT_LEAST, ratio(self.at_least, parameters)
        assert self.more_than is not None
        return Comparator.ABOVE, ratio(self.more_than, parameters)
