"""Proposals that even out the grids of a village."""

import numpy as np
import pytest
import shapely
from drawn_plans import A, B, area, at, four, layer

from gridmap.planning import DrawingRules, EditRefusal, Plan, Points, trade_off
from gridmap.planning.balance import measures
from gridmap.planning.constraints import is_partition
from gridmap.planning.crosswalk import crosswalk
from gridmap.planning.edits import transfer
from gridmap.planning.suggest import suggest

VILLAGE = A // 1000


def test_a_proposal_brings_households_within_the_tolerance_by_few_moves():
    plan = four(households=(400, 100, 100, 100))
    even, loose = suggest(plan, VILLAGE, tolerances=(0.1, 0.6))
    assert even.before == pytest.approx(400 / 175 - 1)
    assert even.after <= 0.1
    assert loose.moved < even.moved
    child = plan.apply(even.change)
    assert is_partition(child)
    assert child.households.sum() == 700
    assert even.change.created.tolist() == []


def test_the_same_input_gives_the_same_proposals(generated):
    one, other = (suggest(generated, 410702001) for _ in range(2))
    assert [proposal.change.to_bytes() for proposal in one] == [
        proposal.change.to_bytes() for proposal in other
    ]
    assert one[0].after < one[0].before
    assert is_partition(generated.apply(one[0].change))


def test_a_seed_gives_the_same_proposals_again_and_another_may_give_others(generated):
    def told(seed):
        return [
            one.change.to_bytes()
            for one in suggest(generated, 410702001, tolerances=(0.1, 0.3), seed=seed)
        ]

    assert told(7) == told(7)
    assert len({tuple(told(seed)) for seed in range(4)}) > 1
    for one in suggest(generated, 410702001, tolerances=(0.1,), seed=7):
        assert one.after <= 0.1 or one.refused


def scattered(plan, seed=5, rows=40_000):
    """Reports in heaps."""
    rng = np.random.default_rng(seed)
    west, south, east, north = shapely.total_bounds(plan.shapes)
    lon, lat = (
        west + (east - west) * rng.beta(1, 2, rows),
        south + (north - south) * rng.beta(2, 1, rows),
    )
    return Points.of(lon, lat, rng.choice([1.0, 2.0, 8.0], rows))


def test_load_is_brought_within_its_tolerance_as_households_are(generated):
    points = scattered(generated)
    for one in suggest(generated, 410702001, points=points, tolerances=(0.1, 0.3)):
        assert one.after <= one.tolerance < one.before
        child = generated.apply(one.change)
        loads = points.totals(child.shapes).reshape(9, 4)  # villages one after the other
        assert np.abs(loads / loads.mean(axis=1, keepdims=True) - 1).max() == pytest.approx(
            one.after
        )
        assert loads.sum() == pytest.approx(points.totals(generated.shapes).sum())


@pytest.mark.parametrize("by", ["households", "load"])
@pytest.mark.parametrize("seed", [0, 3])
def test_proposals_run_from_the_most_even_to_the_least_change(generated, by, seed):
    points = scattered(generated) if by == "load" else None
    found = suggest(
        generated,
        410702001,
        points=points,
        tolerances=(0.4, 0.05, 0.2, 0.39, 0.1),
        seed=seed,
    )
    curve = trade_off(found)
    assert len(curve) == len(found) + 1 > 3
    assert (np.diff(curve["deviation"]) > 0).all() and (
        np.diff(curve["moved_share"]) < 0
    ).all()
    assert curve.iloc[-1][["deviation", "moved", "moved_share", "borders"]].tolist() == [
        found[0].before,
        0,
        0,
        0,
    ]
    assert np.isnan(curve.iloc[-1]["tolerance"])
    assert trade_off([]).empty


def test_locked_grids_keep_their_borders():
    plan = four(households=(400, 100, 100, 100))
    proposals = suggest(plan, VILLAGE, rules=DrawingRules(locked=frozenset({A})))
    assert proposals == []


def test_an_area_without_grids_is_refused(square):
    with pytest.raises(EditRefusal) as caught:
        suggest(square, 410799)
    assert caught.value.rule == "unknown_grid"


def test_measures_and_crosswalk_tell_what_changed(square):
    child = square.apply(
        transfer(square, A, A + 1, area((0.5, -0.1), (1.1, -0.1), (1.1, 1.1), (0.5, 1.1)))
    )
    found = measures(child, VILLAGE, compared_with=square)
    assert found.grids == 4
    assert found.villages_split == 0
    assert found.moved in {50, 51}
    assert found.border_km < measures(square).border_km + 1
    table = crosswalk(square, child)
    assert table.groupby("old")["area_share"].sum().tolist() == pytest.approx([1.0] * 4)
    moved = table.set_index(["old", "new"]).loc[(A, A + 1)]
    assert moved["area_share"] == pytest.approx(0.5, abs=1e-6)
    assert np.isnan(moved["reports"])


def test_a_crosswalk_counts_reports(square):
    child = square.apply(transfer(square, A, A + 1, at(0.5, -0.1, 1.1, 1.1)))
    lon, lat = np.array([114.001, 114.002, 114.008]), np.full(3, 35.005)
    table = crosswalk(square, child, reports=(lon, lat), changed_only=True).set_index(
        ["old", "new"]
    )
    assert table.loc[(A, A), "reports"] == 2
    assert table.loc[(A, A + 1), "reports_share"] == pytest.approx(1 / 3)


def test_what_the_border_strip_cannot_hand_over_comes_from_a_side():
    """A ring-like giver falls apart when a strip along its border goes; a straight cut
    leaves it whole.
    """
    horseshoe = area((0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3))
    plan = Plan.of(
        layer(
            [horseshoe, area((1, 1), (2, 1), (2, 3), (1, 3))], [A, B], households=(300, 100)
        )
    )
    [even] = suggest(plan, VILLAGE, tolerances=(0.1,))
    assert even.after <= 0.1
    assert even.refused == 0
    assert is_partition(plan.apply(even.change))


def test_a_proposal_keeps_its_tolerance_where_borders_allow(generated):
    for proposal in suggest(generated, 410702001, tolerances=(0.1, 0.3)):
        assert proposal.after <= proposal.tolerance or proposal.refused
