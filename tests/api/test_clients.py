"""Open311 clients that others wrote, unchanged: `georeport` reads in both formats, `three`
reads and posts.
"""

from __future__ import annotations

import itertools

import georeport
import pytest
import staffed
import town
from snaps import picture

LON, LAT = town.WEST + 0.005, town.SOUTH + 0.005


@pytest.fixture
def three(monkeypatch):
    # Written for Python 2, where this was the name of `filter`; nothing else of it is touched.
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    return pytest.importorskip("three")


@pytest.fixture
def posted(api, three):
    client = three.Three(
        f"{api.url}/open311/v2/", api_key=api.key(staffed.WORKER), jurisdiction="4107"
    )
    words = {
        "description": "路灯不亮",
        "name": "Lei Li",
        "phone": "13800000000",
        "address": "东庄村口",
    }
    (created,) = client.post("C02", lat=LAT, long=LON, **words)
    return created["service_request_id"]


def test_three_discovers_lists_posts_and_reads(api, three, posted) -> None:
    client = three.Three(f"{api.url}/open311/v2/")
    assert client.discovery()["endpoints"][0]["url"].startswith(api.url)
    assert "C02" in {service["service_code"] for service in client.services()}
    assert client.services("C02")["service_code"] == "C02"
    (found,) = client.request(posted)
    assert (found["description"], found["address"]) == ("路灯不亮", "东庄村口")
    assert posted in {each["service_request_id"] for each in client.requests("C02")}
    between = client.requests(between=["05-01-2024", "05-31-2024"], count=5)
    assert len(between) <= 5
    assert posted in {each["service_request_id"] for each in between}


def test_three_posts_a_picture(api, three, tmp_path) -> None:
    (tmp_path / "p.jpg").write_bytes(picture(21))
    client = three.Three(f"{api.url}/open311/v2/", api_key=api.key(staffed.WORKER))
    with (tmp_path / "p.jpg").open("rb") as media:
        (created,) = client.post(
            "C02", lat=LAT, long=LON, description="见照片", media=media
        )
    with api.client(staffed.CLERK) as clerk:
        (shown,) = clerk.get(
            f"/open311/v2/requests/{created['service_request_id']}.json"
        ).json()
        assert clerk.get(shown["media_url"]).status_code == 200


def test_three_is_told_what_is_wrong(api, three) -> None:
    client = three.Three(f"{api.url}/open311/v2/", api_key="nobody's")
    (error,) = client.post("C02", lat=LAT, long=LON)
    assert error["code"] == 403


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_everything(api, posted, form) -> None:
    client = georeport.GeoReport(
        f"{api.url}/open311/v2", jurisdiction="4107", output_format=form
    )
    assert "C02" in {service["service_code"] for service in client.get_service_list()}
    assert client.get_service_definition("C02")["service_code"] == "C02"
    one = client.get_service_request(posted)
    assert (one["service_request_id"], one["status"], one["description"]) == (
        posted,
        "open",
        "路灯不亮",
    )
    listed = client.get_service_requests(
        service_code="C02", status="open", start_date="2024-05-01T00:00:00Z"
    )
    listed = listed if isinstance(listed, list) else [listed]
    assert posted in {each["service_request_id"] for each in listed}
