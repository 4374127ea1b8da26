"""The tables of a screening: one row per person with the answer of every rule."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bole.engine.screening import Comparison
from bole.engine.screening.compiled import applies_column
from bole.people.models import Cadre
from bole.screening.permissions import screened
from bole.screening.roster import Answered
from bole.screening.sources import Asked
from bole.units.models import Grade
from bole.web.tables import Column, Filter, Table

A_PAGE = 900  # people that one query asks for by id
COLOURS = {
    "met": "green",
    "to_judge": "purple",
    "not_met": "red",
    "unknown": "yellow",
    "not_applicable": "secondary",
}
VERDICTS = ("met", "to_judge", "not_met", "unknown")


def verdict_words() -> dict[str, str]:
    """The answers as people read them."""
    return {
        "met": _("met"),
        "to_judge": _("for a person to judge"),
        "not_met": _("not met"),
        "unknown": _("cannot be judged"),
        "not_applicable": _("does not apply"),
    }


def word(value: bool | None, applies: bool | None = True, *, judged: bool = False) -> str:
    """The code of an answer; `applies` False = the rule is not made for the person.

    `judged`: a person judges the rule, so a missing answer is not a gap in the file.
    """
    if applies is False:
        return "not_applicable"
    if judged and value is None:
        return "to_judge"
    return {True: "met", False: "not_met", None: "unknown"}[value]


def people(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What tables show of cadres besides answers."""
    grades = {key: str(label) for key, label in Grade.choices}
    wanted = list(ids)
    rows = Cadre.objects.values_list("pk", "name", "unit_id", "unit__name", "post_title", "grade")
    rows = rows.filter(pk__in=wanted) if len(wanted) <= A_PAGE else rows
    found = {
        pk: {
            "person": pk,
            "name": name,
            "unit_id": unit_id,
            "unit": unit or "",
            "post": post,
            "grade": grades.get(grade, ""),
        }
        for pk, name, unit_id, unit, post, grade in rows
    }
    return {pk: found[pk] for pk in wanted if pk in found}


class Row(dict):
    """A person with answers, each column of them looked up when it is first asked for."""

    def __init__(self, about: dict[str, Any], answers: AnswerColumns, place: int) -> None:
        super().__init__(about)
        self._answers, self._place = answers, place

    def __missing__(self, key: str) -> Any:
        if key == "verdict":
            value = self._answers.verdicts[self._place]
        elif key == "answers":
            value = self._answers.of(self._place)
        elif key in ("stops", "lacks", "asks"):
            code = {"stops": "not_met", "lacks": "unknown", "asks": "to_judge"}[key]
            value = [i for i, a in self["answers"].items() if a == code]
        else:
            raise KeyError(key)
        self[key] = value
        return value


class AnswerColumns:
    """The codes of a screening, column by column: the overall answer and that of every rule."""

    def __init__(self, answered: Answered) -> None:
        self.answered = answered
        self.people: list[int] = answered.whole.table.column("person").to_pylist()

    @cached_property
    def verdicts(self) -> list[str]:
        """Overall; who meets all that files answer may still wait for a person's judgement."""
        by_files = self.answered.by_files.table.column("verdict")
        strengths = {r.rule.id: r.rule.strength for r in self.answered.whole.rules.rules}
        asked = pa.chunked_array([pa.repeat(pa.scalar(False), by_files.length())])
        for rule, concerned in self.answered.questions.items():
            if strengths[rule] not in ("warn", "note"):
                asked = pc.or_(asked, concerned)
        return [
            "to_judge" if verdict and waits else word(verdict)
            for verdict, waits in zip(by_files.to_pylist(), asked.to_pylist(), strict=True)
        ]

    @cached_property
    def _columns(self) -> list[tuple[str, pa.Array, pa.Array | None, bool]]:
        """Per rule in force: id, whether met, whether it concerns, whether a person judges."""
        table = self.answered.whole.table.combine_chunks()
        found = []
        for one in self.answered.whole.rules.rules:
            name = applies_column(one.rule.id)
            concerns = table.column(name) if name in table.column_names else None
            judged = one.rule.judged is not None
            found.append((one.rule.id, table.column(one.rule.id), concerns, judged))
        return found

    def concerned(self) -> set[str]:
        """The rules that are made for somebody; a column of the others would say nothing."""
        return {
            rule
            for rule, _met, concerns, _judged in self._columns
            if concerns is None or pc.any(pc.fill_null(concerns, True)).as_py()
        }

    @cached_property
    def rules(self) -> dict[str, list[str]]:
        """The codes of everybody for every rule, in the order of the rules."""
        found = {}
        for rule, met, concerns, judged in self._columns:
            known = {v: word(v, judged=judged) for v in (True, False, None)}
            codes = [known[v] for v in met.to_pylist()]
            if concerns is not None:
                outside = concerns.to_pylist()
                codes = [
                    "not_applicable" if c is False else code
                    for code, c in zip(codes, outside, strict=True)
                ]
            found[rule] = codes
        return found

    def of(self, place: int) -> dict[str, str]:
        """The codes of one person, rule by rule; a page of people needs no whole columns."""
        if "rules" in self.__dict__:
            return {rule: codes[place] for rule, codes in self.rules.items()}
        return {
            rule: word(
                met[place].as_py(),
                concerns[place].as_py() if concerns is not None else True,
                judged=judged,
            )
            for rule, met, concerns, judged in self._columns
        }


class Rows(Sequence):
    """The people of a screening, in the order of the roster, read when they are looked at."""

    def __init__(self, answers: AnswerColumns, places: Sequence[int] | None = None) -> None:
        self.answers = answers
        self.places = range(len(answers.people)) if places is None else places

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return list(self._read(self.places[index]))
        return next(iter(self._read([self.places[index]])))

    def __iter__(self) -> Iterator[Row]:
        return iter(self._read(self.places))

    def _read(self, places: Sequence[int]) -> Iterator[Row]:
        ids = self.answers.people
        if len(places) > A_PAGE:
            _ = self.answers.rules  # whole columns at once
        known = people(ids[p] for p in places)
        # Whoever was deleted since the tables were read is left out.
        return (Row(known[ids[p]], self.answers, p) for p in places if ids[p] in known)

    @property
    def ids(self) -> list[int]:
        """The people's ids, without reading what else tables show of them."""
        return [self.answers.people[p] for p in self.places]

    def where(self, fits: Callable[[int], bool]) -> Rows:
        """The rows whose place fits."""
        return Rows(self.answers, [p for p in self.places if fits(p)])

    def with_verdict(self, code: str) -> Rows:
        """The rows with an overall answer."""
        verdicts = self.answers.verdicts
        return self.where(lambda p: verdicts[p] == code)

    def answered(self, rule: str, code: str) -> Rows:
        """The rows with an answer of one rule."""
        codes = self.answers.rules.get(rule)
        return self.where(lambda p: codes is not None and codes[p] == code)

    def among(self, wanted: Collection[int]) -> Rows:
        """The rows of some people."""
        chosen = frozenset(wanted)
        return self.where(lambda p: self.answers.people[p] in chosen)


def in_short(row: dict[str, Any]) -> str:
    """The rules that are not met, and those that nothing on file answers."""
    parts = []
    if row["stops"]:
        parts.append(_("not met: %(rules)s") % {"rules": "、".join(row["stops"])})
    if row["lacks"]:
        parts.append(_("unknown: %(rules)s") % {"rules": "、".join(row["lacks"])})
    if row["asks"]:
        parts.append(_("for a person to judge: %(rules)s") % {"rules": "、".join(row["asks"])})
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


def search(rows: Iterable[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Every word must occur in name, unit or post."""
    words = text.lower().split()
    return [
        r for r in rows if all(w in f"{r['name']} {r['unit']} {r['post']}".lower() for w in words)
    ]


def search_answers(rows: Rows, text: str) -> Rows:
    """The same over a screening, asked of the database."""
    found = Cadre.objects.all()
    for part in text.split():
        here = Q(name__icontains=part) | Q(unit__name__icontains=part)
        found = found.filter(here | Q(post_title__icontains=part))
    return rows.among(set(found.values_list("pk", flat=True)))


def unit_filter(rows: list[dict[str, Any]]) -> Filter:
    """A choice among the units of the rows."""
    units = sorted({(str(r["unit_id"]), r["unit"]) for r in rows if r["unit_id"]}, key=str)
    return Filter(
        "unit", _("Unit"), units, lambda kept, v: [r for r in kept if str(r["unit_id"]) == v]
    )


def _answers_unit_filter(request: HttpRequest) -> Filter:
    mine = screened(request.user).exclude(unit=None)
    units = mine.order_by("unit__name").values_list("unit_id", "unit__name").distinct()

    def of_unit(kept: Rows, value: str) -> Rows:
        inside = mine.filter(unit=value) if value.isdigit() else mine.none()
        return kept.among(set(inside.values_list("pk", flat=True)))

    return Filter("unit", _("Unit"), [(str(pk), name) for pk, name in units], of_unit)


def result_table(request: HttpRequest, asked: Asked, answers: AnswerColumns) -> Table:
    """The people with the overall answer and that of every rule."""
    rows, words, answered = Rows(answers), verdict_words(), answers.answered
    by_files = answered.by_files
    alone = {p: rule for rule, found in by_files.one_rule_only.items() for p in found}
    concerned = answers.concerned()

    def answer(rule: str) -> Column:
        return Column(
            f"rule-{rule}",
            rule,
            lambda r: words[r["answers"][rule]],
            badge=lambda r: COLOURS[r["answers"][rule]],
            shown=rule in concerned,
        )

    def by_one_rule(kept: Rows, value: str) -> Rows:
        return kept.among({p for p, rule in alone.items() if value in ("any", rule)})

    ids = [(i, i) for i in by_files.ids]
    questions = [(i, i) for i in answered.questions]
    verdicts = [k for k in VERDICTS if k != "to_judge" or questions]
    filters = [
        Filter("verdict", _("Overall"), [(k, words[k]) for k in verdicts], Rows.with_verdict),
        Filter("fails", _("Not met: rule"), ids, lambda kept, v: kept.answered(v, "not_met")),
        Filter(
            "lacks", _("Cannot be judged: rule"), ids, lambda kept, v: kept.answered(v, "unknown")
        ),
        Filter(
            "only",
            _("Fails by one rule only"),
            [("any", _("any rule")), *((i, i) for i in by_files.one_rule_only)],
            by_one_rule,
        ),
        _answers_unit_filter(request),
    ]
    if questions:
        filters.insert(
            3,
            Filter(
                "asks",
                _("For a person to judge: rule"),
                questions,
                lambda kept, v: kept.answered(v, "to_judge"),
            ),
        )
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
            *(answer(i) for i in answered.whole.ids),
        ],
        _("Screening"),
        filters=filters,
        search=search_answers,
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
