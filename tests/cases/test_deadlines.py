from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.calendar import TIME_ZONE, to_epoch, with_overrides
from gridmap.cases.deadlines import (
    DEFAULT_STEPS,
    LEAST_WARNING_S,
    LONGEST_WARNING_S,
    STEPS,
    Deadlines,
    Limit,
)
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.reclock import ClockLine, moved
from gridmap.model import LimitUnit, Status


def at(text: str) -> int:
    return to_epoch(datetime.fromisoformat(text).replace(tzinfo=TIME_ZONE))


UNITS = {
    "C01": "working_days",
    "E01": "calendar_days",
    "H01": "working_hours",
    "S01": "minutes",
}
CLOCKS = Deadlines(
    categories={
        code: Limit(amount, LimitUnit(unit))
        for amount, (code, unit) in zip((4, 3, 6, 90), UNITS.items(), strict=True)
    },
    steps={
        ("accept", ""): Limit(30, LimitUnit.MINUTES),
        ("accept", "C"): Limit(10, LimitUnit.MINUTES),
        ("accept", "C01"): Limit(5, LimitUnit.MINUTES),
        ("handle", "H"): Limit(1, LimitUnit.WORKING_HOURS),
    },
)
MOMENTS = st.integers(at("2023-01-01T00:00"), at("2025-12-01T00:00"))


def test_the_usual_limits_of_steps_are_there_when_none_are_set():
    clocks = Deadlines()
    start = at("2024-05-20T10:00")
    ends = [clocks.step(step, "C01", start) for step in STEPS]
    wanted = [
        "2024-05-20T10:30",
        "2024-05-20T12:00",
        "2024-05-20T16:00",
        "2024-05-21T17:30",
        "2024-05-20T12:00",
    ]
    assert ends == [at(text) for text in wanted]
    assert {step for step, _ in DEFAULT_STEPS} == set(STEPS)


@pytest.mark.parametrize(
    ("category", "minutes"), [("C01", 5), ("C02", 10), ("E01", 30), ("", 30)]
)
def test_the_longest_beginning_of_a_code_decides(category, minutes):
    assert CLOCKS.step("accept", category, 1_000_000_000) == 1_000_000_000 + minutes * 60


def test_without_a_limit_there_is_no_due_time():
    assert CLOCKS.step("handle", "E01", at("2024-05-20T10:00")) == 0
    assert CLOCKS.whole("Z99", at("2024-05-20T10:00")) == 0


@given(MOMENTS, st.sampled_from(sorted(UNITS)), st.integers(0, 20 * 86_400))
def test_a_clock_that_stops_and_goes_on_at_once_has_lost_nothing(start, category, later):
    due = CLOCKS.whole(category, start)
    amount, unit = CLOCKS.left(category, start + later, due)
    assert CLOCKS.run(amount, unit, start + later) == due
    assert (amount < 0) <= (start + later > due)


@given(
    MOMENTS,
    st.sampled_from(sorted(UNITS)),
    st.integers(0, 20 * 86_400),
    st.integers(0, 30 * 86_400),
)
def test_what_was_left_when_a_clock_stopped_is_left_when_it_goes_on(
    start, category, later, parked
):
    stop = start + later
    left, unit = CLOCKS.left(category, stop, CLOCKS.whole(category, start))
    due = CLOCKS.run(left, unit, stop + parked)
    assert CLOCKS.left(category, stop + parked, due) == (left, unit)


@given(MOMENTS, st.sampled_from(sorted(UNITS)), st.floats(0.05, 0.5))
def test_a_warning_comes_within_the_limit_and_early_enough(start, category, share):
    due = CLOCKS.whole(category, start)
    warning = CLOCKS.warn_at(category, start, due, share=share)
    assert LEAST_WARNING_S <= due - warning <= LONGEST_WARNING_S


def test_the_last_fifth_of_a_working_limit_is_counted_in_office_hours():
    start = at(
        "2024-05-17T17:30"
    )  # a Friday evening: four working days make 28 hours, a fifth of them 5.6
    due = CLOCKS.whole("C01", start)
    assert due == at("2024-05-23T17:30")
    assert CLOCKS.warn_at("C01", start, due, share=0.2) == at("2024-05-23T09:54")
    assert CLOCKS.warn_at("S01", start, start + 5400, share=0.2) == start + 3600


def test_a_limit_into_a_year_without_published_holidays_is_provisional():
    assert CLOCKS.provisional(at("2029-12-20T10:00"), at("2030-01-05T10:00"))
    assert not CLOCKS.provisional(at("2024-05-20T10:00"), at("2024-06-20T10:00"))
    assert not CLOCKS.provisional(at("2030-05-20T10:00"), 0)


CLOSED = Deadlines(
    with_overrides([(date(2024, 5, 22), False)]), CLOCKS.categories, CLOCKS.steps
)
START = at("2024-05-20T10:00")


def case(**values):
    return Case(
        matter=1,
        grid=410702001001001,
        category="C01",
        accepted_at=START,
        reported_at=START,
        **values,
    )


def line(seq, move, moment, **data):
    return ClockLine(seq, move, moment, data)


def test_a_new_holiday_inside_a_limit_moves_its_end_by_a_day():
    due = CLOCKS.whole("C01", START)
    lines = [line(7, Act.ACCEPT, START, due_at=due)]
    standing = case(status=Status.HANDLING, due_at=due, step_due_at=due)
    change = moved(standing, lines, before=CLOCKS, after=CLOSED, reached=7)
    assert change == {
        "due_at": CLOSED.whole("C01", START),
        "step_due_at": CLOSED.whole("C01", START),
    }
    assert change["due_at"] - due == 3 * 86_400  # Monday instead of Friday


def test_a_limit_begun_under_the_new_days_an_agreed_one_and_one_in_calendar_days_stay():
    due = CLOCKS.whole("C01", START)
    standing = case(status=Status.HANDLING, due_at=due, step_due_at=due)
    later = [line(8, Act.ACCEPT, START, due_at=due)]
    assert moved(standing, later, before=CLOCKS, after=CLOSED, reached=7) == {}
    agreed = [
        line(6, Act.ACCEPT, START, due_at=1),
        line(7, Act.GRANT_EXTENSION, START, due_at=due),
    ]
    assert moved(standing, agreed, before=CLOCKS, after=CLOSED, reached=9) == {}
    calendar_days = [line(7, Act.ACCEPT, START, due_at=due)]
    other = Case(
        matter=1,
        grid=1,
        category="E01",
        status=Status.HANDLING,
        due_at=due,
        step_due_at=due,
    )
    assert moved(other, calendar_days, before=CLOCKS, after=CLOSED, reached=7) == {}


def test_clocks_set_anew_and_back_show_what_they_showed():
    due = CLOCKS.whole("C01", START)
    lines = [line(1, Act.ACCEPT, START, due_at=due)]
    standing = case(status=Status.HANDLING, due_at=due, step_due_at=due)
    there = moved(standing, lines, before=CLOCKS, after=CLOSED, reached=5)
    lines.append(line(6, Act.RECLOCK, at("2024-05-21T09:00"), **there))
    assert (
        moved(standing, lines, before=CLOCKS, after=CLOSED, reached=5) == {}
    )  # done already
    standing = case(status=Status.HANDLING, **there)
    back = moved(standing, lines, before=CLOSED, after=CLOCKS, reached=9)
    assert back == {"due_at": due, "step_due_at": due}


def test_the_time_allowed_for_dispatch_moves_with_its_step():
    step = CLOCKS.days.due(START, 20, LimitUnit.WORKING_HOURS)
    clocks = Deadlines(
        CLOCKS.days, {}, {("dispatch", ""): Limit(20, LimitUnit.WORKING_HOURS)}
    )
    after = Deadlines(CLOSED.days, {}, clocks.steps)
    standing = case(status=Status.ACCEPTED, step_due_at=step, dispatch_due_at=step)
    lines = [line(1, Act.ACCEPT, START, step_due_at=step, dispatch_due_at=step)]
    change = moved(standing, lines, before=clocks, after=after, reached=1)
    assert change["step_due_at"] == change["dispatch_due_at"] > step
