"""The papers that bole fills from templates, and the fields that each template may use.

A field's sample shows its shape: text, or a list of rows with their own fields. A template is
checked by filling it with the samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bole.engine.text import Text


@dataclass(frozen=True, slots=True)
class Field:
    """One tag of a template. `needed` fields print a line to write on when they are empty."""

    name: str
    label: Text
    sample: Any
    needed: bool = True


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper; its default template is `templates/<id>.docx`."""

    id: str
    name: Text
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((f for f in self.fields if f.name == name), None)

    def samples(self) -> dict[str, Any]:
        """Sample data: for previews and for checking a template."""
        return {f.name: f.sample for f in self.fields}


def _field(name: str, zh: str, en: str, sample: Any, *, needed: bool = True) -> Field:
    return Field(name, Text(zh, en), sample, needed)


PERSON: Mapping[str, str] = {
    "name": "王芳",
    "sex": "女",
    "birth": "1985年3月",
    "ethnicity": "汉族",
    "native_place": "山东安澜",
    "education": "大学学历",
    "party": "2006年5月加入中国共产党",
    "work_start": "2007年7月",
    "present_post": "安澜县财政局党组成员、副局长",
    "proposed_post": "安澜县财政局党组书记，提名为局长人选",
    "removed_post": "",
}
SIGNATURES = [
    {"role": "党委（党组）书记", "name": ""},
    {"role": "纪委书记（纪检监察组组长）", "name": ""},
]
_PERSONS = _field("persons", "人员名单", "persons", [dict(PERSON)])
_PERSON = _field("person", "本人信息", "the person", dict(PERSON))
_OFFICE = _field("office", "发文单位", "issuing office", "中共安澜县委组织部")
_DATE = _field("date", "日期", "date", "2026年11月24日")
_NUMBER = _field("number", "文号", "document number", "安组函〔2026〕12号")
_PHONE = _field("phone", "电话", "telephone", "0000-12380")
_CONTACT = _field("contact", "联系人", "contact", "李伟")
_SIGNATURES = _field("signatures", "签名", "signature places", SIGNATURES, needed=False)


def _titled(zh: str) -> Field:
    return _field("title", "标题", "title", zh)


KINDS: dict[str, PaperKind] = {
    kind.id: kind
    for kind in (
        PaperKind(
            "opinion_letter",
            Text("征求意见函", "opinion letter"),
            (
                _titled("关于征求王芳同志廉洁自律情况意见的函"),
                _NUMBER,
                _field("to", "主送单位", "addressee", "县纪委监委"),
                _field("reason", "事由", "reason", "根据工作需要，拟对以下同志进行考察"),
                _PERSONS,
                _field("matters", "征求事项", "matters asked", ["有无问题线索反映及查核情况"]),
                _field("reply_by", "回复期限", "reply by", "2026年12月1日"),
                _CONTACT,
                _PHONE,
                _OFFICE,
                _DATE,
            ),
        ),
        PaperKind(
            "inspection_notice",
            Text("考察预告", "inspection notice"),
            (
                _titled("干部考察预告"),
                _field("unit", "考察单位", "unit inspected", "安澜县财政局"),
                _field("group", "考察组", "inspection group", "县委组织部第一考察组"),
                _PERSONS,
                _field("start", "开始日期", "first day", "2026年11月25日"),
                _field("end", "结束日期", "last day", "2026年11月27日"),
                _field("ways", "反映方式", "ways to report", "电话、来信、来访"),
                _PHONE,
                _field("place", "地点", "place", "县财政局三楼会议室"),
                _OFFICE,
                _DATE,
            ),
        ),
        PaperKind(
            "public_notice",
            Text("任前公示", "pre-appointment notice"),
            (
                _titled("干部任前公示"),
                _PERSONS,
                _field("start", "开始日期", "first day", "2026年11月25日"),
                _field("until", "截止日期", "last day", "2026年12月1日"),
                _field("working_days", "工作日数", "working days", "5"),
                _PHONE,
                _field("address", "通信地址", "postal address", "安澜县人民路1号县委组织部"),
                _field("mailbox", "电子邮箱", "mailbox", "", needed=False),
                _field("places", "公示地点和范围", "places", "县政府网站、所在单位公告栏"),
                _OFFICE,
                _DATE,
            ),
        ),
        PaperKind(
            "minutes",
            Text("会议纪要", "minutes"),
            (
                _titled("中共安澜县委常委会会议纪要"),
                _NUMBER,
                _field("time", "时间", "time", "2026年11月24日9时"),
                _field("place", "地点", "place", "县委常委会会议室"),
                _field("chair", "主持人", "chair", "陈明"),
                _field("due", "应到人数", "members due", "11"),
                _field("present", "实到人数", "members present", "11"),
                _field("attending", "出席", "attending", "陈明、李伟"),
                _field("absent", "请假", "absent with leave", "", needed=False),
                _field("recused", "回避", "recused", "", needed=False),
                _field("observers", "列席", "observers", "", needed=False),
                _field("recorder", "记录人", "recorder", "赵强"),
                _field(
                    "items",
                    "议题",
                    "items",
                    [
                        {
                            "topic": "王芳同志任职",
                            "report": "县委组织部汇报了酝酿、推荐和考察情况",
                            "statements": "与会人员逐一发表意见",
                            "method": "无记名投票",
                            "agree": "11",
                            "disagree": "0",
                            "defer": "0",
                            "needed": "6",
                            "result": "通过",
                        }
                    ],
                ),
                _SIGNATURES,
                _DATE,
            ),
        ),
        PaperKind(
            "integrity_conclusion",
            Text("廉洁自律情况结论性意见", "integrity conclusion"),
            (
                _titled("关于王芳同志廉洁自律情况的结论性意见"),
                _PERSON,
                _field("to", "主送单位", "addressee", "中共安澜县委"),
                _field("dossier", "档案审核情况", "dossier audit", "干部人事档案已审核，无问题"),
                _field("matters", "个人有关事项查核情况", "personal matters", "查核一致"),
                _field("discipline", "纪检监察机关意见", "discipline opinion", "无问题线索"),
                _field("complaints", "信访举报查核情况", "complaints", "无反映"),
                _field("conclusion", "结论", "conclusion", "未发现影响任用的问题"),
                _field("secretary", "书记职务", "secretary's post", "党委（党组）书记"),
                _field("discipline_secretary", "纪委书记职务", "discipline secretary", "纪委书记"),
                _OFFICE,
                _DATE,
            ),
        ),
        PaperKind(
            "inspection_report",
            Text("考察材料", "inspection report"),
            (
                _titled("王芳同志考察材料"),
                _PERSON,
                _field("resume", "简历", "résumé", ["2007.07--2012.03  安澜县财政局科员"]),
                _field("process", "考察过程", "process", "2026年11月25日至27日进行了考察"),
                _field("performance", "德能勤绩廉表现", "performance", ["政治立场坚定。"]),
                _field("achievements", "主要实绩", "achievements", ["牵头完成预算改革。"]),
                _field("shortcomings", "主要缺点和不足", "shortcomings", ["调查研究不够深入。"]),
                _field("recommendation", "民主推荐情况", "recommendation", "得票率 82%（有效票）"),
                _field("assessment", "民主测评情况", "assessment", "优秀率 90%（有效票）"),
                _field("verification", "四必情况", "the four musts", ["档案审核无问题"]),
                _field("conclusion", "考察组意见", "group's opinion", "建议列为任用人选"),
                _field(
                    "signatures", "考察组成员签名", "group members", [{"role": "组长", "name": ""}]
                ),
                _OFFICE,
                _DATE,
            ),
        ),
        PaperKind(
            "dossier_confirmation",
            Text("干部人事档案审核确认表", "dossier confirmation form"),
            (
                _titled("干部人事档案任前审核确认表"),
                _PERSON,
                _field("case", "所属事项", "case", "2026-003 安澜县财政局副局长", needed=False),
                _field(
                    "facts",
                    "审核项目",
                    "facts audited",
                    [
                        {
                            "fact": "出生日期",
                            "stated": "1985年3月",
                            "page": "第一类第3页",
                            "first": "一致",
                            "second": "一致",
                            "note": "",
                        }
                    ],
                ),
                _field("route", "处理意见", "route", "材料齐全、记载一致"),
                _field("deadline", "办理期限", "to be settled by", "", needed=False),
                _field("first", "初审人和日期", "first check", "李伟 2026年11月24日"),
                _field("second", "复审人和日期", "re-check", "赵强 2026年11月25日"),
                _field("statement", "本人意见", "the person's words", "", needed=False),
                _field("signed", "本人签字日期", "signed on", "", needed=False),
                _OFFICE,
                _DATE,
            ),
        ),
        PaperKind(
            "joint_review",
            Text("干部联审表", "joint-review sheet"),
            (
                _titled("干部任前联审表"),
                _field("case", "所属事项", "case", "2026-003 安澜县财政局副局长", needed=False),
                _PERSONS,
                _field(
                    "lines",
                    "联审单位意见",
                    "lines of the bodies",
                    [
                        {
                            "body": "县纪委监委",
                            "person": "王芳",
                            "opinion": "无不同意见",
                            "signer": "周敏",
                            "day": "2026年11月26日",
                        }
                    ],
                ),
                _OFFICE,
                _DATE,
            ),
        ),
        PaperKind(
            "talk_record",
            Text("谈话记录", "talk record"),
            (
                _titled("任职谈话记录"),
                _PERSON,
                _field("time", "时间", "time", "2026年12月3日9时"),
                _field("place", "地点", "place", "县委组织部"),
                _field("talkers", "谈话人", "led by", "陈明"),
                _field("recorder", "记录人", "recorder", "赵强"),
                _field("content", "谈话内容", "content", ["肯定成绩，指出不足。"]),
                _field("statement", "本人表态", "the person's words", ["服从组织安排。"]),
                _SIGNATURES,
                _DATE,
            ),
        ),
        PaperKind(
            "probation_report",
            Text("试用期满考核表", "probation assessment"),
            (
                _titled("领导干部试用期满考核表"),
                _PERSON,
                _field("start", "试用起始日期", "probation began", "2025年11月24日"),
                _field("end", "试用期满日期", "probation ends", "2026年11月23日"),
                _field("post", "试任职务", "post on probation", "安澜县财政局副局长"),
                _field("summary", "本人总结", "own summary", ["一年来履行职责。"]),
                _field("assessment", "民主测评结果", "assessment", "称职以上 96%（有效票）"),
                _field("opinion", "考核意见", "opinion", ["能够胜任试任职务。"]),
                _field("conclusion", "结论", "conclusion", "同意正式任职"),
                _SIGNATURES,
                _OFFICE,
                _DATE,
            ),
        ),
        PaperKind(
            "appointment_document",
            Text("任免文件", "appointment document"),
            (
                _titled("关于王芳等同志职务任免的通知"),
                _NUMBER,
                _field(
                    "to", "主送单位", "addressee", "各镇（街道）党（工）委，县直各单位党组（党委）"
                ),
                _field("decided", "研究日期", "decided on", "2026年11月24日"),
                _field("body", "决定机关", "deciding body", "县委常委会会议"),
                _field("appointments", "任职", "appointments", ["王芳同志任县财政局党组书记"]),
                _field(
                    "removals", "免职", "removals", ["李伟同志财政局党组书记职务"], needed=False
                ),
                _field("probation", "试用期", "probation", "试用期一年", needed=False),
                _OFFICE,
                _DATE,
            ),
        ),
        PaperKind(
            "host_script",
            Text("会议主持词", "host's script"),
            (
                _titled("民主推荐会议主持词"),
                _field("meeting", "会议名称", "meeting", "安澜县2026年干部民主推荐会议"),
                _field("host", "主持人", "host", "李伟"),
                _field("due", "应到人数", "due", "120"),
                _field("attending", "实到人数", "attending", ""),
                _field(
                    "needed",
                    "有效人数要求",
                    "attendance needed",
                    "到会人数须达到应到人数的三分之二",
                ),
                _field("purpose", "会议目的", "purpose", "推荐县财政局局长人选"),
                _field("posts", "推荐职位和条件", "posts and conditions", ["县财政局局长1名"]),
                _field("forms", "票种", "forms", ["会议推荐票"]),
                _field("counters", "计票人", "counters", "赵强、孙丽"),
                _field("monitors", "监票人", "monitors", "周敏"),
                _field("discipline", "纪律要求", "discipline", ["严禁拉票，违者严肃处理。"]),
            ),
        ),
        PaperKind(
            "signature_page",
            Text("计票监票签名页", "counters' and monitors' page"),
            (
                _titled("计票结果签名页"),
                _field("meeting", "会议名称", "meeting", "安澜县2026年干部民主推荐会议"),
                _field("form", "票种", "form", "会议推荐票"),
                _field("due", "应到", "due", "120"),
                _field("attending", "实到", "attending", "118"),
                _field("issued", "发出", "issued", "118"),
                _field("returned", "收回", "returned", "118"),
                _field("missing", "未交回", "not returned", "0"),
                _field("valid", "有效", "valid", "117"),
                _field("void", "无效", "void", "1"),
                _field(
                    "signatures",
                    "签名",
                    "signature places",
                    [{"role": "计票人", "name": ""}, {"role": "监票人", "name": ""}],
                ),
                _DATE,
            ),
        ),
        PaperKind(
            "paper",
            Text("通用文书", "paper"),
            (
                _titled("综合分析研判报告"),
                _field("number", "文号", "document number", "", needed=False),
                _field("about", "说明", "about", "", needed=False),
                _field("persons", "人员名单", "persons", [dict(PERSON)], needed=False),
                _field(
                    "sections",
                    "正文各部分",
                    "sections",
                    [{"heading": "领导班子情况", "paragraphs": ["班子结构合理。"]}],
                ),
                _SIGNATURES,
                _OFFICE,
                _DATE,
            ),
        ),
    )
}


def kind_of(template: str) -> PaperKind:
    """The kind that a scheme's `template` names; papers without their own are a `paper`."""
    return KINDS.get(template, KINDS["paper"])
