"""Tasks from above on a phone: listed with their checklist, done once however often they
are sent, a hazard reported.
"""

import uuid

import pytest
import staffed
import town

from gridmap.calendar import to_epoch
from gridmap.city.town.newtask import NewTask

NOW = to_epoch(town.NOW)
QUESTIONS = ("有人在家？", "用电安全？")


@pytest.fixture
def task(api):
    chief = api.city.people.actor(staffed.VILLAGE_CHIEF)
    return api.city.tasks.make(
        chief, NewTask("visit", "走访", (staffed.VILLAGE,), QUESTIONS, NOW + 86_400)
    )


def done(client, task, grid=town.BUSY, **more):
    body = {
        "client_id": str(uuid.uuid4()),
        "answers": [True, False],
        "text": "已告知",
    } | more
    return client.post(f"/api/v1/rounds/{task}/{grid}", json=body)


def test_a_worker_sees_what_is_asked_of_their_grids(api, worker, task):
    found = [one for one in worker.get("/api/v1/me/rounds").json() if one["task"] == task]
    assert [one["grid"] for one in found] == [town.BUSY, town.BUSY + 1]
    assert (found[0]["checklist"], found[0]["title"], found[0]["kind"]) == (
        list(QUESTIONS),
        "走访",
        "visit",
    )
    with api.client(staffed.OTHER_CLERK) as other:
        assert task not in {one["task"] for one in other.get("/api/v1/me/rounds").json()}


def test_a_part_sent_again_is_done_once(worker, task):
    client_id = str(uuid.uuid4())
    assert done(worker, task, client_id=client_id).status_code == 201
    again = done(worker, task, client_id=client_id)
    assert (again.status_code, again.json()["created"]) == (200, False)
    assert [
        one["grid"] for one in worker.get("/api/v1/me/rounds").json() if one["task"] == task
    ] == [town.BUSY + 1]
    assert done(worker, task).status_code == 409


def test_a_hazard_found_is_a_matter_linked_to_the_task(api, worker, task):
    client_id = str(uuid.uuid4())
    found = {"category": "C01", "text": "井盖破损"}
    told = done(worker, task, client_id=client_id, found=found).json()
    assert (
        done(worker, task, client_id=client_id, found=found).json()["matter"]
        == told["matter"]
    )
    assert api.city.tasks.findings(task, 4107) == [told["matter"]]
    assert api.city.matters.case(told["matter"]).grid == town.BUSY
    assert told["receipt"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"answers": [True]}, 422),
        ({"answers": ["x", True]}, 422),
        ({"found": {"category": "??"}}, 422),
        ({"photos": [9999]}, 404),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_done(api, worker, task, more, status):
    assert done(worker, task, grid=town.BUSY + 1, **more).status_code == status


def test_strangers_and_unknown_tasks(api, worker, task):
    assert done(worker, 99_999).status_code == 404
    with api.client(staffed.OTHER_CLERK) as other:
        assert done(other, task).status_code == 403
