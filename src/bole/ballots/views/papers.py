"""Everything of a meeting that is printed or downloaded, and the preview."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bole.accounts.permissions import require
from bole.ballots import actions, box, counting
from bole.ballots.models import Meeting
from bole.ballots.voting import Page
from bole.documents import ballots, meeting_sheets, pdf_writer, slips


def _meeting(request: HttpRequest, pk: int, permission: str = "ballots.read") -> Meeting:
    require(request.user, permission)
    return get_object_or_404(Meeting, pk=pk)


def _file(content: bytes, name: str, media: str = "application/pdf") -> HttpResponse:
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@never_cache
def codes(request: HttpRequest, pk: int) -> HttpResponse:
    """New slips as a PDF: the only time that the codes exist outside the slips."""
    meeting = _meeting(request, pk, "ballots.manage")
    issued = actions.issue_credentials(actor=request.user, meeting=meeting)
    return _slips(request, meeting, issued)


@require_POST
@never_cache
def reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """One new slip for a spoiled or lost one."""
    meeting = _meeting(request, pk, "ballots.manage")
    slip, why = request.POST.get("slip", ""), request.POST.get("why", "")
    new = actions.reissue(actor=request.user, meeting=meeting, slip=slip, why=why)
    return _slips(request, meeting, [new])


def _slips(request: HttpRequest, meeting: Meeting, issued: list[tuple[str, str]]) -> HttpResponse:
    address = request.build_absolute_uri(reverse("ballots:vote"))
    # The code stands after "#", which phones keep to themselves: no proxy ever sees it.
    rows = [
        slips.Slip(
            c,
            f"{address}#{c}",
            meeting.class_name(group),
            box.number_of(box.hash_of(c)),
        )
        for c, group in issued
    ]
    printed = slips.slips(meeting.title, rows, address=address)
    return _file(printed.content, f"{meeting.title}-{_('voting slips')}.pdf")


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot as a phone shows it; nothing can be cast here."""
    meeting = _meeting(request, pk)
    language = get_language() or "zh-hans"
    form = meeting.instrument
    page = Page(form, meeting.subjects, meeting.posts, meeting.keys is None, language)
    context = {
        "language": language,
        "short": language[:2],
        "meeting": meeting.title,
        "form": form.label.say(language),
        "before": form.text_before.say(language) if form.text_before else "",
        "questions": page.questions(),
        "preview": True,
    }
    return HttpResponse(render_to_string("ballots/vote/ballot.html", context))


def printed(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Paper ballots, the roll, or a count sheet."""
    meeting = _meeting(request, pk)
    language = (get_language() or "zh")[:2]
    paper = ballots.paper_of(
        meeting.instrument,
        [(s["name"], s["post"]) for s in meeting.subjects],
        posts=meeting.posts,
        language=language,
        blank_rows=2 if meeting.keys is None else 0,
        subtitle=meeting.title,
    )
    if what == "ballots":
        runs, first = [], 1
        for group in meeting.classes:
            number = group["due"] or 0
            runs.append(ballots.RunOfBallots(paper, ballots.numbers(first, number), group["name"]))
            first += number
        document = ballots.ballots(
            [r for r in runs if r.numbers] or [ballots.RunOfBallots(paper, ballots.numbers(1, 1))]
        )
        name = _("paper ballots")
    elif what == "roll":
        members = [
            meeting_sheets.RollMember(m.name, m.unit, m.post, meeting.class_name(m.voter_class))
            for m in meeting.members.all()
        ]
        document = meeting_sheets.roll(
            meeting.title, members, due=meeting.head_count("due"), language=language
        )
        name = _("roll")
    elif what == "sheet":
        entry = request.GET.get("entry", "1")
        group = meeting.class_name(request.GET.get("class", meeting.classes[0]["code"]))
        document = meeting_sheets.count_sheet(
            paper,
            meeting=meeting.title,
            entry=_("Entry %(n)s") % {"n": entry},
            electorate_class=group,
        )
        name = f"{_('count sheet')}-{group}"
    else:
        raise Http404
    return _file(pdf_writer.to_pdf(document).content, f"{meeting.title}-{name}.pdf")


def package(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot package for `bole recount`."""
    meeting = _meeting(request, pk)
    if not meeting.online or meeting.state != Meeting.State.SIGNED:
        raise Http404
    content = counting.package(meeting, list(meeting.signings.all()))
    return _file(content, f"bole-ballots-{meeting.uid[:8]}.zip", "application/zip")
