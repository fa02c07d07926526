import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.insight import trend

numbers = st.lists(st.integers(0, 100), min_size=1, max_size=60).map(np.array)


@given(numbers, st.integers(1, 10))
def test_a_moving_mean_is_the_mean_of_the_last_days(values, days):
    by_hand = [values[max(0, n - days + 1) : n + 1].mean() for n in range(len(values))]
    assert trend.moving_mean(values, days) == pytest.approx(by_hand)


def test_a_change_is_in_percent_and_unknown_from_nothing():
    assert trend.change(np.array([15, 5]), np.array([10, 10])).tolist() == [50.0, -50.0]
    assert np.isnan(trend.change(np.array([5]), np.array([0])))


@given(numbers, numbers)
def test_a_share_lies_between_0_and_100(part, rest):
    size = min(len(part), len(rest))
    found = trend.share(part[:size], part[:size] + rest[:size])
    known = found[np.isfinite(found)]
    assert ((known >= 0) & (known <= 100)).all()
    assert np.isnan(found).tolist() == (part[:size] + rest[:size] == 0).tolist()


@given(numbers, st.data())
def test_open_matters_follow_what_joins_and_leaves(new, data):
    closed = np.array(
        data.draw(st.lists(st.integers(0, 100), min_size=len(new), max_size=len(new)))
    )
    start = 10_000
    by_hand = start + np.cumsum(new - closed)
    assert trend.open_by_day(int(by_hand[-1]), new, closed).tolist() == by_hand.tolist()
