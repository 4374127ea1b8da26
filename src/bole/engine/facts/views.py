"""Tables that facts are drawn from: event tables as they stood on the day, and views of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from bole.engine.facts.dates import Moment
from bole.engine.facts.events import IBIS_SCHEMAS
from bole.engine.facts.kinds import GRADE

# The column that says when a row began to exist; rows after the day are left out.
_SINCE: dict[str, str] = {
    "posts": "start",
    "grades": "start",
    "ranks": "start",
    "awards": "date",
    "sanctions": "date",
    "secondments": "start",
    "recommendations": "meeting_date",
    "talks": "date",
    "pools": "entered",
    "points": "date",
    "titles": "date",
    "checks": "date",
}
# Views and the event tables that they need; the first is the one whose absence says "not recorded".
VIEWS: dict[str, tuple[str, ...]] = {
    "grade_spells": ("posts", "grades"),
    "present_grade": ("posts", "grades"),
    "promotions": ("posts", "grades"),
    "present_post": ("posts",),
    "present_unit": ("posts",),
    "places": ("posts", "secondments"),
    "kin": ("relations", "persons"),
}
SPELL_VIEWS = {
    "posts",
    "ranks",
    "secondments",
    "grades",
    "grade_spells",
    "present_grade",
    "present_post",
    "present_unit",
    "places",
}


def base_tables(name: str) -> tuple[str, ...]:
    """The event tables behind a table or view."""
    return VIEWS.get(name, (name,))


class Tables:
    """Event tables of one backend as of a moment, each built once; absent ones are empty."""

    def __init__(self, events: Mapping[str, ir.Table], m: Moment) -> None:
        self.events = events
        self.m = m
        self._built: dict[str, ir.Table | None] = {}

    def get(self, name: str) -> ir.Table | None:
        """A table or view, or None if it has no rows at all."""
        if name not in self._built:
            build = _BUILD.get(name)
            self._built[name] = build(self) if build else self._event(name)
        return self._built[name]

    def _event(self, name: str) -> ir.Table | None:
        table = self.events.get(name)
        if table is None:
            return None
        day = self.m.day
        if name == "appraisals":
            return table.filter(table.year <= self.m.year())
        if name in ("education", "trainings"):
            reached = ibis.coalesce(table.end, table.start)
            return table.filter(reached.isnull() | (reached <= day))
        if name in _SINCE:
            since = table[_SINCE[name]]
            return table.filter(since.isnull() | (since <= day))
        return table


def is_current(m: Moment, t: ir.Table) -> ir.BooleanValue:
    """Whether a spell runs on the day; null if its end has passed on an unknown day."""
    vague = t.end_precision.fill_null("day") == "unknown"
    return (t.end.isnull() & ~vague) | (t.end >= m.day).fill_null(False)


def _stacked(a: ir.Table, b: ir.Table) -> ir.Table:
    """Rows of both; ibis refuses tables that differ only in what may be null."""
    schema = {name: kind.copy(nullable=True) for name, kind in a.schema().items()}
    return a.cast(schema).union(b.cast(schema))


def _grade_spells(tables: Tables) -> ir.Table | None:
    """Grades on file; for people without them, the grades of their posts."""
    posts, grades = tables.get("posts"), tables.get("grades")
    columns = ["person", "row", "grade", "start", "start_precision", "end", "end_precision"]
    extra = ["acting", "document"]
    if grades is None:
        return posts
    own = grades.mutate(acting=ibis.literal(False), table=ibis.literal("grades"))
    if posts is None:
        return own
    rest = posts.anti_join(grades, "person").mutate(table=ibis.literal("posts"))
    wanted = [*columns, *extra, "table"]
    return _stacked(own.select(wanted), rest.select(wanted))


def _present_grade(tables: Tables) -> ir.Table | None:
    """Grade spells with the code of the highest grade held on the day."""
    t = tables.get("grade_spells")
    if t is None:
        return None
    t = t.mutate(_code=GRADE.encode(t.grade))
    current = ibis.ifelse(is_current(tables.m, t), t._code, ibis.literal(None, "int64"))
    return t.mutate(_present=current.max().over(ibis.window(group_by="person")))


def _promotions(tables: Tables) -> ir.Table | None:
    """Grade spells with the highest grade held before each."""
    t = tables.get("grade_spells")
    if t is None:
        return None
    t = t.mutate(_code=GRADE.encode(t.grade))
    before = ibis.window(group_by="person", order_by=["start", "_code"], rows=(None, -1))
    return t.mutate(_before=t._code.max().over(before))


def _held_now(tables: Tables, key: Callable[[ir.Table], ir.Value]) -> ir.Table | None:
    """Posts, marked where the same place or post is held on the day as a main post."""
    t = tables.get("posts")
    if t is None:
        return None
    t = t.mutate(_key=key(t))
    now = ibis.ifelse(is_current(tables.m, t) & ~t.concurrent.fill_null(False), 1, 0)
    return t.mutate(_now=now.max().over(ibis.window(group_by=["person", "_key"])))


def unit_key(t: ir.Table) -> ir.StringValue:
    """What makes two posts posts of one unit: its id, else its name."""
    return ibis.coalesce(t.unit.cast("string"), t.unit_name, "?")


def post_key(t: ir.Table) -> ir.StringValue:
    """What makes two rows one post: unit and title."""
    return unit_key(t) + ibis.literal(" ") + t.title.fill_null("?")


def _places(tables: Tables) -> ir.Table | None:
    """Where people served: posts and, if the scheme says so, secondments."""
    posts = tables.get("posts")
    if tables.m.settings.secondments == "do_not_count":
        return posts
    stints = tables.get("secondments")
    if stints is None:
        return posts
    schema = IBIS_SCHEMAS["posts"]
    here = stints.columns
    stints = stints.select(
        **{
            name: stints[name] if name in here else ibis.literal(None, kind)
            for name, kind in schema.items()
        },
        table=ibis.literal("secondments"),
    ).mutate(acting=ibis.literal(False), grass_roots=stints_in_towns)
    if posts is None:
        return stints
    posts = posts.select([*schema.names]).mutate(table=ibis.literal("posts"))
    return _stacked(posts, stints.select(posts.columns))


def stints_in_towns(t: ir.Table) -> ir.BooleanValue:
    """Secondments at the grass roots are those to towns, subdistricts and villages."""
    return t.unit_kind.isin(["town", "subdistrict", "village"])


def _kin(tables: Tables) -> ir.Table | None:
    """Relations beside the person's own unit."""
    t, persons = tables.get("relations"), tables.get("persons")
    if t is None or persons is None:
        return None
    return t.left_join(persons.select("person", _own_unit="unit"), "person").drop("person_right")


_BUILD: dict[str, Callable[[Tables], ir.Table | None]] = {
    "grade_spells": _grade_spells,
    "present_grade": _present_grade,
    "promotions": _promotions,
    "present_post": lambda tables: _held_now(tables, post_key),
    "present_unit": lambda tables: _held_now(tables, unit_key),
    "places": _places,
    "kin": _kin,
}
