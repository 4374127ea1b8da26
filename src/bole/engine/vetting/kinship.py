"""Kinship as a path of steps, so that relations can be followed through a third person.

A path is a word over u (up to a parent), d (down to a child) and s (across to a spouse): 父亲 is
"u", 姐夫 "uds", 岳父 "su", 侄女 "udd". Adoptive and step relations count as their like.
"""

from __future__ import annotations

from typing import Literal

from bole.engine.text import Text

Kin = Literal["spouse", "direct", "collateral", "in_law"]

CLASSES: dict[Kin, Text] = {
    "spouse": Text("夫妻关系", "married couple"),
    "direct": Text("直系血亲关系", "direct blood relation"),
    "collateral": Text(
        "三代以内旁系血亲关系", "collateral blood relation within three generations"
    ),
    "in_law": Text("近姻亲关系", "near in-law"),
}

_WORDS: dict[str, str] = {
    "s": "配偶 丈夫 妻子 夫 妻 爱人 老公 老婆",
    "u": "父 母 父亲 母亲 爸爸 妈妈 养父 养母 继父 继母 父母",
    "d": "子 女 儿子 女儿 长子 次子 三子 长女 次女 三女 独子 独女 养子 养女 继子 继女 子女",
    "uu": "祖父 祖母 外祖父 外祖母 爷爷 奶奶 姥爷 姥姥 外公 外婆",
    "uuu": "曾祖父 曾祖母 外曾祖父 外曾祖母",
    "dd": "孙子 孙女 外孙 外孙子 外孙女 孙",
    "ddd": "曾孙 曾孙女 曾外孙 曾外孙女",
    "ud": "兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 哥 兄弟 姐妹 "
    "兄长 胞兄 胞弟 胞姐 胞妹 大哥 二哥 大姐 二姐",
    "uud": "伯父 叔父 伯伯 叔叔 姑姑 姑母 舅舅 舅父 姨 姨母 姨妈 大伯 二叔 舅 姑 叔 伯",
    "udd": "侄 侄子 侄女 侄儿 外甥 外甥女 甥 甥女",
    "uudd": "堂兄 堂弟 堂姐 堂妹 堂哥 表兄 表弟 表姐 表妹 表哥",
    "su": "岳父 岳母 公公 婆婆 丈人 丈母娘 公爹 配偶父亲 配偶母亲 配偶的父亲 配偶的母亲",
    "ds": "儿媳 女婿 媳妇 儿媳妇 长媳 次媳 大女婿 二女婿",
    "sud": "大伯子 小叔子 大姑子 小姑子 大舅子 小舅子 大姨子 小姨子 内兄 内弟 妻兄 妻弟 妻姐 妻妹 "
    "夫兄 夫弟 夫姐 夫妹 配偶的兄弟 配偶的姐妹",
    "uds": "嫂子 嫂 弟媳 弟妹 姐夫 妹夫 姊夫",
    "dsu": "亲家 亲家公 亲家母 儿女亲家",
    "uuds": "伯母 婶婶 婶母 姑父 姑夫 舅母 舅妈 姨父 姨夫",
    "sudd": "内侄 内侄女 妻侄 妻侄女",
}
_PATHS = {word: path for path, words in _WORDS.items() for word in words.split()}
_NEAR_IN_LAW = {"su", "sud", "ds", "dsu", "uds"}
# Two steps that amount to one: a spouse's spouse is oneself, a child's parent a spouse …
_SHORTER = (("ss", ""), ("us", "u"), ("sd", "d"), ("du", "s"))
_TURNED = str.maketrans("ud", "du")


def path(term: str) -> str | None:
    """The path of a Chinese kinship term; None for a term that is not known."""
    return _PATHS.get(term.strip())


def back(steps: str) -> str:
    """The same relation seen from the other person."""
    return steps[::-1].translate(_TURNED)


def joined(first: str, second: str) -> str:
    """The path from a person over a relative to that relative's relative, as short as it goes.

    A half-brother counts as a brother, a step-child as a child.
    """
    steps = first + second
    while True:
        for long, short in _SHORTER:
            if long in steps:
                steps = steps.replace(long, short, 1)
                break
        else:
            return steps


def kin_class(steps: str) -> Kin | None:
    """The class of avoidance that a path belongs to; None for a relation outside all classes.

    Couples; all direct blood; collateral blood with a common grandparent at most; near in-laws:
    the spouse's parents and siblings, the children's spouses and their parents, and the same
    seen from the other side.
    """
    if steps == "s":
        return "spouse"
    if steps and len(set(steps)) == 1 and steps[0] in "ud":
        return "direct"
    ups = len(steps) - len(steps.lstrip("u"))
    downs = steps[ups:]
    if 1 <= ups <= 2 and 1 <= len(downs) <= 2 and set(downs) == {"d"}:
        return "collateral"
    return "in_law" if steps in _NEAR_IN_LAW else None
