"""Every rule of drawing refuses by its name, says which grids and where, and leaves the
plan as it was.
"""

import numpy as np
import pytest
import shapely
from drawn_plans import VILLAGE, A, B, C, D, area, at, layer, line, point

from gridmap.planning import (
    RULES,
    DrawingRules,
    EditRefusal,
    Plan,
    carve,
    describe,
    merge,
    reshape,
    split,
    split_even,
    transfer,
)

MANY = np.linspace(point(1.2, -0.1), point(1.2, 1.1), 100_000)
DISC = shapely.Point(point(1, 0.5)).buffer(0.003, quad_segs=30_000)
BOWTIE = area((0.5, 0.5), (1.5, 0.5), (0.5, 0.7), (1.5, 0.7))
TRIANGLE_ON_A_LINE = area((0.2, 0.2), (0.8, 0.8), (0.5, 0.5))
HOLED = at(0.4, -0.1, 1.2, 1.1).difference(at(0.6, 0.3, 0.7, 0.4))
SOUTH = line((0.5, -0.1), (0.5, 1.1))
NOWHERE = {"unknown_grid"}
"""What is not there has no place."""


def refused(edit):
    with pytest.raises(EditRefusal) as caught:
        edit()
    return caught.value


@pytest.mark.parametrize(
    ("drawn", "rule"),
    [
        (line((1.2, 0), (0.8, 0.5), (1.2, 0.5), (0.8, 0)), "self_crossing"),
        (line((1, 0.2), (1.3, 0.5), (1, 0.2)), "self_crossing"),
        (line((1, 0.2), (1.3, 0.2), (1.1, 0.2), (1.1, 0.6)), "self_crossing"),
        (MANY, "too_many_points"),
        ([point(1, 0.2)], "too_few_points"),
        ([point(1, 0.2)] * 4, "too_few_points"),
        ([point(1, 0.2), np.add(point(1, 0.2), 1e-10)], "too_few_points"),
        ([], "too_few_points"),
        (shapely.LineString(), "too_few_points"),
        ([(np.nan, 35), point(1, 1)], "not_finite"),
        (at(0.8, 0.2, 1.2, 0.4), "not_a_line"),
        (
            shapely.MultiLineString([[(114, 35), (115, 36)], [(116, 37), (117, 38)]]),
            "not_a_line",
        ),
        (None, "not_a_line"),
        (line((1.2, -0.5), (2.5, 0.5), (1.2, 1.5)), "outside"),
        (line((1, 0.2), (1.5, 1.5), (1, 0.8)), "outside"),
        (line((5, 5), (6, 6)), "misses"),
        (line((1.2, -0.1), (1.2, 0.5)), "divides_nothing"),
        (line((1.2, 0.3), (1.4, 0.6)), "divides_nothing"),
        (line((1, 0), (1, 1)), "divides_nothing"),
        (line((0.004, -0.1), (0.006, 1.1)), "too_narrow"),
    ],
)
def test_a_new_course_that_makes_no_border_is_refused_by_name(square, drawn, rule):
    error = refused(lambda: reshape(square, A, B, drawn))
    assert error.rule == rule
    assert set(error.grids) <= {A, B} and error.grids
    assert error.place is not None


@pytest.mark.parametrize(
    ("drawn", "rule"),
    [
        (BOWTIE, "self_crossing"),
        (TRIANGLE_ON_A_LINE, "self_crossing"),
        (DISC, "too_many_points"),
        ([point(0.2, 0.2), point(0.6, 0.6)], "too_few_points"),
        ([point(0.2, 0.2)] * 5, "too_few_points"),
        ([], "too_few_points"),
        (shapely.Polygon(), "too_few_points"),
        ([point(0.2, 0.2), (np.inf, 35), point(0.4, 0.4)], "not_finite"),
        (HOLED, "not_an_area"),
        (shapely.MultiPolygon([at(0, 0, 0.1, 0.1), at(0.5, 0.5, 0.6, 0.6)]), "not_an_area"),
        (line((0.2, 0.2), (0.6, 0.6)), "not_an_area"),
        ("a market", "not_an_area"),
        (at(-0.5, 0.2, 0.5, 0.6), "outside"),
        (at(-1, -1, 5, 5), "outside"),
        (at(5, 5, 6, 6), "outside"),
        (at(0.2, 0.2, 0.8, 0.201), "too_narrow"),
        (at(0.2, 0.2, 0.8, 0.208), "too_narrow"),
        (at(0.4, 0.4, 0.422, 0.418), "too_small"),
        (at(0.4, 0, 0.6, 1), "several_parts"),
        (at(0, 0, 2, 2), "swallowed"),
    ],
)
def test_an_area_that_makes_no_exclusive_grid_is_refused_by_name(square, drawn, rule):
    error = refused(lambda: carve(square, drawn, name="市场", used=square.codes))
    assert error.rule == rule
    assert (
        error.place is not None or not isinstance(drawn, shapely.Geometry) or drawn.is_empty
    )


def test_where_a_line_crosses_itself_is_the_place_to_look_at(square):
    crossing = line((0.2, -0.1), (0.8, 0.5), (0.2, 0.5), (0.8, -0.1))
    found = refused(lambda: split(square, A, crossing, used=square.codes))
    assert found.place == pytest.approx(point(0.5, 0.2), abs=1e-6)
    assert found.grids == (A,)
    touching = line((0.2, -0.1), (0.2, 0.5), (0.5, 0.5), (0.2, 0.3))
    assert refused(lambda: split(square, A, touching, used=[])).place == pytest.approx(
        point(0.2, 0.3), abs=1e-6
    )
    back = line((0.5, -0.1), (0.5, 0.8), (0.5, 0.3))
    assert refused(lambda: split(square, A, back, used=[])).place == pytest.approx(
        point(0.5, 0.8), abs=1e-6
    )


def test_a_course_that_zigzags_over_the_old_border_is_a_border_all_the_same(square):
    """However often they meet, all of the old border between the first and the last place goes."""
    places = [(1 + 0.1 * (-1) ** step, 0.04 * step - 0.1) for step in range(31)]
    after = square.apply(reshape(square, A, B, line(*places)))
    border = after.grid(A).shape.intersection(after.grid(B).shape)
    assert shapely.length(border) > 3 * 0.01
    assert after.grid(A).shape.area + after.grid(B).shape.area == pytest.approx(2e-4)


def test_a_course_may_run_along_the_old_border_for_a_while(square):
    after = square.apply(
        reshape(
            square,
            A,
            B,
            line((1, 0.1), (1.2, 0.2), (1, 0.3), (1, 0.6), (0.8, 0.7), (1, 0.8)),
        )
    )
    assert after.grid(A).shape.contains(shapely.Point(point(1.1, 0.2)))
    assert after.grid(B).shape.contains(shapely.Point(point(0.9, 0.7)))


@pytest.mark.parametrize("side", [(0.6, 0.5), (0.4, 0.5), (0.5, 0.6), (0.5, 0.4)])
def test_a_stretch_of_the_border_round_a_grid_inside_another_gets_a_new_course(
    square, side
):
    """Whichever side it is on: the ring of the border begins somewhere."""
    plan = square.apply(
        carve(square, at(0.4, 0.4, 0.6, 0.6), name="学校", used=square.codes)
    )
    school = int(plan.codes[-1])
    x, y = side
    across = (y - 0.5, x - 0.5)
    ends = [(x + 0.5 * sign * across[0], y + 0.5 * sign * across[1]) for sign in (-1, 1)]
    out = (x + (x - 0.5), y + (y - 0.5))
    after = plan.apply(reshape(plan, A, school, line(ends[0], out, ends[1])))
    assert after.grid(school).shape.area == pytest.approx(
        4e-6 + 0.5 * 0.1 * 0.1 * 1e-4, rel=1e-6
    )


def spiral():
    """A plan of one long narrow grid, wound up, which no straight line halves."""
    turn = np.linspace(0, 6 * np.pi, 90)
    path = shapely.LineString(
        [point(1 + 0.05 * t * np.cos(t), 1 + 0.05 * t * np.sin(t)) for t in turn]
    )
    return Plan.of(
        layer([shapely.set_precision(path.buffer(0.0008, quad_segs=1), 1e-8)], [A])
    )


def every_rule(square, generated):
    """Rule → an edit that breaks it."""
    used = square.codes
    locked = DrawingRules(locked=frozenset({A}))
    mine = transfer(square, A, B, area((0.8, 0.2), (1.4, 0.2), (1.4, 0.6), (0.8, 0.6)))
    other = square.apply(describe(square, A, households=3))
    overlapping = Plan.of(layer([at(0, 0, 1, 1), at(0.9, 0, 2, 1)], [A, B]))
    wound = spiral()
    return {
        "unknown_grid": lambda: merge(square, [A, 7], used=used),
        "changed_meanwhile": lambda: other.apply(mine),
        "locked": lambda: split(square, A, SOUTH, used=used, rules=locked),
        "too_few_grids": lambda: merge(square, [A], used=used),
        "not_finite": lambda: split(square, A, [(np.nan, 1), (1, 1)], used=used),
        "too_few_points": lambda: transfer(square, A, B, [point(0, 0), point(1, 1)]),
        "too_many_points": lambda: transfer(square, A, B, DISC),
        "not_a_line": lambda: split(square, A, BOWTIE, used=used),
        "not_an_area": lambda: transfer(square, A, B, SOUTH),
        "self_crossing": lambda: transfer(square, A, B, BOWTIE),
        "misses": lambda: transfer(square, A, B, at(1.5, 1.5, 1.7, 1.7)),
        "outside": lambda: carve(square, at(-0.5, 0.2, 0.5, 0.6), name="市场", used=used),
        "along_border": lambda: split(square, A, line((0, 0), (1, 0)), used=used),
        "ends_inside": lambda: split(square, A, line((0.5, -0.1), (0.5, 0.5)), used=used),
        "divides_nothing": lambda: reshape(square, A, B, line((1, 0), (1, 1))),
        "swallowed": lambda: transfer(square, A, B, at(-0.1, -0.1, 1.5, 1.5)),
        "not_adjacent": lambda: merge(square, [A, D], used=used),
        "several_parts": lambda: carve(square, at(0.4, 0, 0.6, 1), name="市场", used=used),
        "crosses_village": lambda: merge(
            generated, generated.codes[[2, 4]], used=generated.codes
        ),
        "too_narrow": lambda: split(
            square, A, line((0.006, -0.1), (0.006, 1.1)), used=used
        ),
        "too_small": lambda: carve(
            square, at(0.4, 0.4, 0.422, 0.418), name="市场", used=used
        ),
        "not_exact": lambda: split(overlapping, A, SOUTH, used=used),
        "no_free_code": lambda: split(
            square, A, SOUTH, used=VILLAGE * 1000 + np.arange(1, 1000)
        ),
        "not_a_kind": lambda: describe(square, A, kind="market"),
        "not_a_name": lambda: carve(square, at(0.2, 0.2, 0.5, 0.5), name="=1\n", used=used),
        "not_households": lambda: describe(square, A, households=-1),
        "not_parts": lambda: split_even(square, A, 21, used=used),
        "no_even_split": lambda: split_even(wound, A, 2, used=used),
        "nothing_changes": lambda: describe(square, C, name=square.grid(C).name),
    }


def told(plan):
    frame = plan.frame
    return [
        frame.drop(columns="geometry").to_numpy().tolist(),
        shapely.to_wkb(frame.geometry.array).tolist(),
    ]


def test_every_rule_refuses_by_name_with_grids_and_place_and_changes_no_plan(
    square, generated
):
    before = told(square), told(generated)
    edits = every_rule(square, generated)
    assert set(edits) == set(RULES)
    for rule, edit in edits.items():
        error = refused(edit)
        assert error.rule == rule
        assert error.grids, rule
        assert (error.place is None) == (rule in NOWHERE), rule
        assert str(error), rule
    assert (told(square), told(generated)) == before
