"""Opening matters, saving their fields, doing their moves, attaching papers."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from bole.accounts.models import Role, User
from bole.engine import matters as engine
from bole.engine.errors import BoleError, Problem
from bole.engine.matters import MatterKind, MoveStanding, read_values
from bole.engine.text import Text
from bole.matters.kinds import find_kind
from bole.matters.models import Matter, MatterAct, MatterPerson, MatterTold
from bole.matters.permissions import may_open, parties
from bole.matters.queries import Look
from bole.people.models import Cadre
from bole.record import streams
from bole.record.actions import Signature, append, hold, store_paper
from bole.record.models import Paper
from bole.schemes.models import SchemeVersion
from bole.units.models import Post, Unit

LARGEST = 30 * 1024 * 1024


def refuse(code: str, zh: str, en: str, where: str = "", **values: object) -> BoleError:
    """The refusal of an action, to be raised."""
    return BoleError(Problem(code, Text(zh, en).fill(**values), where))


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the kept values; what the record holds instead of their content."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def open_matter(
    *,
    actor: User,
    kind: str,
    scheme: str | SchemeVersion = "",
    cadre: Cadre | None = None,
    unit: Unit | None = None,
    case_stream: str = "",
    values: Mapping[str, Any] | None = None,
    on: datetime.date | None = None,
) -> Matter:
    """Open a matter of a kind, under a scheme (its newest version) or a version of it.

    `values` as typed, by field id; incomplete ones are kept as a draft. Records: matter.open.
    Raises PermissionDenied; BoleError (KIND_UNKNOWN, ABOUT_PERSON, ABOUT_UNIT, ABOUT_CASE,
    DATE_AHEAD, and what is wrong with the values).
    """
    code = scheme.code if isinstance(scheme, SchemeVersion) else scheme
    found = find_kind(kind, code)
    if found is None:
        raise refuse(
            "KIND_UNKNOWN", "没有事项“{k}”", "There is no kind of matter “{k}”", "kind", k=kind
        )
    if not may_open(actor, found.kind):
        raise PermissionDenied("matters.open")
    if case_stream:
        if not streams.may_read(actor, case_stream):
            raise PermissionDenied("matters.open")
        hold(case_stream)
    hold(f"matters:{kind}")  # two matters opened at once get two numbers
    on = _day(on)
    said = found.kind
    problems = [*_about(said, cadre, unit, case_stream)]
    kept, wrong = _read(said, values or {})
    if problems or wrong:
        raise BoleError([*problems, *wrong])
    serials = Matter.objects.filter(kind=kind, year=on.year)
    serial = (serials.aggregate(n=Max("serial"))["n"] or 0) + 1
    pattern = said.number or "{year}-{serial:04d}"
    matter = Matter(
        kind=kind,
        area=said.area,
        scheme=found.version,
        year=on.year,
        serial=serial,
        number=pattern.format(year=on.year, serial=serial),
        cadre=cadre,
        unit=unit,
        case_stream=case_stream,
        state=said.initial,
        values=kept,
        opened_on=on,
        opened_by=actor,
    )
    if parties(actor, said, matter).isdisjoint(said.opens):  # another unit's, another person's
        raise PermissionDenied("matters.open")
    matter.save()
    _name_persons(matter, said)
    _follow(matter, actor, on)
    _record(matter, said, actor, "matter.open", {"values": digest(kept)}, on)
    return matter


@transaction.atomic
def save_fields(
    *, actor: User, matter: Matter, values: Mapping[str, Any], on: datetime.date | None = None
) -> Matter:
    """Save typed fields in a state where they may be typed; an empty value clears a field.

    Only the fields given are written. Changing what was filled voids the signatures given
    before. Records: matter.save. Raises PermissionDenied; BoleError (NOT_EDITABLE, values).
    """
    look = _locked(actor, matter, on)
    matter = look.matter
    if look.actor.parties.isdisjoint((*look.kind.opens, "opener")) or not look.may_read:
        raise PermissionDenied("matters.save")
    if not look.kind.editable(look.state):
        raise refuse(
            "NOT_EDITABLE",
            "“{s}”状态下不能再改；可以办理的动作见下方",
            "Nothing can be typed in the state “{s}”",
            s=look.kind.states[look.state].title,
        )
    before = digest(matter.values)
    changed = _write(look, values)
    if not changed:
        return matter
    _act(look, "", before, fields=changed)
    _record(
        matter,
        look.kind,
        actor,
        "matter.save",
        {"fields": sorted(changed), "values": digest(matter.values)},
        look.day,
    )
    return matter


@transaction.atomic
def do_move(
    *,
    actor: User,
    matter: Matter,
    move: str,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
    signature: Signature | None = None,
    on: datetime.date | None = None,
) -> Matter:
    """Do a move: a permission of the kind, then every gate at once, then the change.

    `values`: the fields that the move fills. A move that several persons must do takes effect
    with the last of them. The judgement of the moment is kept with the act. Records: matter.move,
    and a line in the case's stream. Raises BoleError (MOVE_UNKNOWN, those of
    `engine.matters.open_moves`, REASON_MISSING, SIGN_MISSING, values).
    """
    look = _locked(actor, matter, on)
    matter = look.matter
    if not look.may_read:
        raise PermissionDenied("matters.read")
    said = look.kind.moves.get(move)
    here = {m.id for m in look.moves}
    if said is None or move not in here:
        name = said.title if said else Text(move, move)
        raise refuse(
            "MOVE_UNKNOWN",
            "“{s}”状态下不能办理“{m}”",
            "“{m}” cannot be done in the state “{s}”",
            s=look.kind.states[look.state].title,
            m=name,
        )
    before = digest(matter.values)
    foreign = [n for n in values or {} if n not in (*said.fills, *look.kind.needed(said))]
    if foreign:
        raise refuse(
            "FIELD_UNKNOWN",
            "“{m}”不填写{f}",
            "“{m}” fills no {f}",
            m=said.title,
            f="、".join(foreign),
        )
    changed = _write(look, values or {})
    look = Look(matter, actor, look.day)
    standing = next(m for m in look.moves if m.id == move)
    if not standing.entitled:
        raise PermissionDenied(f"matters.move.{move}")
    problems = [*standing.problems, *_asked(standing, reason, signature)]
    if problems:
        raise BoleError(problems)
    counts = standing.given + 1 >= said.persons
    findings = [f.as_dict() for f in look.judgement.findings] if look.judgement else []
    if counts and said.to:
        matter.state = said.to
        final = look.kind.states[said.to].final
        matter.closed_on = look.day if final else None
    act = _act(
        look,
        move,
        before,
        fields=changed,
        reason=reason.strip(),
        counts=counts,
        judged=findings if said.judged else [],
        signed=signature.method if signature else "",
    )
    _tell(look, act, said.tells if counts else ())
    after: dict[str, Any] = {"move": say_zh(said.title), "values": digest(matter.values)}
    if counts and said.to:
        after["to"] = say_zh(look.kind.states[said.to].title)
    if act.judged:
        after["findings"] = [f["code"] for f in act.judged]
    _record(matter, look.kind, actor, "matter.move", after, look.day, reason.strip(), signature)
    return matter


@transaction.atomic
def attach(
    *,
    actor: User,
    matter: Matter,
    field: str,
    name: str,
    content: bytes | IO[bytes],
    on: datetime.date | None = None,
) -> Paper:
    """Store a file under a file field; possible where fields may be typed, or a move fills it.

    Records: paper.store, matter.attach. Raises BoleError (FIELD_UNKNOWN, NOT_EDITABLE,
    PAPER_EMPTY, PAPER_LARGE).
    """
    look = _locked(actor, matter, on)
    matter = look.matter
    if not look.may_read:
        raise PermissionDenied("matters.attach")
    said = look.kind.fields.get(field)
    if said is None or said.type != "file":
        raise refuse("FIELD_UNKNOWN", "没有材料字段“{f}”", "There is no file field “{f}”", f=field)
    mine = look.actor.parties
    typing = look.kind.editable(look.state) and not mine.isdisjoint((*look.kind.opens, "opener"))
    filling = any(
        m.entitled and field in (*m.move.fills, *look.kind.needed(m.move)) for m in look.moves
    )
    if not (typing or filling):
        raise refuse("NOT_EDITABLE", "现在不能附材料", "No paper can be attached now", field)
    size = len(content) if isinstance(content, bytes) else getattr(content, "size", 0)
    if not size:
        raise refuse("PAPER_EMPTY", "文件是空的", "The file is empty", field)
    if size > LARGEST:
        raise refuse("PAPER_LARGE", "文件超过30 MB", "The file is over 30 MB", field)
    paper = store_paper(
        actor=actor,
        stream=matter.stream,
        name=name,
        content=content,
        kind=f"{matter.kind}.{field}",
        subject=matter.cadre,
        occurred_at=look.day,
    )
    before = digest(matter.values)
    matter.values = {**matter.values, field: [*matter.values.get(field, []), paper.pk]}
    _act(look, "", before, fields={field: False})
    append(
        actor=actor,
        action="matter.attach",
        stream=matter.stream,
        subject=matter.cadre,
        after={"fields": [field]},
        papers=[paper],
        occurred_at=look.day,
    )
    return paper


def say_zh(text: Text) -> str:
    """What the record writes: the office's language."""
    return text.zh


# -- parts of the actions --------------------------------------------------------------------------


def _locked(actor: User, matter: Matter, on: datetime.date | None) -> Look:
    """The matter, locked until the transaction ends, as the actor sees it on the day."""
    hold(matter.stream)
    rows = Matter.objects.select_for_update(of=("self",))
    found = (
        rows.select_related("scheme", "cadre__unit", "unit")
        .defer("scheme__document")
        .get(pk=matter.pk)
    )
    return Look(found, actor, _day(on))


def _day(on: datetime.date | None) -> datetime.date:
    today = timezone.localdate()
    if on is not None and on > today:
        raise refuse("DATE_AHEAD", "日期{d}尚未到来", "The day {d} is still to come", "on", d=on)
    return on or today


def _about(kind: MatterKind, cadre: Cadre | None, unit: Unit | None, stream: str) -> list[Problem]:
    found = []
    if (kind.about == "person") != (cadre is not None):
        text = (
            Text("请选择所涉干部", "Choose the person that it is about")
            if cadre is None
            else Text("该事项不针对个人", "This matter is not about a person")
        )
        found.append(Problem("ABOUT_PERSON", text, "cadre"))
    if kind.about == "unit" and unit is None:
        text = Text("请选择所涉单位", "Choose the unit that it is about")
        found.append(Problem("ABOUT_UNIT", text, "unit"))
    if not stream and (kind.about == "case" or kind.on_case == "must"):
        text = Text("该事项须从任用事项中办理", "This matter is opened from a selection case")
        found.append(Problem("ABOUT_CASE", text, "case"))
    if stream and kind.on_case == "no":
        text = Text("该事项不挂任用事项", "This matter hangs on no case")
        found.append(Problem("ABOUT_CASE", text, "case"))
    return found


def _read(kind: MatterKind, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Values as they are kept; keys of other tables must exist."""
    kept, problems = read_values(kind, raw)
    models = {"person": Cadre, "persons": Cadre, "unit": Unit, "post": Post, "file": Paper}
    for name, value in kept.items():
        field = kind.fields[name]
        cells = [(field.type, value)]
        if field.type == "table":
            cells = [(field.columns[c].type, v) for row in value for c, v in row.items()]
        for type_, cell in cells:
            if type_ not in models:
                continue
            keys = cell if isinstance(cell, list) else [cell]
            if models[type_].objects.filter(pk__in=keys).count() < len(keys):
                text = Text("“{t}”所选不存在", "“{t}”: no such entry").fill(t=field.title)
                problems.append(Problem("FIELD_VALUE", text, name))
    return kept, problems


def _write(look: Look, raw: Mapping[str, Any]) -> dict[str, bool]:
    """Put typed values into the matter; by field: whether something filled was changed."""
    kept, problems = _read(look.kind, raw)
    if problems:
        raise BoleError(problems)
    matter, changed = look.matter, {}
    values = dict(matter.values)
    for name in raw:
        old, new = values.get(name), kept.get(name)
        if old == new:
            continue
        changed[name] = name in values
        if new is None:
            values.pop(name, None)
        else:
            values[name] = new
    matter.values = values
    return changed


def _asked(standing: MoveStanding, reason: str, signature: Signature | None) -> list[Problem]:
    found = []
    if standing.reason_needed and not reason.strip():
        text = Text("“{m}”须写明理由", "“{m}” needs a written reason")
        found.append(Problem("REASON_MISSING", text.fill(m=standing.move.title), "reason"))
    if standing.move.sign and signature is None:
        text = Text(
            "“{m}”须签字：请输入密码或动态口令",
            "“{m}” is signed: enter your password or a one-time code",
        )
        found.append(Problem("SIGN_MISSING", text.fill(m=standing.move.title), "password"))
    return found


def _act(look: Look, move: str, before: str, *, fields: Mapping[str, bool], **given: Any):
    """Write the act and bring the matter's row and its copies up to date."""
    matter = look.matter
    act = MatterAct.objects.create(
        matter=matter,
        move=move,
        by=look.user,
        on=look.day,
        state=matter.state,
        changed=any(fields.values()),
        fields=sorted(fields),
        digest_before=before,
        digest_after=digest(matter.values),
        **given,
    )
    _name_persons(matter, look.kind)
    _follow(matter, look.user, look.day)
    return act


def _name_persons(matter: Matter, kind: MatterKind) -> None:
    wanted = set()
    for name, field in kind.fields.items():
        value = matter.values.get(name)
        if value is not None and field.type in ("person", "persons"):
            wanted |= {(name, pk) for pk in (value if isinstance(value, list) else [value])}
    stands = {(n.field, n.cadre_id): n for n in matter.named.all()}
    for key in stands.keys() - wanted:
        stands[key].delete()
    MatterPerson.objects.bulk_create(
        MatterPerson(matter=matter, field=name, cadre_id=pk) for name, pk in wanted - stands.keys()
    )


def _follow(matter: Matter, user: User, day: datetime.date) -> None:
    """The copies for lists: the nearest clock, and when it lapses to which state."""
    look = Look(matter, user, day)
    raw = engine.Matter(matter.state, matter.opened_on, look.values, look.standing.done)
    running = engine.clocks(look.kind, raw, day, look.calendar)
    matter.due_on = min((c.due for c in running if c.due), default=None)
    lapse = engine.lapse(look.kind, raw, day, look.calendar)
    matter.lapses_on, matter.lapses_to = lapse or (None, "")
    matter.save()


def _tell(look: Look, act: MatterAct, tells: tuple[str, ...]) -> None:
    """A line for each role or account that is to read of the act."""
    rows = []
    for party in tells:
        if party in Role.values:
            rows.append(MatterTold(matter=look.matter, act=act, role=party))
            continue
        users: list[int | None] = []
        if party == "opener":
            users = [look.matter.opened_by_id]
        elif party == "person" and look.matter.cadre:
            users = [look.matter.cadre.account_id]
        elif party.startswith("field:"):
            name = party.removeprefix("field:")
            named = look.matter.named.filter(field=name)
            users = list(named.values_list("cadre__account_id", flat=True))
        rows += [MatterTold(matter=look.matter, act=act, user_id=u) for u in users if u]
    MatterTold.objects.bulk_create(rows)


def _record(
    matter: Matter,
    kind: MatterKind,
    actor: User,
    action: str,
    after: dict[str, Any],
    day: datetime.date,
    reason: str = "",
    signature: Signature | None = None,
) -> None:
    """The entry of the matter's own stream, and a line in the case's without contents."""
    about = {"matter": matter.number, "kind": say_zh(kind.title)}
    append(
        actor=actor,
        action=action,
        stream=matter.stream,
        subject=matter.cadre or matter.unit,
        after={**about, **after},
        occurred_at=day,
        reason=reason,
        signature=signature,
    )
    if matter.case_stream and action != "matter.save":
        short = {k: v for k, v in after.items() if k in ("move", "to")}
        append(
            actor=actor,
            action=action,
            stream=matter.case_stream,
            subject=matter.cadre or matter.unit,
            after={**about, **short},
            occurred_at=day,
        )
