"""A verification that runs beside the pages, and says how far it is."""

from __future__ import annotations

import datetime
import logging
import threading

from django.db import connection, models
from django.utils import timezone

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.text import Text
from bole.record import queries
from bole.record.models import VerificationRun
from bole.record.verification import verify_database

SILENCE = datetime.timedelta(minutes=5)  # after this a run without a sign has been cut off
KEPT = 50  # runs listed; older ones are dropped: they prove nothing

log = logging.getLogger(__name__)


def start(*, actor: User) -> VerificationRun:
    """Begin a verification of everything in a thread of its own; one at a time."""
    require(actor, "record.verify")
    running = current()
    if running is not None:
        return running
    run = VerificationRun.objects.create(by_name=str(actor), total=queries.head().count)
    newest = list(VerificationRun.objects.values_list("pk", flat=True)[:KEPT])
    VerificationRun.objects.exclude(pk__in=newest).delete()
    threading.Thread(target=_in_thread, args=(run.pk,), daemon=True).start()
    run.refresh_from_db()
    return run


def current() -> VerificationRun | None:
    """The verification that is running now; one that fell silent is closed as failed."""
    run = VerificationRun.objects.filter(state=VerificationRun.State.RUNNING).first()
    if run is not None and timezone.now() - run.seen_at > SILENCE:
        _finish(run.pk, VerificationRun.State.FAILED, [INTERRUPTED])
        return None
    return run


def perform(pk: int) -> None:
    """Verify everything and keep the findings with the run."""
    run = VerificationRun.objects.filter(pk=pk)

    def progress(done: int) -> None:
        run.update(done=done, seen_at=timezone.now())

    found = verify_database(progress=progress)
    state = VerificationRun.State.VALID if found.valid else VerificationRun.State.BROKEN
    run.update(done=found.entries.count)
    _finish(pk, state, found.texts())


def _in_thread(pk: int) -> None:
    try:
        perform(pk)
    except Exception:
        log.exception("verification failed")
        _finish(pk, VerificationRun.State.FAILED, [INTERRUPTED])
    finally:
        connection.close()


INTERRUPTED = Text(
    "核验中断，没有结论；请重新核验",
    "The verification was interrupted and found nothing out; start it again",
)


def _finish(pk: int, state: models.TextChoices, texts: list[Text]) -> None:
    VerificationRun.objects.filter(pk=pk).update(
        state=state, finished_at=timezone.now(), findings=[t.as_dict() for t in texts[:100]]
    )
