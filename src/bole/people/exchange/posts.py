"""Telling unit and title apart: "安澜县委宣传部办公室副主任" → 安澜县委宣传部 | 办公室副主任.

Known unit names decide where they are given. Without them the words decide: a unit ends at a
word that ends units (局, 镇, 委员会 …) when what follows reads as a list of titles. Where no
reading stands out, the text stays whole and the caller flags it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .words import clean, read_grade

LONGEST_POST = 200  # characters; a longer text is no post

# ---- titles --------------------------------------------------------------------------------

_BEFORE = (
    "常务|第一|第二|专职|兼职|挂职|名誉|临时|执行|党组|党委|代理?|原|见习|试用|"
    "一级|二级|三级|四级|正科级|副科级|正处级|副处级|正股级|副股级|正县级|副县级"
)
_POSITION = (
    # heads and deputies of bodies
    r"书记|主任委员|(?:组织|宣传|统战|政法|纪检|武装|专职|政协|人大)?委员|常委|部长|局长|厅长|处长|科长|股长|室主任|主任|主席|县长|市长|区长|州长|旗长|省长"
    r"|镇长|乡长|村长|所长|站长|队长|大队长|中队长|院长|校长|园长|馆长|场长|厂长|台长|社长|行长|会长"
    r"|关长|庭长|检察长|政委|政治委员|指导员|教导员|董事长|总经理|经理|总裁|监事长|董事|监事|秘书长|组长|团长"
    r"|理事长|总监|总编辑?|主编|班长|排长|连长|营长|师长|军长|区队长|段长|车间主任|护士长|系主任|教务长"
    # civil servants' ranks and staff
    r"|主任科员|科员|办事员|调研员|巡视员|督查专员|督察长|书记员|干部|职员|干事|成员|组员|部务委员|纪检员"
    r"|纪检监察员|检察员|审判员|审判长|法官|检察官|警长|民警|警员|侦查员|消防员|选调生|见习生|负责人|召集人"
    r"|联络员|特派员|协理员|专员|助理|秘书|文书|文员|会计师?|出纳|统计员|审计师|经济师|工程师|总工程师|总会计师"
    r"|总经济师|农艺师|畜牧师|兽医师?|技术员|技师|工人|职工|员工|工作人员|教师|教员|讲师|副?教授|研究员|教研员|辅导员"
    r"|班主任|医师|医生|护士|药师|技工|驾驶员|司机|记者|编辑|播音员|战士|士兵|列兵|军士|军官|参谋|学员|村官"
    r"|大学生村官|网格员|业务员|管理员|监督员|检查员|宣传员|档案员|打字员|化验员|站员|队员|所员|顾问|主办|主管|挂职锻炼|挂职|借调|跟班学习|帮助工作|工作"
)
_INNER = (
    "党委办公室|党政办公室|办公室|党政办|综合办|办|科|股|室|所|站|中心|处|组|部|队|支队|大队|中队|党委|党组|"
    "党工委|工委|党总支|总支|党支部|支部|机关党委|直属机关工委|纪委|纪检组|监委|纪工委|人大|人大主席团|"
    "主席团|政府|办事处|常委会|政协|工会|总工会|团委|妇联|科协|文联|工商联|残联|武装部|人武部|庭|队伍|系|院|"
    "分院|学院|教研室|教研组|车间|班组|分公司|分局|派出所|司法所|财政所|村|社区|工区|片区|管区|专班|领导小组|"
    "指挥部|委员会|管委会|村委会|居委会|董事会|监事会|理事会"
)
_NOT_INNER = "、，,；;。（）()局镇乡县市省"
_TITLE = re.compile(
    rf"(?:兼任?)?(?:[^{_NOT_INNER}]{{0,16}}?(?:{_INNER}))?(?:{_BEFORE}){{0,3}}副?(?:{_BEFORE}){{0,2}}"
    rf"(?:{_POSITION})(?:助理|候选人)?"
    rf"(?:兼[^{_NOT_INNER}]{{0,16}}?(?:{_POSITION}))?"
)
_LIST_MARK = re.compile(r"[、，,；;]")


def is_title(text: str) -> bool:
    """True if `text` reads as one title ("办公室副主任", "党委副书记")."""
    return len(text) <= 40 and _TITLE.fullmatch(text) is not None


def _is_title_list(text: str) -> bool:
    return bool(text) and all(is_title(part.strip()) for part in _LIST_MARK.split(text))


# ---- units ---------------------------------------------------------------------------------

#: Bodies whose offices are units of their own: 县委 → 县委办公室, 县委宣传部.
_PRINCIPAL = re.compile(
    r"(?:[省市县区州旗]委|人民政府|[省市县区州旗]政府|人大常委会|[省市县区州旗]人大|人民代表大会常务委员会|政协|编制委员会)$"
)
_UNIT_END = re.compile(
    r"委员会|管委会|常委会|联合会|协会|学会|商会|基金会|红十字会|总工会|工会|办公室|人民政府|政府|人大|政协"
    r"|法院|检察院|医院|卫生院|科学院|研究院|书院|学院|大学|党校|中学|小学|学校|幼儿园|第[一二三四五六七八九十]+中(?!学)"
    r"|公司|集团|银行|支行|分行|信用社|合作社|供销社|出版社|报社|电视台|电台|广播站|气象台|办事处|街道"
    r"|(?<![集城])镇|(?<!城)乡(?![村镇土])|林场|农场|牧场|渔场|养殖场|农场|水库|车站|客运站|工作站|服务站|监测站"
    r"|推广站|派出所|司法所|财政所|税务所|研究所|事务所|保护区|(?:开发区|高新区|园区|景区|新区|示范区|工业园)(?!管委会|管理委员会)"
    r"|局|厅|馆|中心|(?<=[一-龥])部(?!队|门|长|务)|部队|大队|支队|总队|纪委监委|纪委(?!监)|监委|武装部|团委|妇联|文联"
    r"|科协|残联|工商联|侨联|社科联|[省市县区州旗]委(?!员|组织)|[省市县区州旗]委(?=组织)|工委|政法委|编委|编办|巡察办|发改委"
    r"|卫健委|卫计委|国资委|住建委|经信委|教工委|农委|(?<=[一-龥]{2})办(?![公事理])|监狱|看守所|厂|矿|站|所|台|院"
    r"|社区|村委会|居委会|村(?!官|振|镇|委)|队|[省市县区州旗](?=副?[省市县区州旗]长)"
)
#: Bodies that stand alone even inside another unit's name: 石桥镇中心小学, 石桥镇卫生院.
_INDEPENDENT = re.compile(
    r"(?:中学|小学|学校|幼儿园|医院|卫生院|公司|集团|银行|支行|合作社|供销社|信用社|派出所|[^党]校"
    r"|村|社区|村委会|居委会|法院|检察院|大学|电视台|办事处)$"
)


class UnitNames:
    """Known unit names; the longest that begins a text is its unit."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(name for name in map(clean, names) if name)
        self._longest = max(map(len, self._names), default=0)

    def __bool__(self) -> bool:
        return bool(self._names)

    def prefix_of(self, text: str) -> str | None:
        """The longest known name that `text` begins with, or None."""
        for length in range(min(self._longest, len(text)), 0, -1):
            if text[:length] in self._names:
                return text[:length]
        return None


@dataclass(frozen=True, slots=True)
class Post:
    """One unit with its title; `unit=None`: they could not be told apart."""

    unit: str | None
    title: str
    concurrent: bool = False


@dataclass(frozen=True, slots=True)
class PostText:
    """A post text taken apart. `certain=False`: kept whole, to be looked at."""

    posts: tuple[Post, ...]
    note: str = ""
    grade: str | None = None
    certain: bool = True


#: A unit's name holds no list, no title and no verb; what does, is more than a unit.
_NO_UNIT = re.compile(
    r"[、，,；;]|兼|^(?:主持|负责|协助|分管|参加|参与|从事|待|无)|书记|[局部处科县镇乡所站院校]长|主任|科员|委员(?!会)"
)


#: 县自然资源局沙岗镇…: an office of the bureau in the town, not the town itself.
_OFFICE_IN_TOWN = re.compile(r"(?:局|厅|公司|银行|院)[一-龥]{1,8}(?:镇|乡|街道)$")


def _boundary(text: str) -> int | None:
    """Where the unit ends in `text` and a list of titles begins, or None."""
    chosen: int | None = None
    for found in _UNIT_END.finditer(text):
        end = found.end()
        unit, rest = text[:end], text[end:]
        if len(unit) < 2 or _NO_UNIT.search(unit):
            break
        if not _is_title_list(rest) or _OFFICE_IN_TOWN.search(unit):
            continue
        if chosen is None or _PRINCIPAL.search(text[:chosen]):
            chosen = end
        elif _INDEPENDENT.search(unit) and not (
            unit.endswith("办事处") and re.match(r"副?主任", rest)
        ):
            # 街道办事处主任 is the head of the 街道 itself; 镇卫生院院长 heads the 卫生院.
            chosen = end
    return chosen


_PLACE = re.compile(r"[一-龥]{1,8}?(?:省|市|县|区|州|旗|镇|乡|街道)")


def _begins_a_unit(text: str) -> bool:
    """True if a later piece names its own unit ("安澜县畜牧中心主任"), not just an inner office."""
    boundary = _boundary(text)
    return boundary is not None and (not is_title(text) or _PLACE.match(text) is not None)


def _split_piece(text: str, units: UnitNames | None) -> Post | None:
    known = units.prefix_of(text) if units else None
    if known:
        rest = text[len(known) :].strip()
        return Post(known, rest) if rest else None
    boundary = _boundary(text)
    return None if boundary is None else Post(text[:boundary], text[boundary:])


_BRACKETS = re.compile(r"[（(\[【]([^（()）\[\]【】]*)[）)\]】]")
_LEAD = re.compile(
    r"^(?:[\s:：,，;；。.]|历任|先后任|担任|任职于|(?P<how>挂职|挂任|借调|抽调|下派|选派)|任|在|于|到|至|为)+"
    r"(?=\S)"
)


def split_post(text: str, units: UnitNames | None = None) -> PostText:
    """Take a post text apart into units and titles; brackets become the note.

    A later piece that names another unit ("…副局长、安澜县畜牧中心主任") is a concurrent post.
    """
    return _split_post(text, units)


@lru_cache(maxsize=20_000)
def _split_post(text: str, units: UnitNames | None) -> PostText:
    whole = clean(text)
    notes = [clean(n) for n in _BRACKETS.findall(whole)] if len(whole) <= LONGEST_POST else []
    grade = next((g for g in map(read_grade, notes) if g), None)
    note = "；".join(n for n in notes if n)
    bare = _BRACKETS.sub("", whole)
    lead = _LEAD.match(bare)
    if lead and lead["how"]:
        note = "；".join(filter(None, (lead["how"], note)))
    bare = bare[lead.end() if lead else 0 :].strip("。；;，,、 \u3000\t")
    bare = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", bare)
    if not bare or len(bare) > LONGEST_POST:
        return PostText((Post(None, whole),), note, grade, certain=False)
    posts: list[Post] = []
    # "副局长兼安澜县国资局局长" names a second unit without a comma.
    bare = re.sub(
        r"(?<=[^、，,；;])兼任?([^、，,；;]+)",
        lambda found: f"，{found[0]}" if _begins_a_unit(found[1]) else found[0],
        bare,
    )
    pieces = _LIST_MARK.split(bare)
    marks = _LIST_MARK.findall(bare)
    for i, raw in enumerate(pieces):
        piece = raw.strip()
        if not piece:
            continue
        also = re.match(r"兼任?", piece) if posts else None
        named = piece[also.end() :] if also else piece
        known = bool(units and units.prefix_of(named))
        if posts and not known and not _begins_a_unit(named):
            if not is_title(piece):
                return PostText((Post(None, whole),), note, grade, certain=False)
            last = posts.pop()
            title = f"{last.title}{marks[i - 1]}{piece}"
            posts.append(Post(last.unit, title, last.concurrent))
            continue
        post = _split_piece(named, units)
        if post is None:
            return PostText((Post(None, whole),), note, grade, certain=False)
        if posts and post.unit == posts[0].unit:
            last = posts.pop()
            posts.append(Post(last.unit, f"{last.title}{marks[i - 1]}{post.title}"))
            continue
        posts.append(Post(post.unit, post.title, concurrent=bool(posts)))
    if not posts:
        return PostText((Post(None, whole),), note, grade, certain=False)
    return PostText(tuple(posts), note, grade)
