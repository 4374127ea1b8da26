"""The fixed words of personnel files: names, peoples, parties, education, grades."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .dates import PartialDate, parse_date, plain_digits
from .record import COMMUNIST, PartyMembership

_INVISIBLE = re.compile("[\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad]")


def clean(text: str | None) -> str:
    """The text without invisible characters and outer blanks (full-width ones too)."""
    return _INVISIBLE.sub("", text or "").strip()


def one_line(text: str | None) -> str:
    """The text with every run of blanks and line ends as one blank."""
    return re.sub(r"\s+", " ", clean(text))


def read_name(text: str) -> str:
    """A name without padding: "赖　超" → "赖超"; blanks between Latin words stay."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", one_line(text))


def pad_name(name: str) -> str:
    """A name of two characters as forms print it, with a full-width blank between."""
    return f"{name[0]}\u3000{name[1]}" if re.fullmatch(r"[\u3400-\u9fff]{2}", name) else name


def read_sex(text: str) -> str | None:
    """ "男" or "女", or None."""
    found = re.fullmatch(r"(男|女)性?", re.sub(r"\s", "", clean(text)))
    return found[1] if found else None


PEOPLES = frozenset(
    re.findall(
        r"\S+",
        "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 "
        "土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
        "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 "
        "乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 ",
    )
)


def read_people(text: str) -> tuple[str, bool]:
    """The people's full name ("汉" → "汉族") and whether it is one of the 56."""
    name = re.sub(r"\s", "", clean(text))
    stem = name.removesuffix("族")
    return (f"{stem}族", True) if stem in PEOPLES else (name, False)


# ---- parties -------------------------------------------------------------------------------

PARTIES = {
    "中国共产党党员": COMMUNIST,
    "中国共产党": COMMUNIST,
    "中共正式党员": COMMUNIST,
    "中共预备党员": COMMUNIST,
    "中共党员": COMMUNIST,
    "中国国民党革命委员会": "民革",
    "中国民主同盟": "民盟",
    "中国民主建国会": "民建",
    "中国民主促进会": "民进",
    "中国农工民主党": "农工党",
    "农工民主党": "农工党",
    "中国致公党": "致公党",
    "台湾民主自治同盟": "台盟",
    "九三学社": "九三学社",
    "无党派民主人士": "无党派",
    "无党派人士": "无党派",
    "无党派": "无党派",
    "农工党": "农工党",
    "致公党": "致公党",
    "共青团员": "共青团员",
    "民革": "民革",
    "民盟": "民盟",
    "民建": "民建",
    "民进": "民进",
    "台盟": "台盟",
    "群众": "群众",
    "预备党员": COMMUNIST,
    "中共": COMMUNIST,
}
_PARTY = "|".join(PARTIES)
_DATE = r"\d{4}\s*(?:年|[./\-])\s*\d{1,2}\s*月?(?:[./\-]?\d{1,2}日?)?|\d{8}|\d{6}"
_TOKEN = re.compile(f"(?P<party>{_PARTY})(?:党员|盟员|会员|社员|成员)?|(?P<date>{_DATE})")
_FILLER = re.compile(r"[()（）\[\]【】\s:：;；,，、。]|加入|于|入党|入盟|入会|入社")


@dataclass(frozen=True, slots=True)
class PartyReading:
    """What the field 入党时间 says; `unread` is text that fits no shape."""

    memberships: tuple[PartyMembership, ...] = ()
    unread: tuple[str, ...] = ()


def _read_party_piece(piece: str, reading: list[PartyMembership], unread: list[str]) -> None:
    tokens: list[tuple[str, object]] = []
    rest, last = "", 0
    joined_words = []
    for found in _TOKEN.finditer(piece):
        between = piece[last : found.start()]
        joined_words.append("加入" in between)
        rest += between
        last = found.end()
        if found["party"]:
            tokens.append(("party", PARTIES[found["party"]]))
        else:
            said = parse_date(found["date"])
            if said is None:
                unread.append(found["date"])
            else:
                tokens.append(("date", said))
    rest = _FILLER.sub("", rest + piece[last:])
    if rest:
        unread.append(piece.strip())
    shape = "".join(kind[0] for kind, _ in tokens)
    values = [value for _, value in tokens]
    if re.fullmatch(r"(pd?)+", shape):
        for i, (kind, value) in enumerate(tokens):
            if kind == "party":
                following = tokens[i + 1][1] if i + 1 < len(tokens) else None
                assert isinstance(value, str)
                joined = following if isinstance(following, PartialDate) else None
                reading.append(PartyMembership(value, joined))
    elif shape == "d":
        assert isinstance(values[0], PartialDate)
        reading.append(PartyMembership(COMMUNIST, values[0]))
    elif shape == "dp":
        when, party = values
        assert isinstance(when, PartialDate) and isinstance(party, str)
        # "2001.08民建" leaves open whose date it is; "2001.08加入民建" does not.
        certain = party == COMMUNIST or (len(joined_words) > 1 and joined_words[1])
        reading.append(PartyMembership(party, when if certain else None))
        if not certain:
            unread.append(piece.strip())
    elif tokens:
        for value in values:
            if isinstance(value, str):
                reading.append(PartyMembership(value))
        unread.append(piece.strip())


@lru_cache(maxsize=4096)
def read_party(text: str) -> PartyReading:
    """Read 入党时间: a date, a party, several, either order ("200108；民建", "民建2001.08").

    A date alone is the month of joining the Communist Party. What fits no shape stays unread.
    """
    plain = plain_digits(clean(text)).replace(" ", " ")
    reading: list[PartyMembership] = []
    unread: list[str] = []
    for piece in re.split(r"[;；、,，\n]+", plain):
        if piece.strip():
            _read_party_piece(piece, reading, unread)
    unique = list(dict.fromkeys(reading))
    return PartyReading(tuple(unique), tuple(dict.fromkeys(unread)))


# ---- education -----------------------------------------------------------------------------

_LEVELS = (
    ("研究生", "研究生"),
    ("博士", "研究生"),
    ("硕士", "研究生"),
    ("本科", "本科"),
    ("大专", "专科"),
    ("专科", "专科"),
    ("中专", "中专"),
    ("中等专业", "中专"),
    ("中师", "中专"),
    ("中技", "中专"),
    ("技校", "技校"),
    ("高中", "高中"),
    ("职高", "高中"),
    ("初中", "初中"),
    ("小学", "小学"),
    ("大学", "本科"),
)


def read_level(text: str) -> str | None:
    """The standard name of an education level: "大学" → 本科, "大专" → 专科, or None."""
    plain = re.sub(r"\s", "", clean(text))
    return next((level for word, level in _LEVELS if word in plain), None)


def read_degree(text: str) -> str:
    """博士, 硕士 or 学士, the highest that is named, or ""."""
    return next((degree for degree in ("博士", "硕士", "学士") if degree in text), "")


# ---- grades --------------------------------------------------------------------------------

GRADES = {
    "科员": "staff",
    "科员级": "staff",
    "副股级": "unit_deputy",
    "正股级": "unit_chief",
    "副科级": "section_deputy",
    "正科级": "section_chief",
    "乡科级副职": "section_deputy",
    "乡科级正职": "section_chief",
    "副处级": "division_deputy",
    "副县级": "division_deputy",
    "县处级副职": "division_deputy",
    "正处级": "division_chief",
    "正县级": "division_chief",
    "县处级正职": "division_chief",
    "副厅级": "bureau_deputy",
    "厅局级副职": "bureau_deputy",
    "正厅级": "bureau_chief",
    "厅局级正职": "bureau_chief",
}


def read_grade(text: str) -> str | None:
    """The grade that `text` names outright ("正科级"), never one inferred from a title."""
    return GRADES.get(re.sub(r"\s", "", clean(text)))


def grade_name(grade: str | None) -> str | None:
    """A grade's Chinese name as forms write it ("section_chief" → 正科级)."""
    return next((name for name, code in GRADES.items() if code == grade and "级" in name), None)


_HAND_ESCAPES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'", "nbsp": " "}


def unescape_by_hand(text: str) -> str:
    """Undo what some exporters escape themselves: "&1lt;" and "&lt;" inside a text → "<"."""
    if "&" not in text:
        return text
    return re.sub(r"&1?(lt|gt|quot|apos|nbsp|amp);", lambda m: _HAND_ESCAPES[m[1]], text)
