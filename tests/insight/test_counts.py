from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_facts import (
    CODES,
    FIRST,
    categories,
    chosen,
    facts,
    frame,
    per_grid,
    selections,
    tables,
)

from gridmap.calendar import day_from_number
from gridmap.insight import counts
from gridmap.insight import mask as masks
from gridmap.insight.areas import areas
from gridmap.insight.mask import mask
from gridmap.insight.selection import Selection
from gridmap.model import Level

TREE = categories()
quick = settings(max_examples=60, deadline=None)


@quick
@given(tables, selections())
def test_grids_have_the_reports_counted_by_hand(table, selection):
    found = counts.by_grid(facts(table), mask(facts(table), selection, TREE))
    assert found.dtype == np.int64
    assert found.tolist() == per_grid(chosen(table, selection)).tolist()


@quick
@given(tables, selections(), st.sampled_from(list(Level)))
def test_places_have_the_reports_of_their_grids(table, selection, level):
    known = facts(table)
    asked = mask(known, selection, TREE)
    places = areas(CODES, selection.area, level)
    assert (
        counts.by_area(known, asked, places).sum()
        == counts.by_grid(known, asked).sum()
        == len(chosen(table, selection))
    )


@quick
@given(tables, selections())
def test_days_have_the_reports_counted_by_hand(table, selection):
    found = counts.by_day(facts(table), mask(facts(table), selection, TREE))
    rows = chosen(table, selection)
    assert found.tolist() == [
        (rows["day"] == day).sum()
        for day in range(selection.first_day, selection.last_day + 1)
    ]


@quick
@given(tables, selections())
def test_hours_and_weekdays_have_the_reports_counted_by_hand(table, selection):
    rows = chosen(table, selection)
    by_hand = np.zeros((7, 24), dtype=int)
    for day, hour in zip(rows["day"], rows["hour"], strict=True):
        by_hand[day_from_number(day).weekday(), hour] += 1
    assert (
        counts.by_hour(facts(table), mask(facts(table), selection, TREE)) == by_hand
    ).all()


@quick
@given(tables, selections())
def test_categories_and_workers_have_the_reports_counted_by_hand(table, selection):
    known = facts(table)
    asked = mask(known, selection, TREE)
    rows = chosen(table, selection)
    by_category = np.bincount(rows["category"], minlength=TREE.size)
    assert counts.by_category(known, asked).tolist() == by_category.tolist()
    by_worker = counts.by_worker(known, asked)
    assert (
        by_worker.tolist() == np.bincount(rows["worker"], minlength=len(by_worker)).tolist()
    )


@quick
@given(tables, selections(), st.sampled_from(["day", "week", "month"]))
def test_steps_of_places_add_up_to_the_whole(table, selection, step):
    known = facts(table)
    asked = mask(known, selection, TREE)
    starts, found = counts.by_area_step(
        known, asked, areas(CODES, selection.area, Level.VILLAGE), step
    )
    assert found.sum() == len(chosen(table, selection))
    starts_alone, alone = counts.by_step(known, asked, step)
    assert starts == starts_alone
    assert found.sum(axis=0).tolist() == alone.tolist()


@quick
@given(tables, selections())
def test_weighted_sums_add_the_effort_of_each_report(table, selection):
    known = facts(table)
    found = counts.by_grid(known, mask(known, selection, TREE).weighted(TREE.effort))
    rows = chosen(table, selection)
    assert found == pytest.approx(per_grid(rows, rows["category"]))


@quick
@given(tables, st.integers(-3, 45))
def test_the_last_report_of_a_grid_is_the_latest_up_to_a_day(table, offset):
    day = Selection(FIRST, FIRST).first_day + offset
    rows = table[(table["day"] <= day) & (table["grid"] < len(CODES))]
    by_hand = [
        int(rows.loc[rows["grid"] == grid, "day"].max() or 0)
        if (rows["grid"] == grid).any()
        else 0
        for grid in range(len(CODES))
    ]
    assert counts.last_reported(facts(table), day).tolist() == by_hand


def test_counts_split_over_processors_are_the_same(monkeypatch):
    table = frame(3, 500)
    known, selection = facts(table), Selection(FIRST, date(2024, 3, 1), 410702, ("A",))
    whole = counts.by_grid(known, mask(known, selection, TREE))
    monkeypatch.setattr(masks, "SHARE_ROWS", 10)
    assert counts.by_grid(known, mask(known, selection, TREE)).tolist() == whole.tolist()


def test_many_threads_at_once_get_the_same_counts():
    known = facts(frame(5, 2000))
    asked = mask(known, Selection(FIRST, date(2024, 3, 1)), TREE)
    whole = counts.by_grid(known, asked).tolist()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: counts.by_grid(known, asked).tolist(), range(64)))
    assert all(one == whole for one in found)


def test_weeks_begin_on_monday_and_months_on_the_first():
    starts, step_of_day = counts.steps(date(2024, 1, 31), date(2024, 2, 6), "week")
    assert starts == [date(2024, 1, 31), date(2024, 2, 5)]
    assert step_of_day.tolist() == [0] * 5 + [1] * 2
    assert counts.steps(date(2024, 1, 31), date(2024, 2, 6), "month")[0] == [
        date(2024, 1, 31),
        date(2024, 2, 1),
    ]


def test_a_city_without_reports_counts_nothing():
    known = facts(frame(1, 0))
    asked = mask(known, Selection(FIRST, FIRST), TREE)
    assert counts.by_grid(known, asked).sum() == 0
    assert counts.by_day(known, asked).tolist() == [0]


@quick
@given(tables, selections())
def test_a_raster_that_covers_everything_holds_every_report(table, selection):
    known = facts(table)
    asked = mask(known, selection, TREE)
    curve = np.array([35.31 / 0.01, -1 / 0.01, 0.0, 0.0])
    found = counts.raster(known, asked, shape=(13, 13), west=113.79, step=0.01, curve=curve)
    rows = chosen(table, selection)
    by_hand = np.zeros((13, 13))
    for lon, lat in zip(
        rows["lon"].astype(np.float32), rows["lat"].astype(np.float32), strict=True
    ):
        by_hand[int((35.31 - lat) / 0.01 + 1e-9), int((lon - 113.79) / 0.01 + 1e-9)] += 1
    assert found.sum() == len(rows)
    assert (
        np.abs(found - by_hand).sum() <= 2
    )  # points on the line between two cells may fall either way
