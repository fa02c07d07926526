from __future__ import annotations

import gzip

import pytest
from asking import Client
from starlette.applications import Starlette

from gridmap import webfiles
from gridmap.api import routes
from gridmap.settings import Settings

NAME = "city-0123456789abcdef.bin"
BODY = b"drawn by nobody" * 100


@pytest.fixture
def client(tmp_path) -> Client:
    place = tmp_path / "map"
    place.mkdir()
    (place / NAME).write_bytes(gzip.compress(BODY))
    (place / "plan-0123456789abcdef.json").write_text("{}", encoding="utf-8")
    (tmp_path / "city.db").write_text("secret", encoding="utf-8")
    return Client(Starlette(routes=routes(settings=Settings(home=tmp_path))))


def test_health_answers(client) -> None:
    answer = client.get("/gridmap/health")
    assert answer.json()["status"] == "ok"
    assert answer.headers["cache-control"] == "no-store"


def test_map_files_are_sent_compressed_and_kept_for_good(client) -> None:
    answer = client.get(f"/gridmap/map/{NAME}")
    assert answer.content == BODY
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(BODY)
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "name",
    [
        "city-ffffffffffffffff.bin",
        "plan-0123456789abcdef.json",
        "..%2Fcity.db",
        "%2e%2e/city.db",
        "city.db",
        f"{NAME}%0a",
        "city-0123456789abcdef.bin%00",
        "county-41070a-0123456789abcdef.bin",
    ],
)
def test_nothing_else_in_the_home_can_be_asked_for(client, name) -> None:
    answer = client.get(f"/gridmap/map/{name}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_assets_have_their_types_and_are_kept_for_good(client) -> None:
    for name, kind in (
        ("leaflet/leaflet.js", "text/javascript"),
        ("map.js", "text/javascript"),
        ("map.css", "text/css"),
        ("leaflet/images/layers.png", "image/png"),
        ("leaflet/LICENSE", "text/plain"),
    ):
        answer = client.get(webfiles.address(name))
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_older_address_is_answered_but_not_kept(client) -> None:
    answer = client.get("/gridmap/assets/000000000000/map.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["manifest.json", "..%2fsettings.py", "%2e%2e/settings.py", "", "leaflet"]
)
def test_only_listed_assets_are_served(client, name) -> None:
    assert client.get(f"/gridmap/assets/{webfiles.version()}/{name}").status_code == 404


def test_routes_stand_below_the_path_the_pages_are_mounted_at(tmp_path) -> None:
    client = Client(
        Starlette(routes=routes(base="/city/", settings=Settings(home=tmp_path)))
    )
    assert client.get("/city/gridmap/health").status_code == 200
    assert client.get(webfiles.address("map.js", base="/city")).status_code == 200
    assert client.get("/gridmap/health").status_code == 404


def test_an_asset_there_is_not_has_no_address() -> None:
    with pytest.raises(KeyError):
        webfiles.address("leaflet/none.js")
