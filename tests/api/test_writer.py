"""The writer: groups what waits, answers each for itself, and ends only when all is written."""

from __future__ import annotations

import threading
import time

import pytest

from gridmap.api import writer as writers
from gridmap.api.writer import Writer
from gridmap.cases.actors import Actor
from gridmap.city.flow.newmatter import NewMatter, Receipt
from gridmap.errors import ConflictError, ForbiddenError, SetupError
from gridmap.model import Status, UserRole

ACTOR = Actor(1, UserRole.GRID_WORKER)


def new(name):
    """A report of this name, worked out when its turn comes."""

    def ready():
        if name == "refused":
            raise ForbiddenError("not here")
        if name == "odd":
            raise ZeroDivisionError
        return ACTOR, NewMatter("C01", 113.8, 35.3, client_id=name)

    return ready


def words(receipt):
    return {"receipt": receipt.receipt}


class Taker:
    """Stands for the city: writes groups down, slowly if asked, and fails where told to."""

    def __init__(self, *, slow_s=0.0):
        self.groups = []
        self.slow_s = slow_s

    def __call__(self, reports):
        names = [new.client_id for _, new in reports]
        if "poison" in names:
            raise RuntimeError("the database says no")
        self.groups.append(names)
        time.sleep(self.slow_s)
        return [
            ConflictError("another")
            if name == "other"
            else Receipt(1, name, name, Status.REPORTED, 0, 0, 1, True)
            for name in names
        ]


@pytest.fixture
def taker():
    return Taker(slow_s=0.02)


@pytest.fixture
def writer(taker):
    found = Writer(taker, words)
    found.start()
    yield found
    found.stop()


def test_what_waits_at_the_same_time_is_written_together(taker, writer) -> None:
    answers = [writer.put(new(str(number))) for number in range(100)]
    assert [answer.result(10)["receipt"] for answer in answers] == [
        str(number) for number in range(100)
    ]
    assert len(taker.groups) <= 3
    assert sum(map(len, taker.groups)) == 100


def test_one_alone_waits_a_few_milliseconds_at_most(taker) -> None:
    taker.slow_s = 0.0
    found = Writer(taker, words)
    found.start()
    waits = []
    for number in range(20):
        began = time.monotonic()
        found.put(new(str(number))).result(10)
        waits.append(time.monotonic() - began)
    found.stop()
    assert sorted(waits)[10] < writers.LONGEST_WAIT_S + 0.03


def test_each_is_answered_for_itself(writer) -> None:
    good, bad = writer.put(new("a")), writer.put(new("other"))
    assert good.result(10)["receipt"] == "a"
    with pytest.raises(ConflictError):
        bad.result(10)


def test_what_is_refused_before_it_is_written_is_told_why(taker, writer) -> None:
    names = {"refused": ForbiddenError, "odd": SetupError}
    answers = {name: writer.put(new(name)) for name in names}
    good = writer.put(new("a"))
    for name, kind in names.items():
        with pytest.raises(kind):
            answers[name].result(10)
    assert good.result(10) == {"receipt": "a"}
    assert taker.groups == [["a"]]


def test_one_that_breaks_the_group_breaks_itself_only(writer) -> None:
    names = ["a", "b", "poison", "c"]
    answers = dict(zip(names, [writer.put(new(name)) for name in names], strict=True))
    for name in "abc":
        assert answers[name].result(10)["receipt"] == name
    with pytest.raises(SetupError):
        answers["poison"].result(10)
    assert writer.put(new("d")).result(10)["receipt"] == "d", "the writer goes on"


def test_who_gives_up_waiting_disturbs_nobody(writer) -> None:
    first, second = writer.put(new("a")), writer.put(new("b"))
    first.cancel()
    assert second.result(10)["receipt"] == "b"


def test_stopping_writes_what_waits_and_takes_no_more(taker) -> None:
    found = Writer(taker, words)
    answers = [found.put(new(str(number))) for number in range(300)]
    found.start()
    found.stop()
    assert all(answer.done() for answer in answers)
    with pytest.raises(SetupError):
        found.put(new("late"))


def test_too_many_waiting_are_told_to_come_again(monkeypatch) -> None:
    monkeypatch.setattr(writers, "MOST_WAITING", 5)
    held = threading.Event()

    def take(reports):
        held.wait(10)
        return Taker()(reports)

    found = Writer(take, words)
    found.start()
    answers = []
    with pytest.raises(SetupError):
        for number in range(50):
            answers += [found.put(new(str(number)))]
    held.set()
    assert all(answer.result(10) for answer in answers)
    found.stop()
