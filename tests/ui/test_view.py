"""The view: what a link says, what a preset means, where a click leads."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.model import Level
from gridmap.ui.view import CHOICES, CITY, NUMBERS, View, drill, from_url, period_of, to_url

TODAY = date(2024, 5, 21)
START, END = period_of("30", TODAY)
USUAL = View("zh", START, END)
CATEGORIES = ("C", "C02", "C0203", "E")


def read(url):
    return from_url(
        url,
        USUAL,
        today=TODAY,
        areas=lambda code: str(code).startswith("4107"),
        categories=CATEGORIES,
    )


@pytest.mark.parametrize(
    ("preset", "start", "end"),
    [
        ("7", date(2024, 5, 14), date(2024, 5, 20)),
        ("30", date(2024, 4, 21), date(2024, 5, 20)),
        ("90", date(2024, 2, 21), date(2024, 5, 20)),
        ("quarter", date(2024, 4, 1), date(2024, 5, 20)),
        ("year", date(2024, 1, 1), date(2024, 5, 20)),
    ],
)
def test_presets_are_whole_days_that_end_yesterday(preset, start, end):
    assert period_of(preset, TODAY) == (start, end)


def test_on_the_first_day_of_a_quarter_the_quarter_before_is_shown():
    assert period_of("quarter", date(2024, 4, 1)) == (date(2024, 1, 1), date(2024, 3, 31))


def test_the_usual_view_needs_no_parameters_but_the_language():
    assert to_url(USUAL) == {"lang": "zh"}


def test_a_link_tells_everything_that_is_not_usual():
    view = replace(
        USUAL,
        lang="en",
        area=410702001,
        period="custom",
        start=date(2024, 1, 1),
        end=date(2024, 1, 31),
        categories=("C02", "E"),
        statuses=("closed", "parked"),
        level="village",
        measure="load_per_km2",
    )
    assert read(to_url(view)) == (view, [])


@pytest.mark.parametrize(
    "url",
    [
        {"area": "999999"},
        {"area": "4107x"},
        {"area": "41070"},
        {"area": "9" * 400},
        {"cat": "C02,NONE"},
        {"status": "gone"},
        {"period": "eternity"},
        {"measure": "<script>"},
        {"level": "city"},
        {"lang": "fr"},
        {"plan": "-1"},
        {"unknown": "1"},
        {"as": "1"},
        {"user": "1"},
        {"matter": "1234567890123"},
        {"matter": "１２"},
        {"matter": "-3"},
        {"office": "1e3"},
        {"sheet": "1234567"},
        {"box": "attic"},
        {"flag": "late"},
        {"find": "x" * 61},
        {"find": "a\x00b"},
        {"find": "a\u202eb"},
    ],
)
def test_a_parameter_that_makes_no_sense_is_named_and_left_out(url):
    assert read(url) == (USUAL, list(url))


@pytest.mark.parametrize(
    "url",
    [
        {"period": "custom"},
        {"period": "custom", "from": "2024-02-01"},
        {"period": "custom", "from": "2024-02-01", "to": "2024-01-01"},
    ],
)
def test_an_own_choice_without_two_days_in_order_falls_back_to_the_usual_period(url):
    view, ignored = read(url)
    assert (view, ignored) == (USUAL, ["from", "to"])


views = st.builds(
    View,
    lang=st.sampled_from(["zh", "en"]),
    start=st.just(START),
    end=st.just(END),
    area=st.sampled_from([CITY, 410702, 410702001, 410702001001, 410702001001003]),
    categories=st.lists(st.sampled_from(CATEGORIES), unique=True).map(tuple),
    statuses=st.lists(st.sampled_from(["closed", "voided"]), unique=True).map(tuple),
    find=st.sampled_from(["", "410702-C02", "路灯", "${x} `y` <b>"]),
    **{name: st.integers(0, 10**digits - 1) for name, digits in NUMBERS.items()},
    **{name: st.sampled_from(values) for name, values in CHOICES.items()},
)


@given(views)
def test_what_a_link_tells_is_what_it_opens(view):
    assert read(to_url(view)) == (view, [])


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20)))
def test_no_link_breaks_a_page(url):
    view, ignored = read(url)
    assert set(ignored) <= {*url, "from", "to"}
    assert view.start <= view.end


GRID = 410702001001003


def test_clicks_lead_from_the_city_to_a_grid_one_level_at_a_time():
    area, path = CITY, []
    while area != GRID:
        area = drill(area, GRID)
        path.append(area)
    assert path == [410702, 410702001, 410702001001, GRID]


def test_a_click_beside_the_area_opens_its_sibling():
    assert drill(410711, GRID) == 410702
    assert drill(410702001002, GRID) == 410702001001


def test_a_click_opens_nothing_larger_than_what_is_drawn():
    assert drill(CITY, GRID, at_least=Level.GRID) == GRID
    assert drill(GRID, GRID) == GRID
