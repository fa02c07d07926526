"""A new kind of record is a declaration: a toy one is driven through store, room and form."""

import pytest
import toykind
from shown import words
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from toykind import PLAYGROUND, PLAYGROUNDS, TABLES, State

from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.errors import (
    ConflictError,
    ForbiddenError,
    InputError,
    RefusedError,
    StaleError,
)


@pytest.fixture(scope="module")
def room(own_city):
    TABLES.create_all(own_city.store.engine)
    return toykind.room_of(own_city)


def user_called(city, login):
    users = city.people.directory.users.values()
    number = next(user.id for user in users if user.login == login)
    return city.people.actor(number)


@pytest.fixture(scope="module")
def clerk(own_city):
    return user_called(own_city, "demo.clerk.village")


@pytest.fixture(scope="module")
def other(own_city):
    """Somebody else of the same place."""
    return user_called(own_city, "demo.chief.village")


def reported(room, clerk, **more):
    return Order("report", **{"area": clerk.areas[0], "title": "East park"} | more)


def test_it_is_made_once_and_every_fault_is_told(room, clerk):
    number = room.add(clerk, reported(room, clerk, note="By the school"), client_id="a")
    assert room.add(clerk, reported(room, clerk), client_id="a") == number
    with pytest.raises(ConflictError):
        room.add(clerk, reported(room, clerk, title="West park"), client_id="a")
    record = room.get(clerk, number)
    assert (record.title, record.note, record.state) == (
        "East park",
        "By the school",
        State.REPORTED,
    )
    with pytest.raises(InputError) as error:
        room.add(clerk, Order("report", area=1, title=" ", slide=3))
    assert {fault.field for fault in error.value.faults} == {"area", "title", "slide"}
    assert all(fault.cure for fault in error.value.faults)
    with pytest.raises(ForbiddenError):
        room.add(clerk, reported(room, clerk, area=4107))


def test_it_is_led_by_its_table(room, clerk, other):
    number = room.add(clerk, reported(room, clerk))
    assert room.possible(clerk, number) == ("inspect", "remark")
    with pytest.raises(RefusedError, match="swings, words") as refusal:
        room.act(clerk, number, Order("inspect"), version=1)
    assert refusal.value.possible == ("inspect", "remark")
    inspect = Order("inspect", swings=4, broken=True, words="A chain is gone.")
    inspected = room.act(clerk, number, inspect, version=1)
    assert (inspected.swings, inspected.broken, inspected.inspected_by) == (
        4,
        True,
        clerk.user,
    )
    with pytest.raises(RefusedError, match="inspected") as refusal:
        room.act(clerk, number, Order("repair"), version=2)
    assert refusal.value.status == 403
    safe = room.act(other, number, Order("repair"), version=2)
    assert (safe.state, safe.repairs) == (State.SAFE, 1)
    again = room.act(other, number, Order("reopen", words="Broken again"), version=3)
    assert (again.state, again.inspected_by, again.broken) == (State.REPORTED, 0, False)
    acts = room.history(clerk, number)["act"].tolist()
    assert acts == ["report", "inspect", "repair", "reopen"]


def test_a_record_stands_as_its_journal_tells(room, clerk, own_city):
    number = room.add(clerk, reported(room, clerk, note="x"))
    room.act(clerk, number, Order("inspect", swings=2, words="ok"), version=1)
    with own_city.store.read() as connection:
        entries = PLAYGROUNDS.entries(connection, number)
        assert engine.replay(PLAYGROUND, number, entries) == PLAYGROUNDS.load(
            connection, number
        )
        table = PLAYGROUNDS.read(connection, clerk.areas[0])
    row = table.set_index("id").loc[number]
    assert (row["swings"], row["broken"], row["note"]) == (2, False, "x")


def test_a_note_makes_nobodys_order_stale_and_a_move_does(room, clerk, other):
    number = room.add(clerk, reported(room, clerk))
    room.act(other, number, Order("remark", words="Seen from the road."), version=1)
    room.act(clerk, number, Order("inspect", swings=1, words="ok"), version=1)
    with pytest.raises(StaleError) as error:
        room.act(other, number, Order("inspect", swings=1, words="ok"), version=1)
    assert [entry.act for entry in error.value.since] == ["inspect"]


@pytest.fixture
def open_toy(room, own_city, clerk, monkeypatch):
    monkeypatch.setenv("GRIDMAP_HOME", str(own_city.settings.home))

    def run(number=0):
        app = AppTest.from_function(toykind.page, default_timeout=120)
        app.session_state["toy.number"] = number
        app.session_state["toy.area"] = clerk.areas[0]
        app.session_state["gridmap.user"] = clerk.user
        app.query_params["lang"] = "en"
        app.run()
        assert not app.exception, app.exception
        return app

    return run


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


def test_the_form_makes_one_and_tells_what_is_wrong(open_toy, room, clerk, own_city):
    app = open_toy()
    app.text_area(key="playground.new.0.note").set_value("By the river")
    press(app, "Report a playground")
    assert any("No title" in text.value for text in app.text)
    assert app.text_area(key="playground.new.0.note").value == "By the river"
    app.text_input(key="playground.new.0.title").set_value("North park")
    press(app, "Report a playground")
    with own_city.store.read() as connection:
        newest = select(toykind.playgrounds.c.id).order_by(toykind.playgrounds.c.id.desc())
        number = connection.scalar(newest.limit(1))
    record = room.get(clerk, number)
    assert (record.title, record.note) == ("North park", "By the river")
    assert "Report a playground" in words(app)


def test_the_form_keeps_what_was_typed_and_tells_what_others_did(
    open_toy, room, clerk, other
):
    number = room.add(clerk, reported(room, clerk))
    app = open_toy(number)
    app.number_input(key=f"playground.{number}.1.inspect.swings").set_value(7)
    app.text_area(key=f"playground.{number}.1.inspect.words").set_value("All chains whole.")
    theirs = Order("inspect", swings=6, words="One chain worn.")
    room.act(other, number, theirs, version=1)
    press(app, "Inspect it")
    shown = words(app)
    assert "Meanwhile:" in shown
    assert "One chain worn." in shown
    assert "You had written:" in shown
    assert "All chains whole." in shown
    assert room.get(clerk, number).version == 2
