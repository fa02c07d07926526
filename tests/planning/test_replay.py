"""Replaying reports on a draft, against counting them all anew."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
import small_past
from drawn_plans import A, B, C, D, area, line

from gridmap.planning import merge, split, transfer
from gridmap.planning.replay import replay


@pytest.fixture
def workers():
    return pd.DataFrame({"grid": [A, A, B, C], "worker": [1, 2, 3, 3]})


def lineage_of(*changes):
    return {code: change.predecessors[code] for change in changes for code in change.created.tolist()}


def test_a_replay_counts_what_a_full_count_does(square, workers):
    facts, lon, lat = small_past.facts(square)
    past = small_past.past(facts, lon, lat)
    one = split(square, A, line((0.3, -0.1), (0.6, 1.1)), used=square.codes)
    draft = square.apply(one)
    two = transfer(draft, B, int(one.created[1]), area((0.9, 0.3), (1.3, 0.3), (1.3, 0.7), (0.9, 0.7)))
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
        small_past.past(facts, lon, lat), square, square.apply(change), workers=workers, lineage=lineage_of(change)
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
