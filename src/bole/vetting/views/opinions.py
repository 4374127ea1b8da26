"""Opinions of bodies: letters out, answers, what is overdue."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bole.accounts.permissions import require
from bole.record import streams
from bole.record.actions import log_readings
from bole.vetting import actions, printing, queries
from bole.vetting.forms import AnswerForm, AskForm
from bole.vetting.models import Letter, Opinion
from bole.vetting.plans import plan_of
from bole.vetting.views.base import desk_url, form_page, may_open, open_stream, printed
from bole.web.tables import Column, Filter, Table, contains


def _state(opinion: Opinion) -> str:
    if opinion.answer:
        return "answered"
    due = opinion.letter.due_on
    return "overdue" if due and due < timezone.localdate() else "waiting"


def _label(opinion: Opinion) -> str:
    if opinion.answer:
        return str(opinion.get_answer_display())
    return _("Overdue") if _state(opinion) == "overdue" else _("Awaited")


def _colour(opinion: Opinion) -> str:
    if opinion.answer == Opinion.Answer.OBJECTION:
        return "red"
    return {"waiting": "blue", "overdue": "orange", "answered": "green"}[_state(opinion)]


def _of_state(rows, value: str):
    if value == "answered":
        return rows.exclude(answer="")
    rows = rows.filter(answer="")
    if value == "overdue":
        return rows.filter(letter__due_on__lt=timezone.localdate())
    return rows


def opinions(request):
    """All letters and answers, of one case with ?stream=."""
    require(request.user, "vetting.read_content")
    rows = Opinion.objects.select_related("letter", "cadre").order_by("-letter_id", "id")
    stream = request.GET.get("stream", "")
    if stream:
        rows = rows.filter(letter__stream=stream)
    table = Table(
        request,
        rows,
        [
            Column(
                "number",
                _("Letter"),
                lambda o: o.letter.number,
                ("letter__year", "letter__serial"),
                lambda o: reverse("vetting:answer", args=[o.pk]),
            ),
            Column("body", _("Body"), lambda o: queries.say(o.letter.body_name)),
            Column("about", _("About"), lambda o: o.cadre.name if o.cadre else _("The case")),
            Column("case", _("Case"), lambda o: streams.title(o.letter.stream), shown=not stream),
            Column("sent", _("Sent on"), lambda o: f"{o.letter.sent_on}", "letter__sent_on"),
            Column(
                "due",
                _("Answer due"),
                lambda o: f"{o.letter.due_on}" if o.letter.due_on else "",
                "letter__due_on",
            ),
            Column("answer", _("Answer"), _label, "answer", badge=_colour),
            Column(
                "received",
                _("Received on"),
                lambda o: f"{o.received_on}" if o.received_on else "",
                "received_on",
            ),
            Column("signer", _("Signed by"), lambda o: o.signer, "signer", shown=False),
        ],
        _("Opinions"),
        filters=[
            Filter(
                "state",
                _("State"),
                [
                    ("waiting", _("Awaited")),
                    ("overdue", _("Overdue")),
                    ("answered", _("Answered")),
                ],
                _of_state,
            )
        ],
        search=contains("letter__number", "cadre__name"),
        search_hint=_("Number or name"),
        empty=_("No body has been asked. Letters are written from the desk of a case."),
    )
    return table.export() or render(
        request, "vetting/list.html", {"table": table, "tab": "opinions", "title": _("Opinions")}
    )


def ask(request):
    """Write a letter to a body."""
    stream = open_stream(request)
    form = AskForm(request.POST or None, plan=plan_of(stream), people=queries.people_of(stream))
    return form_page(
        request,
        permission="vetting.ask",
        form=form,
        title=_("Ask a body for its opinion"),
        explain=_("The letter gets the next number, is printed and filed with the case."),
        back=desk_url(stream),
        act=lambda: actions.ask_body(actor=request.user, stream=stream, **form.cleaned_data),
        done=_("The letter is on file."),
        submit=_("Write the letter"),
    )


@never_cache
def answer(request, pk: int):
    """What a body answered; without an answer the form to record it."""
    found = get_object_or_404(Opinion.objects.select_related("letter__paper", "cadre"), pk=pk)
    require(request.user, "vetting.read_content")
    stream = found.letter.stream
    if request.method == "GET" and found.text:
        log_readings(
            actor=request.user,
            subjects=[found.cadre or found.letter],
            fields=["vetting.opinion"],
            reason=f"{streams.title(stream)} {found.letter.number}",
        )
    form = AnswerForm(request.POST or None)
    return form_page(
        request,
        permission="vetting.answer" if request.method == "POST" else "vetting.read_content",
        form=form,
        title=_("%(body)s on %(name)s")
        % {
            "body": queries.say(found.letter.body_name),
            "name": found.cadre or streams.title(stream),
        },
        back=desk_url(stream),
        act=lambda: actions.record_answer(
            actor=request.user,
            stream=stream,
            body=found.letter.body,
            cadre=found.cadre,
            **form.cleaned_data,
        ),
        done=_("The answer is recorded."),
        submit=_("Record the answer"),
        template="vetting/answer.html",
        opinion=found,
        state=_label(found),
        colour=_colour(found),
        may=request.user.has_perm("vetting.answer") and not found.answer,
    )


def letter_file(request, pk: int):
    """The printed letter."""
    letter = get_object_or_404(Letter.objects.select_related("paper"), pk=pk)
    require(request.user, "vetting.read_content")
    if not may_open(request.user, letter.stream):
        raise PermissionDenied("vetting.read")
    if letter.paper is None or not letter.paper.path.is_file():
        raise Http404
    return FileResponse(
        letter.paper.path.open("rb"), as_attachment=True, filename=letter.paper.name
    )


@never_cache
def joint_review(request):
    """The joint-review sheet of a case, to be signed by each body; ?format=pdf or Word."""
    stream = open_stream(request)
    require(request.user, "vetting.read_content")
    people = [c.cadre for c in queries.people_of(stream) if c.cadre]
    if people:
        log_readings(
            actor=request.user,
            subjects=people,
            fields=["vetting.opinions"],
            reason=streams.title(stream),
        )
    return printed(request, lambda form: printing.joint_review(stream, form))
