"""GeoReport v2: every reply against the field tables of the specification, in JSON and XML."""

from __future__ import annotations

import uuid
from xml.etree.ElementTree import Element, fromstring

import field_tables as spec
import pytest
import staffed
import town
from snaps import picture

from gridmap.calendar import from_epoch, to_epoch
from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Order
from gridmap.city.flow.newmatter import NewMatter

LON, LAT = town.WEST + 0.005, town.SOUTH + 0.005
BASE = "/open311/v2"


def form(api, user=staffed.WORKER, **more):
    usual = {
        "api_key": api.key(user),
        "service_code": "C01",
        "lat": str(LAT),
        "long": str(LON),
        "description": "井盖破损",
    }
    return {name: value for name, value in (usual | more).items() if value is not None}


def made(api, user=staffed.WORKER, category="C01", text="灯不亮", **more):
    """A matter of the town."""
    new = NewMatter(category, LON, LAT, text=text, client_id=str(uuid.uuid4()), **more)
    return api.city.reporting.report(api.city.people.actor(user), new)


def records(anybody, path, root, item, params=None):
    """The reply in both formats, as (records of JSON, records of XML)."""
    json = anybody.get(f"{BASE}/{path}.json", params=params)
    assert json.status_code == 200, json.text
    assert json.headers["content-type"] == "application/json"
    xml = anybody.get(f"{BASE}/{path}.xml", params=params)
    assert xml.status_code == 200
    return json.json(), spec.xml_of(xml, root, item)


def same(one, other):
    """The text of an XML record is the value of the JSON record."""
    for name, value in other.items():
        if not isinstance(value, Element):
            told = one[name]
            told = (
                {True: "true", False: "false"}.get(told, told)
                if isinstance(told, bool)
                else told
            )
            assert value == (None if told is None else str(told)), name


def test_discovery(anybody) -> None:
    found = anybody.get(f"{BASE}/discovery.json").json()
    spec.check(found, spec.DISCOVERY, of_json=True)
    (endpoint,) = found["endpoints"]
    spec.check(endpoint, spec.ENDPOINT, of_json=True)
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert anybody.get(f"{endpoint['url']}/services.json").status_code == 200
    answer = anybody.get(f"{BASE}/discovery.xml")
    tree = fromstring(answer.content)
    assert tree.tag == "discovery"
    spec.check(spec.record_of(tree), spec.DISCOVERY, of_json=False)
    spec.check(
        spec.record_of(tree.find("endpoints/endpoint")), spec.ENDPOINT, of_json=False
    )
    assert [
        each.text for each in tree.findall("endpoints/endpoint/formats/format")
    ] == endpoint["formats"]


def test_services(anybody) -> None:
    json, xml = records(anybody, "services", "services", "service")
    assert [service["service_code"] for service in json] == ["C01", "C02", "D01", "D02"]
    for one, other in zip(json, xml, strict=True):
        spec.check(one, spec.SERVICE, of_json=True)
        spec.check(other, spec.SERVICE, of_json=False)
        same(one, other)
    assert (json[0]["service_name"], json[0]["group"]) == ("井盖", "部件")


def test_service_definition(anybody) -> None:
    json = anybody.get(f"{BASE}/services/C01.json").json()
    spec.check(json, spec.DEFINITION, of_json=True)
    tree = fromstring(anybody.get(f"{BASE}/services/C01.xml").content)
    assert tree.tag == "service_definition"
    spec.check(spec.record_of(tree), spec.DEFINITION, of_json=False)
    elements = tree.findall("attributes/attribute")
    for attribute, element in zip(json["attributes"], elements, strict=True):
        spec.check(attribute, spec.ATTRIBUTE, of_json=True, lists=("values",))
        spec.check(
            spec.record_of(element), spec.ATTRIBUTE, of_json=False, lists=("values",)
        )
        same(attribute, spec.record_of(element))
        of_list = attribute["datatype"].endswith("list")
        assert of_list == bool(attribute.get("values"))
        for value, child in zip(
            attribute.get("values", []), element.findall("values/value"), strict=True
        ):
            spec.check(value, spec.VALUE, of_json=True)
            assert spec.record_of(child) == value
    assert [attribute["order"] for attribute in json["attributes"]] == list(
        range(1, len(elements) + 1)
    )


@pytest.mark.parametrize("suffix", ["json", "xml"])
def test_a_posted_request_is_a_matter(api, anybody, suffix) -> None:
    more = {
        "address_string": "东庄村口",
        "email": "li@example.org",
        "first_name": "雷",
        "last_name": "李",
        "phone": "13800000000",
        "device_id": "phone-7",
        "account_id": "a-7",
        "jurisdiction_id": "4107",
        "media_url": "https://pictures.example/7.jpg",
    }
    answer = anybody.post(f"{BASE}/requests.{suffix}", data=form(api, **more))
    assert answer.status_code == 201, answer.text
    if suffix == "json":
        (created,) = answer.json()
    else:
        (created,) = spec.xml_of(answer, "service_requests", "request")
    spec.check(created, spec.CREATED, of_json=suffix == "json")
    assert created["account_id"] == "a-7"
    actor = api.city.people.actor(staffed.WORKER)
    (card,) = api.city.cards.numbered(actor, [created["service_request_id"]])
    dossier = api.city.matters.get(actor, card.case.matter)
    assert dossier.contact == "李 雷, 13800000000, li@example.org"
    assert dossier.address == "东庄村口"
    assert (dossier.lon, dossier.lat) == (LON, LAT)
    assert "phone-7" not in repr(dossier)
    (shown,) = anybody.get(f"{BASE}/requests/{card.number}.json").json()
    assert (shown["description"], shown["media_url"]) == (
        "井盖破损",
        "https://pictures.example/7.jpg",
    )


def test_every_field_of_a_request_in_both_formats(api, anybody) -> None:
    found = made(api)
    json, xml = records(anybody, f"requests/{found.number}", "service_requests", "request")
    (one,), (other,) = json, xml
    spec.check(one, spec.REQUEST, of_json=True)
    spec.check(other, spec.REQUEST, of_json=False)
    same(one, other)
    assert one["service_request_id"] == found.number
    assert (one["status"], one["service_name"], one["status_notes"]) == (
        "open",
        "井盖",
        "已上报",
    )
    assert (one["lat"], one["long"]) == (round(LAT, 7), round(LON, 7))
    assert one["requested_datetime"] == from_epoch(to_epoch(town.NOW)).isoformat()
    assert one["address_id"] == str(town.BUSY)
    assert one["agency_responsible"]


def test_expected_datetime_is_the_clocks_due_time_and_closing_closes(api, anybody) -> None:
    city, found = api.city, made(api, category="C02")
    clerk, handler = (city.people.actor(user) for user in (staffed.CLERK, staffed.VERIFIER))
    dispatcher = city.people.actor(staffed.DISPATCHER)
    case = city.matters.move(dispatcher, found.matter, Order(Act.ACCEPT), version=1)
    case = city.matters.move(
        dispatcher,
        found.matter,
        Order(Act.DISPATCH, office=staffed.VILLAGE_DESK),
        version=2,
    )
    (shown,) = anybody.get(f"{BASE}/requests/{found.number}.json").json()
    expected = from_epoch(case.due_at).isoformat() if case.due_at else None
    assert shown["expected_datetime"] == expected
    assert shown["agency_responsible"] == "东庄村便民点"
    case = city.matters.move(clerk, found.matter, Order(Act.HANDLE), version=case.version)
    case = city.matters.move(
        clerk, found.matter, Order(Act.ANSWER, reason="修好了"), version=case.version
    )
    case = city.matters.move(handler, found.matter, Order(Act.CLOSE), version=case.version)
    (shown,) = anybody.get(f"{BASE}/requests/{found.number}.json").json()
    assert shown["status"] == "closed"
    assert shown["updated_datetime"] == from_epoch(case.closed_at).isoformat()
    closed = anybody.get(f"{BASE}/requests.json", params={"status": "closed"}).json()
    assert found.number in {each["service_request_id"] for each in closed}
    assert {each["status"] for each in closed} == {"closed"}


def test_a_token_stands_for_its_request(api, anybody) -> None:
    found = made(api)
    json, xml = records(anybody, f"tokens/{found.receipt}", "service_requests", "request")
    spec.check(json[0], spec.TOKEN, of_json=True)
    spec.check(xml[0], spec.TOKEN, of_json=False)
    assert json == xml == [{"service_request_id": found.number, "token": found.receipt}]


def test_lists_are_narrowed_by_id_service_and_status(api, anybody) -> None:
    first, second = made(api), made(api, category="C02")
    ids = f"{first.number}, {second.number},none"
    json, xml = records(
        anybody,
        "requests",
        "service_requests",
        "request",
        {"service_request_id": ids, "status": "closed"},
    )
    assert [each["service_request_id"] for each in json] == [first.number, second.number], (
        "ids override the rest"
    )
    assert len(xml) == 2
    for one, other in zip(json, xml, strict=True):
        spec.check(one, spec.REQUEST, of_json=True)
        spec.check(other, spec.REQUEST, of_json=False)
    json, _ = records(
        anybody,
        "requests",
        "service_requests",
        "request",
        {"service_code": "C02", "status": "open"},
    )
    assert {each["service_code"] for each in json} == {"C02"}
    both = anybody.get(
        f"{BASE}/requests.json", params={"status": "open,closed", "service_code": "C01,C02"}
    ).json()
    assert {each["service_code"] for each in both} == {"C01", "C02"}


def test_spans_of_time(api, anybody) -> None:
    found = made(api, reported_at=to_epoch(town.NOW) - 20 * 86_400)

    def shown(**params):
        answer = anybody.get(f"{BASE}/requests.json", params=params)
        assert answer.status_code == 200, answer.text
        return found.number in {each["service_request_id"] for each in answer.json()}

    assert shown()
    assert shown(start_date="2024-05-01T00:46:00Z", end_date="2024-05-01T00:46:00Z"), (
        "both ends are included"
    )
    assert shown(start_date="2024-05-01T08:46:00+08:00")
    assert shown(end_date="2024-05-01T08:46:00 08:00"), "a plus that was not escaped"
    assert not shown(start_date="2024-05-02T00:00:00+08:00")
    assert not shown(end_date="2024-04-30T00:00:00+08:00")
    assert not shown(start_date="2023-05-01T00:00:00Z"), "ninety days from the start"


def test_pages(api, anybody) -> None:
    for _ in range(3):
        made(api)
    whole = anybody.get(f"{BASE}/requests.json").json()
    pages = [
        anybody.get(f"{BASE}/requests.json", params={"page": page, "page_size": 2}).json()
        for page in (1, 2)
    ]
    assert pages[0] + pages[1] == whole[:4]


def test_disputes_are_not_for_everybody(api, anybody) -> None:
    found = made(api, category="D01", text="邻里纠纷")
    assert anybody.get(f"{BASE}/requests/{found.number}.json").status_code == 404
    assert found.number not in anybody.get(f"{BASE}/requests.json").text
    for user, status in (
        (staffed.WORKER, 200),
        (staffed.CLERK, 200),
        (staffed.OTHER_CLERK, 404),
        (staffed.PUBLIC, 404),
    ):
        params = {"api_key": api.key(user)}
        assert (
            anybody.get(f"{BASE}/requests/{found.number}.json", params=params).status_code
            == status
        ), user
    with api.client(staffed.CLERK) as clerk:
        assert clerk.get(f"{BASE}/requests/{found.number}.xml").status_code == 200


def refused(answer, status):
    """The errors of a refusal, checked against their table."""
    assert answer.status_code == status, answer.text
    if answer.headers["content-type"].startswith("text/xml"):
        found = spec.xml_of(answer, "errors", "error")
        of_json = False
    else:
        found, of_json = answer.json(), True
    assert found
    for error in found:
        spec.check(error, spec.ERROR, of_json=of_json)
        assert str(error["code"]) == str(status)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in error["description"])
    return " ".join(error["description"] for error in found)


POSTS = [
    ({"api_key": None}, 403, "key"),
    ({"api_key": "nobody's"}, 403, "key"),
    ({"jurisdiction_id": "sfgov.org"}, 404, "“sfgov.org”"),
    ({"service_code": None}, 400, "service_code"),
    ({"service_code": "C"}, 404, "service_code"),
    ({"service_code": "none"}, 404, "service_code"),
    ({"lat": None, "long": None}, 400, "lat, long"),
    ({"lat": None}, 400, "lat"),
    ({"lat": "nan"}, 400, "lat"),
    ({"long": "1e400"}, 400, "long"),
    ({"long": "1_1"}, 400, "long"),
    ({"lat": "٣٥.3"}, 400, "lat"),
    (
        {"lat": str(LON), "long": str(LAT)},
        400,
        f"long, lat: The place lies far outside the city “{LAT}, {LON}”",
    ),
    ({"lat": "39.9", "long": "116.4"}, 400, "long, lat"),
    ({"service_code": "垃圾"}, 404, "“垃圾”"),
    ({"lat": str(town.SOUTH + 0.035), "long": str(town.WEST + 0.035)}, 403, "key"),
    ({"lat": None, "long": None, "address_string": "火星路 1 号"}, 400, "address_string"),
    ({"lat": None, "long": None, "address_string": "网格"}, 400, "address_string"),
    ({"lat": None, "long": None, "address_id": "410702"}, 400, "address_id"),
    ({"lat": None, "long": None, "address_id": "999999999999999"}, 400, "address_id"),
    ({"description": "x" * 2001}, 400, "description"),
    ({"description": "x" * 5001}, 400, "description"),
    ({"description": "a\0b"}, 400, "description"),
    ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
    ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
    ({"email": "x" * 401}, 400, "email"),
    ({"attribute[coord_system]": "mars"}, 400, "attribute[coord_system]"),
    ({"attribute[WHISHETN]": "1"}, 400, "attribute[WHISHETN]"),
]


@pytest.mark.parametrize("suffix", ["json", "xml"])
@pytest.mark.parametrize(
    ("change", "status", "named"), POSTS, ids=[str(change)[:40] for change, *_ in POSTS]
)
def test_what_is_wrong_with_a_post_is_named(
    api, anybody, change, status, named, suffix
) -> None:
    answer = anybody.post(f"{BASE}/requests.{suffix}", data=form(api, **change))
    assert named in refused(answer, status)


def test_everything_wrong_with_a_post_is_named_at_once(api, anybody) -> None:
    wrong = {
        "service_code": "none",
        "lat": "x",
        "description": "x" * 2001,
        "media_url": "file:///a",
        "attribute[a]": "1",
    }
    told = refused(anybody.post(f"{BASE}/requests.xml", data=form(api, **wrong)), 400)
    assert all(name in told for name in wrong), told


def test_what_is_too_large_is_refused_in_the_words_of_the_interface(anybody) -> None:
    for suffix in ("json", "xml"):
        refused(
            anybody.get(f"{BASE}/requests.{suffix}", params={"status": "x" * 17_000}), 413
        )


def test_a_place_may_be_named_instead_of_pointed_at(api, anybody) -> None:
    for change in ({"address_id": str(town.BUSY)}, {"address_string": "小店镇 东庄村"}):
        answer = anybody.post(
            f"{BASE}/requests.json", data=form(api, lat=None, long=None, **change)
        )
        assert answer.status_code == 201, answer.text
        (shown,) = anybody.get(
            f"{BASE}/requests/{answer.json()[0]['service_request_id']}.json"
        ).json()
        assert shown["address_id"].startswith(str(town.BUSY // 1000))


def test_a_client_id_makes_retries_safe(api, anybody) -> None:
    sent = form(api, **{"attribute[client_id]": str(uuid.uuid4())})
    first, again = (anybody.post(f"{BASE}/requests.json", data=sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()[0]["service_request_id"] == again.json()[0]["service_request_id"]
    refused(anybody.post(f"{BASE}/requests.json", data=sent | {"description": "别的"}), 409)


QUERIES = [
    ("requests", {"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
    ("services", {"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
    ("services/none", {}, 404, "service_code"),
    ("services/C", {}, 404, "service_code"),
    ("requests", {"service_code": "none"}, 404, "service_code"),
    ("requests", {"status": "done"}, 400, "status"),
    ("requests", {"start_date": "yesterday"}, 400, "start_date"),
    ("requests", {"start_date": "0001-01-01"}, 400, "start_date"),
    ("requests", {"end_date": "2024-13-01T00:00:00Z"}, 400, "end_date"),
    (
        "requests",
        {"start_date": "2024-01-01T00:00:00Z", "end_date": "2024-05-01T00:00:00Z"},
        400,
        "90",
    ),
    (
        "requests",
        {"start_date": "2024-05-01T00:00:00Z", "end_date": "2024-04-01T00:00:00Z"},
        400,
        "start_date",
    ),
    ("requests", {"page": "0"}, 400, "page"),
    ("requests", {"page_size": "1001"}, 400, "page_size"),
    ("requests", {"page": "١"}, 400, "page"),
    ("requests", {"api_key": "nobody's"}, 403, "key"),
    ("requests/none", {}, 404, "shown"),
    ("requests/a\0b", {}, 404, "shown"),
    ("tokens/none", {}, 404, "receipt"),
]


@pytest.mark.parametrize("suffix", ["json", "xml"])
@pytest.mark.parametrize(
    ("path", "params", "status", "named"),
    QUERIES,
    ids=[f"{path} {params}" for path, params, *_ in QUERIES],
)
def test_what_is_wrong_with_a_question_is_named(
    anybody, path, params, status, named, suffix
) -> None:
    address = f"{BASE}/{path.replace(chr(0), '%00')}.{suffix}"
    assert named in refused(anybody.get(address, params=params), status)


def test_words_xml_cannot_carry_do_not_break_it(api, anybody) -> None:
    found = made(api, text="a\x01b <b>&amp; ${x} ]]> C:\\2019 \u202e \uffff \U0001f477")
    (json,), (xml,) = records(
        anybody, f"requests/{found.number}", "service_requests", "request"
    )
    assert (
        json["description"] == "a\x01b <b>&amp; ${x} ]]> C:\\2019 \u202e \uffff \U0001f477"
    )
    assert (
        xml["description"] == "a\ufffdb <b>&amp; ${x} ]]> C:\\2019 \u202e \ufffd \U0001f477"
    )


def test_a_picture_sent_along_is_linked_for_who_may_fetch_it(api, anybody) -> None:
    files = {"media": ("p.jpg", picture(), "image/jpeg")}
    answer = anybody.post(f"{BASE}/requests.json", data=form(api), files=files)
    assert answer.status_code == 201, answer.text
    number = answer.json()[0]["service_request_id"]
    assert anybody.get(f"{BASE}/requests/{number}.json").json()[0]["media_url"] is None
    with api.client(staffed.CLERK) as clerk:
        (shown,) = clerk.get(f"{BASE}/requests/{number}.json").json()
        assert clerk.get(shown["media_url"]).headers["content-type"] == "image/jpeg"
    assert anybody.get(shown["media_url"]).status_code == 401
    bad = {"media": ("p.jpg", b"GIF89a", "image/jpeg")}
    assert "media" in refused(
        anybody.post(f"{BASE}/requests.xml", data=form(api), files=bad), 400
    )


def test_pictures_of_client_ids_that_begin_alike_are_apart(api, anybody) -> None:
    for last in "ab":
        files = {"media": ("p.jpg", picture(seed=ord(last)), "image/jpeg")}
        sent = form(api, **{"attribute[client_id]": "x" * 150 + last})
        answer = anybody.post(f"{BASE}/requests.json", data=sent, files=files)
        assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<service_request/>", "text/xml"),
        (b"{", "application/json"),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"%ff%fe=%00&lat=%zz&&&=", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(200)), "application/x-www-form-urlencoded"),
    ],
)
def test_bodies_that_are_no_form_are_refused(api, anybody, content, kind) -> None:
    for suffix in ("json", "xml"):
        params = {"api_key": api.key(staffed.WORKER)}
        answer = anybody.post(
            f"{BASE}/requests.{suffix}",
            content=content,
            headers={"Content-Type": kind},
            params=params,
        )
        refused(answer, 400)


def test_other_formats_and_methods_are_refused_in_words(anybody) -> None:
    assert anybody.get(f"{BASE}/services.yaml").status_code in {400, 404}
    refused(anybody.put(f"{BASE}/requests.xml"), 405)
    refused(anybody.get(f"{BASE}/nothing.xml"), 404)
