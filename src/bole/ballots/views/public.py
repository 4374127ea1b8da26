"""The voting pages. They read no session, set no cookie and write no log.

The code on the slip is the credential, so that there is no cross-site request to forge, and
`csrf_exempt` spares the voter a cookie. Pages are rendered without the request: nothing about the
device can slip into them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bole.ballots import box, queries
from bole.ballots.models import Meeting
from bole.ballots.voting import Page, normal, read_answers
from bole.engine.ballotbox import is_nonce, new_nonce, read_tracker, show_tracker
from bole.engine.errors import BoleError
from bole.engine.text import Text

LARGEST_POST = 300_000  # bytes
LISTED = 200  # published ballots on one page

AGAIN = Text(
    "系统忙，选票尚未确认投出。请不要关闭本页，稍等再按一次",
    "The system is busy; the ballot is not confirmed yet. Keep this page and try again",
)


def _public(view: Callable[..., HttpResponse]) -> Any:
    view = require_http_methods(["GET", "HEAD", "POST"])(view)
    return login_not_required(csrf_exempt(never_cache(view)))


def _language(request: HttpRequest) -> str:
    asked = request.POST.get("lang") or request.GET.get("lang") or translation.get_language()
    return "en" if str(asked).startswith("en") else "zh-hans"


def _page(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    language = _language(request)
    with translation.override(language):
        content = render_to_string(
            f"ballots/vote/{name}.html",
            {
                "language": language,
                "short": language[:2],
                "kiosk": "1" if data.get("kiosk") == "1" else "",
                **context,
            },
        )
    response = HttpResponse(content, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


@_public
def vote(request: HttpRequest) -> HttpResponse:
    """Code → ballot → reading over → receipt; which of them, the form on the page says."""
    if request.method != "POST":
        return _page(request, "code")
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_POST:
        return _page(request, "code", 413, problems=[_say(request, AGAIN)])
    step = request.POST.get("step", "ballot")
    try:
        if step == "cast":
            return _cast(request)
        return _fill_in(request, step)
    except BoleError as error:
        wrong = {p.code for p in error.problems}
        problems = [p.say(_language(request)) for p in error.problems]
        done = wrong & {"CODE_USED", "CLOSED"}
        code = "" if done else request.POST.get("code", "")[:40]
        return _page(request, "code", 409, problems=problems, code=code)


def _say(request: HttpRequest, text: Text) -> str:
    return text.say(_language(request))


def _fill_in(request: HttpRequest, step: str) -> HttpResponse:
    post = request.POST
    meeting, _voter_class = box.open_ballot(post.get("code", ""))
    form = meeting.instrument
    free = meeting.keys is None
    carried = read_answers(post.get("answers", ""))
    page = Page(form, meeting.subjects, meeting.posts, free, _language(request), carried)
    problems: list[str] = []
    if step == "review":
        answers = normal(form, page.read(post), meeting.keys)
        page = Page(form, meeting.subjects, meeting.posts, free, _language(request), answers)
        try:
            box.check(box.reader_of(meeting), answers)
        except BoleError as error:
            problems = [p.say(_language(request)) for p in error.problems]
        else:
            return _show(request, "review", meeting, page, answers, [])
    elif step == "switch":  # another language in the middle: nothing is lost
        answers = page.read(post)
        page = Page(form, meeting.subjects, meeting.posts, free, _language(request), answers)
    return _show(request, "ballot", meeting, page, dict(page.answers), problems)


def _show(
    request: HttpRequest,
    name: str,
    meeting: Meeting,
    page: Page,
    answers: dict[str, Any],
    problems: list[str],
) -> HttpResponse:
    nonce = request.POST.get("nonce", "")
    form = page.form
    return _page(
        request,
        name,
        409 if problems else 200,
        meeting=meeting.title,
        form=form.label.say(page.language),
        before=form.text_before.say(page.language) if form.text_before else "",
        questions=page.questions() if name == "ballot" else [],
        words=page.in_words() if name == "review" else [],
        blank=not answers,
        answers=json.dumps(answers, ensure_ascii=False),
        code=box.read_code(request.POST.get("code", "")),
        nonce=nonce if is_nonce(nonce) else new_nonce(),
        problems=problems,
    )


def _cast(request: HttpRequest) -> HttpResponse:
    post = request.POST
    answers = read_answers(post.get("answers", ""))
    try:
        receipt = box.cast(code=post.get("code", ""), nonce=post.get("nonce", ""), answers=answers)
    except BoleError as error:
        kept = {p.code for p in error.problems}
        if any(c.startswith(("CODE", "CLOSED", "NOT_OPEN", "NONCE")) for c in kept):
            raise
        meeting, _group = box.open_ballot(post.get("code", ""))
        page = Page(
            meeting.instrument,
            meeting.subjects,
            meeting.posts,
            meeting.keys is None,
            _language(request),
            answers,
        )
        problems = [p.say(_language(request)) for p in error.problems]
        return _show(request, "ballot", meeting, page, answers, problems)
    return _page(request, "receipt", tracker=show_tracker(receipt.tracker))


@_public
def screen(request: HttpRequest, uid: str) -> HttpResponse:
    """The screen in the hall: turnout and nothing else. Its address is not guessable."""
    meeting = get_object_or_404(Meeting, uid=uid)
    if not meeting.online:
        raise Http404
    counts = box.turnout(meeting).values()
    return _page(
        request,
        "screen",
        meeting=meeting.title,
        state=meeting.state,
        state_label=Meeting.State(meeting.state).label,
        attending=meeting.head_count("attending"),
        used=sum(used for _issued, used in counts),
        root=meeting.root,
        uid=uid,
    )


@_public
def published(request: HttpRequest, uid: str) -> HttpResponse:
    """The list of ballots with their trackers, once counters and monitors have signed."""
    meeting = get_object_or_404(Meeting, uid=uid, state=Meeting.State.SIGNED)
    if not meeting.online:
        raise Http404
    wanted = request.GET.get("q", "").strip()
    problems, found = [], ""
    if wanted:
        try:
            found = read_tracker(wanted)
        except BoleError as error:
            problems = [p.say(_language(request)) for p in error.problems]
    form, free, language = meeting.instrument, meeting.keys is None, _language(request)
    rows = sorted(box.ballots(meeting), key=lambda b: b.tracker)
    if found:
        rows = [b for b in rows if b.tracker == found]
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() else 0
    shown = [
        (
            show_tracker(b.tracker),
            Page(form, meeting.subjects, meeting.posts, free, language, b.answers).in_words(),
        )
        for b in rows[start : start + LISTED]
    ]
    return _page(
        request,
        "published",
        meeting=meeting.title,
        root=meeting.root,
        total=len(rows),
        rows=shown,
        wanted=wanted,
        withheld=not (result := queries.result(meeting)) or not result.listed,
        missing=bool(found) and not rows,
        further=start + LISTED if start + LISTED < len(rows) else None,
        problems=problems,
    )
