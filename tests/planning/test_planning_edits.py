"""Edits of a plan: what they make, and what is refused."""

import numpy as np
import pytest
import shapely
from drawn_plans import VILLAGE, A, B, C, D, area, at, crooked, line, point

from gridmap.errors import InputError
from gridmap.planning import (
    Change,
    DrawingRules,
    EditRefusal,
    Plan,
    Points,
    carve,
    describe,
    merge,
    reshape,
    split,
    split_even,
    transfer,
    warnings,
)
from gridmap.planning.constraints import is_partition

NEW = VILLAGE * 1000 + 5


def rows(change):
    return {
        row.code: (row.name, row.kind, row.households, row.predecessors)
        for row in change.added.itertuples(index=False)
    }


def refused(edit, *args, **kwargs):
    with pytest.raises(EditRefusal) as caught:
        edit(*args, **kwargs)
    assert str(caught.value)
    return caught.value


def test_a_split_retires_the_code_and_numbers_its_parts_from_west_to_east(square):
    """
    +---+---+
    | 3 | 4 |
    +-+-+---+
    |5|6| 2 |
    +-+-+---+
    """
    change = split(square, A, line((0.5, -0.1), (0.5, 1.1)), used=square.codes)
    assert change.retired.tolist() == [A]
    assert change.created.tolist() == [NEW, NEW + 1]
    after = square.apply(change)
    assert rows(change)[NEW][:2] == ("第五网格", "basic")
    assert rows(change)[NEW][3] == (A,)
    assert sorted(rows(change)[code][2] for code in (NEW, NEW + 1)) == [50, 51]
    assert after.grid(NEW).shape.equals(at(0, 0, 0.5, 1))
    assert change.notes == ("households_by_area",)


def test_the_neighbour_gets_the_vertex_where_a_cut_meets_its_border(square):
    change = split(square, A, line((0.5, -0.1), (0.5, 1.1)), used=square.codes)
    after = square.apply(change)
    assert point(0.5, 1) in after.grid(C).shape.exterior.coords
    assert change.predecessors[C] == (C,)
    assert after.grid(D).shape is square.grid(D).shape
    assert is_partition(after)


def test_a_split_never_reuses_a_number(square):
    change = split(
        square, A, line((0.5, -0.1), (0.5, 1.1)), used=[*square.codes, VILLAGE * 1000 + 41]
    )
    assert change.created.tolist() == [VILLAGE * 1000 + 42, VILLAGE * 1000 + 43]


def test_when_all_numbers_are_used_the_split_is_refused(square):
    full = VILLAGE * 1000 + np.arange(1, 1000)
    assert (
        refused(split, square, A, line((0.5, -0.1), (0.5, 1.1)), used=full).rule
        == "no_free_code"
    )


def test_buildings_tell_where_households_live(square):
    near_west = Points.of(np.full(3, 114.001), np.full(3, 35.005), [10, 60, 10])
    east = Points.of(
        [*near_west.lon, 114.009], [*near_west.lat, 35.005], [*near_west.weight, 20]
    )
    change = split(
        square, A, line((0.5, -0.1), (0.5, 1.1)), used=square.codes, buildings=east
    )
    assert [rows(change)[code][2] for code in (NEW, NEW + 1)] == [81, 20]
    assert change.notes == ("households_by_buildings",)


def test_drawn_points_snap_to_vertices_and_borders(square):
    near = 0.0001  # a hundredth of a degree times this is about a metre
    change = split(
        square, A, line((near, near), (0.6, 0.4), (1 - near, 0.5)), used=square.codes
    )
    after = square.apply(change)
    assert point(0, 0) in after.grid(NEW).shape.exterior.coords
    assert is_partition(after)
    assert point(1, 0.5) in {tuple(c) for c in after.grid(B).shape.exterior.coords}


def test_drawn_points_snap_to_reference_layers(square):
    road = shapely.LineString([point(0.5, -1), point(0.5, 3)])
    drawn = line((0.5001, -0.1), (0.5001, 0.5), (0.4999, 1.1))
    change = split(square, A, drawn, used=square.codes, references=[road])
    assert square.apply(change).grid(NEW).shape.equals(at(0, 0, 0.5, 1))


def test_a_line_that_crosses_several_times_makes_several_parts():
    """
    +---------+      a comb of two teeth
    |  +--+   |
    +--+  +---+
    """
    comb = area((0, 0), (1, 0), (1, 1), (2, 1), (2, 0), (3, 0), (3, 2), (0, 2))
    plan = Plan.of(_one(comb))
    change = split(plan, A, line((-0.1, 0.5), (3.1, 0.5)), used=plan.codes)
    assert len(change.created) == 3


def _one(shape):
    from drawn_plans import layer  # noqa: PLC0415

    return layer([shape], [A])


def test_a_merge_makes_one_grid_with_a_new_code(square):
    change = merge(square, [B, A], used=square.codes)
    assert change.retired.tolist() == [A, B]
    assert rows(change) == {NEW: ("第五网格", "basic", 203, (A, B))}
    assert square.apply(change).grid(NEW).shape.equals(at(0, 0, 2, 1))


def test_a_reshaped_border_keeps_both_codes(square):
    change = reshape(square, A, B, line((1.2, 0), (1.3, 0.5), (1.2, 1)))
    assert change.created.tolist() == []
    after = square.apply(change)
    assert after.grid(A).shape.equals(
        area((0, 0), (1.2, 0), (1.3, 0.5), (1.2, 1), (0, 1)).normalize()
    )
    assert is_partition(after)
    assert after.households.sum() == square.households.sum()


def test_a_stretch_of_a_border_gets_a_new_course(square):
    change = reshape(square, A, B, line((1, 0.2), (0.8, 0.5), (1, 0.7)))
    after = square.apply(change)
    assert after.grid(B).shape.area > square.grid(B).shape.area
    assert set(change.touched.tolist()) == {A, B}
    assert is_partition(after)


def test_a_border_may_turn_off_the_old_one_half_way(square):
    change = reshape(square, A, B, line((1, 0.5), (1.3, 1.1)))
    after = square.apply(change)
    assert after.grid(A).shape.equals(
        area((0, 0), (1, 0), (1, 0.5), (1.25, 1), (0, 1)).buffer(0)
    ) or is_partition(after)
    assert after.grid(A).shape.area > square.grid(A).shape.area


def test_an_area_is_handed_to_the_neighbour(square):
    change = transfer(square, A, B, area((0.8, 0.2), (1.4, 0.2), (1.4, 0.6), (0.8, 0.6)))
    after = square.apply(change)
    assert after.grid(A).shape.area == pytest.approx(0.92e-4)
    assert change.predecessors == {A: (A,), B: (A, B)}
    assert is_partition(after)


def test_an_exclusive_grid_is_drawn_out_of_its_hosts(square):
    market = area((0.8, 0.8), (1.2, 0.8), (1.2, 1.2), (0.8, 1.2))
    change = carve(square, market, name="农贸市场专属网格", used=square.codes)
    assert change.created.tolist() == [NEW]
    assert rows(change)[NEW] == ("农贸市场专属网格", "exclusive", 16, (A, B, C, D))
    assert change.predecessors[A] == (A,)
    assert square.apply(change).households.sum() == square.households.sum()


def test_an_exclusive_grid_may_lie_wholly_inside_its_host(square):
    after = square.apply(
        carve(square, at(0.4, 0.4, 0.6, 0.6), name="学校", used=square.codes)
    )
    assert len(after.grid(A).shape.interiors) == 1
    assert is_partition(after)


def test_a_description_changes_nothing_else(square):
    change = describe(square, A, name="东街网格", kind="exclusive", households=7)
    after = square.apply(change)
    assert after.grid(A)[:5] == (A, "东街网格", "exclusive", 7, 310)
    assert after.grid(A).shape is square.grid(A).shape


def test_a_change_is_stored_and_undone_exactly(square):
    market = area((0.8, 0.8), (1.2, 0.8), (1.2, 1.2), (0.8, 1.2))
    change = carve(square, market, name="市场", used=square.codes)
    stored = Change.from_bytes(change.to_bytes())
    once, again = square.apply(change), square.apply(stored)
    assert (once.codes == again.codes).all()
    assert shapely.equals_exact(once.shapes, again.shapes, 0).all()
    back = again.apply(square.inverse(stored))
    assert shapely.equals_exact(back.shapes, square.shapes, 0).all()
    assert (
        back.frame.drop(columns="geometry") == square.frame.drop(columns="geometry")
    ).all(axis=None)


@pytest.mark.parametrize(
    "stored", [b"", b"gridmap change\n", b"other", b"gridmap change\n" + bytes(8) + b"{}"]
)
def test_what_is_no_stored_change_is_refused(stored):
    with pytest.raises(InputError, match="not a stored change"):
        Change.from_bytes(stored)


def test_a_change_of_a_grid_that_changed_meanwhile_is_refused(square):
    mine = transfer(square, A, B, area((0.8, 0.2), (1.4, 0.2), (1.4, 0.6), (0.8, 0.6)))
    other = square.apply(describe(square, A, households=3))
    assert refused(other.apply, mine).rule == "changed_meanwhile"
    gone = square.apply(merge(square, [A, B], used=square.codes))
    assert refused(gone.apply, mine).rule == "unknown_grid"


@pytest.mark.parametrize(
    ("drawn", "rule"),
    [
        (line((0.5, -0.2), (0.9, -0.1)), "misses"),
        (line((0.5, -0.1), (0.5, 0.5)), "ends_inside"),
        (line((0.3, 0.3), (0.5, 0.5)), "ends_inside"),
        (line((0, 0), (1, 0)), "along_border"),
        (line((-0.1, 0), (1.1, 0)), "along_border"),
        (line((0.2, -0.1), (0.8, 0.5), (0.2, 0.5), (0.8, -0.1)), "self_crossing"),
        ([point(0.5, 0.5)], "too_few_points"),
        ([point(0.5, 0.5)] * 3, "too_few_points"),
        ([], "too_few_points"),
        ([(0.5, np.nan), (1, 1)], "not_finite"),
        ([(1e300, 35), (114, np.inf)], "not_finite"),
        (np.linspace(point(0.5, -0.1), point(0.5, 1.1), 100_000), "too_many_points"),
        (at(0, 0, 1, 1), "not_a_line"),
        ("a line", "not_a_line"),
        ([[[1, 2]]], "not_a_line"),
        (line((0.006, -0.1), (0.006, 1.1)), "too_narrow"),
    ],
)
def test_a_line_that_divides_nothing_well_is_refused_by_name(square, drawn, rule):
    error = refused(split, square, A, drawn, used=square.codes)
    assert error.rule == rule
    assert error.status == 422


@pytest.mark.parametrize(
    ("drawn", "rule"),
    [
        (at(-0.1, -0.1, 1.5, 1.5), "swallowed"),
        (at(1.5, 1.5, 1.7, 1.7), "misses"),
        (at(0.2, 0.2, 0.4, 0.4), "not_adjacent"),
        (at(0.9, -0.1, 1.1, 0.0002), "several_parts"),
        (at(0.4, -0.1, 1.2, 1.1).difference(at(0.6, 0.3, 0.7, 0.4)), "not_an_area"),
        (area((0.5, 0.5), (1.5, 0.5), (0.5, 0.7), (1.5, 0.7)), "self_crossing"),
        ([point(0, 0), point(1, 1)], "too_few_points"),
        ([point(0, 0)], "too_few_points"),
    ],
)
def test_an_area_that_cannot_be_handed_over_is_refused_by_name(square, drawn, rule):
    narrow = rule == "several_parts"
    found = refused(transfer, square, A, B, at(0.3, -0.1, 0.6, 1.1) if narrow else drawn)
    assert found.rule == ("not_adjacent" if narrow else rule)


def test_a_giver_that_would_fall_apart_is_named_with_the_place(square):
    cross = area(
        (0.3, -0.1),
        (0.6, -0.1),
        (0.6, 0.4),
        (1.2, 0.4),
        (1.2, 0.6),
        (0.6, 0.6),
        (0.6, 1.1),
        (0.3, 1.1),
    )
    error = refused(transfer, square, A, B, cross)
    assert error.rule == "several_parts"
    assert A in error.grids
    assert shapely.contains_xy(square.grid(A).shape, *error.place)


def test_all_that_is_wrong_is_said_at_once(square):
    error = refused(describe, square, A, name="", kind="market", households=-1)
    assert [one.rule for one in error.violations] == [
        "not_a_kind",
        "not_a_name",
        "not_households",
    ]
    assert len(error.faults) == 3


def test_grids_that_do_not_exist_or_are_locked_are_refused(square):
    assert refused(split, square, 5, line((0, 0), (1, 1)), used=[]).rule == "unknown_grid"
    locked = DrawingRules(locked=frozenset({A}))
    assert (
        refused(split, square, A, line((0.5, -0.1), (0.5, 1.1)), used=[], rules=locked).rule
        == "locked"
    )
    assert (
        refused(merge, square, [A, B, 7], used=[], rules=locked).violations[1].rule
        == "locked"
    )
    assert (
        refused(reshape, square, B, A, line((1.2, -0.1), (1.2, 1.1)), rules=locked).rule
        == "locked"
    )
    assert (
        split(square, C, line((0.5, 0.9), (0.5, 2.1)), used=square.codes, rules=locked).kind
        == "split"
    )


def test_grids_that_meet_in_a_corner_are_no_neighbours(square):
    assert refused(merge, square, [A, D], used=[]).rule == "not_adjacent"
    assert refused(merge, square, [A, A], used=[]).rule == "too_few_grids"
    assert refused(reshape, square, A, D, line((0.5, 0.5), (1.5, 1.5))).rule in {
        "not_adjacent",
        "divides_nothing",
    }


def test_borders_of_villages_stay_where_they_are(generated):
    west, east = 410702001001003, 410702001004001
    for edit in (
        lambda: merge(generated, [west, east], used=[]),
        lambda: transfer(
            generated, west, east, generated.grid(west).shape.centroid.buffer(0.004)
        ),
        lambda: reshape(
            generated,
            west,
            east,
            generated.grid(west).shape.centroid.buffer(0.004).exterior,
        ),
    ):
        assert refused(edit).rule == "crosses_village"
    middle = generated.grid(west).shape.intersection(generated.grid(east).shape).centroid
    assert refused(carve, generated, middle.buffer(0.003), name="市场", used=[]).rule in {
        "crosses_village",
        "outside",
    }


def test_an_exclusive_grid_outside_the_city_or_as_large_as_its_host_is_refused(square):
    assert refused(carve, square, at(5, 5, 6, 6), name="市场", used=[]).rule == "outside"
    assert (
        refused(carve, square, at(-0.5, 0.2, 0.5, 0.6), name="市场", used=[]).rule
        == "outside"
    )
    assert refused(carve, square, at(0, 0, 1, 1), name="市场", used=[]).rule == "swallowed"
    assert (
        refused(carve, square, at(0.2, 0.2, 0.5, 0.5), name="=1\n", used=[]).rule
        == "not_a_name"
    )


def test_a_border_that_stays_is_no_edit(square):
    assert refused(reshape, square, A, B, line((1, 0), (1, 1))).rule == "divides_nothing"
    assert refused(describe, square, A, name=square.grid(A).name).rule == "nothing_changes"


def test_a_small_grid_may_stay_small_but_not_become_smaller():
    plan = crooked()
    tiny = DrawingRules(min_area_m2=2e6)
    code = int(plan.codes[0])
    assert describe(plan, code, households=1, rules=tiny).kind == "describe"
    assert (
        refused(split, plan, code, _across(plan.grid(code).shape), used=[], rules=tiny).rule
        == "too_small"
    )


def _across(shape):
    west, south, east, north = shape.bounds
    return shapely.LineString(
        [((west + east) / 2, south - 0.01), ((west + east) / 2, north + 0.01)]
    )


def test_households_outside_their_limits_warn_and_do_not_refuse(square):
    change = merge(square, [A, B, C, D], used=square.codes)
    rules = DrawingRules(households={"basic": (60, 300)})
    assert [(one.rule, one.households) for one in warnings(change, rules)] == [
        ("many_households", 410)
    ]
    half = split(square, A, line((0.5, -0.1), (0.5, 1.1)), used=square.codes)
    assert {one.rule for one in warnings(half, rules)} == {"few_households"}


@pytest.mark.parametrize("parts", [2, 3, 5])
def test_an_even_split_has_parts_of_even_area_without_buildings(generated, parts):
    code = int(generated.codes[7])
    change = split_even(generated, code, parts, used=generated.codes)
    fresh = change.added[np.isin(change.added["code"], change.created)]
    size = shapely.area(fresh.geometry.array)
    assert len(fresh) == parts
    assert size.max() / size.mean() < 1.05
    assert fresh["households"].sum() == generated.grid(code).households
    assert is_partition(generated.apply(change))


def test_an_even_split_shares_load_evenly(square):
    rng = np.random.default_rng(3)
    load = Points.of(
        114 + 0.01 * rng.beta(2, 6, 400), 35 + 0.01 * rng.random(400), np.ones(400)
    )
    change = split_even(square, A, 4, used=square.codes, weight="load", load_points=load)
    after = square.apply(change)
    parts = load.totals(after.shapes[after.rows(change.created)])
    assert parts.sum() == 400
    assert parts.max() <= 108


def test_an_even_split_into_one_or_a_hundred_parts_is_refused(square):
    assert refused(split_even, square, A, 1, used=[]).rule == "not_parts"
    assert refused(split_even, square, A, 100, used=[]).rule == "not_parts"
