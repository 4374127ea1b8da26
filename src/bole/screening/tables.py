"""The tables of a screening: one row per person with the answer of every rule."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bole.engine.screening import Comparison, Screening
from bole.engine.screening.compiled import applies_column
from bole.people.models import Cadre
from bole.screening.sources import Asked
from bole.units.models import Grade
from bole.web.tables import Column, Filter, Table

COLOURS = {"met": "green", "not_met": "red", "unknown": "yellow", "not_applicable": "secondary"}


def verdict_words() -> dict[str, str]:
    """The answers as people read them."""
    return {
        "met": _("met"),
        "not_met": _("not met"),
        "unknown": _("cannot be judged"),
        "not_applicable": _("does not apply"),
    }


def word(value: bool | None, applies: bool | None = True) -> str:
    """The code of an answer; `applies` False = the rule is not made for the person."""
    if applies is False:
        return "not_applicable"
    return {True: "met", False: "not_met", None: "unknown"}[value]


def people(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What tables show of cadres besides answers."""
    grades = dict(Grade.choices)
    rows = Cadre.objects.filter(pk__in=list(ids)).values_list(
        "pk", "name", "unit_id", "unit__name", "post_title", "grade"
    )
    return {
        pk: {
            "person": pk,
            "name": name,
            "unit_id": unit_id,
            "unit": unit or "",
            "post": post,
            "grade": str(grades.get(grade, "")),
        }
        for pk, name, unit_id, unit, post, grade in rows
    }


def answer_rows(screening: Screening) -> list[dict[str, Any]]:
    """One row per person, in the order of the roster; `stops` and `lacks` are rule ids."""
    known = people(screening.table.column("person").to_pylist())
    columns = screening.table.column_names
    found = []
    for answer in screening.table.to_pylist():
        row = known.get(answer["person"])
        if row is None:  # deleted since the tables were read
            continue
        answers = {
            i: word(
                answer[i],
                answer[applies_column(i)] if applies_column(i) in columns else True,
            )
            for i in screening.ids
        }
        row |= {
            "verdict": word(answer["verdict"]),
            "answers": answers,
            "stops": [i for i, a in answers.items() if a == "not_met"],
            "lacks": [i for i, a in answers.items() if a == "unknown"],
        }
        found.append(row)
    return found


def in_short(row: dict[str, Any]) -> str:
    """The rules that are not met, and those that nothing on file answers."""
    parts = []
    if row["stops"]:
        parts.append(_("not met: %(rules)s") % {"rules": "、".join(row["stops"])})
    if row["lacks"]:
        parts.append(_("unknown: %(rules)s") % {"rules": "、".join(row["lacks"])})
    return "；".join(parts) or _("all met")


def person_columns() -> list[Column]:
    """Who it is."""
    return [
        Column(
            "name",
            _("Name"),
            lambda r: r["name"],
            link=lambda r: reverse("people:detail", args=[r["person"]]),
        ),
        Column("unit", _("Unit"), lambda r: r["unit"]),
        Column("post", _("Unit and posts"), lambda r: r["post"], shown=False),
        Column("grade", _("Grade"), lambda r: r["grade"]),
    ]


def search(rows: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Every word must occur in name, unit or post."""
    words = text.lower().split()
    return [
        r for r in rows if all(w in f"{r['name']} {r['unit']} {r['post']}".lower() for w in words)
    ]


def unit_filter(rows: list[dict[str, Any]]) -> Filter:
    """A choice among the units of the rows."""
    units = sorted({(str(r["unit_id"]), r["unit"]) for r in rows if r["unit_id"]}, key=str)
    return Filter(
        "unit", _("Unit"), units, lambda kept, v: [r for r in kept if str(r["unit_id"]) == v]
    )


def result_table(request: HttpRequest, asked: Asked, screening: Screening) -> Table:
    """The people with the overall answer and that of every rule."""
    rows, words = answer_rows(screening), verdict_words()
    alone = {p: rule for rule, found in screening.one_rule_only.items() for p in found}

    def answer(rule: str) -> Column:
        return Column(
            f"rule-{rule}",
            rule,
            lambda r: words[r["answers"][rule]],
            badge=lambda r: COLOURS[r["answers"][rule]],
        )

    ids = [(i, i) for i in screening.ids]
    return Table(
        request,
        rows,
        [
            *person_columns(),
            Column(
                "verdict",
                _("Overall"),
                lambda r: words[r["verdict"]],
                badge=lambda r: COLOURS[r["verdict"]],
            ),
            Column(
                "why",
                _("Why"),
                in_short,
                link=lambda r: reverse("screening:why", args=[*asked.args, r["person"]]),
            ),
            *(answer(i) for i in screening.ids),
        ],
        _("Screening"),
        filters=[
            Filter(
                "verdict",
                _("Overall"),
                [(k, words[k]) for k in ("met", "not_met", "unknown")],
                lambda kept, v: [r for r in kept if r["verdict"] == v],
            ),
            Filter(
                "fails",
                _("Not met: rule"),
                ids,
                lambda kept, v: [r for r in kept if v in r["stops"]],
            ),
            Filter(
                "lacks",
                _("Cannot be judged: rule"),
                ids,
                lambda kept, v: [r for r in kept if v in r["lacks"]],
            ),
            Filter(
                "only",
                _("Fails by one rule only"),
                [("any", _("any rule")), *((i, i) for i in screening.one_rule_only)],
                lambda kept, v: [
                    r for r in kept if r["person"] in alone and v in ("any", alone[r["person"]])
                ],
            ),
            unit_filter(rows),
        ],
        search=search,
        search_hint=_("Name, unit or post"),
        page_size=50,
        empty=_("No cadre in service lies in your part of the unit tree."),
        select="people" if request.user.has_perm("screening.save") else "",
        row_key=lambda r: r["person"],
    )


def soon_table(request: HttpRequest, asked: Asked, days: dict[int, datetime.date]) -> Table:
    """Who becomes eligible, and on which day."""
    known = people(days)
    rows = [
        {**known[p], "day": day}
        for p, day in sorted(days.items(), key=lambda item: (item[1], item[0]))
        if p in known
    ]
    return Table(
        request,
        rows,
        [
            *person_columns(),
            Column("day", _("Eligible from"), lambda r: r["day"]),
            Column(
                "why",
                _("Why"),
                lambda r: _("on that day"),
                link=lambda r: reverse(
                    "screening:why",
                    args=[asked.source.key, r["day"].isoformat(), asked.written, r["person"]],
                ),
            ),
        ],
        _("Becomes eligible within 12 months"),
        filters=[unit_filter(rows)],
        search=search,
        search_hint=_("Name, unit or post"),
        empty=_("Nobody becomes eligible within 12 months if nothing else changes."),
        select="people" if request.user.has_perm("screening.save") else "",
        row_key=lambda r: r["person"],
    )


def comparison_table(request: HttpRequest, found: Comparison, after: Asked) -> Table:
    """Who enters, who leaves, whose other answer differs, and by which rules."""
    kinds = {"enter": _("enters"), "leave": _("leaves"), "other": _("other change")}
    colours = {"enter": "green", "leave": "red", "other": "yellow"}
    words = verdict_words()
    known = people(c.person for group in (found.enter, found.leave, found.other) for c in group)

    def changed(rules: Any) -> str:
        shown = []
        for rule, (old, new) in rules.items():
            if rule in found.only_before:
                shown.append(f"{rule}: {words[word(old)]} → {_('no such rule')}")
            elif rule in found.only_after:
                shown.append(f"{rule}: {_('no such rule')} → {words[word(new)]}")
            else:
                shown.append(f"{rule}: {words[word(old)]} → {words[word(new)]}")
        return "；".join(shown)

    rows = [
        {**known[c.person], "kind": kind, "before": c.before, "after": c.after, "rules": c.rules}
        for kind, group in (("enter", found.enter), ("leave", found.leave), ("other", found.other))
        for c in group
        if c.person in known
    ]
    return Table(
        request,
        rows,
        [
            *person_columns(),
            Column(
                "kind",
                _("Change"),
                lambda r: kinds[r["kind"]],
                badge=lambda r: colours[r["kind"]],
            ),
            Column("before", _("Before"), lambda r: words[word(r["before"])]),
            Column("after", _("After"), lambda r: words[word(r["after"])]),
            Column(
                "rules",
                _("By these rules"),
                lambda r: changed(r["rules"]),
                link=lambda r: reverse("screening:why", args=[*after.args, r["person"]]),
            ),
        ],
        _("Comparison"),
        filters=[
            Filter(
                "kind",
                _("Change"),
                list(kinds.items()),
                lambda kept, v: [r for r in kept if r["kind"] == v],
            ),
            unit_filter(rows),
        ],
        search=search,
        search_hint=_("Name, unit or post"),
        empty=_("Nobody's overall answer differs."),
        select="people" if request.user.has_perm("screening.save") else "",
        row_key=lambda r: r["person"],
    )
