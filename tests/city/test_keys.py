import base64
import threading
import time
from hashlib import sha256

import pytest
import staffed
import town
from sqlalchemy import select, update
from staffed import ADMIN, CLERK, COUNTY_ADMIN, GONE, HANDLER, OTHER_CLERK, WORKER
from town import BUSY

from gridmap.cases.actors import SYSTEM
from gridmap.city import City
from gridmap.city.base import watched
from gridmap.errors import ForbiddenError, InputError, NotFoundError
from gridmap.store import Store
from gridmap.store.people.people import put_user
from gridmap.store.tables import device_keys


@pytest.fixture
def city(tmp_path):
    opened = City.open(staffed.staff_town(town.build(tmp_path)))
    yield opened
    opened.close()


@pytest.fixture
def people(city):
    return city.people


def test_a_key_acts_as_its_user_and_reports_where_the_user_answers(people):
    key = people.make_key(SYSTEM, WORKER, label="手机")
    actor, areas = people.actor_of_key(key)
    assert actor == people.actor(WORKER)
    assert areas == actor.areas == (BUSY, town.code(0, 1))


def test_a_key_may_be_bound_to_fewer_places(people):
    key = people.make_key(SYSTEM, WORKER, label="手机", areas=[BUSY, BUSY])
    assert people.actor_of_key(key)[1] == (BUSY,)
    with pytest.raises(InputError) as refused:
        people.make_key(SYSTEM, WORKER, label=" ", areas=[town.code(3, 3), 12])
    assert [fault.field for fault in refused.value.faults] == ["label", "areas", "code"]


def test_of_a_key_only_the_digest_is_kept(people, city):
    key = people.make_key(SYSTEM, WORKER, label="手机")
    assert len(base64.urlsafe_b64decode(key + "=")) == 32
    assert people.make_key(SYSTEM, WORKER, label="手机") != key
    with city.store.read() as connection:
        rows = connection.execute(select(device_keys).order_by(device_keys.c.id)).all()
    assert rows[0].digest == sha256(key.encode()).hexdigest()
    assert key not in str(rows)


@pytest.mark.parametrize(
    "key", ["", "x", "x" * 43, "x" * 100_000, "\udc80", "钥匙", "a\x00b"]
)
def test_an_unknown_key_is_refused(people, key):
    with pytest.raises(ForbiddenError):
        people.actor_of_key(key)


def test_a_revoked_key_stops_at_once(people):
    key, other = (people.make_key(SYSTEM, WORKER, label=label) for label in "ab")
    people.actor_of_key(key)
    number = int(people.keys(WORKER).set_index("label").loc["a", "id"])
    people.revoke_key(SYSTEM, number)
    with pytest.raises(ForbiddenError):
        people.actor_of_key(key)
    people.actor_of_key(other)
    revoked = people.keys(WORKER).set_index("label")["revoked_at"]
    assert revoked["a"] > 0 == revoked["b"]
    people.revoke_key(SYSTEM, number)
    assert people.keys(WORKER).set_index("label")["revoked_at"]["a"] == revoked["a"], (
        "the first time counts"
    )
    with pytest.raises(NotFoundError):
        people.revoke_key(SYSTEM, 999)


def test_a_key_revoked_by_another_process_stops_within_a_second(people, city):
    key = people.make_key(SYSTEM, WORKER, label="手机")
    people.actor_of_key(key)
    other = City.open(city.settings)
    other.people.revoke_key(SYSTEM, 1)
    other.close()
    time.sleep(watched.LOOK_EVERY_S)
    with pytest.raises(ForbiddenError):
        people.actor_of_key(key)


def test_the_key_of_somebody_who_left_is_refused(people, city):
    key = people.make_key(SYSTEM, CLERK, label="手机")
    with Store.open(city.settings) as store:
        put_user(
            store,
            {
                "login": "clerk",
                "name": "丙",
                "role": "clerk",
                "area": 4107,
                "active": False,
            },
        )
    time.sleep(watched.LOOK_EVERY_S)
    with pytest.raises(ForbiddenError):
        people.actor_of_key(key)
    with pytest.raises(ForbiddenError):
        people.make_key(SYSTEM, GONE, label="手机")


def test_use_is_noted_at_most_once_a_minute(people, city, monkeypatch):
    key = people.make_key(SYSTEM, WORKER, label="手机")
    assert people.keys(WORKER)["used_at"].tolist() == [0]
    people._note_at = 0.0

    def noted():
        with city.store.read() as connection:
            return connection.scalar(select(device_keys.c.used_at))

    people.actor_of_key(key)
    first = noted()
    assert first > 0
    with city.store.write() as connection:
        connection.execute(update(device_keys).values(used_at=5))
    people.actor_of_key(key)
    assert noted() == 5, "a second use within the minute writes nothing"
    people._note_at = 0.0
    people.actor_of_key(key)
    assert noted() >= first
    assert people.keys(WORKER)["used_at"].tolist() == [noted()]


def test_many_threads_may_use_keys_while_keys_are_made_and_revoked(people):
    key = people.make_key(SYSTEM, WORKER, label="手机")
    failures = []

    def use():
        for _ in range(300):
            try:
                people.actor_of_key(key)
            except Exception as error:  # noqa: BLE001
                failures.append(error)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        extra = people.make_key(SYSTEM, HANDLER, label="另一")
        people.revoke_key(SYSTEM, int(people.keys(HANDLER)["id"].iloc[0]))
        with pytest.raises(ForbiddenError):
            people.actor_of_key(extra)
    for thread in threads:
        thread.join()
    assert failures == []


def test_users_have_keys_of_their_own_and_others_only_from_who_answers_for_them(people):
    act = people.actor
    for user in (CLERK, ADMIN, COUNTY_ADMIN, WORKER):
        people.make_key(act(user), WORKER, label=str(user))
    for user in (OTHER_CLERK, HANDLER):
        with pytest.raises(ForbiddenError):
            people.make_key(act(user), WORKER, label="x")
        with pytest.raises(ForbiddenError):
            people.revoke_key(act(user), 1)
    people.revoke_key(act(WORKER), 1)
    with pytest.raises(ForbiddenError):
        people.make_key(act(COUNTY_ADMIN), ADMIN, label="x")
