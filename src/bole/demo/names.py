"""Invented names, places and schools."""

from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹"
)
GIVEN = {
    "男": "伟强磊军勇杰涛明超刚平辉鹏华飞斌波宇浩凯健俊帆博志文建国庆海东晨阳林峰亮毅恒立新",
    "女": "芳娜敏静丽娟艳燕玲霞婷雪梅琳倩洁颖萍慧兰莹萌佳怡欣悦云晓红春秀英文雅琪璐瑶",
}
ETHNICITIES = ["汉族"] * 95 + ["回族"] * 3 + ["满族", "蒙古族"]
NATIVE_PLACES = [
    "山东安澜",
    "山东临沂",
    "山东滕州",
    "山东莒县",
    "山东齐河",
    "山东安丘",
    "河北沧州",
    "河南商丘",
    "江苏徐州",
    "安徽宿州",
]
AREA_CODES = ["371122", "371425", "370784", "341302", "370481"]
SCHOOLS = [
    "山东大学",
    "中国海洋大学",
    "山东农业大学",
    "山东财经大学",
    "曲阜师范大学",
    "聊城大学",
    "济南大学",
    "青岛大学",
    "鲁东大学",
    "潍坊学院",
]
MAJORS = [
    "法学",
    "汉语言文学",
    "会计学",
    "经济学",
    "农学",
    "土木工程",
    "计算机科学与技术",
    "环境科学",
    "行政管理",
    "临床医学",
    "教育学",
    "城乡规划",
]
EMPLOYERS = [
    "安澜县第一中学教师",
    "安澜县人民医院医生",
    "安澜县供电公司职工",
    "安澜县农业银行职员",
    "自由职业",
    "农民",
]
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def person_name(rng: random.Random, sex: str, surname: str | None = None) -> str:
    """A name of two or three characters."""
    given = rng.sample(GIVEN[sex], 1 if rng.random() < 0.3 else 2)
    return (surname or rng.choice(SURNAMES)) + "".join(given)


def id_number(rng: random.Random, birth, sex: str, sequence: int, taken: set[str]) -> str:
    """A valid 18-digit number that is not in `taken`, where it is noted.

    The order code of a day starts at `sequence`: 500 men and 500 women of one area and birthday
    fit, as on real cards.
    """
    start = f"{rng.choice(AREA_CODES)}{birth:%Y%m%d}"
    for step in range(500):
        order = (sequence + step) % 500 * 2 + (1 if sex == "男" else 0)
        body = f"{start}{order:03d}"
        total = sum(int(d) * w for d, w in zip(body, CHECK_WEIGHTS, strict=True))
        number = body + "10X98765432"[total % 11]
        if number not in taken:
            taken.add(number)
            return number
    raise ValueError(f"500 people of one sex were born in one area on {birth}")
