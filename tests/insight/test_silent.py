import numpy as np
import pandas as pd
import pytest
from scipy import stats
from small_facts import CODES, categories, frame, grids
from small_facts import facts as as_facts

from gridmap.calendar import day_number
from gridmap.insight import silent
from gridmap.insight.silent import silence

TREE = categories()
DAYS = 200
FIRST = day_number(pd.Timestamp("2024-01-01").date())
LAST = FIRST + DAYS - 1


def _facts(per_day):
    """Reports at a steady mean of `per_day` per grid and day, or what `per_day(day)` gives."""
    random = np.random.default_rng(11)
    days, rows = [], []
    for day in range(FIRST, LAST + 1):
        rates = per_day(day) if callable(per_day) else per_day
        for grid, number in enumerate(random.poisson(rates)):
            days += [day] * number
            rows += [grid] * number
    table = frame(1, len(days)).assign(day=days, grid=rows)
    return as_facts(table)


def _judge(facts, city=None, **options):
    return silence(
        facts, grids() if city is None else city, TREE, last_day=LAST, ratio=0.35, **options
    )


def test_a_grid_nobody_reports_from_is_silent_and_its_neighbours_are_not():
    rates = np.full(12, 0.5)
    rates[4] = 0.0
    found = _judge(_facts(rates), window_days=28)
    assert found.silent.tolist() == [n == 4 for n in range(12)]
    assert found.expected[4] == pytest.approx(0.5 * 28 * 11 / 12, rel=0.3)
    assert found.probability[4] < 0.02


def test_few_people_make_a_grid_quiet_not_silent():
    people = np.array([300] * 11 + [15])
    rates = np.where(people == 15, 0.0, 0.5)
    found = _judge(_facts(rates), grids(population=people), window_days=28)
    assert not found.silent[11]
    assert found.quiet[11]


def test_a_season_that_quietens_everybody_silences_nobody():
    def rates(day):
        return np.full(12, 0.6 if day < LAST - 27 else 0.1)

    found = _judge(_facts(rates), window_days=28)
    assert found.silent.sum() == 0
    assert found.expected.sum() == pytest.approx(found.observed.sum(), rel=0.25)


def test_a_township_that_stopped_as_a_whole_is_silent_all_over():
    def rates(day):
        return np.where((np.arange(12) < 6) & (day > LAST - 28), 0.0, 1.0)

    found = _judge(_facts(rates), window_days=28)
    assert found.silent[:6].all()
    assert not found.silent[6:].any()


def test_exclusive_grids_are_compared_with_their_own_kind():
    people = np.array([0, 0, *[300] * 10])
    rates = np.array([2.0, 0.0, *[0.5] * 10])
    found = _judge(
        _facts(rates), grids(population=people, exclusive=(0, 1)), window_days=28
    )
    assert found.expected[0] == pytest.approx(found.expected[1])
    assert found.silent.tolist() == [n == 1 for n in range(12)]


def test_the_window_is_as_long_as_the_typical_grid_needs():
    assert _judge(_facts(np.full(12, 0.5))).window_days == 28
    assert _judge(_facts(np.full(12, 0.1))).window_days == pytest.approx(80, abs=15)
    assert _judge(_facts(np.full(12, 0.001))).window_days == 365


def test_the_probability_is_that_of_a_negative_binomial():
    mean, size = np.array([3.0, 10.0]), 4.0
    found = silent._at_most(np.array([1, 4]), mean, size)
    assert found == pytest.approx(stats.nbinom.cdf([1, 4], size, size / (size + mean)))


def test_a_city_without_reports_accuses_nobody():
    found = silence(as_facts(frame(1, 0)), grids(), TREE, last_day=LAST, ratio=0.35)
    assert not found.silent.any()
    assert found.expected.tolist() == [0.0] * len(CODES)


def test_what_is_expected_adds_up_to_what_came():
    found = _judge(_facts(np.linspace(0.2, 1.0, 12)), window_days=56)
    assert found.expected.sum() == pytest.approx(found.observed.sum(), rel=0.1)
