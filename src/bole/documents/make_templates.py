"""Make the default templates: `python -m bole.documents.make_templates`.

Offices change a copy of these in Word or WPS; the tags are those of `paper_kinds`. The layout is
that of official documents (GB/T 9704-2012): title 22 pt, body 16 pt on 28 pt lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bole.documents.blocks import Block, Cell, Document, Paragraph, Row, Table
from bole.documents.docx_writer import to_docx
from bole.documents.paper_kinds import KINDS

FOLDER = Path(__file__).parent / "templates"
_MARGINS = (37.0, 26.0, 30.0, 28.0)
_FORM_MARGINS = (24.0, 26.0, 20.0, 28.0)  # forms that should stay on one page
_FORMS = (
    "talk_record",
    "probation_report",
    "signature_page",
    "dossier_confirmation",
    "joint_review",
)
_WIDTH = 156.0
_BODY = 16.0
_LINE = 28.0


def _title() -> list[Block]:
    return [Paragraph("{{ title }}", align="center", size=22, bold=True, line=34, after=14)]


def _number() -> list[Block]:
    return [
        Paragraph("{{ number }}", align="center", size=_BODY, line=_LINE, font="仿宋", after=10)
    ]


def _text(words: str) -> Paragraph:
    return Paragraph(words, align="justify", size=_BODY, line=_LINE, first_indent=2, font="仿宋")


def _flush(words: str) -> Paragraph:
    return Paragraph(words, size=_BODY, line=_LINE, font="仿宋")


def _heading(words: str) -> Paragraph:
    return Paragraph(
        words, size=_BODY, line=_LINE, first_indent=2, font="黑体", bold=True, keep_with_next=True
    )


def _tag(words: str) -> Paragraph:
    """A line that only steers and leaves nothing on the page."""
    return Paragraph(words, size=10)


def _each(variable: str, source: str, *lines: Block) -> list[Block]:
    return [_tag(f"{{%p for {variable} in {source} %}}"), *lines, _tag("{%p endfor %}")]


def _if(condition: str, *lines: Block) -> list[Block]:
    return [_tag(f"{{%p if {condition} %}}"), *lines, _tag("{%p endif %}")]


def _section(heading: str, source: str) -> list[Block]:
    return [_heading(heading), *_each("line", source, _text("{{ line }}"))]


def _foot() -> list[Block]:
    return [
        Paragraph("", size=_BODY, line=_LINE),
        Paragraph("{{ office }}\u3000\u3000", align="right", size=_BODY, line=_LINE, font="仿宋"),
        Paragraph("{{ date }}\u3000\u3000", align="right", size=_BODY, line=_LINE, font="仿宋"),
    ]


def _row(cells: Sequence[str], *, header: bool = False, height: float = 10) -> Row:
    looks = (Cell(c, align="center", bold=header, size=12) for c in cells)
    return Row(tuple(looks), height, header=header)


def _tag_row(words: str, columns: int) -> Row:
    return Row((Cell(words, span=columns, size=8),), 4)


def _rows_of(
    heads: Sequence[str],
    variable: str,
    source: str,
    cells: Sequence[str],
    widths: Sequence[float],
    height: float = 10,
) -> Table:
    """A table with one row for each of a list."""
    columns = len(heads)
    scale = _WIDTH / sum(widths)
    return Table(
        tuple(w * scale for w in widths),
        (
            _row(heads, header=True),
            _tag_row(f"{{%tr for {variable} in {source} %}}", columns),
            _row(cells, height=height),
            _tag_row("{%tr endfor %}", columns),
        ),
        size=12,
    )


def _persons() -> Table:
    return _rows_of(
        ("姓名", "性别", "出生年月", "现任职务", "拟任职务"),
        "p",
        "persons",
        (
            "{{ p.name }}",
            "{{ p.sex }}",
            "{{ p.birth }}",
            "{{ p.present_post }}",
            "{{ p.proposed_post }}",
        ),
        (24, 14, 28, 48, 48),
    )


def _signatures() -> Table:
    return _rows_of(
        ("身份", "签名", "日期"),
        "s",
        "signatures",
        ("{{ s.role }}", "{{ s.name }}", "年\u3000\u3000月\u3000\u3000日"),
        (60, 56, 44),
        height=14,
    )


def _gap() -> Paragraph:
    return Paragraph("", size=10)


def _person_line() -> Paragraph:
    return _text(
        "{{ person.name }}，{{ person.sex }}，{{ person.ethnicity }}，{{ person.birth }}出生，"
        "{{ person.native_place }}人，{{ person.education }}，{{ person.work_start }}参加工作，"
        "{{ person.party }}，现任{{ person.present_post }}。"
    )


def _form(rows: Sequence[tuple[str, str, float]]) -> Table:
    """Label and text side by side; the height in mm is the least."""
    return Table(
        (34, _WIDTH - 34),
        tuple(
            Row(
                (Cell(label, align="center", bold=True, size=12), Cell(text, size=12)),
                height,
                split=True,
            )
            for label, text, height in rows
        ),
        size=12,
    )


def _listed(source: str) -> str:
    return f"{{{{ {source} | join('\\n') }}}}"


def templates() -> dict[str, list[Block]]:
    """The blocks of each default template, with their tags."""
    person = "{{ person.name }}（{{ person.present_post }}）"
    return {
        "opinion_letter": [
            *_title(),
            *_number(),
            _flush("{{ to }}："),
            _text("{{ reason }}。现就下列人员有关情况征求你单位意见，名单如下："),
            _persons(),
            _gap(),
            _text("请就以下事项提出书面意见："),
            *_each("m", "matters", _text("{{ loop.index }}. {{ m }}；")),
            _text("请于{{ reply_by }}前将意见（须经主要负责人签字并加盖公章）函复我单位。"),
            _text("联系人：{{ contact }}\u3000联系电话：{{ phone }}"),
            *_foot(),
        ],
        "inspection_notice": [
            *_title(),
            _text(
                "根据工作需要和民主推荐情况，经研究，{{ group }}将于{{ start }}至{{ end }}在"
                "{{ unit }}对下列同志进行考察："
            ),
            *_each("p", "persons", _person_line_of("p")),
            _text(
                "考察期间，干部群众可以通过{{ ways }}等方式，向考察组反映考察对象德、能、勤、"
                "绩、廉等方面的情况。反映问题应当实事求是，提倡署真实姓名。"
            ),
            _text("考察组地点：{{ place }}"),
            _text("联系电话：{{ phone }}"),
            *_foot(),
        ],
        "public_notice": [
            *_title(),
            _text("为进一步扩大民主，接受群众监督，现将拟任职人选有关情况公示如下："),
            *_each(
                "p", "persons", _person_line_of("p"), _text("拟任职务：{{ p.proposed_post }}。")
            ),
            _text("公示时间：{{ start }}至{{ until }}（{{ working_days }}个工作日）。"),
            _text("公示地点和范围：{{ places }}。"),
            _text(
                "公示期间，如对公示对象有情况反映，请通过电话、来信、来访等形式，向"
                "{{ office }}反映。反映情况应当客观真实，提倡署真实姓名和联系方式，我们将严格"
                "保密。"
            ),
            _text("受理电话：{{ phone }}"),
            _text("通信地址：{{ address }}"),
            *_if("mailbox", _text("电子邮箱：{{ mailbox }}")),
            *_foot(),
        ],
        "minutes": [
            *_title(),
            *_number(),
            _text("时间：{{ time }}"),
            _text("地点：{{ place }}"),
            _text("主持：{{ chair }}"),
            _text("应到{{ due }}人，实到{{ present }}人。出席：{{ attending }}"),
            *_if("absent", _text("请假：{{ absent }}")),
            *_if("recused", _text("回避：{{ recused }}")),
            *_if("observers", _text("列席：{{ observers }}")),
            _text("记录：{{ recorder }}"),
            *_each(
                "i",
                "items",
                _heading("{{ loop.index }}. {{ i.topic }}"),
                _text("{{ i.report }}。{{ i.statements }}。"),
                _text(
                    "表决方式：{{ i.method }}。应到{{ due }}人，须{{ i.needed }}人以上同意。"
                    "表决结果：同意{{ i.agree }}人，不同意{{ i.disagree }}人，缓议"
                    "{{ i.defer }}人。{{ i.result }}。"
                ),
            ),
            *_if("signatures", _signatures()),
            Paragraph("{{ date }}\u3000\u3000", align="right", size=_BODY, line=_LINE, font="仿宋"),
        ],
        "integrity_conclusion": [
            *_title(),
            _flush("{{ to }}："),
            _person_line(),
            _text("经审核、查核和征求意见，{{ person.name }}同志有关情况如下："),
            _text("1. 干部人事档案：{{ dossier }}。"),
            _text("2. 个人有关事项报告：{{ matters }}。"),
            _text("3. 纪检监察机关意见：{{ discipline }}。"),
            _text("4. 信访举报查核：{{ complaints }}。"),
            _text("结论性意见：{{ conclusion }}。"),
            Paragraph("", size=_BODY),
            Table(
                (_WIDTH / 2, _WIDTH / 2),
                (
                    _row(
                        ("{{ secretary }}（签字）", "{{ discipline_secretary }}（签字）"),
                        header=True,
                        height=12,
                    ),
                    _row(("", ""), height=26),
                    _row(("年\u3000\u3000月\u3000\u3000日",) * 2, height=12),
                ),
            ),
            *_foot(),
        ],
        "inspection_report": [
            *_title(),
            _person_line(),
            _heading("一、简历"),
            *_each(
                "line",
                "resume",
                Paragraph("{{ line }}", size=14, line=24, left_indent=2, font="仿宋"),
            ),
            _heading("二、考察过程"),
            _text("{{ process }}"),
            *_section("三、德能勤绩廉表现", "performance"),
            *_section("四、主要实绩", "achievements"),
            *_section("五、主要缺点和不足", "shortcomings"),
            _heading("六、民主推荐和民主测评情况"),
            _text("民主推荐：{{ recommendation }}"),
            _text("民主测评：{{ assessment }}"),
            *_section("七、审核查核情况", "verification"),
            _heading("八、考察组意见"),
            _text("{{ conclusion }}"),
            _gap(),
            *_if("signatures", _signatures()),
            *_foot(),
        ],
        "talk_record": [
            *_title(),
            _form(
                [
                    ("谈话对象", person, 12),
                    ("时间", "{{ time }}", 10),
                    ("地点", "{{ place }}", 10),
                    ("谈话人", "{{ talkers }}", 10),
                    ("记录人", "{{ recorder }}", 10),
                    ("谈话内容", _listed("content"), 70),
                    ("本人表态", _listed("statement"), 40),
                ]
            ),
            _gap(),
            *_if("signatures", _signatures()),
            Paragraph("{{ date }}", align="right", size=12, before=8),
        ],
        "probation_report": [
            *_title(),
            _form(
                [
                    ("姓\u3000名", "{{ person.name }}", 10),
                    ("性别、出生年月", "{{ person.sex }}，{{ person.birth }}", 10),
                    ("试任职务", "{{ post }}", 10),
                    ("试用期", "{{ start }}至{{ end }}", 10),
                    ("本人总结", _listed("summary"), 60),
                    ("民主测评结果", "{{ assessment }}", 14),
                    ("考核意见", _listed("opinion"), 46),
                    ("结论", "{{ conclusion }}", 14),
                ]
            ),
            _gap(),
            *_if("signatures", _signatures()),
            Paragraph("{{ office }}\u3000{{ date }}", align="right", size=12, before=8),
        ],
        "appointment_document": [
            *_title(),
            *_number(),
            _flush("{{ to }}："),
            _text("{{ decided }}{{ body }}研究决定："),
            *_each("a", "appointments", _text("{{ a }}；")),
            *_if("removals", _text("免去："), *_each("r", "removals", _text("{{ r }}；"))),
            *_if("probation", _text("{{ probation }}。")),
            _text("任职时间自{{ decided }}起计算。"),
            *_foot(),
        ],
        "host_script": [
            *_title(),
            _flush("同志们："),
            _text(
                "现在召开{{ meeting }}。我是{{ host }}。本次会议应到{{ due }}人，实到"
                "{{ attending }}人。{{ needed }}。（核对人数，符合规定的）现在开会。"
            ),
            _text("这次会议的任务是：{{ purpose }}。"),
            _heading("一、推荐职位和条件"),
            *_each("line", "posts", _text("{{ line }}")),
            _heading("二、工作纪律"),
            *_each("line", "discipline", _text("{{ line }}")),
            _heading("三、计票人和监票人"),
            _text(
                "计票人：{{ counters }}。监票人：{{ monitors }}。大家有无不同意见？（稍停）没"
                "有，通过。"
            ),
            _heading("四、发票、填票、投票"),
            *_each(
                "f",
                "forms",
                _text(
                    "本次使用{{ f }}。请工作人员按实到人数发票，清点发出票数；请大家独立填写"
                    "，填好后依次投入票箱。"
                ),
            ),
            _text(
                "（投票结束）请监票人、计票人当众开箱清点：发出与收回的票数应当相符。投票结果"
                "按规定汇总，不当场公布的不得外传。"
            ),
            _text("会议到此结束。散会。"),
        ],
        "dossier_confirmation": [
            *_title(),
            _person_line(),
            *_if("case", _text("所属事项：{{ case }}")),
            _rows_of(
                ("审核项目", "档案记载", "所在页码", "初审", "复审"),
                "f",
                "facts",
                (
                    "{{ f.fact }}",
                    "{{ f.stated }}",
                    "{{ f.page }}",
                    "{{ f.first }}",
                    "{{ f.second }}",
                ),
                (30, 62, 26, 22, 22),
            ),
            *_each("f", "facts", *_if("f.note", _text("{{ f.fact }}：{{ f.note }}"))),
            _gap(),
            _form(
                (
                    (
                        "处理意见",
                        "{{ route }}{% if deadline %}（{{ deadline }}前办结）{% endif %}",
                        14,
                    ),
                    ("初审", "{{ first }}", 12),
                    ("复审", "{{ second }}", 12),
                    ("本人意见", "{{ statement }}", 30),
                    (
                        "本人签字",
                        "以上内容已阅。签字：＿＿＿＿＿＿　　"
                        "{% if signed %}{{ signed }}{% else %}年　　月　　日{% endif %}",
                        16,
                    ),
                )
            ),
            *_foot(),
        ],
        "joint_review": [
            *_title(),
            *_if("case", _text("所属事项：{{ case }}")),
            _persons(),
            _gap(),
            _rows_of(
                ("联审单位", "人员", "意见", "签字", "日期"),
                "r",
                "lines",
                (
                    "{{ r.body }}",
                    "{{ r.person }}",
                    "{{ r.opinion }}",
                    "{{ r.signer }}",
                    "{{ r.day }}",
                ),
                (40, 24, 54, 26, 26),
                height=14,
            ),
            *_foot(),
        ],
        "signature_page": [
            *_title(),
            Paragraph("{{ meeting }}\u3000{{ form }}", align="center", size=14, after=8),
            Table(
                tuple([_WIDTH / 7] * 7),
                (
                    _row(("应到", "实到", "发出", "收回", "未交回", "有效", "无效"), header=True),
                    _row(
                        tuple(
                            f"{{{{ {n} }}}}"
                            for n in (
                                "due",
                                "attending",
                                "issued",
                                "returned",
                                "missing",
                                "valid",
                                "void",
                            )
                        )
                    ),
                ),
            ),
            _gap(),
            _text(
                "我们在场监督了发票、投票、收票、计票全过程，确认以上数字与票面一致：发出＝收"
                "回＋未交回，收回＝有效＋无效。"
            ),
            _gap(),
            _signatures(),
            Paragraph("{{ date }}", align="right", size=12, before=8),
        ],
        "paper": [
            *_title(),
            *_if("number", *_number()),
            *_if("about", _text("{{ about }}")),
            *_if("persons", _persons(), _gap()),
            *_each(
                "s",
                "sections",
                _heading("{{ s.heading }}"),
                *_each("line", "s.paragraphs", _text("{{ line }}")),
            ),
            _gap(),
            *_if("signatures", _signatures()),
            *_foot(),
        ],
    }


def _person_line_of(variable: str) -> Paragraph:
    line = _person_line()
    return _text(line.plain.replace("person.", f"{variable}."))


def document_of(kind: str) -> Document:
    """The default template of a kind of paper."""
    margins = _FORM_MARGINS if kind in _FORMS else _MARGINS
    return Document(KINDS[kind].name.zh, templates()[kind], margins=margins)


def main() -> None:
    """Write every default template into `templates/`."""
    FOLDER.mkdir(exist_ok=True)
    for kind in KINDS:
        (FOLDER / f"{kind}.docx").write_bytes(to_docx(document_of(kind)))


if __name__ == "__main__":
    main()
