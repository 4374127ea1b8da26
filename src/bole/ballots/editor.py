"""The form editor: what the page posts, as the data of an `InstrumentForm`, and back.

The page keeps the whole form in its fields, so that nothing is kept on the server between clicks;
a button (`do`) adds, moves or removes a part, and the page comes back with everything else as it
was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from pydantic import ValidationError

from bole.engine.errors import BoleError
from bole.engine.exact.numbers import exact
from bole.engine.instruments import InstrumentForm, editor_warnings
from bole.engine.instruments.forms import AGREE, REVERSE
from bole.engine.text import Text

KINDS = ("nominate", "agree", "grade", "points", "reverse", "tick", "text")
WITH_OPTIONS = ("agree", "grade", "reverse", "tick")
MOST_ITEMS, MOST_OPTIONS = 60, 30
_NUMBERS = {"max_points": "最高分|highest points", "step": "分值步长|step of points"}


def _words(post: QueryDict, name: str) -> dict[str, str] | None:
    zh, en = post.get(f"{name}-zh", "").strip(), post.get(f"{name}-en", "").strip()
    return {"zh": zh or en, "en": en or zh} if zh or en else None


def _number(post: QueryDict, name: str) -> Any:
    text = post.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else text or None


def read(post: QueryDict) -> dict[str, Any]:
    """The form that the page shows; numbers that are none stay as they were typed."""
    items = [
        _item(post, f"i{n}")
        for n in range(min(int(post.get("items", "0") or 0), MOST_ITEMS))
        if f"i{n}-kind" in post
    ]
    caps = [
        {
            "options": _split(post.get(f"c{n}-options", "")),
            "at_most": post.get(f"c{n}-most", "").strip() or None,
            "at_least": post.get(f"c{n}-least", "").strip() or None,
            "level": post.get(f"c{n}-level") or None,
        }
        for n in range(min(int(post.get("caps", "0") or 0), MOST_OPTIONS))
        if f"c{n}-options" in post
    ]
    return {
        "id": post.get("id", "").strip() or "form",
        "title": _words(post, "title"),
        "anonymous": {"yes": True, "no": False}.get(post.get("anonymous", "")),
        "applies_to": post.get("applies_to") or "persons",
        "items": items,
        "caps": caps,
        "over_pick": post.get("over_pick") or None,
        "incomplete": "refuse" if "complete" in post else None,
        "points_total": post.get("points_total", "").strip() or None,
        "text_before": _words(post, "before"),
        "reference": post.get("reference", "").strip(),
    }


def _split(text: str) -> list[str]:
    for mark in "，,;；|":
        text = text.replace(mark, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def _item(post: QueryDict, at: str) -> dict[str, Any]:
    kind = post.get(f"{at}-kind", "")
    item: dict[str, Any] = {
        "id": post.get(f"{at}-id", "").strip() or at,
        "kind": kind if kind in KINDS else "text",
        "text": _words(post, f"{at}-text"),
        "required": f"{at}-required" in post,
        "reason_required": f"{at}-reason" in post,
        "per_subject": f"{at}-each" in post,
    }
    if kind in WITH_OPTIONS:
        item["options"] = [
            {
                "id": post.get(f"{at}-o{k}-id", "").strip(),
                "text": words,
                "points": post.get(f"{at}-o{k}-points", "").strip() or None,
                "knows": f"{at}-o{k}-unknown" not in post,
                "problem": f"{at}-o{k}-problem" in post,
                "reason_required": f"{at}-o{k}-reason" in post,
            }
            for k in range(min(int(post.get(f"{at}-options", "0") or 0), MOST_OPTIONS))
            if (words := _words(post, f"{at}-o{k}"))
        ]
        for option in item["options"]:
            option["id"] = option["id"] or option["text"]["zh"]
    if kind == "nominate":
        item["max_picks"] = "posts" if f"{at}-posts" in post else _number(post, f"{at}-most")
        item["min_picks"] = _number(post, f"{at}-least") or 0
        item["categories"] = [
            {
                "id": post.get(f"{at}-k{k}-id", "").strip() or words["zh"],
                "text": words,
                "max_picks": _number(post, f"{at}-k{k}-most"),
                "min_picks": 0,
            }
            for k in range(min(int(post.get(f"{at}-categories", "0") or 0), MOST_OPTIONS))
            if (words := _words(post, f"{at}-k{k}"))
        ]
    if kind == "points":
        item |= {key: post.get(f"{at}-{key}", "").strip() or None for key in _NUMBERS}
    return item


def new_item(kind: str, taken: set[str]) -> dict[str, Any]:
    """An item with what is usual for its kind."""
    number = next(n for n in range(1, 1000) if f"item{n}" not in taken)
    item: dict[str, Any] = {
        "id": f"item{number}",
        "kind": kind,
        "text": None,
        "required": False,
        "reason_required": False,
        "per_subject": kind != "text",
    }
    standard = {"agree": AGREE, "reverse": REVERSE}.get(kind, ())
    if kind in WITH_OPTIONS:
        item["options"] = [o.model_dump(mode="json") for o in standard]
    if kind == "grade":
        item["options"] = [
            {"id": g, "text": {"zh": g, "en": e}, "knows": True}
            for g, e in (
                ("优秀", "excellent"),
                ("称职", "competent"),
                ("基本称职", "basically competent"),
                ("不称职", "not competent"),
            )
        ]
    if kind == "nominate":
        item |= {"max_picks": "posts", "min_picks": 0, "categories": []}
    if kind == "points":
        item |= {"max_points": "100", "step": None}
    return item


def change(form: dict[str, Any], do: str) -> dict[str, Any]:
    """The form after a button: `add:grade`, `up:2`, `down:2`, `remove:2`, `cap`, `uncap:0`."""
    verb, _colon, what = do.partition(":")
    items, caps = form["items"], form["caps"]
    if verb == "add" and what in KINDS and len(items) < MOST_ITEMS:
        items.append(new_item(what, {i["id"] for i in items}))
    elif verb == "cap":
        caps.append({"options": [], "at_most": None, "at_least": None, "level": None})
    elif what.isdecimal():
        n = int(what)
        if verb == "remove" and n < len(items):
            items.pop(n)
        elif verb == "up" and 0 < n < len(items):
            items[n - 1], items[n] = items[n], items[n - 1]
        elif verb == "down" and n + 1 < len(items):
            items[n + 1], items[n] = items[n], items[n + 1]
        elif verb == "uncap" and n < len(caps):
            caps.pop(n)
    return form


def of(form: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a stored or shipped form as the editor shows it."""
    data = InstrumentForm.model_validate(dict(form)).model_dump(mode="json", by_alias=True)
    for item in data["items"]:
        item["text"] = item["text"] or {"zh": item["id"], "en": item["id"]}
        for option in item["options"]:
            option["text"] = option["text"] or {"zh": option["id"], "en": option["id"]}
        for category in item["categories"]:
            category["text"] = category["text"] or {"zh": category["id"], "en": category["id"]}
    return data


def check(data: Mapping[str, Any], persons: int | None) -> tuple[InstrumentForm | None, list[Text]]:
    """The form, and every reason in a sentence why it cannot be saved (then there is no form)."""
    problems: list[Text] = []
    if not data["title"]:
        problems.append(Text("请写明表的名称", "Give the form a name"))
    if not data["items"]:
        problems.append(Text("请至少加一项内容", "Add at least one item"))
    for n, item in enumerate(data["items"], 1):
        problems += [Text(f"第{n}项：{t.zh}", f"Item {n}: {t.en}") for t in _lacking(item)]
    known = {o["id"]: o["id"] for i in data["items"] for o in i.get("options", ())}
    known |= {
        w: o["id"]
        for i in data["items"]
        for o in i.get("options", ())
        for w in (o["text"] or {}).values()
    }
    caps = []
    for n, cap in enumerate(data["caps"], 1):
        strange = [o for o in cap["options"] if o not in known]
        wrong = [v for v in (cap["at_most"], cap["at_least"]) if v is not None and not _share(v)]
        if not cap["options"] or strange:
            text = Text("第{n}条限额：请写选项名称", "Cap {n}: write the names of options")
            if strange:
                text = Text("第{n}条限额：没有选项“{o}”", 'Cap {n}: there is no option "{o}"')
            problems.append(text.fill(n=n, o="、".join(strange)))
        elif wrong or (cap["at_most"] is None and cap["at_least"] is None):
            text = Text(
                "第{n}条限额：请写0至100%的比例，例如30%",
                "Cap {n}: write a share from 0 to 100%, for example 30%",
            )
            problems.append(text.fill(n=n))
        caps.append({**cap, "options": [known.get(o, o) for o in cap["options"]]})
    if problems:
        return None, problems
    try:
        form = InstrumentForm.model_validate({**data, "caps": caps})
    except ValidationError as error:
        return None, [_sentence(e) for e in error.errors()]
    return form, []


def advice(form: InstrumentForm, persons: int | None) -> list[Text]:
    """What is still open before the form can be voted on, and what small units will run into."""
    out = form.unsettled()
    if persons and form.caps:
        out += [p.text for p in editor_warnings(form.caps, persons)]
    return out


def _share(value: Any) -> bool:
    try:
        return 0 <= exact(value) <= 1
    except BoleError:
        return False


def _lacking(item: Mapping[str, Any]) -> list[Text]:
    out = []
    if not item["text"]:
        out.append(Text("请写明内容", "write the question"))
    options = item.get("options", [])
    least = 1 if item["kind"] == "tick" else 2
    if item["kind"] in WITH_OPTIONS and len(options) < least:
        out.append(Text("至少写{n}个选项", "write at least {n} options").fill(n=least))
    labels = [o["text"]["zh"] for o in options]
    if len(set(labels)) < len(labels) or len({o["id"] for o in options}) < len(options):
        out.append(Text("选项重复", "an option stands twice"))
    out += [
        Text("选项“{o}”的分值应为数字", 'option "{o}": points must be a number').fill(
            o=o["text"]["zh"]
        )
        for o in options
        if o.get("points") is not None and not _is_number(o["points"])
    ]
    picks = [item.get("max_picks"), *(c["max_picks"] for c in item.get("categories", ()))]
    if any(p is not None and p != "posts" and not (isinstance(p, int) and p > 0) for p in picks):
        out.append(Text("可推荐人数应为正整数", "names allowed must be a whole number above 0"))
    if not isinstance(item.get("min_picks", 0), int):
        out.append(Text("最少推荐人数应为整数", "the least number of names must be a number"))
    for key, words in _NUMBERS.items():
        value, (zh, en) = item.get(key), words.split("|")
        if value is not None and (not _is_number(value) or exact(value) <= 0):
            out.append(Text(f"{zh}应为大于0的数字", f"{en}: must be a number above 0"))
    return out


def _is_number(value: Any) -> bool:
    try:
        exact(value)
    except BoleError:
        return False
    return True


def _sentence(error: Any) -> Text:
    said = str(error["msg"]).removeprefix("Value error, ")
    zh, slash, en = said.partition(" / ")
    where = list(error["loc"])
    lead = Text("", "")
    if len(where) > 1 and where[0] == "items" and isinstance(where[1], int):
        lead = Text(f"第{where[1] + 1}项：", f"Item {where[1] + 1}: ")
    return lead + Text(zh, en if slash else zh)
