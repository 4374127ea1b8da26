"""Parts of a number of posts: "take one third" has no direction until the scheme gives one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import Field

from bole.engine.exact.numbers import Rounding, fixed, rounded
from bole.engine.procedures.base import Id, Model, Name, Share
from bole.engine.quotas.counts import need_counts
from bole.engine.quotas.outcome import Outcome
from bole.engine.text import Text


class Take(Model):
    """A share of posts or places to be set aside or named. `cap` = "no more than": rounds down.

    `rounding` stays null where the source gives no direction; then only a whole result is decided.
    `ask_even_when_whole` is for a source that wants the choice made before any number is shown.
    """

    kind: Literal["take"] = "take"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    share: Share = Field(ge=0, le=1)
    of_name: Name
    about: bool = False
    cap: bool = False
    rounding: Rounding | None = None
    ask_even_when_whole: bool = False


@dataclass(frozen=True)
class Taken:
    """The number, or None with the reason in `text`; `exact` is the unrounded share."""

    number: int | None
    exact: Fraction | None
    outcome: Outcome
    text: Text


ROUNDINGS = {
    "floor": Rounding.DOWN,
    "down": Rounding.DOWN,
    "ceil": Rounding.UP,
    "up": Rounding.UP,
    "half_up": Rounding.HALF_UP,
    "nearest": Rounding.HALF_UP,
}


def taken(take: Take, whole: int | None, rounding: Rounding | None = None) -> Taken:
    """`share` of `whole` posts, rounded as the scheme (or `rounding`) says; a cap rounds down.

    0 posts have no quota; a missing number is named. Raises `BoleError` (COUNT) for a negative one.
    """
    need_counts([(take.of_name, whole)])
    fill = {"title": take.title, "base": take.of_name, "whole": whole, "share": str(take.share)}
    if whole is None:
        text = Text("{title}：{base}未登记，不计算", "{title}: {base} not on file; not computed")
        return Taken(None, None, Outcome.UNKNOWN, text.fill(**fill))
    if whole == 0:
        text = Text("{title}：{base}为0，没有名额", "{title}: 0 {base}, so there is no quota")
        return Taken(None, None, Outcome.NOT_APPLICABLE, text.fill(**fill))
    exact = take.share * whole
    how = Rounding.DOWN if take.cap else rounding or take.rounding
    if how is None and (exact.denominator > 1 or take.ask_even_when_whole):
        text = Text(
            "{title}：{whole}的{share}为{exact}，取整方式未定，请选择（舍、四舍五入、入）",
            "{title}: {share} of {whole} is {exact}; choose how it is rounded (down, half up, up)",
        )
        return Taken(None, exact, Outcome.NOT_DECIDED, text.fill(**fill, exact=fixed(exact)))
    number = int(rounded(exact, 0, how or Rounding.DOWN))
    text = Text("{title}：{whole}的{share}取{number}", "{title}: {share} of {whole} gives {number}")
    return Taken(number, exact, Outcome.MET, text.fill(**fill, number=number))
