"""What a phone reads and does: its holder, map, tasks, moves, check-ins; the
demonstration's sign-in; the page of docs.
"""

from __future__ import annotations

import shutil
import uuid

import pytest
import shapely
import staffed
import town
from loop import in_a_loop
from running import served
from snaps import picture, send

from gridmap import webfiles
from gridmap.api import docs
from gridmap.api.server import create
from gridmap.calendar import to_epoch
from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Order
from gridmap.errors import SetupError
from gridmap.names import english_person
from gridmap.settings import Settings

LON, LAT = town.WEST + 0.005, town.SOUTH + 0.005
NOW = to_epoch(town.NOW)


def reported(client, **more):
    body = {
        "client_id": str(uuid.uuid4()),
        "category": "C01",
        "lon": LON,
        "lat": LAT,
        "text": "灯",
    } | more
    answer = client.post("/api/v1/reports", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_me(api, worker) -> None:
    told = worker.get("/api/v1/me").json()
    assert (told["user"], told["role"], told["office"]) == (
        staffed.WORKER,
        "grid_worker",
        staffed.VILLAGE_DESK,
    )
    assert told["grids"] == told["areas"]
    assert town.BUSY in told["grids"]
    with api.client(staffed.ADMIN) as admin:
        assert len(admin.get("/api/v1/me").json()["grids"]) == 16, (
            "the whole town is less than 200"
        )


def test_the_map_has_own_grids_and_those_beside_them(worker) -> None:
    found = worker.get("/api/v1/me/map").json()
    assert found["type"] == "FeatureCollection"
    own = {
        each["properties"]["code"]
        for each in found["features"]
        if each["properties"]["own"]
    }
    assert own == set(worker.get("/api/v1/me").json()["grids"])
    assert len(found["features"]) > len(own)
    shapes = [shapely.geometry.shape(each["geometry"]) for each in found["features"]]
    assert all(shape.is_valid for shape in shapes)
    busy = next(
        each for each in found["features"] if each["properties"]["code"] == town.BUSY
    )
    assert shapely.geometry.shape(busy["geometry"]).bounds == pytest.approx(
        (113.80, 35.30, 113.81, 35.31)
    )


def test_a_report_becomes_a_task_with_its_moves(api, worker) -> None:
    told = reported(worker)
    with (
        api.client(staffed.DISPATCHER) as dispatcher,
        api.client(staffed.OTHER_CLERK) as other,
    ):
        task = next(
            each
            for each in dispatcher.get("/api/v1/me/tasks").json()
            if each["matter"] == told["matter"]
        )
        assert {"accept", "reject"} <= set(task["moves"])
        assert (task["lon"], task["lat"], task["version"], task["status"]) == (
            LON,
            LAT,
            1,
            "reported",
        )
        assert task["category_name"] == "井盖"
        assert told["matter"] not in {
            each["matter"] for each in other.get("/api/v1/me/tasks").json()
        }


def moved(client, matter, move, version, **more):
    return client.post(
        f"/api/v1/matters/{matter}/moves", json={"move": move, "version": version} | more
    )


def test_moves_go_by_version_and_a_lost_answer_may_be_asked_for_again(api, worker) -> None:
    matter = reported(worker)["matter"]
    with (
        api.client(staffed.DISPATCHER) as dispatcher,
        api.client(staffed.COUNTY_CHIEF) as chief,
    ):
        first = moved(dispatcher, matter, "accept", 1)
        assert first.status_code == 200, first.text
        assert (first.json()["status"], first.json()["version"]) == ("accepted", 2)
        again = moved(dispatcher, matter, "accept", 1)
        assert (again.status_code, again.json()) == (200, first.json())
        late = moved(chief, matter, "reject", 1, reason="重复")
        assert (late.status_code, late.json()["code"]) == (409, "stale")
        (step,) = late.json()["since"]
        assert (step["move"], step["actor"]) == ("accept", staffed.DISPATCHER)
        assert late.json()["message_zh"]
        other = moved(dispatcher, matter, "reject", 1, reason="重复")
        assert other.status_code == 409, "another move of the same person is no repetition"


def test_a_refused_move_says_why_and_what_could_be_done(api, worker) -> None:
    matter = reported(worker)["matter"]
    answer = moved(worker, matter, "close", 1)
    assert answer.status_code in {403, 409}
    told = answer.json()
    assert told["code"] == "refused"
    assert told["message_zh"] != told["message"]
    assert set(told["possible"]) == {
        str(move) for move in api.city.matters.possible(api.city.people.actor(1), matter)
    }
    for body, field in (
        ({"move": "fly", "version": 1}, "move"),
        ({"move": "accept"}, "version"),
        ({"move": "accept", "version": 1, "rating": 9}, "rating"),
        ({"move": "accept", "version": 1, "office": 2**63}, "office"),
        ({"move": "accept", "version": 1, "apt": "yes"}, "apt"),
    ):
        answer = worker.post(f"/api/v1/matters/{matter}/moves", json=body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert moved(worker, 987_654_321, "accept", 1).status_code == 404
    assert moved(worker, 2**70, "accept", 1).status_code == 422


def test_photos_of_a_move(api, worker) -> None:
    city, matter = api.city, reported(worker)["matter"]
    dispatcher = city.people.actor(staffed.DISPATCHER)
    city.matters.move(dispatcher, matter, Order(Act.ACCEPT), version=1)
    city.matters.move(
        dispatcher, matter, Order(Act.DISPATCH, office=staffed.VILLAGE_DESK), version=2
    )
    with api.client(staffed.CLERK) as clerk:
        assert moved(clerk, matter, "handle", 3).status_code == 200
        photo = send(clerk, picture(11)).json()["id"]
        body = {"reason": "修好了", "photos": [photo]}
        first = moved(clerk, matter, "answer", 4, **body)
        assert first.json()["status"] == "answered"
        assert moved(clerk, matter, "answer", 4, **body).json() == first.json(), (
            "sent again"
        )
        assert (
            moved(clerk, matter, "answer", 4, reason="别的", photos=[photo]).status_code
            == 409
        )
    assert city.photos.of(matter) == [photo]


def test_targets_are_told_to_who_may_make_the_move(api, worker) -> None:
    matter = reported(worker)["matter"]
    with api.client(staffed.DISPATCHER) as dispatcher:
        moved(dispatcher, matter, "accept", 1)
        found = dispatcher.get(
            f"/api/v1/matters/{matter}/targets", params={"move": "dispatch"}
        )
        assert found.status_code == 200
        assert staffed.WORKS in {office["id"] for office in found.json()}
        assert set(found.json()[0]) == {"id", "name", "name_en", "kind"}
    refused = worker.get(f"/api/v1/matters/{matter}/targets", params={"move": "dispatch"})
    assert (refused.status_code, refused.json()["code"]) == (403, "refused")


def test_check_ins(worker) -> None:
    body = {"client_id": "v-1", "grid": town.BUSY, "lon": LON, "lat": LAT, "at": NOW - 60}
    first, again = (worker.post("/api/v1/visits", json=body) for _ in range(2))
    assert (first.status_code, first.json()) == (201, {"created": True})
    assert (again.status_code, again.json()) == (200, {"created": False})
    assert worker.post("/api/v1/visits", json=body | {"at": NOW}).status_code == 409
    away = worker.post(
        "/api/v1/visits", json=body | {"client_id": "v-2", "lon": LON + 0.02}
    )
    assert (away.status_code, away.json()["field"]) == (422, "lon")
    other = worker.post(
        "/api/v1/visits", json=body | {"client_id": "v-3", "grid": town.SILENT}
    )
    assert other.status_code in {403, 422}
    assert (
        worker.post("/api/v1/visits", json=body | {"client_id": "v-4", "grid": 7}).json()[
            "field"
        ]
        == "grid"
    )


def test_categories_are_a_tree_in_both_languages(anybody) -> None:
    tree = anybody.get("/api/v1/categories").json()
    assert [
        (node["code"], [child["code"] for child in node["children"]]) for node in tree
    ] == [
        ("C", ["C01", "C02"]),
        ("D", ["D01", "D02"]),
    ]
    assert (
        anybody.get("/api/v1/categories", params={"lang": "en"}).json()[0]["children"][0][
            "name"
        ]
        == "Manhole"
    )
    assert anybody.get("/api/v1/categories", params={"lang": "fr"}).status_code == 422


def test_now_is_the_citys_time(anybody) -> None:
    assert anybody.get("/api/v1/now").json() == {"now": NOW}


def test_a_real_city_has_no_demo_sign_in(anybody) -> None:
    for answer in (
        anybody.get("/api/v1/demo/users"),
        anybody.post("/api/v1/demo/sign-in", json={"user": 1}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_page_of_docs_needs_nothing_from_elsewhere(anybody) -> None:
    page = anybody.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text
    for name in ("swagger-ui-dist/swagger-ui.css", "swagger-ui-dist/swagger-ui-bundle.js"):
        address = webfiles.address(name)
        assert address.lstrip("/") in page.text
        assert anybody.get(address).status_code == 200
    assert page.headers["content-security-policy"] == docs.POLICY
    assert anybody.get("/docs.js").headers["content-type"].startswith("text/javascript")
    assert anybody.get("/openapi.json").json()["openapi"].startswith("3.")


def test_every_answer_forbids_guessing_and_keeping(worker, anybody) -> None:
    for answer in (
        worker.get("/api/v1/me"),
        anybody.get("/api/v1/me"),
        anybody.get("/none"),
        anybody.put("/api/v1/now"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    assert anybody.get("/none").json()["code"] == "not_found"
    assert anybody.put("/api/v1/now").json()["code"] == "method"


def test_the_facts_are_never_loaded(api, worker) -> None:
    for path in ("me", "me/map", "me/tasks", "me/reports", "categories"):
        assert worker.get(f"/api/v1/{path}").status_code == 200
    worker.get("/open311/v2/requests.json")
    assert not api.city._desk.data.later.loaded


def test_without_a_city_it_does_not_start(tmp_path) -> None:
    app = create(Settings(home=tmp_path / "none"))

    async def start():
        async with app.router.lifespan_context(app):
            pass

    with pytest.raises(SetupError, match="no city"):
        in_a_loop(start())
    assert not (tmp_path / "none").exists()


def test_the_demonstration_lets_anybody_be_somebody(small_city, tmp_path) -> None:
    shutil.copytree(small_city.home, tmp_path / "home")
    settings = small_city.model_copy(update={"home": tmp_path / "home"})
    with served(settings) as api, api.client() as anybody:
        users = anybody.get("/api/v1/demo/users").json()
        worker = next(user for user in users if user["role"] == "grid_worker")
        taken = anybody.post("/api/v1/demo/sign-in", json={"user": worker["id"]})
        assert taken.status_code == 201
        held = {"Authorization": f"Bearer {taken.json()['key']}"}
        me = anybody.get("/api/v1/me", headers=held).json()
        assert (me["user"], me["name"]) == (worker["id"], worker["name"])
        english = {"Accept-Language": "en"}
        told = {
            user["id"]: user["name"]
            for user in anybody.get("/api/v1/demo/users", headers=english).json()
        }
        assert set(told) == {user["id"] for user in users}
        assert all(name.isascii() for name in told.values()), told
        assert told[worker["id"]] == english_person(worker["name"])
        assert (
            anybody.get("/api/v1/me", headers=held | english).json()["name"]
            == told[worker["id"]]
        )
        again = anybody.post(
            "/api/v1/demo/sign-in", json={"user": worker["id"]}, headers=english
        ).json()
        assert again["name"] == told[worker["id"]]
        lon, lat = api.city.places.middle(me["grids"][0])
        leaf = anybody.get("/open311/v2/services.json").json()[0]["service_code"]
        body = {"client_id": "d-1", "category": leaf, "lon": lon, "lat": lat}
        assert anybody.post("/api/v1/reports", json=body, headers=held).status_code == 201
        assert len(anybody.get("/api/v1/me/map", headers=held).json()["features"]) >= 2
        nobody = max(user["id"] for user in users) + 10**6
        assert (
            anybody.post("/api/v1/demo/sign-in", json={"user": nobody}).status_code == 404
        )
    off = settings.model_copy(update={"demo_sign_in": False})
    with served(off) as api, api.client() as anybody:
        assert anybody.get("/api/v1/demo/users").status_code == 404
