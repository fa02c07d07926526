import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.demo.shares import apportion


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.integers(0, 10_000))
def test_shares_add_up_and_stay_near_the_ideal(weights, total):
    got = apportion(np.array(weights), total)
    assert got.sum() == total
    assert (got >= 0).all()
    ideal = np.maximum(weights, 1e-12) * total / np.maximum(weights, 1e-12).sum()
    assert (np.abs(got - ideal) <= 1 + 1e-6 * total).all()


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=30), st.integers(0, 200))
def test_everybody_gets_the_least_and_nobody_more_than_the_most(weights, extra):
    most = np.full(len(weights), 8)
    total = min(len(weights) + extra, int(most.sum()))
    got = apportion(np.array(weights), total, least=1, most=most)
    assert got.sum() == total
    assert got.min() >= 1
    assert got.max() <= 8


def test_what_cannot_be_shared_out_is_refused():
    with pytest.raises(ValueError, match="cannot be shared"):
        apportion(np.ones(3), 2, least=1)
