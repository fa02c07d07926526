"""Photos over the line: kept once, shown to few, refused when they are none."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import staffed
import town
from PIL import Image
from snaps import picture, send

LON, LAT = town.WEST + 0.005, town.SOUTH + 0.005


def test_place_is_told_and_then_gone_from_the_file(worker) -> None:
    gps = {1: "N", 2: (35.0, 18.0, 18.0), 3: "E", 4: (113.0, 48.0, 18.0)}
    answer = send(worker, picture(1, orientation=6, gps=gps))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["width"], told["height"]) == (48, 64)
    assert abs(told["lon"] - 113.805) < 1e-6
    assert abs(told["lat"] - 35.305) < 1e-6
    found = worker.get(f"/api/v1/photos/{told['id']}")
    assert found.headers["content-type"] == "image/jpeg"
    assert not Image.open(io.BytesIO(found.content)).getexif()
    assert b"Maker of phones" not in found.content


def test_the_same_photo_under_the_same_id_is_one_photo(api, worker) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: send(worker, picture(2), "p-2"), range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    answer = send(worker, picture(3), "p-2")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    with api.client(staffed.NEIGHBOUR) as other:
        assert send(other, picture(3), "p-2").status_code == 201, (
            "another person's number of their own"
        )


def test_only_who_is_concerned_sees_a_photo(api, worker) -> None:
    number = send(worker, picture(4)).json()["id"]
    path = f"/api/v1/photos/{number}"
    with (
        api.client(staffed.CLERK) as clerk,
        api.client(staffed.OTHER_CLERK) as other,
        api.client() as anybody,
    ):
        assert clerk.get(path).status_code == 403, "no matter has it yet"
        report = {
            "client_id": "r-4",
            "category": "C01",
            "lon": LON,
            "lat": LAT,
            "photos": [number],
        }
        told = worker.post("/api/v1/reports", json=report)
        assert told.status_code == 201, told.text
        assert api.city.photos.of(told.json()["matter"]) == [number]
        assert clerk.get(path).status_code == 200
        assert other.get(path).status_code == 403
        assert anybody.get(path).status_code == 401
        assert clerk.get("/api/v1/photos/999999").status_code == 404


def test_a_photo_belongs_to_one_matter_and_to_its_sender(api, worker) -> None:
    number = send(worker, picture(5)).json()["id"]
    report = {"category": "C01", "lon": LON, "lat": LAT, "photos": [number]}
    with api.client(staffed.CLERK) as clerk:
        stolen = clerk.post("/api/v1/reports", json=report | {"client_id": "r-5"})
        assert (stolen.status_code, stolen.json()["field"]) == (422, "photos")
    assert (
        worker.post("/api/v1/reports", json=report | {"client_id": "r-5a"}).status_code
        == 201
    )
    again = worker.post("/api/v1/reports", json=report | {"client_id": "r-5b"})
    assert (again.status_code, again.json()["field"]) == (422, "photos")


def test_what_is_no_photo_is_refused_whatever_it_is_called(worker, anybody) -> None:
    for data in (b"", b"GIF89a", b"<svg/>", b"\xff\xd8\xff\xe0", picture(6)[:200]):
        answer = send(worker, data)
        assert (answer.status_code, answer.json()["field"]) == (422, "photo")
        assert answer.json()["message_zh"]
    assert send(worker, bytes(13 * 2**20)).status_code == 413
    assert send(anybody, picture(6)).status_code == 401
    assert send(worker, picture(6), client_id="x" * 101).status_code == 422
