from datetime import date

import numpy as np
import pandas as pd
import pytest
import town

from gridmap.city.look.measures import OF_COLUMNS
from gridmap.errors import NotFoundError


@pytest.fixture(scope="module")
def month(city):
    return city.default_selection(30)


def test_people_responsible_come_nearest_first(city):
    found = city.grid.person(town.BUSY)
    assert found["role"].tolist() == [
        "grid_worker",
        "police_officer",
        "legal_adviser",
        "mediator",
        "police_officer",
    ]
    assert found["level"].tolist() == [4, 3, 3, 3, 2]
    assert found["since"].iloc[0] == date(2023, 1, 1)
    assert found["area_name"].iloc[0] == "第一网格"


def test_what_is_missing_stands_in_the_list_of_people(city):
    found = city.grid.person(town.SILENT)
    assert found["worker"].tolist() == [0, 0, 0, 0]
    assert found["role"].tolist()[0] == "grid_worker"


def test_the_trend_is_the_count_of_each_day_with_its_week(city, month):
    found = city.grid.trend(town.BUSY, month)
    assert found["count"].tolist() == [3] * 30
    assert found["mean_7"].tolist() == pytest.approx([3.0] * 30)


def test_the_calendar_is_a_year_of_days_with_the_empty_ones(city):
    found = city.grid.calendar(town.BUSY, town.LAST)
    assert len(found) == 365
    assert found["count"].sum() == 3 * town.DAYS
    assert found["day"].iloc[-1] == pd.Timestamp(town.LAST)


def test_categories_stand_against_the_townships(city, month):
    found = city.grid.categories(town.BUSY, month)
    assert found["count"].sum() == 90
    assert found["share"].sum() == pytest.approx(100)
    assert found["township_share"].sum() == pytest.approx(100)


def test_a_grid_stands_first_among_its_neighbours(city, month):
    found = city.grid.neighbours(town.BUSY, month)
    assert found["code"].iloc[0] == town.BUSY
    assert found["reports"].tolist() == [90, 30, 30]
    assert np.isnan(found["shared_m"].iloc[0])
    assert found["open"].iloc[0] == next(
        f.value for f in city.grid.figures(town.BUSY, month) if f.key == "open"
    )


def test_recent_reports_come_newest_first_with_their_words(city, month):
    found = city.grid.recent(town.BUSY, month, limit=10)
    assert len(found) == 10
    assert found["reported_at"].is_monotonic_decreasing
    assert str(found["reported_at"].dt.tz) == "Asia/Shanghai"
    assert set(found["category_name"]) <= {"井盖", "路灯", "邻里", "劳资"}
    assert len(city.grid.recent(town.SILENT, month)) == 0


def test_an_open_report_past_its_limit_is_overdue(city, frame, month):
    found = city.grid.recent(town.BUSY, month, limit=1000)
    by_hand = frame[
        (frame["grid"] == town.BUSY) & frame["day"].between(month.start, month.end)
    ]
    now = town.NOW.timestamp()
    ended = by_hand["closed_at"].fillna(now)
    late = (ended > by_hand["due_at"]) & by_hand["due_at"].notna()
    assert found["overdue"].sum() == late.sum()


def test_indicators_name_their_counts(city, month):
    keys = [figure.key for figure in OF_COLUMNS]
    found = city.figures.whole(keys, month).set_index("key")
    assert list(found.index) == [
        "acceptance",
        "accurate_acceptance",
        "closing",
        "on_time",
        "false_closure",
    ]
    assert (found["numerator"] <= found["denominator"]).all()
    on_time = next(
        figure for figure in city.overview.headline(month) if figure.key == "on_time"
    )
    assert found.loc["on_time", "value"] == on_time.value


def test_the_boundary_tells_the_plans_that_had_the_grid(city):
    found = city.grid.boundary(town.BUSY)
    assert found["plan"].tolist() == [1]
    assert found["area_km2"].iloc[0] == pytest.approx(1.009, abs=0.001)


def test_an_unknown_grid_is_not_found(city, month):
    for ask in (
        lambda: city.grid.person(410702001001009),
        lambda: city.grid.recent(410702001001009, month),
    ):
        with pytest.raises(NotFoundError):
            ask()
