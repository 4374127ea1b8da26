"""Real processes on real databases: of two at the same moment one passes, none is half done."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.record.conftest import BOTH, fresh_installation
from tests.record.processes import ROOT, verified

THREE = range(3)


@pytest.fixture(scope="module", params=BOTH)
def installation(request, tmp_path_factory):
    """The environment of a fresh installation."""
    server = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_url")
    with fresh_installation(tmp_path_factory.mktemp("home"), server) as environment:
        yield environment


def worker(environment, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.selection.worker", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


class Office:
    """Several people of one office, each a process with connections of its own."""

    def __init__(self, environment) -> None:
        self.environment = environment
        self.desks = [worker(environment, "serve") for _ in THREE]
        assert all(self._answer(d) == {"ready": True} for d in self.desks)

    def _tell(self, desk, **command) -> None:
        desk.stdin.write(json.dumps(command) + "\n")
        desk.stdin.flush()

    def _answer(self, desk):
        return json.loads(desk.stdout.readline())

    def alone(self, **command):
        """One does it; what it gives."""
        self._tell(self.desks[0], **command)
        answer = self._answer(self.desks[0])
        assert "done" in answer, answer
        return answer["done"]

    def together(self, *commands):
        """All at the same moment; what each gives, or why it was refused."""
        for desk, command in zip(self.desks, commands, strict=False):
            self._tell(desk, wait=0.1, **command)
        answers = [self._answer(desk) for desk, _c in zip(self.desks, commands, strict=False)]
        assert not [a for a in answers if "broken" in a], answers
        return answers

    def close(self) -> None:
        for desk in self.desks:
            desk.stdin.close()
            desk.wait(20)


@pytest.fixture(scope="module")
def office(installation):
    found = Office(installation)
    found.alone(do="setup")
    yield found
    found.close()


def passed(answers) -> int:
    return sum("done" in a for a in answers)


def refusals(answers) -> set[str]:
    return {code for a in answers for code in a.get("refused", ())}


def test_a_step_is_finished_once(office):
    (one,) = office.alone(do="make", until="filed")
    told = {"do": "finish", "case": one["case"], "step": "filed"}
    answers = office.together(told, told, told)
    assert passed(answers) == 1
    assert refusals(answers) <= {"STEP_DONE", "CASE_CLOSED"}


def test_a_decision_is_taken_once(office):
    (one,) = office.alone(do="make", until="document")
    told = {"do": "finish", "case": one["case"], "step": "document"}
    answers = office.together(told, told, told)
    assert passed(answers) == 1
    assert refusals(answers) == {"STEP_DONE"}


def test_nobody_signs_in_two_roles_at_once(office):
    (one,) = office.alone(do="make", until="meeting")
    # The walk stops before the meeting; its form is filed here and signed by one person twice.
    office.alone(do="form", case=one["case"])
    told = {"do": "sign", "case": one["case"], "name": "周书记"}
    answers = office.together(told | {"role": "chair"}, told | {"role": "recorder"})
    assert passed(answers) == 1
    assert refusals(answers) == {"SIGN_SAME_PERSON"}
    told = {"do": "sign", "case": one["case"], "name": "郑秘书", "role": "recorder"}
    answers = office.together(told, told, told)
    assert passed(answers) == 1
    assert refusals(answers) == {"SIGN_TWICE"}


def test_candidates_are_confirmed_once_and_not_after_the_step(office):
    (one,) = office.alone(do="make", until="candidates")
    told = {"do": "choose", "case": one["case"], "group": "candidates", "cadre": one["cadre"]}
    answers = office.together(told, told, told)
    assert passed(answers) == 1
    assert refusals(answers) == {"MEMBER_TWICE"}


def test_a_list_does_not_grow_while_its_step_is_finished(office):
    (one,) = office.alone(do="make", until="candidates", others=2)
    office.alone(do="choose", case=one["case"], group="candidates", cadre=one["cadre"])
    # At most two may be candidates: of two who are added at once, or added while the step is
    # finished, the list that stands afterwards is one that the gate has seen.
    add = {"do": "choose", "case": one["case"], "group": "candidates"}
    office.together(
        add | {"cadre": one["others"][0]},
        add | {"cadre": one["others"][1]},
        {"do": "finish", "case": one["case"], "step": "candidates"},
    )
    seen = office.alone(do="standing", case=one["case"])
    assert seen["candidates"] <= 2 or "candidates" not in seen["steps"]


def test_two_cases_never_take_the_last_place(office):
    cases = office.alone(do="make", until="document", approved=1, cases=3)
    answers = office.together(
        *({"do": "finish", "case": c["case"], "step": "document"} for c in cases)
    )
    assert passed(answers) == 1
    assert refusals(answers) == {"HEADCOUNT_TAKEN"}


def test_two_cases_never_plan_the_last_place(office):
    cases = office.alone(do="make", until="headcount", approved=1, cases=3)
    assert passed(office.together(*({"do": "back", "case": c["case"]} for c in cases))) == 3
    answers = office.together(
        *({"do": "finish", "case": c["case"], "step": "headcount"} for c in cases)
    )
    assert passed(answers) == 1
    assert refusals(answers) == {"GATE_HEADCOUNT"}


def test_a_post_is_opened_once_and_numbers_are_given_once(office):
    (post,) = office.alone(do="posts", number=1)
    answers = office.together(*({"do": "start", "post": post} for _ in THREE))
    assert passed(answers) == 1
    assert refusals(answers) == {"CASE_POST_TAKEN"}
    posts = office.alone(do="posts", number=3)
    answers = office.together(*({"do": "start", "post": p} for p in posts))
    assert len({a["done"] for a in answers}) == 3


@pytest.mark.parametrize("what", ["letter", "complain"])
def test_letters_and_complaints_never_share_a_number(office, what):
    cases = office.alone(do="make", until="motion", cases=3)
    numbers = []
    for _round in range(1 if what == "letter" else 4):
        answers = office.together(*({"do": what, "case": c["case"]} for c in cases))
        assert passed(answers) == 3, answers
        numbers += [a["done"] for a in answers]
    assert len(set(numbers)) == len(numbers)


def test_an_appointment_killed_in_the_middle_leaves_nothing(office, installation):
    (one,) = office.alone(do="make", until="document")
    before = office.alone(do="standing", case=one["case"])
    process = worker(installation, "half", one["case"])
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    assert office.alone(do="standing", case=one["case"]) == before
    # Nothing stays locked: the step is finished afterwards as if nothing had been.
    office.alone(do="finish", case=one["case"], step="document")
    after = office.alone(do="standing", case=one["case"])
    assert after["spells"] == before["spells"] + 1
    assert "document" in after["steps"]
    assert verified(installation)["state"] == "valid"


def test_actions_killed_at_any_moment_are_whole(office, installation):
    (one,) = office.alone(do="make", until="inspect")
    chance = random.Random(11)
    for _ in range(3):
        process = worker(installation, "endless", one["case"])
        assert process.stdout.readline() == "started\n"
        time.sleep(0.3 + chance.random() / 2)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    found = office.alone(do="standing", case=one["case"])
    assert found["papers"] == found["filed"] == found["stored"] == found["files"] > 1
    assert verified(installation)["state"] == "valid"
