"""What the actions of this room share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bole.ballots.models import Meeting
from bole.engine.errors import BoleError, Problem
from bole.engine.instruments import InstrumentForm
from bole.engine.text import Text

State = Meeting.State


def locked(meeting: Meeting, *states: str) -> Meeting:
    """The meeting as it stands now, held until the action ends; in one of the states."""
    fresh = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if fresh.state not in states:
        wanted = [State(s).label for s in states]
        text = Text(
            "会议状态为“{now}”，此操作须在“{w}”时进行", 'The meeting is "{now}"; this needs "{w}"'
        )
        said = text.fill(now=State(fresh.state).label, w="、".join(map(str, wanted)))
        raise BoleError(Problem("MEETING_STATE", said))
    return fresh


def move(meeting: Meeting, state: str) -> None:
    meeting.state = state
    meeting.save()


def read_form(form: Mapping[str, Any]) -> InstrumentForm:
    try:
        return InstrumentForm.model_validate(dict(form))
    except ValidationError as error:
        raise BoleError(
            [
                Problem("FORM_WRONG", Text(e["msg"], e["msg"]), ".".join(map(str, e["loc"])))
                for e in error.errors()
            ]
        ) from None
