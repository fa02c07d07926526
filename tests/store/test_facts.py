"""Facts: every matter as one row of narrow arrays, on the plan asked for."""

from datetime import date

import numpy as np
import pytest
from world import CODES, LOWER_LEFT, NOW, UPPER_RIGHT, grids, reports

from gridmap.calendar import day_number
from gridmap.facts import NO_RESPONSE
from gridmap.store.intake.imports import import_reports
from gridmap.store.look import columns
from gridmap.store.look.facts import load
from gridmap.store.plans import plans
from gridmap.store.plans.plans import publish_plan

EIGHT = "2024-05-01T08:30:00+08:00"


def facts_of(store, **changed):
    """The facts of one report with these columns."""
    row = {
        "reported_at": EIGHT,
        "accepted_at": "",
        "due_at": "",
        "closed_at": "",
        "status": "",
        "lon": "113.05",
        "lat": "35.05",
    }
    result = import_reports(
        store, [reports([1]).assign(**(row | changed))], files=["test"], now=NOW
    )
    assert result.rejected == {}
    return load(store, grid_codes=CODES)


def test_a_city_without_reports_has_no_facts(town):
    facts = load(town, grid_codes=CODES)
    assert (len(facts), facts.first_day, facts.last_day, facts.as_of) == (0, 0, 0, 0)


def test_days_and_hours_are_local(town):
    facts = facts_of(town, reported_at="2024-04-30T23:59:59+08:00")
    assert (facts.day[0], facts.hour[0]) == (day_number(date(2024, 4, 30)), 23)
    assert facts.first_day == facts.last_day == facts.day[0]


def test_what_is_not_there_is_zero_or_none(town):
    facts = facts_of(town)
    assert (facts.closed_day[0], facts.due_day[0], facts.response_min[0]) == (
        0,
        0,
        NO_RESPONSE,
    )
    assert (facts.in_time[0], facts.accepted[0]) == (False, False)


@pytest.mark.parametrize(
    ("closed", "due", "in_time"),
    [
        ("2024-05-02T08:00:00+08:00", "2024-05-02T08:00:00+08:00", True),
        ("2024-05-02T08:00:01+08:00", "2024-05-02T08:00:00+08:00", False),
        ("2024-05-02T08:00:00+08:00", "", True),
        ("", "2024-05-02T08:00:00+08:00", False),
    ],
)
def test_in_time_is_closed_not_later_than_due(town, closed, due, in_time):
    assert facts_of(town, closed_at=closed, due_at=due).in_time[0] == in_time


def test_the_response_is_in_whole_minutes(town):
    facts = facts_of(town, accepted_at="2024-05-01T08:32:59+08:00")
    assert (facts.accepted[0], facts.response_min[0]) == (True, 2)


def test_a_very_late_acceptance_is_capped_below_none(town):
    assert (
        facts_of(town, reported_at="2023-05-01", accepted_at="2024-05-01").response_min[0]
        == NO_RESPONSE - 1
    )


def test_rows_are_sorted_by_day_and_as_of_is_the_latest_instant(town):
    import_reports(town, [reports(range(1, 600))], files=["test"], now=NOW)
    facts = load(town, grid_codes=CODES)
    assert (np.diff(facts.day.astype(int)) >= 0).all()
    assert facts.as_of == max(
        row for part in columns.manifest(town).parts for row in _latest(town, part)
    )
    assert facts.nbytes < 30 * len(facts) + 200


def _latest(store, part):
    table = columns.read_part(columns.folder(store), part)
    return [
        max(table[name].to_pylist()) for name in ("reported_at", "accepted_at", "closed_at")
    ]


def test_the_arrays_cannot_be_changed(town):
    facts = facts_of(town)
    with pytest.raises(ValueError, match="read-only"):
        facts.day[0] = 1


def test_a_grid_that_is_not_asked_for_is_nowhere(town):
    facts_of(town)
    facts = load(town, grid_codes=[UPPER_RIGHT])
    assert facts.grid[0] == facts.nowhere
    assert load(town, grid_codes=[]).grid[0] == facts.nowhere


def test_rows_are_put_on_another_plan_by_their_coordinates(town):
    facts_of(town)
    renamed = [code + 100 for code in CODES]
    number = publish_plan(town, grids(renamed), name="second", valid_from="2024-05-01")
    stored = load(town, grid_codes=renamed)
    assert stored.grid[0] == stored.nowhere
    moved = load(town, grid_codes=renamed, plan=number, index=plans.index(town))
    assert renamed[moved.grid[0]] == LOWER_LEFT + 100
