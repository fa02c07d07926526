from datetime import date

import numpy as np
import pandas as pd
import pytest
import town

from gridmap.city import City
from gridmap.insight.selection import Selection
from gridmap.model import Status


def _figures(city, selection):
    return {figure.key: figure for figure in city.overview.headline(selection)}


@pytest.fixture(scope="module")
def last_month(city):
    return city.default_selection(30)


def test_the_selection_offered_is_the_last_whole_days(city, last_month):
    assert last_month == Selection(date(2024, 4, 21), date(2024, 5, 20), 4107)


def test_new_reports_are_those_of_the_period_and_the_one_before(city, frame, last_month):
    new = _figures(city, last_month)["new"]
    for value, selection in (
        (new.value, last_month),
        (new.previous, last_month.previous()),
    ):
        assert value == frame["day"].between(selection.start, selection.end).sum()
    assert np.isnan(new.last_year)
    assert new.series[-1] == (frame["day"] == last_month.end).sum()
    assert len(new.series) == 90


def test_open_and_closed_are_those_counted_by_hand(city, frame, last_month):
    figures = _figures(city, last_month)
    closed_on = (pd.to_datetime(frame["closed_at"] + 8 * 3600, unit="s")).dt.date
    in_period = (
        closed_on.notna() & (closed_on >= last_month.start) & (closed_on <= last_month.end)
    )
    assert figures["closed"].value == in_period.sum()
    live = ~frame["status"].isin([Status.REJECTED, Status.VOIDED])
    still = live & (frame["closed_at"].isna() | (closed_on > last_month.end))
    assert figures["open"].value == figures["open"].series[-1] == still.sum()


def test_on_time_counts_what_was_due_by_yesterday(city, frame, last_month):
    figure = _figures(city, last_month)["on_time"]
    due_on = pd.to_datetime(frame["due_at"] + 8 * 3600, unit="s").dt.date
    due = (
        due_on.notna()
        & (due_on >= last_month.start)
        & (due_on <= last_month.end)
        & (frame["status"] != Status.REJECTED)
    )
    met = due & (frame["closed_at"] <= frame["due_at"])
    assert (figure.numerator, figure.denominator) == (met.sum(), due.sum())
    assert figure.value == pytest.approx(100 * met.sum() / due.sum())


def test_the_silent_grid_is_found(city, last_month):
    figure = _figures(city, last_month)["silent"]
    assert (figure.value, figure.denominator) == (1, 16)


def test_figures_of_the_counties_add_up_to_the_citys(city, last_month):
    whole = _figures(city, last_month)
    parts = [_figures(city, last_month.within(code)) for code in (410702, 410703)]
    for key, figure in whole.items():
        assert figure.numerator == sum(part[key].numerator for part in parts)
        assert figure.denominator == sum(part[key].denominator for part in parts)


def test_a_filter_of_states_changes_new_reports_alone(city, last_month):
    closed_only = Selection(last_month.start, last_month.end, 4107, (), ("closed",))
    whole, filtered = _figures(city, last_month), _figures(city, closed_only)
    assert filtered["new"].value < whole["new"].value
    for key in ("closed", "open", "on_time", "silent"):
        assert filtered[key].value == whole[key].value


def test_a_period_before_all_reports_has_nothing_to_compare(city):
    figures = _figures(city, Selection(date(2020, 1, 1), date(2020, 1, 31)))
    assert figures["on_time"].denominator == 0
    assert np.isnan(figures["on_time"].value)
    assert np.isnan(figures["new"].previous)


def test_the_places_that_need_a_look_come_with_a_reason(city):
    found = city.overview.attention(10)
    assert "silent" in found["reason"].tolist()
    silent = found[found["reason"] == "silent"].iloc[0]
    assert silent["code"] == town.SILENT // 1000
    assert silent["params"]["silent"] == 1
    assert found["score"].is_monotonic_decreasing
    assert found["path"].iloc[0].startswith("卫滨区")


def test_a_sudden_rise_and_much_lateness_in_one_place_need_a_look(tmp_path):
    noisy = 410702002
    rows = town.reports()
    week = max(row["reported_at"] for row in rows) - 7 * 86_400
    recent = [
        row for row in rows if row["grid"] // 10**6 == noisy and row["reported_at"] > week
    ]
    more = [
        row | {"client_id": f"{row['client_id']}-{n}", "closed_at": None, "status": 3}
        for row in recent
        for n in range(5)
    ]
    with_more = City.open(town.build(tmp_path / "noisy", [*rows, *more]))
    found = with_more.overview.attention(10, selection=with_more.default_selection(7))
    with_more.close()
    surge = found[found["reason"] == "surge"]
    assert surge["code"].tolist() == [noisy]
    assert surge["params"].iloc[0]["ratio"] > 2
    assert noisy in found.loc[found["reason"].isin(["late", "backlog"]), "code"].tolist()
