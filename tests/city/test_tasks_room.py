"""The room of tasks: given from above, done in the grids, counted per worker and place,
hazards become matters.
"""

from dataclasses import replace

import flowing
import pytest
import staffed
import town
from town import BUSY

from gridmap.city.town.newtask import NewTask
from gridmap.errors import ConflictError, ForbiddenError, InputError, RefusedError
from gridmap.model import Level
from gridmap.store.town.tasks import Answer

DAY = 86_400


@pytest.fixture
def city(tmp_path):
    opened = flowing.opened(flowing.build(tmp_path))
    yield opened
    opened.close()


def actor(city, user):
    return city.people.actor(user)


def new(**more):
    told = {
        "kind": "hazard_check",
        "title": "燃气检查",
        "areas": (staffed.VILLAGE,),
        "checklist": ("阀门完好？", "软管合格？"),
        "due_at": flowing.NOW + 2 * DAY,
    }
    return NewTask(**{**told, **more})


@pytest.fixture
def task(city):
    return city.tasks.make(actor(city, staffed.VILLAGE_CHIEF), new())


YES = Answer((True, True))


def test_a_place_is_expanded_to_its_grids_and_a_worker_sees_their_own(city, task):
    assert city.tasks.parts(task, 4107)["grid"].tolist() == [BUSY, BUSY + 1]
    assert [grid for _, grid in city.tasks.mine(actor(city, staffed.WORKER))] == [
        BUSY,
        BUSY + 1,
    ]
    assert city.tasks.mine(actor(city, staffed.HANDLER)) == []
    assert city.tasks.make(
        actor(city, staffed.VILLAGE_CHIEF), new(client_id="a")
    ) == city.tasks.make(actor(city, staffed.VILLAGE_CHIEF), new(client_id="a"))


def completion(city, task, level, area=4107):
    today = city.figures.today(area)
    table = city.figures.per_place("task_share", today, level, task=task)
    asked = table[table["denominator"] > 0].set_index("code")
    return asked[["numerator", "denominator", "value"]]


def test_completion_is_counted_per_grid_township_and_worker(city, task):
    worker = actor(city, staffed.WORKER)
    assert city.tasks.complete(worker, task, BUSY, YES, client_id="p").created
    assert not city.tasks.complete(worker, task, BUSY, YES, client_id="p").created
    (row,) = city.tasks.tasks(4107).to_dict("records")
    assert (row["done"], row["parts"], row["in_time"], row["late"]) == (1, 2, 1, False)
    per_grid = completion(city, task, Level.GRID)
    assert per_grid["numerator"].to_dict() == {BUSY: 1, BUSY + 1: 0}
    assert completion(city, task, Level.TOWNSHIP).to_numpy().tolist() == [[1, 2, 50]]
    held = city.tasks.per_worker(task, 4107)
    assert held[["worker", "worker_name", "done", "parts"]].to_numpy().tolist() == [
        [1, "员工1", 1, 2]
    ]


def test_a_hazard_found_becomes_a_matter_in_one_step_and_only_once(city, task):
    worker = actor(city, staffed.WORKER)
    found = flowing.new(text="软管老化")
    done = city.tasks.complete(
        worker, task, BUSY, Answer((True, False)), client_id="h", found=found
    )
    again = city.tasks.complete(
        worker, task, BUSY, Answer((True, False)), client_id="h", found=found
    )
    assert done.receipt.matter == again.receipt.matter
    assert city.tasks.findings(task, 4107) == [done.receipt.matter]
    assert city.tasks.of_matter(done.receipt.matter) == task
    assert city.tasks.tasks(4107)["found"].tolist() == [1]
    assert city.matters.case(done.receipt.matter).grid == BUSY


@pytest.mark.parametrize(
    "wrong", [{"category": "?"}, {"lon": 113.0}, {"lon": town.WEST - 0.0001}]
)
def test_a_hazard_that_cannot_be_taken_leaves_the_part_open(city, task, wrong):
    found = flowing.new(text="软管老化", **wrong)
    with pytest.raises(InputError):
        city.tasks.complete(
            actor(city, staffed.WORKER),
            task,
            BUSY,
            Answer((True, False)),
            client_id="h",
            found=found,
        )
    assert city.tasks.tasks(4107)[["done", "found"]].to_numpy().tolist() == [[0, 0]]


def test_who_may_give_and_who_may_do(city, task):
    with pytest.raises(ForbiddenError):
        city.tasks.make(actor(city, staffed.CLERK), new())
    with pytest.raises(ForbiddenError):
        city.tasks.make(actor(city, staffed.VILLAGE_CHIEF), new(areas=(410703,)))
    with pytest.raises(ForbiddenError):
        city.tasks.complete(actor(city, staffed.OTHER_CLERK), task, BUSY, YES)
    city.tasks.complete(actor(city, staffed.CLERK), task, BUSY, YES)
    with pytest.raises(ConflictError):
        city.tasks.complete(actor(city, staffed.WORKER), task, BUSY, YES, client_id="z")


def test_all_faults_come_together(city):
    bad = new(kind="?", title=" ", areas=(999999,), checklist=(), due_at=flowing.NOW - 1)
    with pytest.raises(InputError) as error:
        city.tasks.make(actor(city, staffed.COMMANDER), bad)
    assert {fault.field for fault in error.value.faults} == {
        "kind",
        "title",
        "areas",
        "checklist",
        "due_at",
    }


def test_unanswered_questions_are_refused(city, task):
    with pytest.raises(InputError, match="answers"):
        city.tasks.complete(actor(city, staffed.WORKER), task, BUSY, Answer((True,)))


def test_a_task_withdrawn_keeps_what_was_done_and_takes_no_more(city, task):
    worker = actor(city, staffed.WORKER)
    city.tasks.complete(worker, task, BUSY, YES)
    with pytest.raises(InputError):
        city.tasks.withdraw(actor(city, staffed.VILLAGE_CHIEF), task, " ")
    city.tasks.withdraw(actor(city, staffed.VILLAGE_CHIEF), task, "重复")
    with pytest.raises(RefusedError):
        city.tasks.complete(worker, task, BUSY + 1, YES)
    assert city.tasks.mine(worker) == []
    assert city.tasks.tasks(4107)["done"].tolist() == [1]


def test_a_task_of_an_area_that_was_redrawn_goes_on_in_the_successors(city, task):
    from gridmap.store.plans import plans  # noqa: PLC0415

    grids = town.grids()
    grids["predecessors"] = [[] for _ in grids.index]
    changed = grids["code"] == BUSY
    grids.loc[changed, "code"] = BUSY + 8
    grids.at[grids.index[changed][0], "predecessors"] = [BUSY]
    plans.publish_plan(city.store, grids, name="second", valid_from="2024-05-21")
    city.reload()
    assert city.tasks.parts(task, 4107)["grid"].tolist() == [BUSY + 1, BUSY + 8]
    # What a phone sends for the grid it knew counts for the successor.
    assert city.tasks.complete(
        actor(city, staffed.CLERK), task, BUSY, YES, client_id="old"
    ).created
    table = city.tasks.parts(task, 4107).set_index("grid")
    assert (table.loc[BUSY + 8, "done_at"] > 0, table.loc[BUSY + 8, "was"]) == (True, BUSY)


def test_a_grid_that_keeps_its_code_keeps_its_part_when_land_of_it_goes_over(city, task):
    from gridmap.store.plans import plans  # noqa: PLC0415

    grids = town.grids()
    grids["predecessors"] = [[] for _ in grids.index]
    neighbour, fresh = (
        grids.index[grids["code"] == code][0] for code in (BUSY + 1, town.SILENT)
    )
    grids.at[neighbour, "predecessors"] = [BUSY, BUSY + 1]
    grids.at[fresh, "code"] = BUSY + 8
    grids.at[fresh, "predecessors"] = [BUSY]
    plans.publish_plan(city.store, grids, name="second", valid_from="2024-05-21")
    city.reload()
    assert city.tasks.parts(task, 4107)["grid"].tolist() == [BUSY, BUSY + 1, BUSY + 8]


def test_nothing_is_noted_as_done_when_what_was_found_is_wrong(city, task):
    worker, wrong = actor(city, staffed.WORKER), flowing.new(text="x" * 2_001, client_id="")
    with pytest.raises(InputError) as caught:
        city.tasks.complete(
            worker, task, BUSY, replace(YES, answers=()), client_id="k", found=wrong
        )
    assert [fault.field for fault in caught.value.faults] == ["answers", "text"]
    with pytest.raises(InputError):
        city.tasks.complete(
            worker,
            task,
            BUSY,
            YES,
            client_id="k",
            found=replace(wrong, text="", lon=113.79),
        )
    assert city.tasks.parts(task, BUSY)["done_at"].tolist() == [0]


def test_finds_without_a_client_id_are_matters_of_their_own(city, task):
    clerk = actor(city, staffed.CLERK)
    found = [
        city.tasks.complete(
            clerk, task, grid, YES, found=flowing.new(text=str(grid), client_id="")
        ).receipt.matter
        for grid in (BUSY, BUSY + 1)
    ]
    assert city.tasks.findings(task, 4107) == found


def test_what_was_sent_before_a_task_was_withdrawn_is_known_when_it_comes_again(city, task):
    worker = actor(city, staffed.WORKER)
    assert city.tasks.complete(worker, task, BUSY, YES, client_id="k").created
    city.tasks.withdraw(actor(city, staffed.VILLAGE_CHIEF), task, "重复")
    assert not city.tasks.complete(worker, task, BUSY, YES, client_id="k").created
