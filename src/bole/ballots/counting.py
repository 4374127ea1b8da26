"""From sheets or ballots to counts; a result that cannot be right does not come into being."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from bole.ballots import box
from bole.ballots.models import Meeting, Sheet, Signing, Withdrawn
from bole.engine.ballotbox import Draft, prepare, result_of
from bole.engine.ballotbox import Meeting as BoxMeeting
from bole.engine.ballotbox import Signature as BoxSignature
from bole.engine.errors import BoleError, Problem
from bole.engine.exact.figures import Base, Figures, is_count
from bole.engine.exact.numbers import exact
from bole.engine.instruments import Item, ItemKind
from bole.engine.tally import Ballot, Count, count_ballots
from bole.engine.tally import Sheet as CountSheet
from bole.engine.tally.double_entry import Difference, compare_entries
from bole.engine.tally.reconcile import missing_figures, reconcile
from bole.engine.text import Text

FIGURES = ("issued", "not_returned", "returned", "valid", "void")


def arranged(meeting: Meeting, counts: Mapping[str, Any]) -> dict[str, Any]:
    """A sheet as it is kept: class → figures, `marks` and `points`.

    `counts`: {"classes": {class: {issued, not_returned, returned, valid, void,
    "marks": {item: {subject: {option: n}}}, "points": {item: {subject: {sum, rated}}}}}}; a meeting
    with one class may leave "classes" out. The option of a nomination is its category (the item
    itself without categories); an item that is not per subject has the subject "". Whole numbers,
    null = not entered. Raises `BoleError` (SHEET_*) for anything the form does not have.
    """
    codes = [c["code"] for c in meeting.classes]
    given = counts.get("classes")
    if given is None and len(codes) == 1:
        given = {codes[0]: counts}
    if not isinstance(given, Mapping):
        raise _sheet("SHEET_CLASSES", "缺少各类人员的票数", "the counts by class are missing")
    form = meeting.instrument
    known = {
        i.id: {c.id for c in i.limits(meeting.posts)}
        if i.kind is ItemKind.NOMINATE
        else {o.id for o in i.options}
        for i in form.items
    }
    out: dict[str, Any] = {}
    for code, row in given.items():
        if code not in codes:
            raise _sheet("SHEET_CLASS", "没有“{n}”这一类人员", 'there is no class "{n}"', n=code)
        figures = {k: row.get(k) for k in FIGURES}
        marks: dict[str, dict[str, dict[str, int]]] = {}
        for item, subjects in (row.get("marks") or {}).items():
            if item not in known:
                raise _sheet("SHEET_ITEM", "票样上没有“{n}”", 'no item "{n}" on the form', n=item)
            for subject, options in subjects.items():
                _known_subject(meeting, item, subject)
                for option, number in options.items():
                    if option not in known[item]:
                        raise _sheet("SHEET_OPTION", "没有选项“{n}”", 'no option "{n}"', n=option)
                    if number is not None and not is_count(number):
                        raise _sheet(
                            "SHEET_COUNT",
                            "{w}的票数应为不小于0的整数，填写的是“{n}”",
                            '{w}: the count must be a whole number from 0 up, not "{n}"',
                            w=f"{subject}·{option}",
                            n=number,
                        )
                    if number:
                        marks.setdefault(item, {}).setdefault(subject, {})[option] = number
        points = {
            item: {
                s: {"sum": str(exact(v["sum"])), "rated": int(v["rated"])}
                for s, v in subjects.items()
                if v.get("rated")
            }
            for item, subjects in (row.get("points") or {}).items()
            if item in known
        }
        out[code] = {**figures, "marks": marks, "points": points}
    return out


def _known_subject(meeting: Meeting, item: str, subject: str) -> None:
    found = meeting.instrument.item(item)
    keys = meeting.keys
    if found and not found.per_subject and found.kind is not ItemKind.NOMINATE:
        return
    if keys is not None and subject not in keys:
        raise _sheet("SHEET_NAME", "“{n}”不在票面上", '"{n}" is not on the ballot', n=subject)


def arranged_words(meeting: Meeting, remarks: Sequence[Sequence[str]]) -> list[list[str]]:
    """The words of a sheet as they are kept. Raises `BoleError` (SHEET_ITEM, SHEET_NAME)."""
    out = []
    for item, subject, option, words in remarks:
        if meeting.instrument.item(item) is None:
            raise _sheet("SHEET_ITEM", "票样上没有“{n}”", 'no item "{n}" on the form', n=item)
        _known_subject(meeting, item, subject)
        if words.strip():
            out.append([item, subject, option, words.strip()])
    return sorted(out)


def changed(meeting: Meeting) -> dict[str, int]:
    """Class → slips that were changed for paper ballots."""
    return dict(box.withdrawn(meeting)[Withdrawn.Why.PAPER])


def too_many_voters(meeting: Meeting) -> list[Problem]:
    """Classes in which more slips voted or were changed for paper than persons attended."""
    used, paper = box.turnout(meeting), changed(meeting)
    out = []
    for group in meeting.classes:
        cast, here = used.get(group["code"], (0, 0))[1], group["attending"] or 0
        on_paper = paper.get(group["code"], 0)
        if on_paper and cast + on_paper > here:
            text = Text(
                "{c}：手机投票{u}人、换领纸质票{p}人，多于实到{a}人",
                "{c}: {u} voted by phone and {p} took paper, more than {a} attending",
            ).fill(c=group["name"], u=cast, p=on_paper, a=here)
            out.append(Problem("USED_OVER_PRESENT", text))
    return out


def asked_words(meeting: Meeting) -> list[tuple[Item, str]]:
    """(item, option) for which papers carry a reason that must be typed in; option "" = any."""
    out = []
    for item in meeting.instrument.items:
        if item.kind is ItemKind.TEXT:
            continue
        if item.kind in (ItemKind.NOMINATE, ItemKind.POINTS):
            if item.reason_required:
                out.append((item, ""))
            continue
        out += [(item, o.id) for o in item.options if item.needs_reason(o)]
    return out


def _words_lacking(
    meeting: Meeting, counts: Mapping[str, Any], words: Sequence[Sequence[str]]
) -> list[Problem]:
    """Required reasons that are not as many as the votes that need them, over all classes."""
    found = []
    said = Counter((w[0], w[1], w[2]) for w in words)
    for item, option in asked_words(meeting):
        votes: Counter[str] = Counter()
        for row in counts.values():
            for subject, marks in row["marks"].get(item.id, {}).items():
                votes[subject] += sum(marks.values()) if not option else marks.get(option, 0)
            for subject, v in row["points"].get(item.id, {}).items():
                votes[subject] += v["rated"]
        for subject in dict.fromkeys([*votes, *(s for i, s, _o in said if i == item.id)]):
            key = subject if item.kind is ItemKind.NOMINATE else option
            wrote, need = said[item.id, subject, key], votes[subject]
            if wrote != need:
                label = next((o.label for o in item.options if o.id == option), item.label)
                text = Text(
                    "{s}“{o}”{n}票须写明理由，录入理由{w}条；没有理由的票按办法计为无效",
                    '{s}: {n} votes "{o}" need a reason, {w} reasons are entered; a vote '
                    "without its reason is void as the form says",
                ).fill(s=subject, o=label, n=need, w=wrote)
                found.append(Problem("REASON", text))
    return found


def problems(
    meeting: Meeting, counts: Mapping[str, Any], words: Sequence[Sequence[str]] = ()
) -> list[Problem]:
    """Every reason why an arranged sheet cannot be right, class by class; empty = it may stand."""
    found: list[Problem] = _words_lacking(meeting, counts, words)
    form = meeting.instrument
    paper = changed(meeting) if meeting.online else None
    for group in meeting.classes:
        row = counts.get(group["code"])
        where = group["name"]
        if row is None:
            text = Text("{c}：尚未录入", "{c}: nothing is entered").fill(c=where)
            found.append(Problem("CLASS_MISSING", text))
            continue
        head = {k: group.get(k) for k in ("due", "attending")}
        figures = Figures.read({**head, **{k: row[k] for k in FIGURES}}, where)
        sheet = CountSheet(figures, where=where)
        found += [
            Problem("MISSING", Text("缺少{n}", "{n} missing").fill(n=name), where)
            for name in missing_figures(sheet)
        ]
        found += reconcile(sheet)
        if paper is not None and row["issued"] not in (None, paper.get(group["code"], 0)):
            text = Text(
                "换领纸质票{x}张，计票单填写发出{i}张",
                "{x} slips were changed for paper, the sheet says {i} issued",
            ).fill(x=paper.get(group["code"], 0), i=row["issued"])
            found.append(Problem("PAPER_ISSUED", text, where))
        valid = figures.of(Base.VALID)
        if valid is None:
            continue
        of_valid = Figures({Base.VALID: valid}, where)
        for item in form.items:
            marks = row["marks"].get(item.id, {})
            if item.kind is ItemKind.NOMINATE:
                for category in item.limits(meeting.posts):
                    most = category.max_picks
                    votes = {s: o[category.id] for s, o in marks.items() if category.id in o}
                    found += reconcile(
                        CountSheet(
                            of_valid,
                            max_picks=most if isinstance(most, int) else None,
                            votes=votes,
                            where=where,
                        )
                    )
            elif item.kind is ItemKind.TICK:
                votes = {f"{s}·{o}": n for s, options in marks.items() for o, n in options.items()}
                found += reconcile(CountSheet(of_valid, votes=votes, where=where))
            elif item.options:
                grades = {
                    s: {**options, "": max(0, valid - sum(options.values()))}
                    for s, options in marks.items()
                }
                found += reconcile(CountSheet(of_valid, grades=grades, where=where))
            found += _points(item, row["points"].get(item.id, {}), valid, where)
    return found


def _points(item: Any, given: Mapping[str, Any], valid: int, where: str) -> list[Problem]:
    out = []
    for subject, v in given.items():
        if v["rated"] > valid:
            text = Text(
                "{s}有{r}票评分，多于有效{v}票。", "{s}: {r} ballots rated, more than {v} valid."
            ).fill(s=subject, r=v["rated"], v=valid)
            out.append(Problem("RATED_OVER_VALID", text, where))
        if item.max_points is not None and exact(v["sum"]) > exact(item.max_points) * v["rated"]:
            text = Text(
                "{s}的总分{p}超过{r}票的最高分。",
                "{s}: {p} points are more than {r} ballots can give.",
            ).fill(s=subject, p=v["sum"], r=v["rated"])
            out.append(Problem("POINTS_OVER", text, where))
    return out


def differences(sheets: Sequence[Sheet]) -> list[Difference]:
    """Where the entries differ from the first; order of entry shows nothing about who is right."""
    first, *rest = sheets or [None]
    found: list[Difference] = []
    for other in rest:
        found += compare_entries(
            first.counts,
            other.counts,
            entered_by=(str(first.entered_by_id), str(other.entered_by_id)),
        )
        found += compare_entries(
            _words_by_answer(first),
            _words_by_answer(other),
            entered_by=(str(first.entered_by_id), str(other.entered_by_id)),
        )
    return found


def _words_by_answer(sheet: Sheet) -> dict[str, Any]:
    """How many words stand with each answer: two persons spell differently, but count alike."""
    out: dict[str, Any] = {}
    for item, subject, option, _words in sheet.remarks:
        found = out.setdefault(item, {}).setdefault(subject, {}).setdefault(option, {"words": 0})
        found["words"] += 1
    return {"words": out} if out else {}


def agreed(meeting: Meeting, sheets: Sequence[Sheet]) -> list[Problem]:
    """Why the entries do not make a result yet; empty = they do."""
    if len(sheets) < meeting.entries:
        text = Text(
            "应由不同人员独立录入{n}次，已录入{k}次", "{k} of {n} independent entries are made"
        ).fill(n=meeting.entries, k=len(sheets))
        return [Problem("ENTRIES", text)]
    found = [Problem("DIFFERENCE", named(meeting, d)) for d in differences(sheets)]
    return found or problems(meeting, sheets[0].counts, sheets[0].remarks)


def named(meeting: Meeting, difference: Difference) -> Text:
    """A difference with the words of the form instead of its codes."""
    words: dict[str, Text] = {c["code"]: Text(c["name"], c["name"]) for c in meeting.classes}
    for base in FIGURES:
        words[base] = Base(base).words
    for item in meeting.instrument.items:
        for category in item.categories:
            words[category.id] = category.text or Text(category.id, category.id)
        for option in item.options:
            words[option.id] = option.label
        words[item.id] = item.label
    words |= {"sum": Text("总分", "sum"), "rated": Text("评分票数", "ballots that rated")}
    words["words"] = Text("文字条数", "written words")
    hidden = {"marks", "points", ""}
    parts = [words.get(w, Text(w, w)) for w in difference.where if w not in hidden]
    said = Difference(
        tuple(dict.fromkeys(p.zh for p in parts)), difference.first, difference.second
    )
    other = Difference(
        tuple(dict.fromkeys(p.en for p in parts)), difference.first, difference.second
    )
    return Text(said.text.zh, other.text.en)


def count_sheet(
    meeting: Meeting, counts: Mapping[str, Any], words: Sequence[Sequence[str]] = ()
) -> Count:
    """The counts of an arranged sheet. Words are of no class: a class would narrow who wrote."""
    count = Count()
    texts = {i.id for i in meeting.instrument.items if i.kind is ItemKind.TEXT}
    for item, subject, option, _words in words:
        cells = count.cells if item in texts else count.reasons
        per_class = cells[(item, subject, option)]
        per_class[""] = per_class.get("", 0) + 1
    for code, row in counts.items():
        count.returned[code] = row["returned"]
        count.valid[code] = row["valid"]
        count.void_reasons["PAPER"] += row["returned"] - row["valid"]
        for item, subjects in row["marks"].items():
            for subject, options in subjects.items():
                for option, number in options.items():
                    count.cells[(item, subject, option)][code] = number
                count.rated[(item, subject)][code] = sum(options.values())
        for item, subjects in row["points"].items():
            for subject, v in subjects.items():
                count.points[(item, subject)][code] = Fraction(v["sum"])
                count.rated[(item, subject)][code] = v["rated"]
    return count


def roll_of(meeting: Meeting) -> dict[str, dict[str, int]]:
    """Head counts per class, as the package states them."""
    used = box.turnout(meeting)
    out = {}
    for group in meeting.classes:
        issued, cast = used.get(group["code"], (0, 0))
        out[group["code"]] = {
            "due": group["due"] or 0,
            "attending": group["attending"] or 0,
            "issued": issued,
            "used": cast,
            "unused": issued - cast,
        }
    return out


def paper_count(meeting: Meeting, sheets: Sequence[Sheet]) -> Count | None:
    """What was counted on paper in a meeting with two channels; None before the entries stand."""
    if not (meeting.online and meeting.on_paper) or not sheets:
        return None
    return count_sheet(meeting, sheets[0].counts, sheets[0].remarks)


def limits(meeting: Meeting) -> dict[str, int] | None:
    """Class → the smaller of its two channels, by which classes are merged: who knows the ballots
    of the phones and the whole result knows the papers too."""
    paper = changed(meeting) if meeting.online and meeting.on_paper else {}
    if not paper:
        return None
    used = {c: u for c, (_issued, u) in box.turnout(meeting).items()}
    return {
        c["code"]: min(x for x in (used.get(c["code"], 0), paper.get(c["code"], 0)) if x)
        if used.get(c["code"]) or paper.get(c["code"])
        else 0
        for c in meeting.classes
    }


def draft(meeting: Meeting, sheets: Sequence[Sheet] = ()) -> Draft:
    """The package of a closed online meeting, not yet signed. Raises `BoleError`.

    Its root does not depend on the sheets, which may be entered after closing.
    """
    stated = BoxMeeting(
        id=meeting.uid,
        title=meeting.title,
        held_on=meeting.held_on.isoformat(),
        form=meeting.instrument,
        electorate=meeting.electorate,
        subjects=meeting.keys,
        posts=meeting.posts,
    )
    words = [tuple(w) for s in sheets[:1] for w in s.remarks] if meeting.online else []
    return prepare(
        stated,
        box.ballots(meeting),
        roll_of(meeting),
        paper=paper_count(meeting, sheets),
        remarks=[*box.remarks(meeting), *words],
        limits=limits(meeting),
    )


def require_untouched(meeting: Meeting) -> None:
    """Raises `BoleError` (ROOT_DIFFERS) if ballots or words are not those of the closing."""
    words = box.remarks(meeting)
    if draft(meeting).root != meeting.root or meeting.words != (
        box.digest_of_words(words) if words else ""
    ):
        text = Text(
            "票箱与结束投票时的校验根不一致：结束后有人改动过选票，结果不成立",
            "The box differs from its root at closing: ballots were changed. There is no result",
        )
        raise BoleError(Problem("ROOT_DIFFERS", text))


def result(meeting: Meeting, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """The counts by class of a closed meeting, as `result_of` writes them; with two channels
    also those on paper, under "paper"."""
    if not meeting.online:
        return result_of(count_sheet(meeting, sheets[0].counts, sheets[0].remarks))
    counted = count_ballots(
        meeting.instrument,
        (Ballot(c.answers, c.voter_class) for c in box.ballots(meeting)),
        subjects=meeting.keys,
        posts=meeting.posts,
    )
    paper = paper_count(meeting, sheets)
    if paper is None:
        return result_of(counted)
    return {**result_of(counted.plus(paper)), "paper": result_of(paper)}


def package(meeting: Meeting, signings: Sequence[Signing]) -> bytes:
    """The ballot package as a file, for `bole recount`.

    Raises `BoleError` (ROOT_DIFFERS) when the box is no longer what was announced at closing.
    """
    require_untouched(meeting)
    laid_out = draft(meeting, list(meeting.sheets.all()))
    with tempfile.TemporaryDirectory(prefix="bole-ballots-") as folder:
        path = Path(folder) / "package.zip"
        laid_out.write(path, [BoxSignature(s.name, s.role) for s in signings])
        return path.read_bytes()


def _sheet(code: str, zh: str, en: str, **values: Any) -> BoleError:
    return BoleError(Problem(code, Text(zh, en).fill(**values)))
