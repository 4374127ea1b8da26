"""Reading .lrmx, the appointment form 3.x in XML. Hostile files are refused before parsing."""

from __future__ import annotations

import codecs
import re

from lxml import etree

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

from .assemble import EDUCATION, EDUCATION_PARTS, LABELS, add_post_grade, assemble, read_family_row
from .pictures import MOST_BYTES as PICTURE_LIMIT
from .pictures import check_picture, decode_picture, too_large_picture
from .posts import UnitNames
from .record import FamilyRow, PersonFile, UnknownTag

MOST_BYTES = 16 * 1024 * 1024
ROOT = "Person"
FAMILY = "JiaTingChengYuan"
PICTURE = "ZhaoPian"
FAMILY_PARTS = ("ChengWei", "XingMing", "ChuShengRiQi", "ZhengZhiMianMao", "GongZuoDanWeiJiZhiWu")


def _education_tags() -> list[str]:
    return [f"{prefix}_{part}" for prefix in EDUCATION for part in EDUCATION_PARTS]


#: The form's tags in their usual order.
TAGS: tuple[str, ...] = (
    *list(LABELS)[: list(LABELS).index("QuanRiZhiJiaoYu")],
    *_education_tags(),
    *list(LABELS)[list(LABELS).index("XianRenZhiWu") :],
    "Version",
)
_TEXT_TAGS = frozenset(TAGS) - {FAMILY, PICTURE}


def refuse(code: str, zh: str, en: str, **values: object) -> BoleError:
    """The error that refuses a whole file."""
    return BoleError(Problem(code, Text(zh, en).fill(**values)))


_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    # A declaration that can be read byte by byte is no UTF-16, whatever it says (.NET writers).
    "utf-16": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
}
_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["'][^>]*\?>""")


def sniff(data: bytes) -> str:
    """What the bytes are: "xml", "lrm", "zip", "ole", "picture", "pdf", "empty" or "unknown"."""
    head = data[:4096]
    if not data.strip(b"\x00 \t\r\n"):
        return "empty"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8")) or (
        head.startswith(b"BM") and data[6:10] == b"\x00" * 4
    ):
        return "picture"
    if head.startswith(b"%PDF"):
        return "pdf"
    bare = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if bare.startswith(b"<") or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "xml"
    if bare.startswith(b'"') and b'","' in data:
        return "lrm"
    return "unknown"


KIND_NAMES = {
    "xml": Text("XML（.lrmx 任免审批表）", "XML (an .lrmx form)"),
    "lrm": Text(".lrm 任免审批表（2.0 版）", "an .lrm form (2.0)"),
    "zip": Text("压缩包或 .xlsx 工作簿", "a zip archive or an .xlsx workbook"),
    "ole": Text("旧版 Office 或加密的 Office 文件", "an old or an encrypted Office file"),
    "picture": Text("图片", "a picture"),
    "pdf": Text("PDF 文件", "a PDF file"),
}


def refuse_kind(kind: str, wanted: str) -> BoleError:
    """The error for a file whose content is not what its extension says."""
    if kind == "empty":
        return refuse("FILE_EMPTY", "文件是空的，请重新导出", "the file is empty; export it again")
    if kind == "unknown":
        return refuse(
            "FILE_UNKNOWN",
            "内容不是 {wanted} 文件，也不是其他可识别的干部文件；请确认文件没有损坏",
            "the content is neither {wanted} nor any other personnel file that we know;"
            " make sure that it is not damaged",
            wanted=wanted,
        )
    return refuse(
        "WRONG_EXTENSION",
        "扩展名是 {wanted}，内容却是{kind}；请改正扩展名，或用原软件另存后再读",
        "the extension is {wanted}, but the content is {kind}; correct the extension or save it"
        " again from its own program",
        wanted=wanted,
        kind=KIND_NAMES[kind],
    )


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    else:
        declared = _DECLARATION.match(data[:400])
        name = declared[1].decode("ascii").lower() if declared else "utf-8"
        if name not in _ENCODINGS:
            raise refuse(
                "ENCODING_UNKNOWN",
                "声明的编码 {name} 不受支持；请用任免表软件另存为 UTF-8",
                "the declared encoding {name} is not supported; save the form as UTF-8",
                name=name,
            )
        encoding = _ENCODINGS[name]
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse(
            "WRONG_ENCODING",
            "编码不对：应为 {encoding}，第{at}字节起不是（可能是 GB18030 存成了 UTF-8 的样子）；"
            "请用任免表软件重新导出",
            "wrong encoding: it should be {encoding} but is not from byte {at} on (perhaps"
            " GB18030 labelled as UTF-8); export the form again",
            encoding=encoding.replace("-sig", "").upper(),
            at=error.start + 1,
        ) from None


_STRAY_AMPERSAND = re.compile(r"&(?!#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};|(?:lt|gt|amp|quot|apos);)")


def _drop_huge_picture(text: str) -> tuple[str, Problem | None]:
    """The text without a picture that is over the limit: it is not worth parsing."""
    opening = re.search(rf"<{PICTURE}\b[^>]*>", text)
    closing = text.find(f"</{PICTURE}>", opening.end()) if opening else -1
    if opening is None or closing - opening.end() <= PICTURE_LIMIT * 3 // 2:
        return text, None
    size = (closing - opening.end()) * 3 // 4
    return text[: opening.end()] + text[closing:], too_large_picture(size)


def _parse(data: bytes) -> tuple[etree._Element, bool, Problem | None]:
    """The root, whether stray ampersands had to be repaired, and a picture dropped for size."""
    text = _decode(data)
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise refuse(
            "DTD_REFUSED",
            "文件带有 DTD 或实体声明（<!DOCTYPE>），有安全风险，不予读取；正常的任免表没有这一段",
            "the file declares a DTD or entities (<!DOCTYPE>), which is not safe, and is refused;"
            " a regular form has none",
        )
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1).rstrip("\x00\x1a \t\r\n")
    text, too_large = _drop_huge_picture(text)
    text, repaired = _STRAY_AMPERSAND.subn("&amp;", text)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
        return root, bool(repaired), too_large
    except (etree.XMLSyntaxError, ValueError) as error:
        tail = text.rstrip()[-40:]
        if text.strip().startswith("<") and f"</{ROOT}>" not in tail:
            raise refuse(
                "FILE_TRUNCATED",
                "文件不完整：没有结尾的 </Person>，可能传输中断；请重新导出或重新拷贝",
                "the file is cut off: the closing </Person> is missing; export or copy it again",
            ) from None
        line = getattr(error, "lineno", None) or 0
        raise refuse(
            "XML_BROKEN",
            "XML 有错误（第{line}行附近），无法读取；请用任免表软件打开后重新保存",
            "the XML is broken (near line {line}); open it in its program and save it again",
            line=line,
        ) from None


def _tag_of(element: etree._Element) -> str:
    tag = element.tag
    return tag if isinstance(tag, str) else ""


def _family(element: etree._Element) -> tuple[list[FamilyRow], bool]:
    """The family rows, and whether anything but Items stood there."""
    rows: list[FamilyRow] = []
    strange = bool((element.text or "").strip())
    for item in element:
        if item.tag != "Item":
            strange = True
            continue
        texts = dict.fromkeys(FAMILY_PARTS, "")
        extra: list[tuple[str, str]] = []
        for part in item:
            name = _tag_of(part)
            if name in texts and not len(part):
                texts[name] = part.text or ""
            elif name:
                extra.append((name, "".join(str(text) for text in part.itertext())))
        row = read_family_row(list(texts.values()), tuple(extra))
        if row:
            rows.append(row)
    return rows, strange


def _xml(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", with_tail=False)


def read_lrmx(data: bytes, file: str = "", units: UnitNames | None = None) -> PersonFile:
    """Read one .lrmx form.

    Raises `BoleError` if nothing can be read: empty or over 16 MB, DTD or entities, wrong
    encoding, cut off, broken, another kind of file. A bad picture is a problem of the person
    read (`PersonFile.problems`), for the rest of the form stands.
    """
    if len(data) > MOST_BYTES:
        raise refuse(
            "FILE_TOO_LARGE",
            "文件有 {size} MB，超过 {limit} MB 的上限，不予读取",
            "the file has {size} MB, more than the limit of {limit} MB, and is refused",
            size=f"{len(data) / 1_048_576:.1f}",
            limit=MOST_BYTES // 1_048_576,
        )
    kind = sniff(data)
    if kind != "xml":
        raise refuse_kind(kind, ".lrmx")
    root, repaired, huge_picture = _parse(data)
    if root.tag != ROOT:
        raise refuse(
            "NOT_A_FORM",
            "这是 XML 文件，但根元素是 {root}，不是任免审批表（Person）",
            "this is XML, but its root is {root}, not an appointment form (Person)",
            root=str(root.tag)[:40],
        )
    texts: dict[str, str] = {}
    unknown: list[UnknownTag] = []
    order: list[str] = []
    attributes: dict[str, dict[str, str]] = {}
    family: list[FamilyRow] = []
    picture_text = ""
    notes: list[tuple[str, Text, str]] = []
    if root.attrib:
        attributes[ROOT] = {str(k): str(v) for k, v in root.attrib.items()}
    for element in root:
        tag = _tag_of(element)
        again = tag in order
        if tag == FAMILY and not again:
            family, strange = _family(element)
            if strange:
                notes.append(_not_understood(tag))
        elif tag == PICTURE and not again and not len(element):
            picture_text = element.text or ""
        elif tag in _TEXT_TAGS and not again and not len(element):
            texts[tag] = element.text or ""
        else:
            unknown.append(UnknownTag(tag, _xml(element), order[-1] if order else None))
            if tag in TAGS:
                notes.append(_not_understood(tag))
        if element.attrib and tag in TAGS:
            attributes[tag] = {str(k): str(v) for k, v in element.attrib.items()}
        order.append(tag)
    person = assemble(texts, family, "lrmx", units)
    person.file = file
    person.tag_order = tuple(order)
    person.unknown_tags = unknown
    person.attributes = attributes
    for code, text, where in notes:
        person.flag(code, text, where)
    if repaired:
        person.flag(
            "AMPERSAND_REPAIRED",
            Text(
                "文件里有没有转义的 & 符号，已按文字读入",
                "the file holds & signs that are not escaped; they were read as text",
            ),
            "",
        )
    if huge_picture:
        person.problems.append(huge_picture)
    elif picture_text.strip():
        _take_picture(picture_text, person)
    add_post_grade(person)
    return person


def _not_understood(tag: str) -> tuple[str, Text, str]:
    text = Text(
        "<{tag}> 重复出现或内部结构不认识，这一处未读入，但写回时原样保留",
        "<{tag}> is repeated or has an inner structure that we do not know; this one was not"
        " read, but is written back as it is",
    ).fill(tag=tag)
    return "TAG_NOT_UNDERSTOOD", text, LABELS.get(tag, tag)


def _take_picture(text: str, person: PersonFile) -> None:
    data = decode_picture(text)
    if isinstance(data, Problem):
        person.problems.append(data)
        return
    checked = check_picture(data)
    if isinstance(checked, Problem):
        person.problems.append(checked)
        return
    person.picture, person.picture_kind = data, checked
