"""Locating points, against shapely."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from drawn_worlds import coverage, lowest_covering
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.errors import InputError
from gridmap.geo import GridIndex

WEST, SOUTH = 114.0, 35.0


def _box(west, south, east, north):
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def _agrees(codes, polygons, lon, lat):
    polygons = np.array(polygons, dtype=object)
    index = GridIndex(codes, polygons)
    found = index.locate(lon, lat)
    np.testing.assert_array_equal(found, lowest_covering(codes, polygons, lon, lat))
    position = index.locate_position(lon, lat)
    np.testing.assert_array_equal(np.concatenate([[0], index.codes])[position + 1], found)


def _lattice(step, low=-1.0, high=4.0):
    axis = np.arange(low, high + step / 2, step)
    x, y = np.meshgrid(axis, axis)
    return WEST + x.ravel(), SOUTH + y.ravel()


def test_two_grids_share_their_border_by_the_lower_code():
    """
    20 10 10
    20 10 10     x at the border belongs to 10
    """
    index = GridIndex([20, 10], np.array([_box(0, 0, 1, 1), _box(1, 0, 2, 1)]))
    lon, lat = (
        WEST + np.array([0.5, 1.0, 1.0, 1.0, 1.5, 2.0, 0.0, 2.1]),
        SOUTH + np.array([0.5, 0, 0.5, 1, 1, 1, 1, 0]),
    )
    assert index.locate(lon, lat).tolist() == [20, 10, 10, 10, 10, 10, 20, 0]
    assert index.locate_position(lon, lat).tolist() == [1, 0, 0, 0, 0, 0, 1, -1]
    assert index.codes.tolist() == [10, 20]
    assert index.locate(lon, lat).dtype == np.int64
    assert index.locate_position(lon, lat).dtype == np.int32


def test_a_hole_is_outside_and_its_rim_inside():
    holed = _box(0, 0, 3, 3).difference(_box(1, 1, 2, 2))
    _agrees([5], [holed], *_lattice(0.125))


def test_an_island_fills_the_hole_of_another():
    _agrees(
        [7, 5],
        [_box(1, 1, 2, 2), _box(0, 0, 3, 3).difference(_box(1, 1, 2, 2))],
        *_lattice(0.125),
    )


def test_a_multipolygon_is_one_grid():
    both = shapely.MultiPolygon(
        [_box(0, 0, 1, 1), _box(2, 2, 3, 3).difference(_box(2.25, 2.25, 2.75, 2.75))]
    )
    _agrees([9, 8], [both, _box(1, 0, 2, 1)], *_lattice(0.125))


def test_where_polygons_overlap_the_lowest_code_answers():
    layers = [
        _box(0, 0, 3, 3),
        _box(1, 1, 2, 2),
        _box(0.5, 0.5, 3.5, 1.5),
        _box(0, 0, 3, 3),
    ]
    for codes in ([1, 2, 3, 4], [4, 3, 2, 1], [3, 1, 4, 2]):
        _agrees(codes, layers, *_lattice(0.125))


def test_more_polygons_in_one_place_than_fit_one_block_of_a_list():
    """A hundred nested squares and a fan of a hundred triangles around one corner."""
    squares = [
        _box(1.5 - k / 70, 1.5 - k / 70, 1.5 + k / 70, 1.5 + k / 70) for k in range(1, 101)
    ]
    angles = np.linspace(0, 2 * np.pi, 101)
    rim = np.column_stack([WEST + 1.5 + np.cos(angles), SOUTH + 1.5 + np.sin(angles)])
    fan = [
        shapely.Polygon([(WEST + 1.5, SOUTH + 1.5), rim[k], rim[k + 1]]) for k in range(100)
    ]
    lon, lat = _lattice(0.03125)
    for polygons in (squares, fan, squares + fan):
        _agrees(np.arange(len(polygons), 0, -1), polygons, lon, lat)


def test_empty_polygons_hold_nothing():
    _agrees(
        [1, 2, 3],
        [shapely.Polygon(), _box(0, 0, 1, 1), shapely.MultiPolygon()],
        *_lattice(0.25),
    )


@pytest.mark.parametrize("polygons", [[], [shapely.Polygon()]])
def test_an_empty_index_holds_nothing(polygons):
    index = GridIndex(np.arange(1, len(polygons) + 1), np.array(polygons, dtype=object))
    assert index.locate([0.0, -1.0, 114.0], [0.0, -1.0, 35.0]).tolist() == [0, 0, 0]
    assert index.locate([], []).tolist() == []


def test_points_far_away_are_outside():
    index = GridIndex([1], [_box(0, 0, 1, 1)])
    assert index.locate([1e300, -1e300, 0.0, 1e308], [35.0, 35.0, 0.0, 1e308]).tolist() == [
        0,
        0,
        0,
        0,
    ]


def test_a_border_one_step_of_rounding_away_is_told_from_the_border():
    east = WEST + 1
    index = GridIndex([1], [_box(0, 0, 1, 1)])
    lon = np.array([np.nextafter(east, 0), east, np.nextafter(east, 200)])
    assert index.locate(lon, np.full(3, SOUTH + 0.3)).tolist() == [1, 1, 0]


def test_a_triangle_smaller_than_the_spacing_of_cells_is_found():
    step = np.spacing(114.0)
    small = shapely.Polygon([(114, 35), (114 + 8 * step, 35), (114, 35 + 8 * step)])
    x, y = np.meshgrid(np.arange(-2, 11) * step + 114, np.arange(-2, 11) * step + 35)
    _agrees([3], [small], x.ravel(), y.ravel())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_point_that_is_no_finite_number_is_refused_by_row(bad, axis):
    index = GridIndex([1], [_box(0, 0, 1, 1)])
    points = np.full((2, 100_000), 35.0)
    points[axis, [7, 99_000]] = bad
    with pytest.raises(InputError) as refused:
        index.locate(*points)
    assert [fault.row for fault in refused.value.faults] == [8, 99_001]
    assert "2 points" in refused.value.faults[0].rule


def test_lengths_that_differ_are_refused():
    with pytest.raises(InputError, match="do not pair up"):
        GridIndex([1], [_box(0, 0, 1, 1)]).locate([114.0], [35.0, 36.0])
    with pytest.raises(InputError, match="do not pair up"):
        GridIndex([1, 2], [_box(0, 0, 1, 1)])


def test_all_faults_of_codes_and_polygons_come_together():
    polygons = [
        _box(0, 0, 1, 1),
        None,
        shapely.Point(114, 35),
        shapely.box(0, 0, 1, np.inf),
        _box(0, 0, 1, 1),
    ]
    with pytest.raises(InputError) as refused:
        GridIndex([3, 3, 0, -1, 5], polygons)
    rules = [(fault.rule, fault.row or fault.value) for fault in refused.value.faults]
    assert rules == [
        ("code occurs more than once", "3"),
        ("code is not positive", "-1"),
        ("code is not positive", "0"),
        ("not a polygon", 2),
        ("not a polygon", 3),
        ("coordinates are not finite", 4),
    ]


def test_codes_of_floating_point_are_refused():
    with pytest.raises(InputError, match="not whole numbers"):
        GridIndex([1.0], [_box(0, 0, 1, 1)])


def test_a_saved_index_gives_the_same_answers(tmp_path):
    rng = np.random.default_rng(2)
    polygons = coverage(50, rng)
    index = GridIndex(rng.permutation(50) + 1, polygons)
    index.save(tmp_path / "plan.npz")
    loaded = GridIndex.load(tmp_path / "plan.npz")
    lon, lat = rng.uniform([[113.2], [34.7]], [[115.3], [36.3]], (2, 20_000))
    np.testing.assert_array_equal(loaded.locate(lon, lat), index.locate(lon, lat))
    np.testing.assert_array_equal(loaded.codes, index.codes)
    assert [file.name for file in tmp_path.iterdir()] == ["plan.npz"]


def test_a_saved_index_of_another_format_is_refused(tmp_path):
    GridIndex([1], [_box(0, 0, 1, 1)]).save(tmp_path / "plan.npz")
    with np.load(tmp_path / "plan.npz") as saved:
        arrays = dict(saved)
    arrays["format"] = np.array([999])
    np.savez(tmp_path / "plan.npz", **arrays)
    with pytest.raises(InputError, match="999"):
        GridIndex.load(tmp_path / "plan.npz")


def test_a_damaged_or_missing_file_is_refused(tmp_path):
    path = tmp_path / "plan.npz"
    with pytest.raises(InputError, match=r"plan\.npz"):
        GridIndex.load(path)
    path.write_bytes(b"not an index")
    with pytest.raises(InputError, match="not a saved grid index"):
        GridIndex.load(path)
    GridIndex([1], [_box(0, 0, 1, 1)]).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="build the index anew"):
        GridIndex.load(path)


def test_saving_into_a_missing_folder_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        GridIndex([1], [_box(0, 0, 1, 1)]).save(tmp_path / "nowhere" / "plan.npz")
    assert list(tmp_path.iterdir()) == []


def test_many_threads_get_the_same_answers():
    rng = np.random.default_rng(4)
    index = GridIndex(np.arange(1, 201), coverage(200, rng))
    lon, lat = rng.uniform([[113.2], [34.7]], [[115.3], [36.3]], (2, 200_000))
    alone = index.locate(lon, lat)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: index.locate(lon, lat), range(8)):
            np.testing.assert_array_equal(found, alone)


steps = st.one_of(st.integers(0, 8).map(lambda k: k / 8), st.floats(0, 1, width=32))
corners = st.tuples(steps.map(WEST.__add__), steps.map(SOUTH.__add__))


@st.composite
def _polygons(draw):
    """Valid polygons on and off a small lattice, some with holes, some in parts,
    overlapping as they like.
    """
    shapes = []
    for _ in range(draw(st.integers(1, 6))):
        hulls = [
            shapely.convex_hull(
                shapely.multipoints(draw(st.lists(corners, min_size=3, max_size=7)))
            )
            for _ in range(draw(st.integers(1, 3)))
        ]
        shape = hulls[0]
        for k, hull in enumerate(hulls[1:]):
            shape = shape.difference(hull) if k % 2 == 0 else shape.union(hull)
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        shapes.append(shapely.MultiPolygon(parts) if len(parts) != 1 else parts[0])
    return np.array([shape for shape in shapes if shape.is_valid], dtype=object)


@settings(max_examples=300, deadline=None)
@given(
    _polygons(),
    st.lists(corners, min_size=1, max_size=40),
    st.randoms(use_true_random=False),
)
def test_every_point_is_where_shapely_covers_it(polygons, points, random):
    codes = list(range(1, len(polygons) + 1))
    random.shuffle(codes)
    vertices = shapely.get_coordinates(polygons)
    spots = np.vstack(
        [np.array(points), vertices, (vertices[1:] + vertices[:-1]) / 2, _beside(vertices)]
    )
    _agrees(codes, polygons, spots[:, 0], spots[:, 1])


def _beside(points):
    """The closest representable points around each."""
    return np.vstack(
        [
            np.nextafter(points, points + np.array([dx, dy]))
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
        ]
    )


def test_a_million_hard_points_are_where_shapely_covers_them():
    rng = np.random.default_rng(8)
    whole = coverage(1500, rng, bends=3)
    whole = whole[shapely.is_valid(whole)]
    holes = shapely.buffer(shapely.centroid(whole[:300]), 0.003, quad_segs=3)
    holed = shapely.difference(whole[:300], holes)
    polygons = np.concatenate([holed, whole[300:], holes[:100]])
    polygons = polygons[shapely.is_valid(polygons)]
    codes = rng.permutation(len(polygons)) + 410_700_000_000_001
    index = GridIndex(codes, polygons)
    points = np.vstack(
        [
            _on_borders(polygons, rng, 400_000),
            _cell_corners(index, rng, 200_000),
            _anywhere(rng, 400_000),
        ]
    )
    assert len(points) >= 1_000_000
    found = index.locate(points[:, 0], points[:, 1])
    np.testing.assert_array_equal(
        found, lowest_covering(codes, polygons, points[:, 0], points[:, 1])
    )
    assert (found == 0).sum() > 10_000


def _on_borders(polygons, rng, count):
    """Vertices, computed points of edges and their closest neighbours."""
    vertices = shapely.get_coordinates(polygons)
    at = rng.integers(0, len(vertices) - 1, count)
    share = rng.choice([0.0, 0.5, 0.25, 1.0, 0.3, np.nan], count)
    share = np.where(np.isnan(share), rng.random(count), share)[:, None]
    points = vertices[at] + share * (vertices[at + 1] - vertices[at])
    nudge = rng.integers(-1, 2, (count, 2))
    return np.where(nudge == 0, points, np.nextafter(points, points + nudge))


def _cell_corners(index, rng, count):
    """Corners and middles of cells, where a point is given its cell and a cell its
    reference point.
    """
    west, south, _, _, per_x, per_y, columns, rows = index._raster.frame
    column = rng.integers(0, 2 * columns + 1, count) / 2
    row = rng.integers(0, 2 * rows + 1, count) / 2
    return np.column_stack([west + column / per_x, south + row / per_y])


def _anywhere(rng, count):
    return rng.uniform([113.25, 34.75], [115.25, 36.25], (count, 2))
