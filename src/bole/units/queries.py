"""Reads about units: the headcount ledger, teams with their vacancies, structure, what is due."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bole.accounts.models import Role, User
from bole.accounts.permissions import in_scope
from bole.units.models import GRADE_ORDER, HeadcountLine, Nature, Post, Unit
from bole.web.due import Due

READERS = (
    Role.SECTION_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.AUDITOR,
    Role.UNIT_LIAISON,
)
# Which kind of establishment a person's identity belongs to.
NATURE_OF_IDENTITY = {
    "civil_servant": Nature.ADMINISTRATIVE,
    "reference_managed": Nature.REFERENCE_MANAGED,
    "institution": Nature.INSTITUTION,
    "enterprise": Nature.ENTERPRISE,
}


@dataclass
class LedgerRow:
    """One line of the headcount ledger of a unit as of a day, in posts and persons.

    `approved` None = not known, which is not zero; then `vacant` and `over` are None too.
    `filled` counts persons: who holds two posts of the line counts once. `concurrent` says how
    many of them hold their post of this line beside another one. `line` None = people hold posts
    of a level for which the unit has no line at all.
    """

    unit: Unit
    grade: str
    leading: bool
    nature: str
    line: HeadcountLine | None
    approved: int | None
    filled: int = 0
    concurrent: int = 0
    cadres: list[int] = field(default_factory=list)

    @property
    def vacant(self) -> int | None:
        """Approved posts that nobody fills."""
        return None if self.approved is None else max(0, self.approved - self.filled)

    @property
    def over(self) -> int | None:
        """Persons above the approved number."""
        return None if self.approved is None else max(0, self.filled - self.approved)

    @property
    def state(self) -> Literal["unknown", "over", "vacant", "full"]:
        if self.approved is None:
            return "unknown"
        if self.filled > self.approved:
            return "over"
        return "vacant" if self.filled < self.approved else "full"


def visible_units(user: User) -> QuerySet[Unit]:
    """The open units that the user's grants cover, in the order of the tree."""
    return in_scope(Unit.objects.filter(closed_on=None), user, READERS, "path").order_by("path")


def held_on(day: datetime.date, prefix: str = "") -> Q:
    """A condition on post spells: held on that day.

    A month-only end is the month in which the next post begins, so it no longer counts.
    """
    end = f"{prefix}end"
    return (Q(**{f"{prefix}start": None}) | Q(**{f"{prefix}start__lte": day})) & (
        Q(**{end: None})
        | Q(**{f"{end}__gt": day})
        | Q(**{end: day, f"{prefix}end_precision": "day"})
    )


def headcount_ledger(
    as_of: datetime.date, units: QuerySet[Unit] | Iterable[Unit] | None = None
) -> list[LedgerRow]:
    """Approved, filled, vacant and over per unit and line, in the order of the tree.

    Counted are cadres in service who hold a post of the line's unit, level and kind (leading or
    not) on `as_of`. Where a unit has lines of several establishments for one level, a person
    counts in the line of the personnel identity, else of the unit's nature. Leading posts that
    are held without any line come as a row whose approved number is unknown.
    """
    if units is None:
        units = Unit.objects.filter(closed_on=None).order_by("path")
    chosen = {unit.pk: unit for unit in units}
    narrowed = Q() if len(chosen) > 500 else Q(unit__in=list(chosen))
    lines: dict[tuple[int, str, bool], list[LedgerRow]] = defaultdict(list)
    for line in HeadcountLine.objects.filter(narrowed, valid_from__lte=as_of).exclude(
        valid_to__lt=as_of
    ):
        if line.unit_id in chosen:
            unit = chosen[line.unit_id]
            row = LedgerRow(unit, line.grade, line.leading, line.nature, line, line.approved)
            lines[line.unit_id, line.grade, line.leading].append(row)
    counted = Q(leading=True) | Q(
        grade__in={grade for _unit, grade, leading in lines if not leading}
    )
    spells = (
        Unit.post_spells.rel.related_model.objects.filter(
            held_on(as_of), counted, narrowed, unit__isnull=False, cadre__status="in_service"
        )
        .exclude(grade="")
        .order_by("unit_id", "cadre_id", "concurrent", "pk")
        .values_list("unit_id", "grade", "leading", "cadre_id", "concurrent", "cadre__identity")
    )
    seen: set[tuple[int, int]] = set()
    for unit_id, grade, leading, cadre, concurrent, identity in spells:
        unit = chosen.get(unit_id)
        if unit is None:
            continue
        rows = lines[unit_id, grade, leading]
        if not rows:
            if not leading:
                continue
            rows.append(LedgerRow(unit, grade, leading, unit.nature, None, None))
        row = _line_of(rows, identity, unit)
        if (id(row), cadre) in seen:
            continue
        seen.add((id(row), cadre))
        row.filled += 1
        row.concurrent += concurrent
        row.cadres.append(cadre)
    found = [row for rows in lines.values() for row in rows]
    return sorted(
        found,
        key=lambda r: (r.unit.path, -GRADE_ORDER.get(r.grade, -1), not r.leading, r.nature),
    )


def _line_of(rows: list[LedgerRow], identity: str, unit: Unit) -> LedgerRow:
    for nature in (NATURE_OF_IDENTITY.get(identity), unit.nature):
        for row in rows:
            if row.nature == nature:
                return row
    return rows[0]


@dataclass(frozen=True)
class Seat:
    """A post of a unit with those who hold it; nobody = vacant.

    `post` None: somebody holds a leading post that the unit's list of posts does not have.
    """

    post: Post | None
    title: str
    grade: str
    holders: list[Any]

    @property
    def vacant(self) -> bool:
        return not self.holders


def seats(unit: Unit, as_of: datetime.date | None = None, *, team_only: bool = False) -> list[Seat]:
    """The posts of a unit in their order, each with the spells (with `cadre`) that fill it.

    Held team or leading posts that are not on the unit's list follow after them.
    """
    as_of = as_of or timezone.localdate()
    held = (
        unit.post_spells.filter(held_on(as_of), cadre__status="in_service")
        .select_related("cadre")
        .order_by("concurrent", "start", "pk")
    )
    posts = unit.posts.filter(Q(abolished_on=None) | Q(abolished_on__gt=as_of)).order_by(
        "order", "pk"
    )
    if team_only:
        held, posts = held.filter(team=True), posts.filter(team=True)
    else:
        held = held.filter(Q(leading=True) | Q(team=True) | Q(post__isnull=False))
    by_post: dict[int | None, list[Any]] = defaultdict(list)
    for spell in held:
        by_post[spell.post_id].append(spell)
    rows = [Seat(p, p.title, p.grade, by_post.pop(p.pk, [])) for p in posts]
    rest = [spell for spells in by_post.values() for spell in spells]
    by_title: dict[str, list[Any]] = defaultdict(list)
    for spell in rest:
        by_title[spell.title].append(spell)
    rows += [Seat(None, title, spells[0].grade, spells) for title, spells in by_title.items()]
    return rows


def team(unit: Unit, as_of: datetime.date | None = None) -> list[Seat]:
    """The leadership team in order, with its vacancies."""
    return seats(unit, as_of, team_only=True)


def vacant_posts(
    as_of: datetime.date | None = None, units: QuerySet[Unit] | None = None
) -> QuerySet[Post]:
    """Posts that stand and that nobody in service holds, with their units."""
    as_of = as_of or timezone.localdate()
    spells = Post.spells.rel.related_model.objects.filter(
        held_on(as_of), cadre__status="in_service", post__isnull=False
    )
    posts = Post.objects.filter(
        Q(abolished_on=None) | Q(abolished_on__gt=as_of), unit__closed_on=None
    ).exclude(pk__in=spells.values("post"))
    if units is not None:
        posts = posts.filter(unit__in=units.order_by())
    return posts.select_related("unit").order_by("unit__path", "order", "pk")


@dataclass(frozen=True)
class Band:
    """A bar of the structure picture: how many of the unit's cadres, men and women."""

    label: str
    men: int
    women: int

    @property
    def total(self) -> int:
        return self.men + self.women


AGE_BANDS = ((0, 30), (31, 35), (36, 40), (41, 45), (46, 50), (51, 55), (56, 200))


def structure(unit: Unit, as_of: datetime.date) -> dict[str, list[Band]]:
    """Cadres in service of the unit and those below it, by age band and by education.

    Age is counted by month (the month of birth counts as reached); who has no birth date or no
    education on file is a band of its own.
    """
    people = Unit.cadres.rel.related_model.objects.filter(
        unit__path__startswith=unit.path, status="in_service"
    ).values_list("sex", "birth", "education_level")
    ages: Counter[tuple[str, str]] = Counter()
    studies: Counter[tuple[str, str]] = Counter()
    for sex, birth, education in people.order_by():
        ages[_age_band(birth, as_of), sex] += 1
        studies[education or _("not on file"), sex] += 1
    labels = [_band_label(low, high) for low, high in AGE_BANDS]
    age_bands = [Band(b, ages[b, "男"], ages[b, "女"]) for b in [*labels, _("not on file")]]
    if not age_bands[-1].total:
        age_bands.pop()
    study_bands = [
        Band(level, studies[level, "男"], studies[level, "女"])
        for level in dict.fromkeys(level for level, _sex in studies)
    ]
    return {"age": age_bands, "education": sorted(study_bands, key=lambda b: -b.total)}


def _band_label(low: int, high: int) -> str:
    if low == 0:
        return _("30 and under")
    return _("56 and over") if high == 200 else f"{low}–{high}"


def _age_band(birth: datetime.date | None, as_of: datetime.date) -> str:
    if birth is None:
        return _("not on file")
    age = as_of.year - birth.year - (as_of.month < birth.month)
    return next(
        (_band_label(low, high) for low, high in AGE_BANDS if low <= age <= high),
        _("not on file"),
    )


@dataclass
class TreeRow:
    """A unit in the tree with how many cadres in service it has, and its team's vacancies."""

    unit: Unit
    cadres: int = 0
    below: int = 0
    posts: int = 0
    vacant: int = 0


def tree(units: QuerySet[Unit], as_of: datetime.date) -> list[TreeRow]:
    """The units in the order of the tree; `below` counts the cadres of the whole sub-tree."""
    rows = {u.pk: TreeRow(u) for u in units}
    people = Unit.cadres.rel.related_model.objects.filter(status="in_service", unit__isnull=False)
    for unit_id in people.order_by().values_list("unit_id", flat=True):
        if unit_id in rows:
            rows[unit_id].cadres += 1
    for post_unit in (
        Post.objects.filter(Q(abolished_on=None) | Q(abolished_on__gt=as_of), team=True)
        .order_by()
        .values_list("unit_id", flat=True)
    ):
        if post_unit in rows:
            rows[post_unit].posts += 1
    for vacant in (
        vacant_posts(as_of).filter(team=True).order_by().values_list("unit_id", flat=True)
    ):
        if vacant in rows:
            rows[vacant].vacant += 1
    by_path = {row.unit.path: row for row in rows.values()}
    for row in rows.values():
        path = row.unit.path
        while path:
            if path in by_path:
                by_path[path].below += row.cadres
            path = path[: -Unit.steplen]
    return list(rows.values())


def lines_of(unit: Unit) -> QuerySet[HeadcountLine]:
    """All lines of a unit, the latest first."""
    return unit.headcount_lines.order_by("-valid_from", "grade")


def due(user: User, today: datetime.date) -> list[Due]:
    """For officers: levels without an approved number, and levels that are over it."""
    if not user.plays(Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD):
        return []
    rows = headcount_ledger(today, visible_units(user))
    items = []
    for state, what in (
        (
            "unknown",
            _("%(count)s headcount lines have no approved number: ask the establishment office"),
        ),
        ("over", _("%(count)s headcount lines are over the approved number")),
    ):
        hit = [row for row in rows if row.state == state]
        if hit:
            names = list(dict.fromkeys(row.unit.name for row in hit))
            items.append(
                Due(
                    what % {"count": len(hit)},
                    f"{reverse('units:headcount')}?state={state}",
                    "headcount",
                    detail="、".join(names[:3]) + ("…" if len(names) > 3 else ""),
                )
            )
    return items
