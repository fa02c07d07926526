"""Replaying reports on a draft, against counting them all anew."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
import small_past
from drawn_plans import A, B, C, D, area, line
from hypothesis import given
from hypothesis import strategies as st

from gridmap.geo.compiled import compiled
from gridmap.planning import kernels, merge, replay, split, transfer
from gridmap.planning.replay import by_township, medians
from gridmap.planning.warm import warm


@pytest.fixture
def workers():
    return pd.DataFrame({"grid": [A, A, B, C], "worker": [1, 2, 3, 3]})


@pytest.mark.parametrize("width", [np.uint16, np.uint32])
def test_what_was_warmed_up_is_all_a_replay_needs(square, workers, width, monkeypatch):
    known = {name: one for name, one in vars(kernels).items() if hasattr(one, "signatures")}
    loops = {
        name: compiled(one.py_func) for name, one in known.items()
    }  # as in a process that has just begun
    for name, one in loops.items():
        monkeypatch.setattr(kernels, name, one)
    facts, lon, lat = small_past.facts(square)
    facts = replace(facts, grid=_read_only(facts.grid.astype(width)))
    warm([width])
    ready = {name: list(one.signatures) for name, one in loops.items() if name != "places"}
    past = small_past.past(facts, lon, lat)
    change = split(square, A, line((0.3, -0.1), (0.6, 1.1)), used=square.codes)
    told = {"workers": workers, "lineage": lineage_of(change)}
    by_township(
        past,
        square,
        square.apply(change),
        replay(past, square, square.apply(change), **told),
        **told,
    )
    assert {name: list(loops[name].signatures) for name in ready} == ready
    assert all(ready.values())


def _read_only(array):
    array.flags.writeable = False
    return array


def lineage_of(*changes):
    return {
        code: change.predecessors[code]
        for change in changes
        for code in change.created.tolist()
    }


def test_a_replay_counts_what_a_full_count_does(square, workers):
    facts, lon, lat = small_past.facts(square)
    past = small_past.past(facts, lon, lat)
    one = split(square, A, line((0.3, -0.1), (0.6, 1.1)), used=square.codes)
    draft = square.apply(one)
    two = transfer(
        draft, B, int(one.created[1]), area((0.9, 0.3), (1.3, 0.3), (1.3, 0.7), (0.9, 0.7))
    )
    draft = draft.apply(two)
    done = replay(past, square, draft, workers=workers, lineage=lineage_of(one))
    expected = small_past.counted(facts, lon, lat, draft)
    assert done.after["reports"].tolist() == expected["reports"].tolist()
    np.testing.assert_allclose(done.after["hours"], expected["hours"])
    np.testing.assert_allclose(done.after["response_min"], expected["response_min"])
    assert done.after["reports"].sum() == done.before["reports"].sum()
    assert D not in done.affected
    assert done.relocated < len(facts)


def test_new_grids_have_the_workers_of_all_their_predecessors(square, workers):
    facts, lon, lat = small_past.facts(square)
    change = merge(square, [A, B], used=square.codes)
    done = replay(
        small_past.past(facts, lon, lat),
        square,
        square.apply(change),
        workers=workers,
        lineage=lineage_of(change),
    )
    after = done.after.set_index("code")
    assert after.loc[int(change.created[0]), "workers"] == 3
    assert after.loc[C, "workers"] == 1
    assert after.loc[D, "without_worker"]
    assert np.isnan(after.loc[D, "hours_per_worker"])


def test_only_the_reports_of_the_selection_count(square, workers):
    facts, lon, lat = small_past.facts(square)
    days = timedelta(days=5)
    part = small_past.past(facts, lon, lat, end=small_past.FIRST + days)
    done = replay(part, square, square, workers=workers, lineage={})
    assert done.relocated == 0
    assert 0 < done.after["reports"].sum() < len(facts)


@given(
    st.lists(
        st.tuples(
            st.integers(-1, 4), st.sampled_from([0, 1, 255, 256, 257, 511, 30_000, 65_534])
        ),
        max_size=60,
    ),
)
def test_medians_are_those_of_a_sorted_list(answers):
    slot = np.array([place for place, _ in answers], dtype=np.int32)
    waits = np.array([wait for _, wait in answers], dtype=np.uint16)
    rows = np.random.default_rng(1).permutation(len(answers)).astype(np.int32)
    found = medians(rows, slot[rows], waits, 5)
    expected = [
        np.median(waits[slot == place]) if (slot == place).any() else np.nan
        for place in range(5)
    ]
    np.testing.assert_array_equal(found, expected)
