"""Records of any kind over the interface: described, made, moved, told what others did."""

import staffed

CONTRACT = {
    "village": staffed.VILLAGE,
    "title": "坑塘 3 号",
    "kind": "pond",
    "area_written": 20.0,
    "price_before": 50.0,
}


def make(client, **more):
    body = {"client_id": "c-1", "values": CONTRACT} | more
    return client.post("/api/v1/records/contract", json=body)


def act(client, number, act, version, **values):
    body = {"act": act, "version": version, "values": values}
    return client.post(f"/api/v1/records/contract/{number}/entries", json=body)


def test_a_kind_is_described_as_it_is_declared(worker):
    told = worker.get("/api/v1/records/contract", headers={"Accept-Language": "en"}).json()
    fields = {field["name"]: field for field in told["fields"]}
    assert fields["area_measured"]["type"] == "number"
    assert fields["area_measured"]["unit"] == "mu"
    assert fields["kind"]["options"]["pond"] == "Pond"
    assert [move["act"] for move in told["moves"]][:2] == ["publish", "clear"]
    assert worker.get("/api/v1/records/unicorn").status_code == 404


def test_a_contract_is_made_once_and_led(api):
    with api.client(staffed.CLERK) as clerk:
        made = make(clerk)
        assert made.status_code == 201
        number = made.json()["number"]
        assert make(clerk).json()["number"] == number
        other = make(clerk, values=CONTRACT | {"title": "坑塘 4 号"})
        assert other.status_code == 409
        published = act(clerk, number, "publish", 1).json()
        assert (published["state"], published["version"]) == ("published", 2)
        assert "review" in published["moves"]
        stale = act(clerk, number, "publish", 1)
        assert stale.status_code == 409
        assert [entry["move"] for entry in stale.json()["since"]] == ["publish"]
        refused = act(clerk, number, "review", 2)
        assert (refused.status_code, refused.json()["code"]) == (409, "refused")
        entries = clerk.get(f"/api/v1/records/contract/{number}/entries").json()
        assert [entry["act"] for entry in entries] == ["list", "publish"]


def test_every_fault_is_named_and_nothing_is_written(api):
    with api.client(staffed.CLERK) as clerk:
        bad = {"village": "x", "title": [], "kind": 3, "area_written": True, "hue": 1}
        answer = make(clerk, client_id="c-2", values=bad)
        assert answer.status_code == 422
        assert {fault["field"] for fault in answer.json()["faults"]} == {
            "village",
            "title",
            "kind",
            "area_written",
            "price_before",
            "hue",
        }
    with api.client(staffed.WORKER) as worker:
        assert make(worker, client_id="c-3").status_code == 403
