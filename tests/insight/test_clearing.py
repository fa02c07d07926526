"""Daily clearing on journals drawn at random, and on one written by hand."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from gridmap.insight.clearing import PARTS, clearing, held, matters, together

DAY = 100
COLUMNS = ["unit", "matter", "since", "until", "left", "reported_at"]


def frame(rows):
    return pd.DataFrame(rows, columns=COLUMNS).astype("int64")


@st.composite
def journeys(draw):
    """Stays of some matters: each goes from unit to unit, ends or not, may open again."""
    rows = []
    for matter in range(1, draw(st.integers(0, 6)) + 1):
        at = reported = draw(st.integers(1, 400))
        for _ in range(draw(st.integers(1, 5))):
            until = at + draw(st.integers(0, 150))
            left = draw(st.sampled_from((1, 2)))
            rows.append((draw(st.integers(0, 3)), matter, at, until, left, reported))
            at = until + (draw(st.integers(0, 80)) if left == 2 else 0)
        if draw(st.booleans()):
            rows.append((draw(st.integers(0, 3)), matter, at, 0, 0, reported))
    return frame(rows)


@given(journeys())
def test_what_is_carried_in_and_comes_less_what_is_done_with_is_carried_out(stays):
    for table in (stays, together(stays)):
        for start in range(0, 900, DAY):
            found = clearing(table, start, start + DAY)
            assert (
                found["carried_in"] + found["new"] - found["closed"] == found["carried_out"]
            ).all()
            assert (found["passed_on"] <= found["closed"]).all()
            assert (found[list(PARTS)] >= 0).all(axis=None)


@given(journeys())
def test_a_day_carries_in_what_the_day_before_carried_out(stays):
    for start in range(0, 900, DAY):
        before, after = (held(stays, day, day + DAY) for day in (start, start + DAY))
        out = set(
            map(
                tuple,
                before.loc[before["carried_out"], ["unit", "matter"]].to_numpy().tolist(),
            )
        )
        into = set(
            map(
                tuple,
                after.loc[after["carried_in"], ["unit", "matter"]].to_numpy().tolist(),
            )
        )
        assert out == into


@given(journeys())
def test_every_number_opens_as_many_matters(stays):
    found = clearing(stays, 200, 300).set_index("unit")
    for unit in found.index:
        for part in PARTS:
            assert len(matters(stays, 200, 300, part, [unit])) == found.loc[unit, part]


def test_a_matter_that_goes_from_desk_to_desk_is_counted_once_for_the_whole():
    """
    Matter 1: unit 1 from 50, to unit 2 at 120, ends at 180. Matter 2: unit 1 from 130, still there.

        0 ──── 100 ──────── 200
          1 1 1 1 2 2 2 2 |
                  1 1 1 1 1 1
    """
    stays = frame([(1, 1, 50, 120, 1, 40), (2, 1, 120, 180, 2, 40), (1, 2, 130, 0, 0, 130)])
    by_unit = clearing(stays, 100, 200).set_index("unit")
    assert by_unit.loc[1].tolist() == [1, 1, 1, 1, 1, 130]
    assert by_unit.loc[2].tolist() == [0, 1, 1, 0, 0, 0]
    assert clearing(together(stays), 100, 200).iloc[0].tolist() == [0, 1, 1, 1, 0, 1, 130]


def test_what_leaves_and_comes_back_on_the_same_day_was_there_all_along():
    stays = frame([(1, 1, 50, 120, 1, 50), (2, 1, 120, 130, 1, 50), (1, 1, 130, 0, 0, 50)])
    assert clearing(stays, 100, 200).set_index("unit").loc[1].tolist() == [
        1,
        0,
        0,
        0,
        1,
        50,
    ]


def test_of_no_stays_there_is_no_clearing():
    assert clearing(frame([]), 0, 100).empty
