"""Moves given at the front desk: who, to whom, on what they saw; what others are told; what
readers may see.
"""

import json
import threading

import flowing
import pytest
import staffed
from flowing import COVER, HOSTILE, NOW, new, play
from sqlalchemy import select

from gridmap.cases.actors import NOBODY
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.conditions import YOU_HANDLED
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.city.flow.moving import NO_PARENT, NO_PERSON, NOT_OF_OFFICE, NOT_THERE
from gridmap.errors import (
    ForbiddenError,
    GridmapError,
    InputError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from gridmap.model import Status
from gridmap.store.flow import cases as store_cases
from gridmap.store.tables import attachments, outbox

ACCEPT = (staffed.CLERK, Act.ACCEPT)
DISPATCH = (staffed.CLERK, Order(Act.DISPATCH, office=staffed.WORKS))
TAKE = (staffed.HANDLER, Act.HANDLE)
ANSWER = (staffed.HANDLER, Order(Act.ANSWER, reason="修好了"))
CLOSE = (staffed.VERIFIER, Act.CLOSE)


@pytest.fixture
def city(tmp_path):
    with_rooms = flowing.opened(flowing.build(tmp_path / "home"))
    yield with_rooms
    with_rooms.close()


@pytest.fixture
def matter(city):
    """A cover reported by a resident, at the village's desk."""
    return city.reporting.report(
        actor(city, staffed.PUBLIC), new(text="井盖松动", contact="138", address="平原路")
    ).matter


def actor(city, user, **more):
    return city.people.actor(user, **more)


def refusal(city, matter, user, order, *, version=None):
    case = city.matters.case(matter)
    with pytest.raises(RefusedError) as refused:
        city.matters.move(
            actor(city, user),
            matter,
            order,
            version=case.version if version is None else version,
        )
    assert city.matters.case(matter) == case
    return refused.value


def messages(city):
    with city.store.read() as connection:
        return [
            json.loads(payload)
            for payload in connection.scalars(
                select(outbox.c.payload).order_by(outbox.c.id)
            )
        ]


def test_the_closed_loop_is_walked_by_the_people_of_the_town(city, matter):
    case = play(
        city,
        matter,
        ACCEPT,
        DISPATCH,
        TAKE,
        ANSWER,
        CLOSE,
        (staffed.PUBLIC, Order(Act.EVALUATE, rating=5)),
    )
    assert (case.status, case.rating, case.office) == (Status.CLOSED, 5, staffed.WORKS)
    journal = city.matters.journal(matter)
    assert journal["move"].tolist() == [
        "report",
        "accept",
        "dispatch",
        "handle",
        "answer",
        "close",
        "evaluate",
    ]
    assert journal["office"].tolist() == [staffed.VILLAGE_DESK] * 2 + [staffed.WORKS] * 5
    assert journal["status"].tolist() == [0, 1, 2, 3, 8, 4, 4]
    assert journal["actor_name"].tolist()[:2] == [
        f"用户{staffed.PUBLIC}",
        f"用户{staffed.CLERK}",
    ]
    assert journal["reason"].tolist()[4] == "修好了"
    assert isinstance(journal["data"].iloc[0], dict)
    with city.store.read() as connection:
        assert engine.replay(MATTER, matter, store_cases.steps(connection, matter)) == case


def test_the_second_of_two_is_told_what_the_first_did(city, matter):
    play(city, matter, ACCEPT)
    with pytest.raises(StaleError) as stale:
        city.matters.move(
            actor(city, staffed.DISPATCHER),
            matter,
            Order(Act.REJECT, reason="x"),
            version=1,
        )
    assert [(step.act, step.actor) for step in stale.value.since] == [
        (Act.ACCEPT, staffed.CLERK)
    ]


def test_of_many_who_accept_at_once_one_does(city, matter):
    told, ready = [], threading.Barrier(8)

    def accept():
        ready.wait()
        try:
            told.append(
                city.matters.move(
                    actor(city, staffed.CLERK), matter, Order(Act.ACCEPT), version=1
                ).version
            )
        except GridmapError as error:
            told.append(type(error))

    threads = [threading.Thread(target=accept) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told, key=str) == sorted([2, *[StaleError] * 7], key=str)
    assert len(city.matters.journal(matter)) == 2


def test_possible_moves_are_those_that_are_let_through(city, matter):
    assert Act.ACCEPT in city.matters.possible(actor(city, staffed.CLERK), matter)
    assert city.matters.possible(actor(city, staffed.OTHER_CLERK), matter) == ()
    assert city.matters.possible(NOBODY, matter) == ()
    refused = refusal(city, matter, staffed.CLERK, Order(Act.CLOSE))
    assert refused.possible == city.matters.possible(actor(city, staffed.CLERK), matter)


def test_a_matter_goes_to_offices_of_its_place_only(city, matter):
    play(city, matter, ACCEPT)
    for office in (staffed.OTHER_WORKS, staffed.NEXT_VILLAGE, 999):
        refused = refusal(city, matter, staffed.CLERK, Order(Act.DISPATCH, office=office))
        assert refused.why == NOT_THERE
        assert Act.DISPATCH in refused.possible
    assert (
        play(
            city,
            matter,
            (staffed.CLERK, Order(Act.TRANSFER, office=staffed.POLICE, reason="归公安")),
        ).office
        == staffed.POLICE
    )


def test_a_whistle_goes_one_level_up_or_sideways(city, matter):
    play(city, matter, ACCEPT)
    up_two = Order(Act.WHISTLE, office=staffed.COUNTY_DESK, reason="够不着")
    assert refusal(city, matter, staffed.CLERK, up_two).why == NOT_THERE
    case = play(
        city,
        matter,
        (staffed.CLERK, Order(Act.WHISTLE, office=staffed.TOWNSHIP_DESK, reason="够不着")),
    )
    assert (case.office, case.whistle_open) == (staffed.TOWNSHIP_DESK, True)


def test_work_goes_to_people_of_the_office(city, matter):
    play(city, matter, ACCEPT)
    assert (
        refusal(city, matter, staffed.CLERK, Order(Act.ASSIGN, person=staffed.HANDLER)).why
        == NOT_OF_OFFICE
    )
    assert (
        refusal(city, matter, staffed.CLERK, Order(Act.ASSIGN, person=staffed.GONE)).why
        == NO_PERSON
    )
    assert (
        refusal(city, matter, staffed.CLERK, Order(Act.ASSIGN, person=4_711)).why
        == NO_PERSON
    )
    wrong = Order(Act.DISPATCH, office=staffed.WORKS, person=staffed.WORKER)
    assert refusal(city, matter, staffed.CLERK, wrong).why == NOT_OF_OFFICE
    case = play(
        city,
        matter,
        (
            staffed.CLERK,
            Order(Act.DISPATCH, office=staffed.WORKS, person=staffed.SECOND_HANDLER),
        ),
    )
    assert (case.office, case.person) == (staffed.WORKS, staffed.SECOND_HANDLER)


def test_who_handled_may_not_verify_standing_in_for_the_verifier(city, matter):
    play(city, matter, ACCEPT, DISPATCH, TAKE, ANSWER)
    city.absences.add(
        actor(city, staffed.ADMIN),
        staffed.VERIFIER,
        starts=NOW - 60,
        stand_in=staffed.COUNTY_CLERK,
        reason="病假",
    )
    stand_in = actor(city, staffed.COUNTY_CLERK, instead_of=staffed.VERIFIER)
    version = city.matters.case(matter).version
    assert Act.CLOSE in city.matters.possible(stand_in, matter)
    handled = flowing.Order(Act.REWORK, reason="没修好")
    assert city.matters.move(stand_in, matter, handled, version=version).reworks == 1
    journal = city.matters.journal(matter)
    assert journal["data"].iloc[-1]["instead_of"] == staffed.VERIFIER
    play(city, matter, ANSWER)
    as_verifier = staffed_as(actor(city, staffed.HANDLER), actor(city, staffed.VERIFIER))
    with pytest.raises(RefusedError) as refused:
        city.matters.move(
            as_verifier,
            matter,
            Order(Act.CLOSE),
            version=city.matters.case(matter).version,
        )
    assert refused.value.why == YOU_HANDLED.words


def staffed_as(person, absent):
    from dataclasses import replace  # noqa: PLC0415

    return replace(absent, user=person.user, instead_of=absent.user)


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order(Act.REJECT, reason="a\0b"), "reason"),
        (Order(Act.REJECT, reason="x" * 2_001), "reason"),
        (Order(Act.REJECT, reason="\udc00"), "reason"),
        (Order(Act.DISPATCH, office=2**40), "office"),
        (Order(Act.DISPATCH, office=True), "office"),
        (Order(Act.ASSIGN, person=-1), "person"),
        (Order(Act.ASK_EXTENSION, until=10**12, reason="x"), "until"),
        (Order(Act.NOTE, reason="x", attachments=(0,)), "photos"),
        (Order(Act.NOTE, reason="x", attachments=tuple(range(1, 99))), "photos"),
    ],
)
def test_an_order_that_cannot_be_written_down_is_refused_by_field(
    city, matter, order, field
):
    with pytest.raises(InputError) as error:
        city.matters.move(actor(city, staffed.CLERK), matter, order, version=1)
    assert {fault.field for fault in error.value.faults} == {field}


def test_hostile_reasons_are_given_back_as_they_came(city, matter):
    play(city, matter, (staffed.CLERK, Order(Act.NOTE, reason=HOSTILE)))
    assert city.matters.journal(matter)["reason"].tolist()[-1] == HOSTILE


def test_photos_go_with_the_step_or_the_step_is_not_made(city, matter):
    row = {
        "digest": "d",
        "kind": "image/jpeg",
        "bytes": 1,
        "width": 1,
        "height": 1,
        "at": NOW,
        "by": staffed.CLERK,
        "id": 5,
    }
    with city.store.write() as connection:
        connection.execute(attachments.insert().values(row))
    with pytest.raises(InputError):
        play(city, matter, (staffed.CLERK, Order(Act.NOTE, reason="x", attachments=(5, 6))))
    assert city.matters.case(matter).version == 1
    play(city, matter, (staffed.CLERK, Order(Act.NOTE, reason="x", attachments=(5,))))
    assert city.matters.get(actor(city, staffed.CLERK), matter).photos == [5]
    assert city.matters.journal(matter)["data"].iloc[-1]["attachments"] == [5]


def test_links_are_made_on_purpose_and_can_be_undone(city, matter):
    resident = actor(city, staffed.PUBLIC)
    again, third = (
        city.reporting.report(resident, new(text=words)).matter
        for words in ("又一个", "再一个")
    )
    play(city, again, (staffed.CLERK, Order(Act.LINK, parent=matter)))
    assert (
        refusal(city, third, staffed.CLERK, Order(Act.LINK, parent=again)).why == NO_PARENT
    )
    assert (
        refusal(city, matter, staffed.CLERK, Order(Act.LINK, parent=third)).why == NO_PARENT
    )
    assert (
        refusal(city, third, staffed.CLERK, Order(Act.LINK, parent=12_345)).why == NO_PARENT
    )
    assert city.matters.case(again).is_open  # a link is no merge: both go on
    assert play(city, again, (staffed.CLERK, Act.UNLINK)).parent == 0


def test_others_are_told_of_states_whistles_and_supervision_without_anybodys_words(
    city, matter
):
    play(
        city,
        matter,
        ACCEPT,
        (staffed.CLERK, Order(Act.NOTE, reason=HOSTILE)),
        (staffed.VILLAGE_CHIEF, Order(Act.SUPERVISE, reason="抓紧")),
        (staffed.CLERK, Order(Act.WHISTLE, office=staffed.TOWNSHIP_DESK, reason=HOSTILE)),
    )
    told = messages(city)
    assert [(one["event"], one["move"]) for one in told] == [
        ("status", "accept"),
        ("supervise", "supervise"),
        ("whistle", "whistle"),
    ]
    assert told[2]["office"] == staffed.TOWNSHIP_DESK
    assert len(told[0]["receipt"]) == 10
    assert HOSTILE not in json.dumps(told, ensure_ascii=False)
    assert "138" not in [value for one in told for value in one.values()]


def test_a_move_that_is_refused_tells_nobody(city, matter):
    refusal(city, matter, staffed.CLERK, Order(Act.CLOSE))
    assert messages(city) == []


def test_the_contact_is_for_who_handles_the_matter_and_who_gave_it(city, matter):
    def seen(user):
        return city.matters.get(actor(city, user), matter).contact

    assert seen(staffed.PUBLIC) == seen(staffed.CLERK) == seen(staffed.DISPATCHER) == "138"
    others = (
        staffed.HANDLER,
        staffed.OTHER_CLERK,
        staffed.COUNTY_CHIEF,
        staffed.ADMIN,
        staffed.VERIFIER,
        staffed.COMMANDER,
    )
    assert {seen(user) for user in others} == {""}
    play(city, matter, ACCEPT, DISPATCH)
    assert seen(staffed.HANDLER) == "138"
    assert seen(staffed.CLERK) == ""


def test_a_resident_sees_their_own_matters_only(city, matter):
    other = city.reporting.report(actor(city, staffed.WORKER), new()).matter
    with pytest.raises(ForbiddenError):
        city.matters.get(actor(city, staffed.PUBLIC), other)
    with pytest.raises(ForbiddenError):
        city.matters.get(NOBODY, matter)
    own = city.matters.get(actor(city, staffed.PUBLIC), matter)
    assert (len(own.receipt), own.editable) == (10, True)
    assert city.matters.get(actor(city, staffed.CLERK), matter).receipt == ""


def test_a_receipt_tells_how_the_matter_stands(city):
    receipt = city.reporting.report(actor(city, staffed.PUBLIC), new())
    play(city, receipt.matter, ACCEPT)
    spaced = f" {receipt.receipt[:5].lower()} {receipt.receipt[5:]}"
    card = city.matters.by_receipt(spaced)
    assert (card.number, card.status, card.category_code) == (
        receipt.number,
        Status.ACCEPTED,
        COVER,
    )
    assert card.due_at == city.matters.case(receipt.matter).due_at > 0


@pytest.mark.parametrize(
    "receipt",
    ["", "ABC", "0" * 10, "2222222222", "' OR 1=1 --", "\0" * 10, "我" * 10, "A" * 5_000],
)
def test_what_is_no_receipt_is_not_found(city, matter, receipt):
    with pytest.raises(NotFoundError):
        city.matters.by_receipt(receipt)


def test_a_matter_that_is_not_there_is_not_found(city):
    clerk = actor(city, staffed.CLERK)
    for number in (0, -3, 999, 2**80):
        for ask in (
            city.matters.case,
            city.matters.journal,
            lambda one: city.matters.get(clerk, one),
        ):
            with pytest.raises(NotFoundError):
                ask(number)
        with pytest.raises(NotFoundError):
            city.matters.move(clerk, number, Order(Act.NOTE, reason="x"), version=1)


def test_a_parked_matter_stands_still_and_goes_on_with_what_was_left(city, matter):
    before = play(city, matter, ACCEPT)
    parked = play(city, matter, (staffed.DISPATCHER, Order(Act.PARK, reason="等材料")))
    assert (parked.due_at, parked.step_due_at) == (0, 0)
    resumed = play(city, matter, (staffed.DISPATCHER, Act.RESUME))
    assert (resumed.status, resumed.due_at) == (Status.ACCEPTED, before.due_at)
