import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.insight import ranking

sizes = st.integers(2, 30)


@st.composite
def worlds(draw):
    n = draw(sizes)
    events = draw(st.lists(st.integers(0, 200), min_size=n, max_size=n))
    exposure = draw(st.lists(st.integers(0, 500), min_size=n, max_size=n))
    return np.array(events), np.array(exposure)


@given(worlds())
def test_rates_lie_in_their_interval_and_ranks_are_a_permutation(world):
    found = ranking.rates(*world)
    known = world[1] > 0
    assert np.isnan(found.rate).tolist() == (~known).tolist()
    assert (found.low[known] <= found.rate[known] + 1e-12).all()
    assert (found.rate[known] <= found.high[known] + 1e-12).all()
    assert sorted(found.rank[known]) == list(range(1, known.sum() + 1))
    assert (found.rank[~known] == 0).all()


@given(worlds())
def test_a_shrunken_rate_lies_between_its_own_and_the_mean(world):
    events, exposure = world
    known = exposure > 0
    if not events[known].sum():
        return
    mean = events[known].sum() / exposure[known].sum()
    own = events[known] / exposure[known]
    found = ranking.rates(events, exposure).rate[known]
    assert (found >= np.minimum(own, mean) - 1e-9).all()
    assert (found <= np.maximum(own, mean) + 1e-9).all()


@given(worlds())
def test_shares_stay_between_nothing_and_all(world):
    won, more = world
    found = ranking.shares(won, won + more)
    known = won + more > 0
    assert ((found.rate[known] > 0) & (found.rate[known] < 1)).all()
    assert (found.low[known] <= found.high[known]).all()


def test_a_small_place_is_drawn_further_to_the_mean_than_a_large_one():
    events, exposure = (
        np.array([4, 400, 90, 110, 100, 95]),
        np.array([10, 1000, 1000, 1000, 1000, 1000]),
    )
    found = ranking.rates(events, exposure)
    assert found.rate[0] < found.rate[1] < 0.4
    assert found.high[0] - found.low[0] > found.high[1] - found.low[1]


def test_places_of_about_the_same_rate_cannot_be_told_apart_and_far_ones_can():
    found = ranking.rates(
        np.array([1000, 500, 495, 100]), np.array([1000, 1000, 1000, 1000])
    )
    assert found.rank.tolist() == [1, 2, 3, 4]
    assert found.tied.tolist() == [False, True, False, False]


def test_the_probability_of_being_higher_agrees_with_drawing_lots():
    random = np.random.default_rng(1)
    shape, pace = np.array([5.0, 9.0]), np.array([10.0, 25.0])
    drawn = random.gamma(shape[0], 1 / pace[0], 200_000) > random.gamma(
        shape[1], 1 / pace[1], 200_000
    )
    found = ranking._gamma_above(shape, pace, np.array([0]), np.array([1]))
    assert found[0] == pytest.approx(drawn.mean(), abs=0.005)


def test_nothing_at_all_has_no_order_of_merit():
    found = ranking.rates(np.zeros(3), np.array([1, 1, 0]))
    assert found.rate[:2].tolist() == [0.0, 0.0]
    assert found.tied[:2].all()
    assert np.isnan(found.rate[2])
