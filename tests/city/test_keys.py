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
from gridmap.store.opening import open_store
from gridmap.store.people.people import put_user
from gridmap.store.tables import device_keys


@pytest.fixture
def city(tmp_path):
    opened = City.open(staffed.staff_town(town.build(tmp_path)))
    yield opened
    opened.close()


def test_a_key_acts_as_its_user_and_reports_where_the_user_answers(city):
    key = city.keys.make(SYSTEM, WORKER, label="手机")
    actor, areas = city.keys.actor_of(key)
    assert actor == city.people.actor(WORKER)
    assert areas == actor.areas == (BUSY, town.code(0, 1))


def test_a_key_may_be_bound_to_fewer_places(city):
    key = city.keys.make(SYSTEM, WORKER, label="手机", areas=[BUSY, BUSY])
    assert city.keys.actor_of(key)[1] == (BUSY,)
    with pytest.raises(InputError) as refused:
        city.keys.make(SYSTEM, WORKER, label=" ", areas=[town.code(3, 3), 12])
    assert [fault.field for fault in refused.value.faults] == ["label", "areas", "code"]


def test_of_a_key_only_the_digest_is_kept(city):
    key = city.keys.make(SYSTEM, WORKER, label="手机")
    assert len(base64.urlsafe_b64decode(key + "=")) == 32
    assert city.keys.make(SYSTEM, WORKER, label="手机") != key
    with city.store.read() as connection:
        rows = connection.execute(select(device_keys).order_by(device_keys.c.id)).all()
    assert rows[0].digest == sha256(key.encode()).hexdigest()
    assert key not in str(rows)


@pytest.mark.parametrize(
    "key", ["", "x", "x" * 43, "x" * 100_000, "\udc80", "钥匙", "a\x00b"]
)
def test_an_unknown_key_is_refused(city, key):
    with pytest.raises(ForbiddenError):
        city.keys.actor_of(key)


def test_a_revoked_key_stops_at_once(city):
    key, other = (city.keys.make(SYSTEM, WORKER, label=label) for label in "ab")
    city.keys.actor_of(key)
    number = int(city.keys.listed(WORKER).set_index("label").loc["a", "id"])
    city.keys.revoke(SYSTEM, number)
    with pytest.raises(ForbiddenError):
        city.keys.actor_of(key)
    city.keys.actor_of(other)
    revoked = city.keys.listed(WORKER).set_index("label")["revoked_at"]
    assert revoked["a"] > 0 == revoked["b"]
    city.keys.revoke(SYSTEM, number)
    assert city.keys.listed(WORKER).set_index("label")["revoked_at"]["a"] == revoked["a"], (
        "the first time counts"
    )
    with pytest.raises(NotFoundError):
        city.keys.revoke(SYSTEM, 999)


def test_a_key_revoked_by_another_process_stops_within_a_second(city):
    key = city.keys.make(SYSTEM, WORKER, label="手机")
    city.keys.actor_of(key)
    other = City.open(city.settings)
    other.keys.revoke(SYSTEM, 1)
    other.close()
    time.sleep(watched.LOOK_EVERY_S)
    with pytest.raises(ForbiddenError):
        city.keys.actor_of(key)


def test_the_key_of_somebody_who_left_is_refused(city):
    key = city.keys.make(SYSTEM, CLERK, label="手机")
    with open_store(city.settings) as store:
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
        city.keys.actor_of(key)
    with pytest.raises(ForbiddenError):
        city.keys.make(SYSTEM, GONE, label="手机")


def test_use_is_noted_at_most_once_a_minute(city, monkeypatch):
    key = city.keys.make(SYSTEM, WORKER, label="手机")
    assert city.keys.listed(WORKER)["used_at"].tolist() == [0]
    city.keys._note_at = 0.0

    def noted():
        with city.store.read() as connection:
            return connection.scalar(select(device_keys.c.used_at))

    city.keys.actor_of(key)
    first = noted()
    assert first > 0
    with city.store.write() as connection:
        connection.execute(update(device_keys).values(used_at=5))
    city.keys.actor_of(key)
    assert noted() == 5, "a second use within the minute writes nothing"
    city.keys._note_at = 0.0
    city.keys.actor_of(key)
    assert noted() >= first
    assert city.keys.listed(WORKER)["used_at"].tolist() == [noted()]


def test_many_threads_may_use_keys_while_keys_are_made_and_revoked(city):
    key = city.keys.make(SYSTEM, WORKER, label="手机")
    failures = []

    def use():
        for _ in range(300):
            try:
                city.keys.actor_of(key)
            except Exception as error:  # noqa: BLE001
                failures.append(error)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        extra = city.keys.make(SYSTEM, HANDLER, label="另一")
        city.keys.revoke(SYSTEM, int(city.keys.listed(HANDLER)["id"].iloc[0]))
        with pytest.raises(ForbiddenError):
            city.keys.actor_of(extra)
    for thread in threads:
        thread.join()
    assert failures == []


def test_users_have_keys_of_their_own_and_others_only_from_who_answers_for_them(city):
    act = city.people.actor
    for user in (CLERK, ADMIN, COUNTY_ADMIN, WORKER):
        city.keys.make(act(user), WORKER, label=str(user))
    for user in (OTHER_CLERK, HANDLER):
        with pytest.raises(ForbiddenError):
            city.keys.make(act(user), WORKER, label="x")
        with pytest.raises(ForbiddenError):
            city.keys.revoke(act(user), 1)
    city.keys.revoke(act(WORKER), 1)
    with pytest.raises(ForbiddenError):
        city.keys.make(act(COUNTY_ADMIN), ADMIN, label="x")
