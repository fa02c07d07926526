"""Tiles of the base map: sent for good under a name of their content, nothing else of the file."""

import pytest
from asking import Client
from starlette.applications import Starlette
from tilesets import mbtiles, picture, tiles_of

from gridmap.api import routes
from gridmap.settings import Settings

DIGEST = "0123456789abcdef"
BOX = (113.7, 35.2, 114.0, 35.5)


@pytest.fixture
def client(tmp_path):
    (tmp_path / "basemap").mkdir()
    mbtiles(tmp_path / "basemap" / f"{DIGEST}.mbtiles", data=picture("JPEG"))
    return Client(Starlette(routes=routes(settings=Settings(home=tmp_path))))


def test_a_tile_is_sent_as_it_lies_with_rows_from_the_north(client):
    x, south_row = next(tiles_of(10, BOX))
    answer = client.get(f"/gridmap/tiles/{DIGEST}/10/{x}/{2**10 - 1 - south_row}")
    assert answer.status_code == 200
    assert answer.content == picture("JPEG")
    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_where_the_file_has_no_tile_nothing_is_drawn(client):
    answer = client.get(f"/gridmap/tiles/{DIGEST}/10/0/0")
    assert answer.status_code == 200
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "path",
    [
        f"{'f' * 16}/10/0/0",
        f"{DIGEST}/10/1024/0",
        f"{DIGEST}/99/0/0",
        f"{DIGEST}.mbtiles/1/0/0",
    ],
)
def test_anything_else_is_not_there(client, path):
    assert client.get(f"/gridmap/tiles/{path}").status_code == 404


def test_a_tile_that_is_no_picture_is_not_sent(tmp_path, client):
    x, south_row = next(tiles_of(10, BOX))
    other = "f" * 16
    mbtiles(tmp_path / "basemap" / f"{other}.mbtiles", data=b"<html><script>1</script>")
    answer = client.get(f"/gridmap/tiles/{other}/10/{x}/{2**10 - 1 - south_row}")
    assert answer.headers["content-type"] == "image/png"
    assert b"script" not in answer.content
