"""Base maps: MBTiles of pictures are taken, everything else is refused by name."""

import gzip

import pytest
from pysqlite3 import dbapi2 as sqlite
from tilesets import mbtiles, picture

from gridmap.errors import InputError
from gridmap.sources.mbtiles import read_tileset


def refused(path):
    with pytest.raises(InputError) as told:
        read_tileset(path)
    (fault,) = told.value.faults
    assert fault.cure
    return fault.rule


@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")]
)
def test_a_file_of_pictures_says_what_it_has(tmp_path, kind, name):
    found = read_tileset(mbtiles(tmp_path / "base.mbtiles", data=picture(kind)))
    assert (found.name, found.format, found.min_zoom, found.max_zoom) == (
        "底图",
        name,
        9,
        10,
    )
    assert found.bounds == (113.7, 35.2, 114.0, 35.5)


def test_vector_tiles_are_refused_by_name_and_by_content(tmp_path):
    said = refused(mbtiles(tmp_path / "a.mbtiles", format="pbf"))
    assert "vector" in said
    assert refused(mbtiles(tmp_path / "b.mbtiles", data=gzip.compress(b"layer"))) == said


def test_tiles_that_are_no_pictures_are_refused(tmp_path):
    assert "not pictures" in refused(
        mbtiles(tmp_path / "a.mbtiles", data=b"<svg onload=alert(1)>")
    )


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "a.mbtiles"
    path.write_bytes(b"PK\x03\x04 not a database")
    assert "no SQLite" in refused(path)
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 2000)
    assert "cannot be read" in refused(path)
    path.unlink()
    with sqlite.connect(path) as connection:
        connection.execute(
            "CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)"
        )
    connection.close()
    assert "no table metadata" in refused(path)


@pytest.mark.parametrize("bounds", ["113,35,112,36", "a,b,c,d", "1,2,3", "nan,1,2,3"])
def test_bounds_that_are_no_place_are_refused(tmp_path, bounds):
    assert "bounds" in refused(mbtiles(tmp_path / "a.mbtiles", bounds=bounds))


def test_an_empty_file_and_impossible_zooms_are_refused(tmp_path):
    assert "no tiles" in refused(mbtiles(tmp_path / "a.mbtiles", zooms=()))
    path = mbtiles(tmp_path / "b.mbtiles", zooms=(9,))
    with sqlite.connect(path) as connection:
        connection.execute("UPDATE tiles SET zoom_level = 30")
    connection.close()
    assert "zoom" in refused(path)
