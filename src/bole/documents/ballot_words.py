"""The fixed words of ballots and of the sheets of a meeting, in both languages."""

from __future__ import annotations

from bole.engine.text import Text

_WORDS = {
    "no": Text("序号", "No."),
    "name": Text("姓名", "Name"),
    "present_post": Text("现任职务", "Present post"),
    "item": Text("项目", "Item"),
    "reason": Text("理由", "Reason"),
    "recommend": Text("推荐", "Recommend"),
    "chosen": Text("选中", "Ticked"),
    "unit": Text("单位", "Unit"),
    "post": Text("职务", "Post"),
    "class": Text("类别", "Class"),
    "sign_in": Text("签到", "Signature"),
    "remark": Text("备注", "Remark"),
    "due": Text("应到", "Due"),
    "attending": Text("实到", "Attending"),
    "printed": Text("印制", "Printed"),
    "issued": Text("发出", "Issued"),
    "returned": Text("收回", "Returned"),
    "missing": Text("未交回", "Not returned"),
    "valid": Text("有效", "Valid"),
    "void": Text("无效", "Void"),
    "strokes": Text("画正", "Strokes"),
    "votes": Text("票数", "Votes"),
    "points_each": Text("各票分值", "Points"),
    "total": Text("合计", "Total"),
    "counter": Text("计票人", "Counter"),
    "monitor": Text("监票人", "Monitor"),
    "recorder": Text("记录人", "Recorder"),
    "voter": Text("投票人签名", "Voter's signature"),
    "colon": Text("：", ": "),
    "date": Text("年\u3000\u3000月\u3000\u3000日", "Date ＿＿＿＿＿＿"),
    "moment": Text("年\u3000月\u3000日\u3000时\u3000分", "Date and time ＿＿＿＿＿＿＿＿"),
    "numbered": Text("编号：{number}", "No. {number}"),
    "of_class": Text("类别：{name}", "Class: {name}"),
    "notes": Text("说明：", "Notes: "),
    "exactly": Text("（限推荐 {n} 名）", " (recommend {n})"),
    "at_most": Text("（至多推荐 {n} 名）", " (recommend at most {n})"),
    "between": Text("（至少 {least} 名，至多推荐 {n} 名）", " (recommend {least} to {n})"),
    "points": Text("（0–{most}分）", " (0–{most})"),
    "count_sheet": Text("{title}计票单", "{title}: count sheet"),
    "check": Text(
        "核对：发出＝收回＋未交回；收回＝有效＋无效。不符的，不得登记结果。",
        "Check: issued = returned + not returned; returned = valid + void. "
        "If not, no result may be entered.",
    ),
    "roll_foot": Text(
        "应到 {due} 人，实到＿＿＿＿人，请假＿＿＿＿人，缺席＿＿＿＿人。",
        "Due {due}, attending ＿＿＿＿, excused ＿＿＿＿, absent ＿＿＿＿.",
    ),
    "void_ballot": Text(
        "推荐人数超过规定的，整张票无效。", "Too many picks void the whole ballot."
    ),
    "void_category": Text(
        "某一类推荐人数超过规定的，该类无效。", "Too many picks in a category void that category."
    ),
}


def word(key: str, language: str, **values: object) -> str:
    """A fixed word or sentence in `language`, its places filled."""
    return _WORDS[key].fill(**values).say(language)
