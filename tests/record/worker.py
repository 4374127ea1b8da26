"""A process of its own on a real database: `python -m tests.record.worker WHAT …`."""

import os
import sys
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bole.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from bole.record import actions  # noqa: E402
from bole.record.models import Entry, WorkYear  # noqa: E402


def append(name: str, times: str, threads: str) -> None:
    """Several threads append to streams that other processes append to as well."""

    def work(thread: int) -> None:
        for i in range(int(times)):
            with transaction.atomic():
                actions.append(
                    actor=None,
                    action="test.act",
                    stream=f"case:{i % 3}",
                    subject=("people.cadre:7", "李某"),
                    after={"worker": name, "thread": thread, "i": i},
                )
        connection.close()

    started = [threading.Thread(target=work, args=(i,)) for i in range(int(threads))]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def gate(name: str) -> None:
    """Passes a gate that only the first may pass: no such entry in the case yet."""
    for i in range(20):
        with transaction.atomic():
            actions.hold(f"gate:{i}")
            if not Entry.objects.filter(stream=f"gate:{i}").exists():
                time.sleep(0.01)
                actions.append(actor=None, action="gate.pass", stream=f"gate:{i}", after=name)


def paper(name: str, content: str) -> None:
    """Stores one paper."""
    actions.store_paper(actor=None, stream="case:1", name=name, content=content.encode())


def half() -> None:
    """An action that has written everything and is killed before it ends."""
    with transaction.atomic():
        WorkYear.objects.create(year=2999)
        actions.store_paper(actor=None, stream="case:1", name="a.txt", content=b"a")
        actions.append(actor=None, action="test.half", stream="case:1")
        print("written", flush=True)
        time.sleep(60)


def endless() -> None:
    """Actions without end: each writes a row and an entry."""
    print("started", flush=True)
    while True:
        with transaction.atomic():
            last = WorkYear.objects.order_by("year").last()
            WorkYear.objects.create(year=(last.year if last else 3000) + 1)
            actions.append(actor=None, action="test.year", stream="office")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
