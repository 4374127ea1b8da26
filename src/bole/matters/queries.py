"""Reads: the kinds that are installed, one matter with its judgement, lists, what is due."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bole.accounts.models import User
from bole.engine import matters as engine
from bole.engine.exact.numbers import fixed, percent
from bole.engine.matters import (
    Actor,
    ClockStanding,
    Done,
    Judgement,
    MatterKind,
    MoveStanding,
    every_judge,
    item_of,
    natives,
)
from bole.engine.procedures import MatterRecord
from bole.engine.schemes import Scheme
from bole.engine.text import Text
from bole.engine.workdays import Calendar
from bole.matters.answers import ask
from bole.matters.kinds import Offered, kind_of, kinds_in_use, offered
from bole.matters.models import Matter, MatterAct, MatterTold
from bole.matters.permissions import may_open, may_read, may_show, parties, visible
from bole.people.models import Cadre
from bole.record.models import Paper
from bole.record.queries import calendar as working_calendar
from bole.schemes.queries import resolve
from bole.web.due import Due


def say(text: Text) -> str:
    """A sentence of the engine in the language of the page."""
    return text.say(get_language() or "zh")


def scheme_of(matter: Matter) -> Scheme:
    return resolve(matter.scheme)


def title_of(matter: Matter, kind: MatterKind | None = None) -> str:
    """The kind, and whom or what it is about."""
    about = matter.cadre or matter.unit
    title = say((kind or kind_of(matter)).title)
    return f"{title} · {about}" if about else title


# -- one matter ----------------------------------------------------------------------------------


@dataclass
class Look:
    """A matter with everything that its page and its actions read."""

    matter: Matter
    user: User
    day: datetime.date
    typed: Mapping[str, Any] = field(default_factory=dict)  # kept form, typed with a move

    @cached_property
    def scheme(self) -> Scheme:
        return scheme_of(self.matter)

    @cached_property
    def kind(self) -> MatterKind:
        return kind_of(self.matter)

    @cached_property
    def acts(self) -> list[MatterAct]:
        return list(self.matter.acts.select_related("by")) if self.matter.pk else []

    @cached_property
    def values(self) -> dict[str, Any]:
        return natives(self.kind, {**self.matter.values, **self.typed})

    @cached_property
    def calendar(self) -> Calendar:
        return working_calendar()

    @cached_property
    def standing(self) -> engine.Matter:
        """The matter as the engine sees it, lapsed if a clock has let it lapse."""
        raw = engine.Matter(
            self.matter.state,
            self.matter.opened_on,
            self.values,
            [Done(a.move, str(a.by_id), a.on, a.counts, a.changed) for a in self.acts],
        )
        state = engine.state_on(self.kind, raw, self.day, self.calendar)
        return engine.Matter(state, raw.opened, raw.values, raw.done)

    @property
    def state(self) -> str:
        return self.standing.state

    @cached_property
    def actor(self) -> Actor:
        return Actor(str(self.user.pk), parties(self.user, self.kind, self.matter))

    @property
    def judgement(self) -> Judgement | None:
        """What the kind's judge says today; None where the kind has none."""
        return self._judged[0] if self._judged else None

    @property
    def begun(self) -> dict[str, Any]:
        """What the house and the rules already know of the empty fields, for forms."""
        return self._judged[1]() if self._judged else {}

    @cached_property
    def _judged(self) -> tuple[Judgement, Callable[[], dict[str, Any]]] | None:
        if self.kind.judge is None:
            return None
        counted = engine.in_force(self.kind, self.standing.done)
        signed = {
            d.move: d.actor
            for d in counted
            if d.counts and d.move in self.kind.moves and self.kind.moves[d.move].sign
        }
        found = every_judge()[self.kind.judge.name]
        look = engine.Look(
            kind=self.kind,
            values=self.values,
            scheme=self.scheme,
            item=item_of(self.scheme, self.kind),
            day=self.day,
            calendar=self.calendar,
            ask=ask,
            person=self.matter.cadre_id,
            unit=self.matter.unit_id,
            stream=self.matter.case_stream,
            state=self.state,
            matter=self.matter.pk,
            opened=self.matter.opened_on,
            signed=signed,
            options=self.kind.judge.options,
        )
        return engine.judged(found, look), lambda: engine.begun(found, look)

    @cached_property
    def moves(self) -> list[MoveStanding]:
        """The moves of the present state, with what stands against each."""
        return engine.open_moves(self.kind, self.standing, self.actor, self.day, self.judgement)

    @cached_property
    def clocks(self) -> list[ClockStanding]:
        return engine.clocks(self.kind, self.standing, self.day, self.calendar)

    @cached_property
    def derived(self) -> list[tuple[Text, str]]:
        """Titles and texts of the computed numbers."""
        found = engine.derived(self.kind, self.values)
        return [
            (how.title, _number(found[name], share=how.share is not None))
            for name, how in self.kind.derived.items()
        ]

    @property
    def may_read(self) -> bool:
        return may_read(self.user, self.kind, self.matter)

    def may_show(self, name: str) -> bool:
        return may_show(self.user, self.kind, self.matter, name)

    @property
    def expired(self) -> bool:
        """Whether a clock let it lapse after the last act."""
        return self.state != self.matter.state


def one(pk: int) -> Matter | None:
    """A matter with what its page shows."""
    rows = Matter.objects.select_related("scheme", "cadre__unit", "unit", "opened_by")
    return rows.defer("scheme__document").filter(pk=pk).first()


def draft(user: User, offer: Offered, cadre: Any = None, stream: str = "") -> Look:
    """A matter that is not opened yet, for what its form begins with."""
    today = timezone.localdate()
    matter = Matter(
        kind=offer.code,
        scheme=offer.version,
        cadre=cadre,
        case_stream=stream,
        state=offer.kind.initial,
        opened_on=today,
        opened_by=user,
    )
    return Look(matter, user, today)


def papers_of(matter: Matter) -> dict[int, Paper]:
    """The papers that the matter's file fields name."""
    wanted = [
        pk
        for name, f in kind_of(matter).fields.items()
        if f.type == "file"
        for pk in matter.values.get(name, [])
    ]
    return Paper.objects.in_bulk(wanted) if wanted else {}


def _number(value: Fraction | None, *, share: bool) -> str:
    """A computed number for people: a share in per cent, else whole or two places half up."""
    if value is None:
        return "—"
    if share:
        return percent(value)
    return str(value.numerator) if value.denominator == 1 else fixed(value)


# -- lists ---------------------------------------------------------------------------------------


def with_state(rows: QuerySet[Matter], today: datetime.date) -> QuerySet[Matter]:
    """Adds `standing`: the state today, a lapse counted in."""
    lapsed = When(lapses_on__lt=today, then=F("lapses_to"))
    return rows.annotate(standing=Case(lapsed, default=F("state"), output_field=CharField()))


def rows(user: User, today: datetime.date, *, area: str = "", kind: str = "") -> QuerySet[Matter]:
    """The matters that the user may read, the latest first, with `standing`."""
    found = visible(user, kinds_in_use()).select_related("cadre__unit", "unit", "opened_by")
    found = found.filter(area=area) if area else found
    found = found.filter(kind=kind) if kind else found
    return with_state(found, today)


def state_title(matter: Matter, kinds: Mapping[tuple[int, str], MatterKind]) -> str:
    """The state of a row of `rows` in words."""
    kind = kinds[matter.scheme_id, matter.kind]
    state = kind.states.get(getattr(matter, "standing", matter.state))
    return say(state.title) if state else ""


def of_stream(stream: str, today: datetime.date) -> list[Matter]:
    """The matters of a case, oldest first, with `standing`."""
    found = Matter.objects.filter(case_stream=stream).select_related("scheme", "cadre", "unit")
    found = found.defer("scheme__document")
    return list(with_state(found, today).order_by("id"))


def records(stream: str, today: datetime.date) -> list[MatterRecord]:
    """The matters of a case as the gates of its procedure read them."""
    return [
        MatterRecord(
            m.kind,
            m.standing,
            m.cadre_id,
            kind_of(m).title,
            kind_of(m).states[m.standing].title,
        )
        for m in of_stream(stream, today)
    ]


def panel(stream: str, user: User, today: datetime.date) -> dict[str, Any]:
    """What the page of a case shows: its matters that the user may read, and how to open one."""
    found = []
    for matter in of_stream(stream, today):
        kind = kind_of(matter)
        if may_read(user, kind, matter):
            found.append(
                {"matter": matter, "title": title_of(matter), "state": kind.states[matter.standing]}
            )
    query = urlencode({"case": stream})
    return {"rows": found, "new": f"{reverse('matters:choose')}?{query}"}


def starters(user: User, stream: str, step: str) -> list[dict[str, str]]:
    """What can be opened beside a step of a case: title, person, address with all that is known.

    The general kinds and those of the case's own scheme; for a kind about a person one entry for
    each person who is furthest on the way and has none yet.
    """
    case = ask("case", stream=stream)
    if not case or not step:
        return []
    people = case["nominees"] or case["candidates"] or case["proposed"]
    names = dict(Cadre.objects.filter(pk__in=people).values_list("pk", "name"))
    open_ = set(Matter.objects.filter(case_stream=stream).values_list("kind", "cadre_id"))
    found = []
    for offer in openable(user):
        mine = offer.general or offer.version.code == case["scheme"]
        if not mine or step not in offer.kind.steps or offer.kind.on_case == "no":
            continue
        for person in people if offer.kind.about == "person" else [None]:
            if (offer.code, person) in open_:
                continue
            query = {"scheme": offer.version.code, "case": stream}
            query |= {"cadre": str(person)} if person else {}
            url = f"{reverse('matters:new', args=[offer.code])}?{urlencode(query)}"
            name = names.get(person, "")
            found.append({"title": say(offer.kind.title), "person": name, "url": url})
    return found


def openable(user: User, area: str = "") -> list[Offered]:
    """The kinds of which the user may open a matter."""
    return [o for o in offered(area) if may_open(user, o.kind)]


def due(user: User, today: datetime.date) -> list[Due]:
    """Clocks of matters on which the user may act, what waits for the user, what to read."""
    kinds = kinds_in_use()
    if not kinds:
        return []
    items: list[Due] = []
    found = visible(user, kinds).filter(closed_on=None)
    found = with_state(found, today).select_related("cadre__unit", "unit")
    for matter in found.order_by(F("due_on").asc(nulls_last=True), "id")[:200]:
        kind = kinds[matter.scheme_id, matter.kind]
        if matter.standing != matter.state or not _has_part(user, kind, matter):
            continue
        state = say(kind.states[matter.state].title)
        items.append(
            Due(
                f"{title_of(matter, kind)} · {state}",
                reverse("matters:matter", args=[matter.pk]),
                "matter",
                matter.due_on,
                matter.number,
            )
        )
    untold = MatterTold.objects.filter(Q(role__in=user.roles) | Q(user=user), read_at=None)
    for told in untold.select_related("matter__cadre__unit", "matter__unit")[:50]:
        kind = kinds[told.matter.scheme_id, told.matter.kind]
        if may_read(user, kind, told.matter):
            what = _("To read: %(what)s") % {"what": title_of(told.matter, kind)}
            items.append(Due(what, reverse("matters:matter", args=[told.matter_id]), "matter"))
    return items


def _has_part(user: User, kind: MatterKind, matter: Matter) -> bool:
    """Whether some move of the state is the user's to do."""
    mine = parties(user, kind, matter)
    return any(
        not mine.isdisjoint(move.who)
        for move in kind.moves.values()
        if (matter.state in move.from_ if move.from_ else not kind.states[matter.state].final)
    )


def mark_read(user: User, matter: Matter, now: datetime.datetime) -> int:
    """Note that the user has read what the matter's acts told; how many were new."""
    mine = matter.told.filter(Q(role__in=user.roles) | Q(user=user), read_at=None)
    return mine.update(read_by=user, read_at=now)


def search(found: QuerySet[Matter], text: str) -> QuerySet[Matter]:
    """Each word occurs in the number, the person's or the unit's name."""
    for word in text.split():
        found = found.filter(
            Q(number__icontains=word) | Q(cadre__name__contains=word) | Q(unit__name__contains=word)
        )
    return found


def choices(kinds: Iterable[MatterKind]) -> list[tuple[str, str]]:
    """States of several kinds for a filter, each once."""
    found: dict[str, str] = {}
    for kind in kinds:
        for name, state in kind.states.items():
            found.setdefault(name, say(state.title))
    return list(found.items())
