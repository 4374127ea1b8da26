"""A case with 7 links, 60 steps, 20 persons and 200 papers: its page, and how it is reached.

    .venv/bin/python benchmarks/case.py [--rounds 60] [--database postgres://…] [--profile]

Everything is made through the actions of the pages, under a scheme that is installed like any
other. Prints a Markdown table: p50 and p95 in milliseconds inside the server (no network, no
browser), queries of one request, bytes sent. Target: the case page p95 ≤ 200 ms, ≤ 15 queries.
"""

from __future__ import annotations

import argparse
import cProfile
import datetime
import os
import pstats
import statistics
import sys
import tempfile
import time
from pathlib import Path

HOME = tempfile.mkdtemp(prefix="bole-bench-")
os.environ["BOLE_HOME"] = HOME
os.environ["DJANGO_SETTINGS_MODULE"] = "bole.config.settings"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

DAY = datetime.date(2026, 3, 2)
LINKS, STEPS, PERSONS, PAPERS = 7, 60, 20, 200


def pack() -> str:
    """A scheme of 7 links and 60 steps with every kind of gate and turn, and open questions.

    Three papers are kept for each of the 20 persons, ten in each of the first steps' turn: 200
    filed papers when the case stands in its sixth link.
    """
    head = """\
id: large-case
name: {zh: 大型事项, en: A large case}
place: 县
parameters:
  days: {label: 公示天数, type: days, default: 5}
  share: {label: 通过比例, type: fraction, default: 1/2}
rules:
  eligibility:
    name: {zh: 任职资格, en: eligibility}
    rules:
      - {id: L.1, text: 中共党员, strength: warn, require: party_member}
      - {id: L.2, text: 任职满2年, strength: warn, require: years_in_post >= 2}
      - {id: L.3, text: 政治素质, judged: 政治素质是否过硬}
procedure:
  name: {zh: 大型程序, en: large procedure}
  facts:
    posts: {name: 职位数, type: int, default: 1}
    kind: {name: 类型, type: choice, default: a, choices: {a: 甲, b: 乙, c: 丙}}
  holds: {complaint: 信访举报, doubt: 疑点, effect_period: 影响期}
  papers:
"""
    lines = [head]
    for number in range(STEPS):
        each = ", for_each: proposed" if number in WIDE else ""
        lines.append(
            f"    - {{id: p{number}, name: 材料{number}, signed_by: [recorder, chair]{each}, "
            f"fields: [情况, 意见]}}\n"
        )
    lines.append("  links:\n")
    number = 0
    for link in range(LINKS):
        lines.append(f"    - id: link{link}\n      name: 环节{link + 1}\n      steps:\n")
        for _step in range(STEPS // LINKS + (link < STEPS % LINKS)):
            lines.append(step_of(number))
            number += 1
    assert number == STEPS
    return "".join(lines)


# Steps whose paper is kept for each person: 9 × 20 = 180, and 20 more papers of other steps.
WIDE = range(10, 19)
LAST = 29  # the case stands before this step, with the rest to come


def step_of(number: int) -> str:
    """One step; the kinds of gate and turn are spread over all of them."""
    lines = [f"        - id: s{number}\n          name: 第{number + 1}步\n"]
    add = lines.append
    add(f"          papers: [p{number}]\n")
    if number == 0:
        add("          chooses: [proposed]\n")
    if number == 1:
        add("          finish: [{kind: rules, rules: eligibility, of: proposed}]\n")
    if number in (20, 21, 22):
        add("          parallel: together\n")
    if number == 23:
        add("          chooses: [candidates]\n")
        add("          finish: [{kind: persons, group: candidates, max: 20, reasons: true}]\n")
    if number >= LAST:
        gate = (
            "{kind: rules, rules: eligibility, of: proposed}",
            "{kind: no_holds, holds: [complaint, doubt, effect_period]}",
            "{kind: checks, checks: [dossier, complaints], of: candidates}",
            "{kind: answers, bodies: [discipline, police], of: candidates}",
            f"{{kind: signatures, papers: [p{number - 1}, p12]}}",
        )[number % 5]
        if "checks" in gate:
            add("          checks: [dossier, complaints]\n")
        if "answers" in gate:
            add("          asks: [{body: discipline, for_each: candidates}, ")
            add("{body: police, for_each: candidates}]\n")
        add(f"          finish: [{gate}]\n")
    if number % 6 == 5:
        add(f"          tasks: [{{id: t{number}, name: 任务{number}}}]\n")
        event = f"{{step: s{number - 1}}}"
        add(f"          deadline: {{within: 10, unit: working_days, after: {event}}}\n")
    if number % 10 == 9:
        add(f"          returns: [{{to: s{number - 1}, reason: 需补充}}]\n")
    if number % 7 == 6:
        add("          skip: {by: [department_head], reason: 不需要, when: {kind: b}}\n")
    return "".join(lines)


def build() -> int:
    """The case, walked through the actions of the pages; its key."""
    from django.core.management import call_command

    from bole.accounts.models import RoleGrant, User
    from bole.demo.county import by_role, load
    from bole.people.models import Cadre
    from bole.schemes.actions import install
    from bole.selection import actions
    from bole.selection.context import load as read
    from bole.selection.models import Case, Outcome
    from bole.units.queries import vacant_posts
    from bole.vetting import actions as vetting

    call_command("migrate", verbosity=0)
    load(today=datetime.date(2026, 11, 24), cadres=1200)
    path = Path(HOME) / "large-case.yaml"
    path.write_text(pack(), encoding="utf-8")
    version = install(actor=None, name_or_path=path)
    actors = by_role()
    officer, head = actors["section_officer"][0], actors["department_head"][0]
    assert RoleGrant.objects.filter(user=officer).exists() and User.objects.exists()
    post = vacant_posts().filter(leading=True).first()
    case = actions.open_case(actor=officer, posts=[post], scheme=version, on=DAY)
    people = list(Cadre.objects.filter(status="in_service").order_by("pk")[:PERSONS])
    for cadre in people:
        actions.choose(
            actor=officer, case=case, group="proposed", cadre=cadre, reason="德才兼备", on=DAY
        )
    actions.run_rules(actor=officer, case=case, rule_set="eligibility", group="proposed", as_of=DAY)
    for outcome in Outcome.objects.filter(run__case=case).exclude(verdict="met"):
        if outcome.question:
            actions.judge(actor=head, outcome=outcome, met=True, reason="经了解")
        else:
            actions.waive(actor=head, outcome=outcome, reason="工作需要")
    filed = 0
    for number in range(LAST):
        each = people if number in WIDE else [None]
        for cadre in each:
            paper = actions.file_paper(
                actor=officer,
                case=case,
                paper=f"p{number}",
                cadre=cadre,
                name=f"材料{number}{cadre or ''}.txt",
                content=f"{number} {cadre}".encode() * 200,
                on=DAY,
            )
            filed += 1
            for role, name in (("recorder", "赵记"), ("chair", "钱主持")):
                actions.sign_paper(actor=officer, paper=paper, role=role, name=name, on=DAY)
        if number == 23:
            for cadre in people:
                actions.choose(
                    actor=officer,
                    case=case,
                    group="candidates",
                    cadre=cadre,
                    reason="推荐结果较好",
                    on=DAY,
                )
        if number % 6 == 5:
            actions.do_task(actor=officer, case=case, step=f"s{number}", task=f"t{number}", on=DAY)
        actions.finish_step(actor=officer, case=case, step=f"s{number}", on=DAY)
    vetting.ask_body(
        actor=officer, stream=case.stream, body="discipline", cadres=people, sent_on=DAY
    )
    for cadre in people[:10]:
        vetting.record_answer(
            actor=officer,
            stream=case.stream,
            body="discipline",
            cadre=cadre,
            answer="no_objection",
            signer="周",
            received_on=DAY,
        )
        vetting.conclude_check(
            actor=officer,
            stream=case.stream,
            check="dossier",
            cadre=cadre,
            conclusion="clear",
            evidence=["审核表"],
            on=DAY,
        )
    look = read(Case.objects.select_related("scheme", "unit").get(pk=case.pk), DAY)
    assert look.status.here[0] == f"s{LAST}", look.status.here
    links, steps = len(look.procedure.links), len(look.procedure.steps)
    assert (links, steps, len(people)) == (LINKS, STEPS, PERSONS)
    for extra in range(PAPERS - filed):
        actions.file_paper(
            actor=officer,
            case=case,
            paper=f"p{LAST + extra}",
            name=f"附件{extra}.txt",
            content=b"x" * 2000,
            on=DAY,
        )
    assert case.papers.filter(replaced_at=None).count() == PAPERS, case.papers.count()
    return case.pk


def measure(client, url: str, rounds: int) -> tuple[float, float, int, int]:
    """p50 and p95 in milliseconds, queries and bytes of a page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    count = len(queries)  # the log is emptied by the next request
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        client.get(url)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    p95 = times[max(0, round(len(times) * 0.95) - 1)]
    return statistics.median(times), p95, count, len(response.content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--database")
    parser.add_argument("--profile", action="store_true")
    args = parser.parse_args()
    if args.database:
        os.environ["DATABASE_URL"] = args.database
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    start = time.perf_counter()
    pk = build()
    print(f"built in {time.perf_counter() - start:.0f} s\n")
    from bole.accounts.models import User

    client = Client()
    client.force_login(User.objects.filter(grants__role="section_officer").first())
    urls = {
        "case": f"/cases/{pk}/",
        "case, a step with 20 papers": f"/cases/{pk}/?step=s12",
        "case, the last step": f"/cases/{pk}/?step=s59",
        "screening of the case": f"/cases/{pk}/outcomes/",
        "course": f"/cases/{pk}/course/",
        "list of cases": "/cases/",
        "first page": "/",
        "vetting desk of the case": f"/vetting/?stream=case:{pk}",
    }
    print("| page | p50 ms | p95 ms | queries | kB |\n|---|---|---|---|---|")
    for name, url in urls.items():
        p50, p95, queries, size = measure(client, url, args.rounds)
        print(f"| {name} | {p50:.0f} | {p95:.0f} | {queries} | {size / 1024:.0f} |", flush=True)
    if args.profile:
        profile = cProfile.Profile()
        profile.enable()
        for _round in range(20):
            client.get(urls["case"])
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    import shutil

    try:
        main()
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
