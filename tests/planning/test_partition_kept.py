"""Any sequence of accepted edits keeps the partition, the land, the people and the reports."""

import numpy as np
import pandas as pd
import shapely
import small_past
from drawn_plans import crooked, four
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.geo.locate import GridIndex
from gridmap.planning import (
    EditRefusal,
    carve,
    describe,
    merge,
    reshape,
    split,
    split_even,
    suggest,
    transfer,
)
from gridmap.planning.constraints import is_partition
from gridmap.planning.replay import replay

WORLDS = {"drawn": four(), "generated": crooked(side=4)}
REPORTS = {name: small_past.facts(plan, 2000) for name, plan in WORLDS.items()}
OUTSIDE = small_past.small_facts.OUTSIDE
NOBODY = pd.DataFrame(
    {"grid": np.empty(0, dtype=np.int64), "worker": np.empty(0, dtype=np.int64)}
)
SAME_LAND = 1e-9


EDITS = (
    "split",
    "split_even",
    "merge",
    "transfer",
    "reshape",
    "carve",
    "describe",
    "suggest",
)


def attempt(plan, used, rng, kind):
    """A random edit of this kind of a random grid; None when it is refused, or there is
    nothing to propose.
    """
    code = int(rng.choice(plan.codes))
    shape = plan.grid(code).shape
    middle, reach = np.array(shape.centroid.coords[0]), np.sqrt(shape.area)
    beside = [other for other in plan.near(shape).tolist() if other != code]
    if not beside:  # all of the world is one grid by now
        return None
    other = int(rng.choice(beside))
    border = shape.intersection(plan.grid(other).shape)
    turn = rng.uniform(0, np.pi)
    along = reach * np.array([np.cos(turn), np.sin(turn)])
    spot = np.array(border.centroid.coords[0])
    path = shapely.LineString(
        [middle - along, middle + rng.normal(0, 0.1 * reach, 2), middle + along]
    )
    round_area = shapely.Point(spot).buffer(rng.uniform(0.1, 0.6) * reach, quad_segs=2)
    edits = {
        "split": lambda: split(plan, code, path, used=used),
        "split_even": lambda: split_even(plan, code, int(rng.integers(2, 6)), used=used),
        "merge": lambda: merge(plan, [code, other], used=used),
        "transfer": lambda: transfer(plan, code, other, round_area),
        "reshape": lambda: reshape(
            plan, code, other, shapely.LineString([spot - along, spot, spot + along])
        ),
        "carve": lambda: carve(plan, round_area, name="专属网格", used=used),
        "describe": lambda: describe(plan, code, name=f"第{rng.integers(10**6)}网格"),
        "suggest": lambda: _proposed(plan, code // 1000, rng),
    }
    try:
        return edits[kind]()
    except EditRefusal:
        return None


def _proposed(plan, village, rng):
    found = suggest(plan, village, tolerances=(float(rng.uniform(0.05, 0.5)),))
    return found[0].change if found else None


def sequence(world, seed):
    """Twelve edits of every kind in any order, as far as they are accepted: the plan and
    the kinds, step by step.
    """
    rng = np.random.default_rng(seed)
    plan = WORLDS[world]
    used = plan.codes
    for kind in (*rng.permutation(EDITS), *rng.choice(EDITS, 4)):
        change = attempt(plan, used, rng, kind)
        if change is not None:
            assert not np.isin(change.created, used).any()
            used = np.union1d(used, change.created)
            yield str(kind), plan, change
            plan = plan.apply(change)


@given(st.sampled_from(sorted(WORLDS)), st.integers(0, 2**32))
@settings(max_examples=25)
def test_any_sequence_of_edits_keeps_partition_land_people_and_reports(world, seed):
    first, plan = WORLDS[world], WORLDS[world]
    for _, before, change in sequence(world, seed):
        plan = before.apply(change)
        back = plan.apply(before.inverse(change))
        assert (back.codes == before.codes).all()
        assert shapely.equals_exact(back.shapes, before.shapes, 0).all()
        assert plan.households.sum() == first.households.sum()
        assert plan.population.sum() == first.population.sum()
    assert is_partition(plan)
    assert shapely.is_valid(plan.shapes).all()
    land = shapely.area(first.shapes).sum()
    assert abs(shapely.area(plan.shapes).sum() - land) <= SAME_LAND * land
    united = shapely.union_all(plan.shapes), shapely.union_all(first.shapes)
    assert shapely.area(shapely.symmetric_difference(*united)) <= SAME_LAND * land
    facts, lon, lat = REPORTS[world]
    done = replay(small_past.past(facts, lon, lat), first, plan, workers=NOBODY, lineage={})
    assert done.after["reports"].sum() == done.before["reports"].sum() > 0
    assert (GridIndex(plan.codes, plan.shapes).locate(lon, lat) > 0).sum() == (
        facts.grid != OUTSIDE
    ).sum()


def test_every_kind_of_edit_is_among_those_sequences():
    accepted = {
        kind
        for world in WORLDS
        for seed in range(4)
        for kind, _, _ in sequence(world, seed)
    }
    assert accepted == set(EDITS)
