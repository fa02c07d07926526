"""Reports taken in: what is kept, what is refused and why, what is the same."""

import math
import threading

import flowing
import pytest
import staffed
import town
from flowing import COVER, HERE, HOSTILE, NOW, QUARREL, new
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from gridmap.city.flow.matters import MatterFilter
from gridmap.city.flow.newmatter import OLDEST_S, NewMatter, Receipt
from gridmap.errors import ConflictError, InputError
from gridmap.model import Channel, Status
from gridmap.store.flow.categories import replace_categories
from gridmap.store.tables import attachments, cases, events, matters


@pytest.fixture
def city(tmp_path):
    with_rooms = flowing.opened(flowing.build(tmp_path / "home"))
    yield with_rooms
    with_rooms.close()


@pytest.fixture
def worker(city):
    return city.people.actor(staffed.WORKER)


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    """One town for many reports; nobody minds what is in it."""
    with_rooms = flowing.opened(flowing.build(tmp_path_factory.mktemp("steady") / "home"))
    yield with_rooms
    with_rooms.close()


def fields(error):
    return {fault.field for fault in error.faults}


def refused(city, actor, **more):
    with pytest.raises(InputError) as error:
        city.reporting.report(actor, new(**more))
    assert all(fault.rule and fault.cure for fault in error.value.faults)
    return error.value


def photo(city, by, number=1):
    row = {
        "digest": "d",
        "kind": "image/jpeg",
        "bytes": 1,
        "width": 1,
        "height": 1,
        "at": NOW,
        "by": by,
        "id": number,
    }
    with city.store.write() as connection:
        connection.execute(attachments.insert().values(row))
    return number


def count(city, table):
    with city.store.read() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_a_report_goes_to_the_desk_the_rules_name_and_its_clocks_run(city, worker):
    receipt = city.reporting.report(
        worker, new(text="井盖松动", address="平原路", contact="138")
    )
    case = city.matters.case(receipt.matter)
    assert (case.status, case.office, case.department, case.reporter) == (
        Status.REPORTED,
        staffed.VILLAGE_DESK,
        "城市管理局",
        staffed.WORKER,
    )
    assert receipt.number == "410702-C01-20240521-000001"
    assert (receipt.created, receipt.office, receipt.grid) == (
        True,
        staffed.VILLAGE_DESK,
        town.BUSY,
    )
    clocks = city.limits.deadlines
    assert receipt.due_at == case.due_at == clocks.whole(COVER, NOW) > 0
    assert case.step_due_at == clocks.step("accept", COVER, NOW) > 0
    with city.store.read() as connection:
        assert connection.scalar(select(matters.c.worker)) == 1


def test_without_a_rule_it_waits_in_the_dispatchers_queue(city, worker):
    assert city.reporting.report(worker, new(QUARREL)).office == 0


def test_a_desk_that_takes_it_in_at_the_counter_keeps_it(city):
    clerk = city.people.actor(staffed.COUNTY_CLERK)
    assert (
        city.reporting.report(clerk, new(channel=Channel.CENTRE)).office
        == staffed.COUNTY_DESK
    )
    away = {"lon": town.WEST + 0.005, "lat": town.SOUTH + 0.035}  # another county
    assert (
        city.reporting.report(clerk, new(channel=Channel.CENTRE, **away)).office
        != staffed.COUNTY_DESK
    )


def test_sent_again_it_is_the_same_report(city, worker):
    first = city.reporting.report(worker, new(client_id="phone-1", text="一"))
    flowing.play(city, first.matter, (staffed.CLERK, flowing.Order("accept")))
    again = city.reporting.report(worker, new(client_id="phone-1", text="一"))
    assert (again.created, again.matter, again.receipt) == (
        False,
        first.matter,
        first.receipt,
    )
    assert again.status is Status.ACCEPTED
    assert count(city, matters) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"text": "二"},
        {"lon": HERE[0] + 1e-7},
        {"category": "C02"},
        {"contact": "1"},
        {"channel": Channel.CENTRE},
    ],
)
def test_another_content_under_the_same_id_is_a_conflict(city, worker, other):
    city.reporting.report(worker, new(client_id="phone-1", text="一"))
    with pytest.raises(ConflictError):
        city.reporting.report(
            worker, new(**{"client_id": "phone-1", "text": "一", **other})
        )
    assert count(city, matters) == 1


def test_two_users_may_use_the_same_id(city, worker):
    one = city.reporting.report(worker, new(client_id="1"))
    other = city.reporting.report(city.people.actor(staffed.NEIGHBOUR), new(client_id="1"))
    assert one.matter != other.matter


def test_fifty_identical_reports_at_once_give_one_row_and_one_receipt(city, worker):
    answers, ready = [], threading.Barrier(10)

    def send():
        ready.wait()
        for _ in range(5):
            receipt = city.reporting.report(worker, new(client_id="phone-1", text="一"))
            answers.append(receipt)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(one.matter, one.receipt) for one in answers}) == 1
    assert sum(one.created for one in answers) == 1
    assert (count(city, matters), count(city, cases)) == (1, 1)


def test_one_bad_report_does_not_spoil_the_others(city, worker):
    sent = [
        new(client_id="a"),
        new(client_id="b", category="X99"),
        new(client_id="a"),
        new(client_id="a", text="anders"),
        new(client_id="c", lon=math.nan),
        new(client_id="d", photos=(77,)),
        new(client_id="e", parent=999),
        new(client_id="f"),
    ]
    answers = city.reporting.report_many([(worker, one) for one in sent])
    kinds = [type(answer) for answer in answers]
    assert kinds == [
        Receipt,
        InputError,
        Receipt,
        ConflictError,
        InputError,
        InputError,
        InputError,
        Receipt,
    ]
    assert [answers[at].created for at in (0, 2, 7)] == [True, False, True]
    assert answers[0].receipt == answers[2].receipt
    assert count(city, matters) == 2
    assert answers[7].number.endswith("-000002")  # what was refused took no number


def test_reports_of_many_people_go_into_one_transaction(city):
    begun = []
    from sqlalchemy import event  # noqa: PLC0415

    event.listen(city.store.engine, "commit", lambda _: begun.append(1))
    actors = [
        city.people.actor(user)
        for user in (staffed.WORKER, staffed.NEIGHBOUR, staffed.CLERK)
    ]
    answers = city.reporting.report_many(
        [(actor, new(text=f"{turn}")) for turn in range(20) for actor in actors]
    )
    assert all(isinstance(answer, Receipt) for answer in answers)
    assert len({answer.number for answer in answers}) == 60
    assert len(begun) == 1


def test_everything_wrong_is_said_at_once(city, worker):
    error = refused(
        city,
        worker,
        category="C",
        lon=math.inf,
        lat="35",
        text="a\0b",
        address="x" * 201,
        contact="\ud800",
        client_id="y" * 201,
        reported_at=NOW + 3_600,
        photos=(0,),
        parent=-1,
        channel="fax",
    )
    assert fields(error) == {
        "category",
        "lon",
        "lat",
        "text",
        "address",
        "contact",
        "client_id",
        "reported_at",
        "photos",
        "parent",
        "channel",
    }


@pytest.mark.parametrize("category", ["", "C", "X", "c01", "C01 ", "C01\0", "井盖"])
def test_a_category_that_is_none_or_has_others_below_it_is_refused(city, worker, category):
    assert fields(refused(city, worker, category=category)) == {"category"}


def test_swapped_axes_and_metres_are_refused_with_a_hint(city, worker):
    lon, lat = HERE
    swapped = refused(city, worker, lon=lat, lat=lon)
    assert "swapped" in swapped.faults[0].cure
    metres = refused(city, worker, lon=12_668_000.0, lat=4_205_000.0)
    assert "metres" in metres.faults[0].cure
    assert "coordinate system" in refused(city, worker, lon=2.35, lat=48.86).faults[0].cure


def test_a_place_beside_the_city_is_refused(city, worker):
    assert fields(refused(city, worker, lon=town.WEST - 0.001)) == {"lon, lat"}


@pytest.mark.parametrize("value", [math.nan, math.inf, 10**400, True, None, "113.8"])
def test_what_is_no_coordinate_is_refused(city, worker, value):
    assert fields(refused(city, worker, lon=value)) == {"lon"}


@pytest.mark.parametrize("at", [NOW + 301, NOW - OLDEST_S - 1, -5, True, 1.5])
def test_a_time_in_the_future_or_long_past_is_refused(city, worker, at):
    assert fields(refused(city, worker, reported_at=at)) == {"reported_at"}


def test_a_report_of_yesterday_keeps_its_time_and_is_clocked_from_today(city, worker):
    receipt = city.reporting.report(worker, new(reported_at=NOW - 86_400))
    case = city.matters.case(receipt.matter)
    assert (case.reported_at, case.since) == (NOW - 86_400, NOW)
    assert receipt.number.split("-")[2] == "20240520"


def test_a_phone_whose_clock_is_a_little_ahead_reports_now(city, worker):
    receipt = city.reporting.report(worker, new(reported_at=NOW + 120))
    assert city.matters.case(receipt.matter).reported_at == NOW


@pytest.mark.parametrize(
    "words",
    [HOSTILE, "  a  ", "一" * 2_000, "\u202e\u2067RTL", "line\r\nline\ttab", "👩‍👩‍👧", ""],
)
def test_words_are_given_back_as_they_came(city, worker, words):
    receipt = city.reporting.report(
        worker, new(text=words, address=words[:200], contact=words[:200])
    )
    dossier = city.matters.get(worker, receipt.matter)
    assert (dossier.text, dossier.address, dossier.contact) == (
        words,
        words[:200],
        words[:200],
    )
    assert city.matters.find(MatterFilter())["text"].tolist() == [words]


@given(words=st.text(max_size=300))
@hypothesis_settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_words_are_kept_or_refused_by_name(steady, words):
    worker = steady.people.actor(staffed.WORKER)
    answer = steady.reporting.report_many([(worker, new(text=words))])[0]
    if isinstance(answer, InputError):
        assert "\0" in words
        assert fields(answer) == {"text"}
    else:
        assert steady.matters.get(worker, answer.matter).text == words


@given(
    category=st.one_of(st.sampled_from([COVER, "C", ""]), st.text(max_size=5)),
    lon=st.one_of(
        st.just(HERE[0]), st.floats(), st.integers(), st.none(), st.text(max_size=3)
    ),
    lat=st.one_of(st.just(HERE[1]), st.floats(), st.integers()),
    at=st.one_of(st.just(0), st.integers(), st.none()),
)
@hypothesis_settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_sent_is_taken_in_or_refused_with_a_cure(
    steady, category, lon, lat, at
):
    sent = NewMatter(category=category, lon=lon, lat=lat, reported_at=at)
    answer = steady.reporting.report_many([(steady.people.actor(staffed.WORKER), sent)])[0]
    assert isinstance(answer, (Receipt, InputError))
    if isinstance(answer, InputError):
        assert all(fault.cure and fault.field for fault in answer.faults)


def test_photos_of_one_s_own_go_with_the_report(city, worker):
    mine, other = photo(city, staffed.WORKER, 1), photo(city, staffed.NEIGHBOUR, 2)
    receipt = city.reporting.report(worker, new(photos=(mine,)))
    assert city.matters.get(worker, receipt.matter).photos == [mine]
    assert fields(refused(city, worker, photos=(other,))) == {"photos"}
    assert fields(refused(city, worker, photos=(mine,))) == {"photos"}
    assert count(city, matters) == 1
    assert count(city, events) == 1


def test_a_report_may_say_what_it_repeats(city, worker):
    first = city.reporting.report(worker, new())
    second = city.reporting.report(worker, new(parent=first.matter))
    assert city.matters.case(second.matter).parent == first.matter
    assert fields(refused(city, worker, parent=second.matter)) == {"parent"}


def test_a_category_that_has_just_gone_is_refused_and_the_others_stay(
    city, worker, monkeypatch
):
    city.reporting.ground  # noqa: B018  (what it knew before)
    tree = city.categories()
    left = tree[tree["code"] != "C02"].rename(columns={"name": "zh"})
    monkeypatch.setattr("gridmap.city.base.ground.LOOK_EVERY_S", 3_600.0)
    city.reporting._grounds._look_at = math.inf
    replace_categories(city.store, left)
    answers = city.reporting.report_many([(worker, new("C02")), (worker, new(COVER))])
    assert isinstance(answers[0], InputError)
    assert isinstance(answers[1], Receipt)


def test_a_new_category_is_known_at_once(city, worker):
    city.reporting.report(worker, new())
    tree = city.categories().rename(columns={"name": "zh"})
    tree.loc[len(tree)] = {**tree.iloc[1].to_dict(), "code": "C03", "zh": "护栏"}
    replace_categories(city.store, tree)
    city.reporting._grounds._look_at = 0.0
    assert city.reporting.report(worker, new("C03")).number.startswith("410702-C03-")


def test_taking_reports_in_reads_no_facts(city, worker, monkeypatch):
    def fail(*_args, **_kwargs):
        raise AssertionError("read every matter of the city")

    monkeypatch.setattr("gridmap.city.base.data.read", fail)
    monkeypatch.setattr("gridmap.store.look.facts.load", fail)
    receipt = city.reporting.report(worker, new())
    flowing.play(city, receipt.matter, (staffed.CLERK, flowing.Order("accept")))
    city.matters.get(worker, receipt.matter)
    city.matters.journal(receipt.matter)
    city.matters.find(MatterFilter(categories=("C",)))
    city.matters.duplicates(COVER, *HERE, at=NOW)
    city.matters.by_receipt(receipt.receipt)
