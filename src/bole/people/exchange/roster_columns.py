"""Which column of a roster means what: a proposal with its confidence, for a person to confirm."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from bole.engine.text import Text

from .identity import read_id
from .words import clean, read_sex

#: Fields that a roster column can mean. "age" and "number" are known and not read.
FIELD_LABELS: dict[str, Text] = {
    "number": Text("序号（不读入）", "number (not read)"),
    "name": Text("姓名", "name"),
    "sex": Text("性别", "sex"),
    "ethnicity": Text("民族", "ethnicity"),
    "native_place": Text("籍贯", "native place"),
    "birthplace": Text("出生地", "birthplace"),
    "birth": Text("出生年月", "birth"),
    "age": Text("年龄（不读入，由出生年月计算）", "age (not read; computed from birth)"),
    "work_start": Text("参加工作时间", "work start"),
    "party": Text("入党时间", "joined the Party"),
    "politics": Text("政治面貌", "political status"),
    "health": Text("健康状况", "health"),
    "full_time": Text("全日制学历学位", "full-time education and degree"),
    "full_time_degree": Text("全日制学位", "full-time degree"),
    "full_time_school": Text("全日制毕业院校及专业", "full-time school and major"),
    "full_time_major": Text("全日制专业", "full-time major"),
    "in_service": Text("在职学历学位", "in-service education and degree"),
    "in_service_degree": Text("在职学位", "in-service degree"),
    "in_service_school": Text("在职毕业院校及专业", "in-service school and major"),
    "in_service_major": Text("在职专业", "in-service major"),
    "professional_title": Text("专业技术职务", "professional title"),
    "speciality": Text("熟悉专业有何专长", "speciality"),
    "post": Text("工作单位及职务", "unit and post"),
    "unit": Text("工作单位", "unit"),
    "title": Text("职务", "post title"),
    "grade": Text("职务层次", "grade"),
    "post_since": Text("任现职时间", "post since"),
    "grade_since": Text("任现级别时间", "grade since"),
    "appraisals": Text("近三年考核", "appraisals of the last years"),
    "appraisal_of": Text("某一年考核", "appraisal of one year"),
    "awards": Text("奖惩情况", "awards and sanctions"),
    "id_number": Text("身份证号", "identity number"),
    "note": Text("备注", "note"),
}

SURE = 0.9  # from here on a mapping need not be looked at

_EXACT: dict[str, str] = {}
for _field, _names in {
    "number": "序号 编号 顺序号 序",
    "name": "姓名 名字 干部姓名",
    "sex": "性别",
    "ethnicity": "民族",
    "native_place": "籍贯",
    "birthplace": "出生地",
    "birth": "出生年月 出生日期 出生时间 出生年月日 出生 生日",
    "age": "年龄 周岁 实足年龄",
    "work_start": "参加工作时间 参加工作年月 参加工作日期 参工时间 工作时间 参加工作",
    "party": "入党时间 入党年月 入党日期 加入中国共产党时间 入党 党派及加入时间 入党团时间"
    " 入党派时间",
    "politics": "政治面貌 党派",
    "health": "健康状况 健康情况",
    "full_time": "全日制学历学位 全日制学历 全日制教育 全日制教育学历学位 全日制教育学历"
    " 全日制文化程度 学历学位 学历 文化程度 最高学历",
    "full_time_degree": "全日制学位 全日制教育学位 学位",
    "full_time_school": "毕业院校及专业 毕业院校系及专业 毕业学校及专业 全日制毕业院校及专业"
    " 毕业院校 毕业学校 全日制毕业院校系及专业 全日制教育毕业院校系及专业 全日制教育毕业院校及专业"
    " 全日制毕业院校 全日制教育毕业院校 毕业院校专业 毕业院校和专业",
    "full_time_major": "专业 所学专业 全日制专业 全日制所学专业 全日制教育专业",
    "in_service": "在职学历 在职学历学位 在职教育 在职教育学历学位 在职教育学历",
    "in_service_degree": "在职学位 在职教育学位",
    "in_service_school": "在职毕业院校及专业 在职毕业院校系及专业 在职教育毕业院校系及专业"
    " 在职教育毕业院校及专业 在职毕业院校 在职教育毕业院校",
    "in_service_major": "在职专业 在职所学专业 在职教育专业",
    "professional_title": "专业技术职务 专业技术资格 职称 技术职称 专业技术职称",
    "speciality": "熟悉专业有何专长 专长 特长",
    "post": "工作单位及职务 现任职务 单位及职务 现工作单位及职务 工作单位职务 单位职务"
    " 现任单位及职务 工作单位及现任职务 单位及现任职务 现职务",
    "unit": "工作单位 单位 所在单位 单位名称 现工作单位 部门 所在部门",
    "title": "职务 职位 岗位 职务名称",
    "grade": "职级 职务层次 级别 行政级别 职务级别 现职级 现任职级 现级别 职务层级",
    "post_since": "任现职时间 任现职务时间 现任职务时间 任职时间 任现职年月 现任职时间"
    " 任现岗位时间",
    "grade_since": "任现职级时间 任现级别时间 任同职级时间 任现职务层次时间 任现职级年月"
    " 任同级职务时间 任现级时间 任职级时间 任现职务级别时间 任同一职务层次时间",
    "appraisals": "近三年考核 近三年年度考核 近三年考核结果 近三年年度考核结果 近三年考核情况"
    " 近三年年度考核情况 年度考核结果 考核结果 近三年考核等次 年度考核",
    "awards": "奖惩情况 奖惩 获奖情况",
    "id_number": "身份证号 身份证号码 公民身份号码 公民身份证号码 身份证 证件号码 居民身份证号",
    "note": "备注 说明 备考",
}.items():
    for _name in _names.split():
        _EXACT[_name] = _field

#: Known headers that leave open whether full-time or in-service is meant: to be confirmed.
_EITHER = frozenset(["学历", "学历学位", "文化程度", "最高学历", "学位"])

#: Words that decide when the whole header is not known; the first that fits.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"身份证|身份号码", "id_number"),
    (r"任.*(?:级|层次|级别).*(?:时间|年月|日期)|(?:级|层次).*任职时间", "grade_since"),
    (r"任.*(?:现职|职务|职|岗位).*(?:时间|年月|日期)", "post_since"),
    (r"参加?工作?.*(?:时间|年月|日期)|工作时间", "work_start"),
    (r"入党|加入.*党", "party"),
    (r"出生.*(?:年|月|日|时间)", "birth"),
    (r"在职.*学位", "in_service_degree"),
    (r"在职.*(?:院校|学校)", "in_service_school"),
    (r"在职.*专业", "in_service_major"),
    (r"在职.*(?:学历|教育)", "in_service"),
    (r"(?:院校|学校).*", "full_time_school"),
    (r"学历", "full_time"),
    (r"学位", "full_time_degree"),
    (r"考核", "appraisals"),
    (r"单位.*职务|现任职务", "post"),
    (r"姓名", "name"),
    (r"性别", "sex"),
    (r"民族", "ethnicity"),
    (r"籍贯", "native_place"),
    (r"出生地", "birthplace"),
    (r"政治面貌|党派", "politics"),
    (r"职级|职务层次|级别", "grade"),
    (r"职称|专业技术", "professional_title"),
    (r"单位|部门", "unit"),
    (r"职务|职位", "title"),
    (r"备注", "note"),
)
_YEAR_APPRAISAL = re.compile(r"((?:19|20)\d\d)年?度?(?:年度)?(?:考核|考评)?(?:结果|等次|情况)?")

DATE_FIELDS = ("birth", "work_start", "post_since", "grade_since", "party")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One column: what it is taken for, how sure (0–1), and why. `year` only for appraisal_of."""

    column: int
    header: str
    field: str | None
    confidence: float
    reason: Text
    year: int | None = None

    @property
    def letter(self) -> str:
        """The column's letter, as the sheet shows it."""
        return str(get_column_letter(self.column))


def tidy_header(text: object) -> str:
    """ "出生\\n年 月" → "出生年月"; brackets that only explain are dropped by `match_header`."""
    plain = unicodedata.normalize("NFKC", clean(str(text))) if text is not None else ""
    return str(re.sub(r"[\s·:：、,，/\\\-—*_]+", "", plain))


def match_header(header: str) -> tuple[str | None, float, int | None]:
    """Field, confidence and year of one tidied header; (None, 0, None) if it says nothing."""
    if not header or len(header) > 40:
        return None, 0.0, None
    year = _YEAR_APPRAISAL.fullmatch(header)
    if year and (len(header) > 5 or "年" in header):
        return "appraisal_of", 1.0, int(year[1])
    if header in _EXACT:
        return _EXACT[header], 0.6 if header in _EITHER else 1.0, None
    bare = re.sub(r"\([^()]*\)|（[^（）]*）|【[^【】]*】", "", header)
    if bare in _EXACT:
        return _EXACT[bare], 0.95, None
    for words, field in _WORDS:
        if re.search(words, bare):
            return field, 0.7, None
    return None, 0.0, None


def header_key(headers: Sequence[str]) -> str:
    """The same for every roster with the same headers: mappings are remembered by it."""
    return "|".join(headers)


def _share(values: Sequence[Any], test: Callable[[str], bool]) -> float:
    texts = [str(value) for value in values if value not in (None, "")]
    return sum(map(test, texts)) / len(texts) if texts else 0.0


def _looks_like(values: Sequence[Any]) -> tuple[str, float] | None:
    """What the cells themselves look like, for headers that say nothing."""
    if _share(values, lambda t: read_id(t).valid) >= 0.7:
        return "id_number", 0.6
    if _share(values, lambda t: read_sex(t) is not None) >= 0.9:
        return "sex", 0.6
    return None


def _contradicts(field: str, values: Sequence[Any]) -> bool:
    """True if most cells cannot be what the header says."""
    filled = [value for value in values if value not in (None, "")]
    if len(filled) < 3:
        return False
    if field == "sex":
        return _share(filled, lambda t: read_sex(t) is not None) < 0.5
    if field == "name":
        return _share(filled, lambda t: not re.search(r"\d", t) and len(t) <= 20) < 0.5
    if field in DATE_FIELDS and field != "party":
        return _share(filled, lambda t: bool(re.match(r"(?:19|20)\d\d|[一二]", t.strip()))) < 0.5
    return False


def propose(
    headers: Mapping[int, str],
    samples: Mapping[int, Sequence[Any]],
    remembered: Mapping[int, str | None] | None = None,
) -> list[ColumnMapping]:
    """A mapping for every column, best guess first kept where two claim one field.

    `headers` and `samples` are by column (from 1); `remembered` is what a person confirmed for
    the same headers and is taken as it is.
    """
    proposals: list[ColumnMapping] = []
    education = "full_time"
    for column, header in sorted(headers.items()):
        if remembered is not None and column in remembered:
            field = remembered[column]
            year = match_header(header)[2] if field == "appraisal_of" else None
            reason = Text("按以前确认过的对应", "as confirmed before")
            proposals.append(ColumnMapping(column, header, field, 1.0, reason, year))
            continue
        field, confidence, year = match_header(header)
        if field in ("full_time", "in_service"):
            education = field
        elif field and field.startswith("full_time_") and "全日制" not in header:
            # "毕业院校及专业" belongs to the education column before it.
            field = education + field.removeprefix("full_time")
        reason = Text("按表头“{header}”", "by the header “{header}”").fill(header=header)
        values = samples.get(column, ())
        if field is None:
            looks = _looks_like(values)
            if looks:
                field, confidence = looks
                reason = Text("按单元格内容", "by what the cells look like")
            elif header:
                reason = Text(
                    "表头“{header}”不认识，不读入", "“{header}” is not known; not read"
                ).fill(header=header)
            else:
                reason = Text("没有表头，不读入", "no header; not read")
        elif _contradicts(field, values):
            confidence = 0.4
            reason = Text(
                "表头是“{header}”，内容却不像", "the header says “{header}”, the cells do not"
            ).fill(header=header)
        proposals.append(ColumnMapping(column, header, field, confidence, reason, year))
    return _one_column_a_field(proposals)


def _one_column_a_field(proposals: list[ColumnMapping]) -> list[ColumnMapping]:
    best: dict[tuple[str, int | None], ColumnMapping] = {}
    for mapping in proposals:
        if mapping.field:
            key = (mapping.field, mapping.year)
            if key not in best or mapping.confidence > best[key].confidence:
                best[key] = mapping
    out = []
    for mapping in proposals:
        chosen = best.get((mapping.field or "", mapping.year))
        if mapping.field and chosen is not mapping and chosen is not None:
            reason = Text(
                "与第{letter}列重复，不读入", "the same as column {letter}; not read"
            ).fill(letter=chosen.letter)
            mapping = ColumnMapping(mapping.column, mapping.header, None, 0.0, reason)
        out.append(mapping)
    return out
