"""Units as a tree, one unit, the headcount ledger, vacancies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bole.accounts.permissions import require
from bole.units import actions, queries
from bole.units.forms import DayForm, LineForm, PostForm, UnitForm
from bole.units.models import Grade, Nature, Unit, UnitKind
from bole.web.tables import Column, Filter, Table


def _states() -> dict[str, tuple[str, str]]:
    return {
        "unknown": (_("approved number not known"), "yellow"),
        "over": (_("over"), "red"),
        "vacant": (_("vacant"), "azure"),
        "full": (_("full"), "green"),
    }


def unit_url(unit: Unit) -> str:
    """The page of a unit."""
    return reverse("units:detail", args=[unit.pk])


def _visible(request, pk: int) -> Unit:
    require(request.user, "units.read")
    unit = get_object_or_404(Unit, pk=pk)
    if not queries.visible_units(request.user).filter(pk=pk).exists() and not unit.closed_on:
        raise Http404
    return unit


def unit_list(request):
    """The tree with the cadres and the team's vacancies of each unit."""
    require(request.user, "units.read")
    today = timezone.localdate()
    rows = queries.tree(queries.visible_units(request.user), today)
    kinds, natures = dict(UnitKind.choices), dict(Nature.choices)
    table = Table(
        request,
        rows,
        [
            Column(
                "name",
                _("Unit"),
                lambda r: "　" * (r.unit.depth - 1) + r.unit.name,
                link=lambda r: unit_url(r.unit),
            ),
            Column("kind", _("Kind"), lambda r: str(kinds.get(r.unit.kind, ""))),
            Column("nature", _("Nature"), lambda r: str(natures.get(r.unit.nature, ""))),
            Column("cadres", _("Cadres"), lambda r: r.cadres, numeric=True),
            Column("below", _("with units below"), lambda r: r.below, numeric=True),
            Column("posts", _("Team posts"), lambda r: r.posts, numeric=True),
            Column(
                "vacant",
                _("vacant"),
                lambda r: r.vacant,
                numeric=True,
                badge=lambda r: "azure" if r.vacant else None,
            ),
        ],
        _("Units"),
        filters=[
            Filter(
                "kind",
                _("Kind"),
                UnitKind.choices,
                lambda found, v: [r for r in found if r.unit.kind == v],
            ),
            Filter(
                "nature",
                _("Nature"),
                Nature.choices,
                lambda found, v: [r for r in found if r.unit.nature == v],
            ),
            Filter(
                "vacancy",
                _("Vacancies"),
                [("yes", _("with vacant team posts")), ("no", _("team complete"))],
                lambda found, v: [r for r in found if bool(r.vacant) == (v == "yes")],
            ),
        ],
        search=lambda found, text: [
            r
            for r in found
            if all(
                w in r.unit.name or w in r.unit.short_name or w in r.unit.code for w in text.split()
            )
        ],
        search_hint=_("Name or code"),
        page_size=100,
        empty=_("Set up the first unit; liaison officers see only their own."),
    )
    return table.export() or render(
        request, "units/list.html", {"table": table, "may_change": _may(request)}
    )


def _may(request, unit: Unit | None = None) -> bool:
    return request.user.has_perm("units.change", unit)


def _team_picture(seats: list[queries.Seat]) -> list[dict[str, Any]]:
    return [
        {
            "seat": seat,
            "holders": [
                {"spell": s, "url": reverse("people:detail", args=[s.cadre_id])}
                for s in seat.holders
            ],
        }
        for seat in seats
    ]


def _bars(bands: list[queries.Band]) -> dict[str, Any]:
    """Stacked bars of men and women; the table beside them says the same."""
    return {
        "animation": False,
        "aria": {"enabled": True},
        "legend": {"top": 0},
        "grid": {"left": 8, "right": 24, "top": 32, "bottom": 8, "containLabel": True},
        "tooltip": {"renderMode": "richText", "confine": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": [b.label for b in bands], "inverse": True},
        "series": [
            {
                "name": name,
                "type": "bar",
                "stack": "all",
                "barMaxWidth": 20,
                "itemStyle": {"color": colour},
                "data": [getattr(b, key) for b in bands],
            }
            for key, name, colour in (
                ("men", _("men"), "#4299e1"),
                ("women", _("women"), "#d6336c"),
            )
        ],
    }


def detail(request, pk: int):
    """One unit: team, posts, headcount, units below, structure."""
    unit = _visible(request, pk)
    today = timezone.localdate()
    seats = queries.seats(unit, today)
    structure = queries.structure(unit, today)
    ledger = queries.headcount_ledger(today, [unit])
    context = {
        "unit": unit,
        "parents": list(unit.get_ancestors()) if unit.depth > 1 else [],
        "team": _team_picture(
            [s for s in seats if (s.post and s.post.team) or any(h.team for h in s.holders)]
        ),
        "others": _team_picture(
            [s for s in seats if not ((s.post and s.post.team) or any(h.team for h in s.holders))]
        ),
        "ledger": [(row, *_states()[row.state]) for row in ledger],
        "grades": dict(Grade.choices),
        "natures": dict(Nature.choices),
        "children": unit.get_children().filter(closed_on=None),
        "structure": structure,
        "age_option": _bars(structure["age"]),
        "education_option": _bars(structure["education"]),
        "people": sum(b.total for b in structure["age"]),
        "may_change": _may(request, unit),
        "today": today,
    }
    return render(request, "units/detail.html", context)


def headcount(request):
    """The ledger: approved, filled, vacant, over, not known."""
    require(request.user, "units.read")
    today = timezone.localdate()
    units = queries.visible_units(request.user)
    rows = queries.headcount_ledger(today, units)
    grades, natures, states = dict(Grade.choices), dict(Nature.choices), _states()
    kinds = dict(UnitKind.choices)

    table = Table(
        request,
        rows,
        [
            Column("unit", _("Unit"), lambda r: r.unit.name, link=lambda r: unit_url(r.unit)),
            Column("kind", _("Kind"), lambda r: str(kinds.get(r.unit.kind, "")), shown=False),
            Column("grade", _("Level"), lambda r: str(grades.get(r.grade, ""))),
            Column(
                "leading",
                _("Kind of posts"),
                lambda r: _("leading") if r.leading else _("other"),
                shown=False,
            ),
            Column("nature", _("Nature"), lambda r: str(natures.get(r.nature, "")), shown=False),
            Column("approved", _("approved"), lambda r: _number(r.approved), numeric=True),
            Column("filled", _("filled"), lambda r: r.filled, numeric=True),
            Column(
                "concurrent",
                _("of these concurrent"),
                lambda r: r.concurrent,
                shown=False,
                numeric=True,
            ),
            Column("vacant", _("vacant"), lambda r: _number(r.vacant), numeric=True),
            Column("over", _("over"), lambda r: _number(r.over), numeric=True),
            Column(
                "state",
                _("State"),
                lambda r: states[r.state][0],
                badge=lambda r: states[r.state][1],
            ),
            Column("basis", _("basis document"), lambda r: r.line.basis if r.line else ""),
            Column(
                "verified",
                _("verified on"),
                lambda r: str(r.line.verified_on or "") if r.line else "",
                shown=False,
            ),
        ],
        _("Headcount ledger"),
        filters=[
            Filter(
                "unit",
                _("Unit and below"),
                [(str(u.pk), "　" * (u.depth - 1) + u.name) for u in units],
                _below,
            ),
            Filter(
                "grade",
                _("Level"),
                list(reversed(Grade.choices)),
                lambda found, v: [r for r in found if r.grade == v],
            ),
            Filter(
                "kind",
                _("Kind"),
                UnitKind.choices,
                lambda found, v: [r for r in found if r.unit.kind == v],
            ),
            Filter(
                "state",
                _("State"),
                [(k, label) for k, (label, _colour) in states.items()],
                lambda found, v: [r for r in found if r.state == v],
            ),
        ],
        search=lambda found, text: [
            r for r in found if all(w in r.unit.name for w in text.split())
        ],
        search_hint=_("Unit"),
        empty=_("Enter the approved numbers on the pages of the units."),
        row_key=lambda r: f"{r.unit.pk}-{r.grade}-{r.leading}-{r.nature}",
    )
    if exported := table.export():
        return exported
    known = [r for r in table.rows if r.approved is not None]
    totals = {
        "approved": sum(r.approved for r in known),
        "filled": sum(r.filled for r in known),
        "vacant": sum(r.vacant for r in known),
        "over": sum(r.over for r in known),
        "unknown": len(table.rows) - len(known),
        "unknown_filled": sum(r.filled for r in table.rows if r.approved is None),
    }
    return render(
        request, "units/headcount.html", {"table": table, "totals": totals, "today": today}
    )


def _number(value: int | None) -> Any:
    """An approved number; one that is not known is a question mark, never zero."""
    return "?" if value is None else value


def _below(rows: list[queries.LedgerRow], value: str) -> list[queries.LedgerRow]:
    unit = Unit.objects.filter(pk=value if value.isdigit() else None).first()
    return [r for r in rows if r.unit.path.startswith(unit.path)] if unit else []


def vacancies(request):
    """Posts that nobody holds."""
    require(request.user, "units.read")
    grades = dict(Grade.choices)
    table = Table(
        request,
        queries.vacant_posts(units=queries.visible_units(request.user)),
        [
            Column(
                "unit",
                _("Unit"),
                lambda p: p.unit.name,
                "unit__path",
                lambda p: unit_url(p.unit),
            ),
            Column("title", _("Post"), lambda p: p.title, "title"),
            Column("grade", _("Grade"), lambda p: str(grades.get(p.grade, "")), "grade"),
            Column("team", _("team"), lambda p: _("yes") if p.team else "", "team"),
            Column("elected", _("by election"), lambda p: _("yes") if p.elected else "", "elected"),
        ],
        _("Vacant posts"),
        filters=[
            Filter(
                "grade",
                _("Grade"),
                list(reversed(Grade.choices)),
                lambda rows, v: rows.filter(grade=v),
            )
        ],
        search=lambda rows, text: rows.filter(unit__name__contains=text),
        search_hint=_("Unit"),
        empty=_("Every post on the lists is held."),
    )
    return table.export() or render(request, "units/vacancies.html", {"table": table})


def _form_page(request, form, title: str, back: str, submit: str = ""):
    context = {"title": title, "form": form, "back": back, "submit": submit or _("Save")}
    return render(request, "web/form_page.html", context)


def unit_new(request, pk: int | None = None):
    """A new unit, below another one or at the top."""
    parent = _visible(request, pk) if pk else None
    require(request.user, "units.change", parent)
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit = actions.add_unit(actor=request.user, parent=parent, values=form.cleaned_data)
        messages.success(request, _("The unit is set up."))
        return redirect(unit_url(unit))
    title = _("New unit below %(name)s") % {"name": parent.name} if parent else _("New unit")
    return _form_page(request, form, title, unit_url(parent) if parent else reverse("units:list"))


def unit_edit(request, pk: int):
    """Change a unit."""
    unit = _visible(request, pk)
    require(request.user, "units.change", unit)
    form = UnitForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        actions.update_unit(actor=request.user, unit=unit, values=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(unit_url(unit))
    return _form_page(request, form, unit.name, unit_url(unit))


def unit_close(request, pk: int):
    """Close a unit from a day on."""
    unit = _visible(request, pk)
    require(request.user, "units.change", unit)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.close_unit(actor=request.user, unit=unit, day=form.cleaned_data["day"])
        messages.success(request, _("The unit is closed."))
        return redirect("units:list")
    context = {
        "title": _("Close %(name)s") % {"name": unit.name},
        "explain": _("A closed unit disappears from lists; its history stays."),
        "form": form,
        "submit": _("Close the unit"),
        "back": unit_url(unit),
    }
    return render(request, "web/confirm.html", context)


def post_edit(request, pk: int, post: int | None = None):
    """Add or change a post."""
    unit = _visible(request, pk)
    require(request.user, "units.change", unit)
    found = get_object_or_404(unit.posts, pk=post) if post else None
    form = PostForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.save_post(actor=request.user, unit=unit, values=form.cleaned_data, post=found)
        messages.success(request, _("Saved."))
        return redirect(unit_url(unit))
    title = f"{unit.name} · {found.title if found else _('New post')}"
    return _form_page(request, form, title, unit_url(unit))


def post_abolish(request, pk: int, post: int):
    """Take a post off the list."""
    unit = _visible(request, pk)
    require(request.user, "units.change", unit)
    found = get_object_or_404(unit.posts, pk=post)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.abolish_post(actor=request.user, post=found, day=form.cleaned_data["day"])
        messages.success(request, _("The post is abolished."))
        return redirect(unit_url(unit))
    context = {
        "title": _("Abolish: %(title)s") % {"title": found.title},
        "explain": _("An abolished post is no longer vacant; who held it stays on file."),
        "form": form,
        "submit": _("Abolish"),
        "back": unit_url(unit),
    }
    return render(request, "web/confirm.html", context)


def line_edit(request, pk: int, line: int | None = None):
    """Add or change a headcount line."""
    unit = _visible(request, pk)
    require(request.user, "units.change", unit)
    found = get_object_or_404(unit.headcount_lines, pk=line) if line else None
    initial = {"nature": unit.nature, "valid_from": timezone.localdate()}
    form = LineForm(request.POST or None, instance=found, **({} if found else {"initial": initial}))
    if request.method == "POST" and form.is_valid():
        actions.save_line(actor=request.user, unit=unit, values=form.cleaned_data, line=found)
        messages.success(request, _("Saved."))
        return redirect(unit_url(unit))
    title = _("Headcount of %(name)s") % {"name": unit.name}
    return _form_page(request, form, title, unit_url(unit))


@require_POST
def line_verify(request, pk: int, line: int):
    """Confirm a line against its document."""
    unit = _visible(request, pk)
    actions.verify_line(actor=request.user, line=get_object_or_404(unit.headcount_lines, pk=line))
    messages.success(request, _("Marked as verified today."))
    return redirect(unit_url(unit))


def line_end(request, pk: int, line: int):
    """End a line."""
    unit = _visible(request, pk)
    require(request.user, "units.change", unit)
    found = get_object_or_404(unit.headcount_lines, pk=line)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_line(actor=request.user, line=found, day=form.cleaned_data["day"])
        messages.success(request, _("Ended."))
        return redirect(unit_url(unit))
    context = {
        "title": _("End a headcount line of %(name)s") % {"name": unit.name},
        "explain": f"{found.get_grade_display()}: {_number(found.approved)}",
        "form": form,
        "submit": _("End"),
        "back": unit_url(unit),
    }
    return render(request, "web/confirm.html", context)
