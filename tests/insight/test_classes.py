from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.insight.classes import breaks, counts

VALUES = st.lists(
    st.one_of(st.floats(-1e6, 1e6), st.integers(0, 20).map(float), st.just(float("nan"))),
    max_size=60,
)


@given(
    values=VALUES,
    method=st.sampled_from(["quantiles", "natural", "equal"]),
    classes=st.integers(2, 7),
)
def test_every_value_has_its_class(values, method, classes) -> None:
    limits = breaks(values, method=method, classes=classes)
    assert 2 <= len(limits) <= classes + 1
    assert (np.diff(limits) >= 0).all()
    assert (np.diff(limits)[1:] > 0).all()
    known = [value for value in values if np.isfinite(value)]
    assert counts(values, limits).sum() == len(known)
    if known:
        assert limits[0] == min(known)
        assert limits[-1] == pytest.approx(max(known), rel=1e-9)


def test_quantiles_hold_equal_shares() -> None:
    assert (
        counts(np.arange(100) / 7, breaks(np.arange(100) / 7, classes=5)).tolist()
        == [20] * 5
    )


def test_zeros_that_are_many_are_a_class_of_their_own() -> None:
    values = [0] * 60 + list(range(1, 41))
    limits = breaks(values, classes=5)
    assert limits[:2].tolist() == [0, 0]
    assert counts(values, limits)[0] == 60


def test_what_is_above_many_zeros_is_told_apart() -> None:
    values = [0.0] * 960 + [float(number) + 0.5 for number in range(40)]
    assert counts(values, breaks(values, classes=5)).tolist() == [960, 10, 10, 10, 10]
    shares = [100.0] * 90 + [float(number) + 0.5 for number in range(60, 76)]
    assert counts(shares, breaks(shares, classes=5)).tolist() == [4, 4, 4, 4, 90]


def test_whole_numbers_have_whole_limits() -> None:
    limits = breaks(np.arange(50) ** 2, classes=6, method="natural")
    assert (limits == np.rint(limits)).all()


def test_fixed_limits_win() -> None:
    assert breaks([1, 2, 3], fixed=[0, 10, 5]).tolist() == [0, 5, 10]


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf]])
def test_no_values_make_one_class(values) -> None:
    assert breaks(values).tolist() == [0, 1]


def test_one_value_makes_one_class() -> None:
    assert breaks([3.5, 3.5]).tolist() == [3.5, 3.5]
