"""Every share of the small city, its two parts as lists, and by place."""

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select

from gridmap.calendar import DAY_S, UTC_OFFSET_S
from gridmap.city.city import City
from gridmap.errors import InputError, NotFoundError
from gridmap.insight import indicators
from gridmap.insight.definitions import DEFINITIONS
from gridmap.insight.selection import Selection
from gridmap.model import Level, Status
from gridmap.store.tables import cases, matters, whistles

AREAS = (4107, 410702, 410702001)


@pytest.fixture(scope="module")
def city(small_city):
    opened = City.open(small_city)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def rows(city):
    """Every matter with its case, where it has one: by number."""
    with city.store.read() as connection:
        found = {
            row["id"]: dict(row) for row in connection.execute(select(matters)).mappings()
        }
        for row in connection.execute(select(cases)).mappings():
            found[row["matter"]] |= {"case": dict(row), "whistles": []}
        for row in connection.execute(select(whistles)).mappings():
            found[row["matter"]]["whistles"].append(dict(row))
    return found


def _selection(city, days, area=4107, categories=()):
    end = city.today - timedelta(days=1)
    return Selection(end - timedelta(days=days - 1), end, area, categories)


@pytest.mark.parametrize("key", DEFINITIONS)
@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("days", [7, 90])
def test_counts_are_those_of_the_lists_and_numerators_lie_in_denominators(
    city, key, area, days
):
    chosen = _selection(city, days, area)
    told = city.figures.whole(DEFINITIONS, chosen).set_index("key").loc[key]
    top, base, rest = (
        set(city.indicators.ids(key, part, chosen).tolist())
        for part in ("numerator", "denominator", "difference")
    )
    assert (len(top), len(base)) == (told["numerator"], told["denominator"])
    assert top <= base
    assert rest == base - top


def _day(seconds):
    return (seconds + UTC_OFFSET_S) // DAY_S


MEANT = {
    "acceptance": (
        lambda row, p: p.first_day <= _day(row["reported_at"]) <= p.last_day,
        lambda row: row["accepted_at"] is not None,
    ),
    "accurate_acceptance": (
        lambda row, p: (
            p.first_day <= _day(row["reported_at"]) <= p.last_day
            and row["accepted_at"] is not None
        ),
        lambda row: row["status"] != Status.VOIDED,
    ),
    "closing": (
        lambda row, p: (
            row["due_at"]
            and p.first_day <= _day(row["due_at"]) <= p.last_day
            and row["status"] not in {Status.REJECTED, Status.VOIDED}
        ),
        lambda row: row["closed_at"] is not None,
    ),
    "on_time": (
        lambda row, p: (
            row["due_at"]
            and p.first_day <= _day(row["due_at"]) <= p.last_day
            and row["status"] not in {Status.REJECTED, Status.VOIDED, Status.PARKED}
        ),
        lambda row: row["closed_at"] is not None and row["closed_at"] <= row["due_at"],
    ),
    "on_time_dispatch": (
        lambda row, p: (
            "case" in row
            and p.first_day <= _day(row["case"]["dispatch_due_at"]) <= p.last_day
            and row["status"] not in {Status.REJECTED, Status.VOIDED}
        ),
        lambda row: 0 < row["case"]["dispatched_at"] <= row["case"]["dispatch_due_at"],
    ),
    "rework": (
        lambda row, p: (
            "case" in row and p.first_day <= _day(row["case"]["handled_at"]) <= p.last_day
        ),
        lambda row: row["case"]["reworks"] > 0,
    ),
    "own_level": (
        lambda row, p: (
            "case" in row
            and row["status"] == Status.CLOSED
            and p.first_day <= _day(row["case"]["closed_at"]) <= p.last_day
        ),
        lambda row: row["case"]["whistles"] == 0,
    ),
    "whistle_in_time": (
        lambda row, p: any(
            p.first_day <= _day(one["due_at"]) <= p.last_day
            for one in row.get("whistles", ())
        ),
        lambda row: all(0 < one["heeded_at"] <= one["due_at"] for one in row["whistles"]),
    ),
    "whistle_apt": (
        lambda row, p: any(
            p.first_day <= _day(one["heeded_at"]) <= p.last_day
            for one in row.get("whistles", ())
        ),
        lambda row: all(one["apt"] for one in row["whistles"]),
    ),
}
"""What each indicator means, said once more row by row: of the denominator, of the numerator."""


@pytest.mark.parametrize("key", MEANT)
@pytest.mark.parametrize("days", [30, 90])
def test_an_indicator_counts_what_it_says(city, rows, key, days):
    chosen = _selection(city, days)
    belongs, counts = MEANT[key]
    base = {number for number, row in rows.items() if belongs(row, chosen)}
    assert set(city.indicators.ids(key, "denominator", chosen).tolist()) == base
    assert set(city.indicators.ids(key, "numerator", chosen).tolist()) == {
        one for one in base if counts(rows[one])
    }


def test_the_room_and_the_kernels_count_alike(city):
    chosen = _selection(city, 90)
    told = city.figures.whole(DEFINITIONS, chosen).set_index("key")
    data = city._desk.data
    found = indicators.of_period(
        data.facts, city._desk.mask(data, chosen), today=city._desk.today_number
    )
    for key, one in found.items():
        assert (told.loc[key, "numerator"], told.loc[key, "denominator"]) == (
            one.numerator.sum(),
            one.denominator.sum(),
        )


@pytest.mark.parametrize("key", DEFINITIONS)
def test_places_add_up_and_are_ranked(city, key):
    chosen = _selection(city, 90)
    told = city.figures.whole(DEFINITIONS, chosen).set_index("key").loc[key]
    found = city.figures.per_place(key, chosen, Level.VILLAGE)
    assert (found["numerator"].sum(), found["denominator"].sum()) == (
        told["numerator"],
        told["denominator"],
    )
    ranked = found[found["rank"] > 0].sort_values("rank")
    assert (ranked["low"] <= ranked["rate"] + 1e-9).all()
    assert (ranked["rate"] <= ranked["high"] + 1e-9).all()
    assert ranked["rate"].is_monotonic_decreasing
    assert np.array_equal(ranked["rank"], np.arange(1, len(ranked) + 1))


def test_categories_narrow_every_part(city, rows):
    chosen = _selection(city, 90, categories=("C",))
    kinds = set(city._desk.data.categories.under(("C",)).tolist())
    for key in DEFINITIONS:
        ids = city.indicators.ids(key, "denominator", chosen).tolist()
        assert {rows[one]["category"] for one in ids} <= kinds


def test_states_of_a_selection_are_the_result_and_not_a_filter(city):
    chosen = _selection(city, 30)
    closed = Selection(chosen.start, chosen.end, chosen.area, (), ("closed",))
    assert city.figures.whole(DEFINITIONS, chosen).equals(
        city.figures.whole(DEFINITIONS, closed)
    )


def test_a_list_has_the_columns_of_a_search_and_the_latest_first(city):
    chosen = _selection(city, 90)
    found = city.indicators.matters("on_time", "denominator", chosen, limit=20)
    assert found["matter"].is_monotonic_decreasing
    assert len(found) == 20
    following = city.indicators.matters(
        "on_time", "denominator", chosen, limit=20, offset=20
    )
    assert following["matter"].max() < found["matter"].min()


def test_what_has_a_journal_is_told(city):
    known, reported = city.indicators.with_journal(_selection(city, 30))
    assert known == reported > 0
    known, reported = city.indicators.with_journal(_selection(city, 700))
    assert 0 < known < reported


def test_nonsense_is_refused(city):
    chosen = _selection(city, 7)
    with pytest.raises(InputError, match="unknown indicator"):
        city.indicators.ids("beauty", "numerator", chosen)
    with pytest.raises(InputError, match="unknown part"):
        city.indicators.ids("on_time", "rest", chosen)
    with pytest.raises(NotFoundError):
        city.figures.whole(DEFINITIONS, _selection(city, 7, area=999999))
