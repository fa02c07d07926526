"""Any sequence of accepted edits keeps the partition, the land, the people and the reports."""

import numpy as np
import shapely
from drawn_plans import crooked, four
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.geo.locate import GridIndex
from gridmap.planning import Plan, Refusal, carve, merge, reshape, split, transfer
from gridmap.planning.constraints import is_partition

WORLDS = {"drawn": four(), "generated": crooked(side=4)}
SAME_LAND = 1e-9


def attempt(plan, used, rng):
    """A random edit of a random grid; None when it is refused."""
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
    path = shapely.LineString([middle - along, middle + rng.normal(0, 0.1 * reach, 2), middle + along])
    round_area = shapely.Point(spot).buffer(rng.uniform(0.1, 0.6) * reach, quad_segs=2)
    edits = [
        lambda: split(plan, code, path, used=used),
        lambda: merge(plan, [code, other], used=used),
        lambda: transfer(plan, code, other, round_area),
        lambda: reshape(plan, code, other, shapely.LineString([spot - along, spot, spot + along])),
        lambda: carve(plan, round_area, name="专属网格", used=used),
    ]
    try:
        return edits[rng.integers(len(edits))]()
    except Refusal:
        return None


@given(st.sampled_from(sorted(WORLDS)), st.integers(0, 2**32))
@settings(max_examples=25)
def test_any_sequence_of_edits_keeps_partition_land_people_and_reports(world, seed):
    rng = np.random.default_rng(seed)
    first: Plan = WORLDS[world]
    west, south, east, north = shapely.total_bounds(first.shapes)
    lon, lat = rng.uniform(west, east, 2000), rng.uniform(south, north, 2000)
    inside = (GridIndex(first.codes, first.shapes).locate(lon, lat) > 0).sum()
    plan, used = first, first.codes
    for _ in range(10):
        change = attempt(plan, used, rng)
        if change is None:
            continue
        assert not np.isin(change.created, used).any()
        child = plan.apply(change)
        back = child.apply(change.inverse(plan))
        assert (back.codes == plan.codes).all()
        assert shapely.equals_exact(back.shapes, plan.shapes, 0).all()
        plan, used = child, np.union1d(used, change.created)
    assert is_partition(plan)
    assert shapely.is_valid(plan.shapes).all()
    land = shapely.area(first.shapes).sum()
    assert abs(shapely.area(plan.shapes).sum() - land) <= SAME_LAND * land
    united = shapely.union_all(plan.shapes), shapely.union_all(first.shapes)
    assert shapely.area(shapely.symmetric_difference(*united)) <= SAME_LAND * land
    assert plan.households.sum() == first.households.sum()
    assert plan.population.sum() == first.population.sum()
    assert (GridIndex(plan.codes, plan.shapes).locate(lon, lat) > 0).sum() == inside
