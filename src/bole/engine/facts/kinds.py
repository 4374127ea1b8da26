"""What a fact can be: a number with a unit, a date, a word, yes or no, a step of a scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import ibis
import ibis.expr.types as ir

from bole.engine.text import Text

Kind = Literal["bool", "number", "date", "text", "scale", "duration"]
UNORDERED = -1  # the code of a word that stands outside the order, such as 不定等次


@dataclass(frozen=True)
class Step:
    """One step of a scale: the word that we show, its English, and other spellings on file."""

    word: str
    english: str
    spellings: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (self.word, self.english, *self.spellings)


@dataclass(frozen=True)
class Scale:
    """Words in rising order; each step has its position as code, `outside` words have -1."""

    name: Text
    steps: tuple[Step, ...]
    outside: tuple[Step, ...] = ()
    _codes: dict[str, int] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        codes = {s: i for i, step in enumerate(self.steps) for s in step.all}
        codes.update({s: UNORDERED for step in self.outside for s in step.all})
        object.__setattr__(self, "_codes", codes)

    def code(self, word: str) -> int | None:
        """The position of a word in any of its spellings, or None."""
        return self._codes.get(word)

    def words(self) -> tuple[str, ...]:
        """The words as shown, for messages."""
        return tuple(s.word for s in (*self.steps, *self.outside))

    def show(self, code: int) -> Text:
        """The step of a code as people read it."""
        step = self.outside[0] if code == UNORDERED else self.steps[code]
        return Text(step.word, step.english.replace("_", " "))

    def spellings(self, codes: Iterable[int]) -> list[str]:
        """Every spelling of these codes."""
        wanted = set(codes)
        return [word for word, code in self._codes.items() if code in wanted]

    def is_(self, column: ir.StringValue, code: int) -> ir.BooleanValue:
        """Whether a column of words holds this step."""
        return column.isin(self.spellings([code]))

    def at_least(self, column: ir.StringValue, code: int) -> ir.BooleanValue:
        """Whether a column of words holds this step or a higher one."""
        return column.isin(self.spellings(range(code, len(self.steps))))

    def encode(self, column: ir.StringValue) -> ir.IntegerValue:
        """A column of words as codes; a word that the scale does not know is null."""
        pairs = [(w, ibis.literal(c, "int64")) for w, c in self._codes.items()]
        return column.cases(*pairs, else_=ibis.literal(None, "int64"))


def _scale(zh: str, en: str, *steps: str, outside: Sequence[str] = ()) -> Scale:
    def step(line: str) -> Step:
        word, english, *others = line.split()
        return Step(word, english, tuple(others))

    return Scale(Text(zh, en), tuple(map(step, steps)), tuple(map(step, outside)))


GRADE = _scale(
    "职务层次",
    "grade",
    "科员 staff 科员级 办事员",
    "副股级 unit_deputy 副股 股级副职",
    "正股级 unit_chief 正股 股级 股级正职",
    "副科级 section_deputy 副科 乡科级副职",
    "正科级 section_chief 正科 乡科级正职",
    "副处级 division_deputy 副处 副县级 县处级副职",
    "正处级 division_chief 正处 正县级 县处级正职",
    "副厅级 bureau_deputy 副厅 厅局级副职",
    "正厅级 bureau_chief 正厅 厅局级正职",
)
EDUCATION = _scale(
    "学历",
    "education",
    "小学 primary_school",
    "初中 junior_middle_school",
    "高中 senior_middle_school",
    "中专 secondary_vocational 中技 技校",
    "专科 college 大专 大学专科 大学专科毕业",
    "本科 university 大学 大学本科 大学普通班",
    "研究生 postgraduate 硕士研究生 博士研究生 党校研究生",
)
DEGREE = _scale(
    "学位",
    "degree",
    "无 none",
    "学士 bachelor 双学士",
    "硕士 master",
    "博士 doctor",
)
APPRAISAL = _scale(
    "考核等次",
    "appraisal grade",
    "不称职 incompetent 不合格",
    "基本称职 basically_competent 基本合格",
    "称职 competent 合格",
    "优秀 excellent",
    outside=("不定等次 not_graded 不确定等次 未定等次",),
)
TITLE = _scale(
    "职称",
    "professional title",
    "无 none",
    "初级 junior 员级 助理级",
    "中级 intermediate",
    "副高级 associate_senior 副高",
    "正高级 senior 正高",
)
AWARD = _scale(
    "奖励层级",
    "award level",
    "单位级 unit 本单位",
    "县级 county 县（市、区）级 区级",
    "市级 city 地市级",
    "省级 province 省部级 provincial",
    "国家级 national",
)


@dataclass(frozen=True)
class Type:
    """The type of an expression: kind, its scale if it has one, and the unit of a number."""

    kind: Kind
    scale: Scale | None = None
    unit: Text | None = None

    @property
    def label(self) -> Text:
        """The type in words, for error messages."""
        if self.scale is not None:
            return self.scale.name
        return _KIND_LABELS[self.kind]


_KIND_LABELS: dict[str, Text] = {
    "bool": Text("是否", "yes or no"),
    "number": Text("数", "number"),
    "date": Text("日期", "date"),
    "text": Text("文字", "text"),
    "scale": Text("等级", "step of a scale"),
    "duration": Text("时长", "duration"),
}

YEARS = Text("年", "years")
YEARS_OLD = Text("岁", "years old")
MONTHS = Text("个月", "months")
DAYS = Text("天", "days")
TIMES = Text("次", "times")
POSTS = Text("个", "posts")
POINTS = Text("分", "points")

BOOL = Type("bool")
NUMBER = Type("number")
DATE = Type("date")
TEXT = Type("text")
