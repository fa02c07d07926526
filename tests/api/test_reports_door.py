"""Reports from phones: taken once, refused with reasons, told by receipt."""

from __future__ import annotations

import json
import math
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import staffed
import town
from sqlalchemy import func, select

from gridmap.calendar import to_epoch
from gridmap.geo.crs import from_wgs84
from gridmap.store.tables import cases, matters

LON, LAT = town.WEST + 0.005, town.SOUTH + 0.005
NOW = to_epoch(town.NOW)


def new(**more):
    return {
        "client_id": str(uuid.uuid4()),
        "category": "C01",
        "lon": LON,
        "lat": LAT,
        "text": "井盖破损",
    } | more


def rows(api, client_id):
    with api.city.store.read() as connection:
        mine = matters.c.client_id.like(f"%{client_id}")
        return connection.scalar(select(func.count()).select_from(matters).where(mine))


def test_a_report_is_acknowledged_with_number_and_receipt(api, worker) -> None:
    answer = worker.post("/api/v1/reports", json=new())
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["created"] is True
    assert told["grid"] == town.BUSY
    assert told["number"].startswith("410702-C01-20240521-")
    case = api.city.matters.case(told["matter"])
    assert case.reporter == staffed.WORKER
    assert case.reported_at == NOW


def test_the_same_again_is_the_same_report(api, worker) -> None:
    report = new()
    first, again = (worker.post("/api/v1/reports", json=report) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"created": False}
    assert rows(api, report["client_id"]) == 1


def test_fifty_at_once_are_one_row_and_one_receipt(api) -> None:
    report = new()
    with api.client(staffed.WORKER) as client, ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(lambda _: client.post("/api/v1/reports", json=report), range(50))
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert rows(api, report["client_id"]) == 1


def test_fifty_different_ones_at_once_are_fifty(api) -> None:
    with api.city.store.read() as connection:
        before = connection.scalar(select(func.count()).select_from(cases))
    with api.client(staffed.WORKER) as client, ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(lambda _: client.post("/api/v1/reports", json=new()), range(50))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 50
    with api.city.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(cases)) == before + 50


def test_another_body_under_the_same_id_is_a_conflict(api, worker) -> None:
    report = new()
    worker.post("/api/v1/reports", json=report)
    answer = worker.post("/api/v1/reports", json=report | {"text": "别的"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "conflict"
    assert rows(api, report["client_id"]) == 1


def test_one_wrong_among_many_at_once_spoils_none_of_the_others(api) -> None:
    reports = [new(category="C01" if number % 5 else "NONE") for number in range(40)]
    with api.client(staffed.WORKER) as client, ThreadPoolExecutor(40) as pool:
        answers = list(
            pool.map(lambda one: client.post("/api/v1/reports", json=one), reports)
        )
    for number, answer in enumerate(answers):
        assert answer.status_code == (201 if number % 5 else 422)


@pytest.mark.parametrize("system", ["gcj02", "bd09", "cgcs2000", "wgs84"])
def test_other_coordinate_systems_are_made_wgs84(api, worker, system) -> None:
    lon, lat = (float(part[0]) for part in from_wgs84([LON], [LAT], system))
    answer = worker.post("/api/v1/reports", json=new(lon=lon, lat=lat, coord_system=system))
    assert answer.status_code == 201
    with api.city.store.read() as connection:
        where = matters.c.id == answer.json()["matter"]
        row = connection.execute(select(matters.c.lon, matters.c.lat).where(where)).one()
    assert math.dist(row, (LON, LAT)) < 1e-8


WRONG = [
    ({"category": "NONE"}, 422, "category"),
    ({"category": "C"}, 422, "category"),
    ({"category": None}, 422, "category"),
    ({"lon": LAT, "lat": LON}, 422, "lon, lat"),
    ({"lon": 12_668_000.0, "lat": 4_210_000.0}, 422, "lon, lat"),
    ({"lon": 116.4, "lat": 39.9}, 422, "lon, lat"),
    ({"lon": town.WEST - 0.001}, 422, "lon, lat"),
    ({"lon": "113.8"}, 422, "lon"),
    ({"lon": True}, 422, "lon"),
    ({"lat": None}, 422, "lat"),
    ({"lat": 10**30}, 422, "lat"),
    ({"text": "a\0b"}, 422, "text"),
    ({"text": "字" * 2001}, 422, "text"),
    ({"text": "字" * 4001}, 422, "text"),
    ({"text": 5}, 422, "text"),
    ({"client_id": ""}, 422, "client_id"),
    ({"client_id": "x" * 201}, 422, "client_id"),
    ({"reported_at": NOW + 3600}, 422, "reported_at"),
    ({"reported_at": NOW - 31 * 86_400}, 422, "reported_at"),
    ({"reported_at": 10**18}, 422, "reported_at"),
    ({"photos": [987_654_321]}, 422, "photos"),
    ({"photos": [-1]}, 422, "photos.0"),
    ({"coord_system": "EPSG:3857"}, 422, "coord_system"),
    ({"colour": "red"}, 422, "colour"),
]


@pytest.mark.parametrize(
    ("change", "status", "field"), WRONG, ids=[str(change)[:40] for change, *_ in WRONG]
)
def test_what_is_wrong_is_named_in_both_languages(worker, change, status, field) -> None:
    answer = worker.post("/api/v1/reports", json=new(**change))
    told = answer.json()
    assert answer.status_code == status, told
    assert told["field"] == field
    assert told["message"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told["message_zh"])
    assert not any(
        "\u4e00" <= sign <= "\u9fff" for sign in told["message"].replace("字", "")
    )


def test_swapped_axes_are_called_by_their_name(worker) -> None:
    told = worker.post("/api/v1/reports", json=new(lon=LAT, lat=LON)).json()
    assert "swapped" in told["message"]
    assert (
        "颠倒" in told["message_zh"]
        or "对调" in told["message_zh"]
        or "反" in told["message_zh"]
    )


def test_all_faults_come_at_once(worker) -> None:
    told = worker.post(
        "/api/v1/reports", json=new(category="NONE", text="a\0", reported_at=NOW + 9999)
    ).json()
    assert {fault["field"] for fault in told["faults"]} == {
        "category",
        "text",
        "reported_at",
    }


BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"lon": ' + b"9" * 5000 + b"}",
    json.dumps(new()).replace(str(LON), "NaN").encode(),
    json.dumps(new()).replace(str(LON), "Infinity").encode(),
    json.dumps(new()).replace(str(LON), "1e400").encode(),
    json.dumps(new()).replace("\\u4e95", "\\ud800").encode(),
    b"<report/>",
]


@pytest.mark.parametrize("body", BODIES, ids=[str(body[:12]) for body in BODIES])
def test_bodies_that_are_no_report_are_refused(worker, body) -> None:
    answer = worker.post(
        "/api/v1/reports", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 413, 422}, answer.text
    assert answer.json()["message_zh"]


def test_a_body_that_is_too_large_is_refused_announced_or_not(worker) -> None:
    large = json.dumps(new(text="x" * 100_000)).encode()
    answer = worker.post(
        "/api/v1/reports", content=large, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    pieces = (large[start : start + 1000] for start in range(0, len(large), 1000))
    answer = worker.post(
        "/api/v1/reports", content=pieces, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "text",
    [
        "${document.title=7*7}",
        "`id`",
        "<script>alert(1)</script>",
        r"C:\2019",
        "\u202egnp.exe",
        "👷🏽‍♀️",
        "=1+1",
        "';--",
    ],
)
def test_hostile_words_come_back_as_they_were(worker, text) -> None:
    told = worker.post("/api/v1/reports", json=new(text=text)).json()
    mine = next(
        row
        for row in worker.get("/api/v1/me/reports").json()
        if row["matter"] == told["matter"]
    )
    assert mine["text"] == text


def test_a_key_reports_in_its_places_and_next_to_them_only(api) -> None:
    far = {"lon": town.WEST + 0.035, "lat": town.SOUTH + 0.035}
    beside = {"lon": town.WEST + 0.015, "lat": town.SOUTH + 0.005}
    with api.client(staffed.WORKER) as client:
        assert client.post("/api/v1/reports", json=new(**beside)).status_code == 201
        answer = client.post("/api/v1/reports", json=new(**far))
        assert answer.status_code == 403
        assert answer.json()["message_zh"]
    actor = api.city.people.actor(staffed.WORKER)
    narrow = api.city.keys.make(actor, staffed.WORKER, label="narrow", areas=(town.BUSY,))
    held = {"Authorization": f"Bearer {narrow}"}
    with api.client() as client:
        assert client.post("/api/v1/reports", json=new(), headers=held).status_code == 201


def test_without_a_key_or_with_a_revoked_one_nothing_is_taken(api, anybody) -> None:
    answer = anybody.post("/api/v1/reports", json=new())
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
    assert answer.headers["www-authenticate"] == "Bearer"
    actor = api.city.people.actor(staffed.CLERK)
    key = api.city.keys.make(actor, staffed.CLERK, label="lost")
    held = {"Authorization": f"Bearer {key}"}
    assert anybody.get("/api/v1/me", headers=held).status_code == 200
    api.city.keys.revoke(actor, int(api.city.keys.listed(staffed.CLERK)["id"].iloc[0]))
    assert anybody.get("/api/v1/me", headers=held).status_code == 401
    for odd in ("Bearer", "Basic abc", f"bearer {'x' * 5000}", "Bearer ключ".encode()):
        assert anybody.get("/api/v1/me", headers={"Authorization": odd}).status_code == 401


def test_a_receipt_tells_how_it_stands_without_a_key(worker, anybody) -> None:
    told = worker.post("/api/v1/reports", json=new()).json()
    found = anybody.get(
        f"/api/v1/receipts/{told['receipt'].lower()}", headers={"Accept-Language": "en"}
    ).json()
    assert found["number"] == told["number"]
    assert (found["status"], found["status_name"]) == ("reported", "Reported")
    assert found["category_name"] == "Manhole"
    assert "text" not in found
    for odd in ("AAAAAAAAAA", "x", "%00", "..%2f..", "’"):
        assert anybody.get(f"/api/v1/receipts/{odd}").status_code == 404


def test_the_reporters_contact_is_kept_and_not_told(api, worker) -> None:
    told = worker.post("/api/v1/reports", json=new(contact="13800000000")).json()
    assert (
        api.city.matters.get(api.city.people.actor(staffed.WORKER), told["matter"]).contact
        == "13800000000"
    )
    for path in (
        "/api/v1/me/tasks",
        "/api/v1/me/reports",
        f"/open311/v2/requests/{told['number']}.json",
    ):
        assert "13800000000" not in worker.get(path).text
