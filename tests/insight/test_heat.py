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
    grids,
    selections,
    tables,
)

from gridmap.calendar import day_from_number
from gridmap.errors import InputError
from gridmap.insight import counts, heat
from gridmap.insight.areas import areas
from gridmap.insight.mask import mask
from gridmap.insight.selection import Selection
from gridmap.model import Level

TREE = categories()
WHOLE = (113.75, 35.15, 113.95, 35.35)


def _asked(table, selection):
    known = facts(table)
    return known, mask(known, selection, TREE)


def test_a_rate_is_per_hundred_households_or_per_square_kilometre():
    places = areas(CODES, 4107, Level.COUNTY)
    counted = np.array([30, 12])
    assert heat.rate(counted, grids(), places, "per_100_households").tolist() == [5.0, 2.0]
    assert heat.rate(counted, grids(), places, "per_km2").tolist() == [2.5, 1.0]
    assert heat.rate(counted, grids(), places, "count").tolist() == [30.0, 12.0]


def test_a_place_without_households_has_no_rate():
    empty = grids(households=[0, 0, 0] + [100] * 9)
    found = heat.rate(
        np.ones(4), empty, areas(CODES, 4107, Level.VILLAGE), "per_100_households"
    )
    assert np.isnan(found[0])
    assert np.isfinite(found[1:]).all()


def test_an_unknown_rate_is_refused():
    with pytest.raises(InputError):
        heat.check_rate("per_person")


@settings(max_examples=25, deadline=None)
@given(tables, selections(), st.sampled_from(["day", "week", "month"]))
def test_frames_hold_every_report_once_on_one_scale(table, selection, step):
    known, asked = _asked(table, selection)
    found = heat.frames(
        known, asked, grids(), areas(CODES, selection.area, Level.GRID), step=step
    )
    assert found.values.sum() == len(chosen(table, selection))
    assert found.values.shape == (len(found.starts), len(found.codes))
    assert found.breaks[0] == 0
    assert found.breaks[-1] >= found.values.max(initial=0)


def test_an_unknown_step_is_refused():
    known, asked = _asked(frame(1, 5), Selection(FIRST, FIRST))
    with pytest.raises(InputError):
        heat.frames(known, asked, grids(), areas(CODES, 4107, Level.GRID), step="hour")


def test_days_of_ten_years_are_too_many_frames():
    with pytest.raises(InputError, match="longer step"):
        heat.check_step("day", 3650)


@settings(max_examples=25, deadline=None)
@given(tables, selections(), st.floats(300, 3000), st.floats(300, 3000))
def test_a_density_adds_up_to_the_reports(table, selection, cell_m, bandwidth_m):
    known, asked = _asked(table, selection)
    wide = (113.0, 34.5, 114.7, 36.0)
    found = heat.kernel(known, asked, wide, cell_m=cell_m, bandwidth_m=bandwidth_m)
    assert found.reports == len(chosen(table, selection))
    assert found.density.sum() * (cell_m / 1000) ** 2 == pytest.approx(
        found.reports, rel=1e-3, abs=1e-3
    )


def test_a_lone_report_is_a_bell_of_the_stated_width_where_it_was_made():
    table = frame(1, 1).assign(grid=0, lon=113.85, lat=35.25)
    known, asked = _asked(
        table,
        Selection(
            day_from_number(int(table["day"][0])), day_from_number(int(table["day"][0]))
        ),
    )
    found = heat.kernel(known, asked, WHOLE, cell_m=50.0, bandwidth_m=500.0)
    line, column = np.unravel_index(found.density.argmax(), found.density.shape)
    west, south, east, north = found.bounds
    assert west + (column + 0.5) / found.density.shape[1] * (east - west) == pytest.approx(
        113.85, abs=0.0006
    )
    assert north - (line + 0.5) / found.density.shape[0] * (north - south) == pytest.approx(
        35.25, abs=0.0006
    )
    assert found.density.max() == pytest.approx(1 / (2 * np.pi * 0.5**2), rel=0.01)
    half = found.density[line, column + 10]  # one bandwidth east
    assert half / found.density.max() == pytest.approx(np.exp(-0.5), rel=0.02)


def test_points_lie_on_the_raster_where_web_mercator_puts_them():
    known, asked = _asked(
        frame(2, 400), Selection(FIRST, day_from_number(frame(2, 400)["day"].max()))
    )
    found = heat.kernel(known, asked, WHOLE, cell_m=200.0, bandwidth_m=1.0)
    counted = np.rint(found.density * 0.04)
    west, _, _, north = found.bounds
    y = np.arcsinh(np.tan(np.radians(known.lat.astype(float))))
    size = np.radians(found.bounds[2] - west) / counted.shape[1]
    lines = ((np.arcsinh(np.tan(np.radians(north))) - y) / size).astype(int)
    inside = known.grid < len(CODES)
    by_hand = np.bincount(lines[inside], minlength=counted.shape[0])
    assert np.abs(counted.sum(axis=1) - by_hand).sum() <= 4
    assert counted.sum() == counts.by_grid(known, asked).sum()


@pytest.mark.parametrize(
    "lengths",
    [{"cell_m": 0.0}, {"cell_m": -5.0}, {"bandwidth_m": float("nan")}, {"cell_m": 0.5}],
)
def test_impossible_lengths_are_refused(lengths):
    known, asked = _asked(frame(1, 5), Selection(FIRST, FIRST))
    with pytest.raises(InputError):
        heat.kernel(known, asked, WHOLE, **lengths)
