"""`tasks`: visits, hazard checks and law popularisation, asked of grids from above and done
there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.cases.matters.fields import MOST_PHOTOS
from gridmap.cases.texts import LONGEST_TEXT, text_faults
from gridmap.city.base.clientids import own_client_id
from gridmap.city.base.desk import Desk
from gridmap.city.flow.newmatter import NewMatter, Receipt
from gridmap.city.flow.reporting import Reporting
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.town.newtask import NewTask, faults_of
from gridmap.errors import Fault, ForbiddenError, InputError, RefusedError
from gridmap.model import UserRole
from gridmap.store.flow import photos as store_photos
from gridmap.store.town import taskmoves
from gridmap.store.town import tasks as store
from gridmap.store.town.tasks import Answer, Task
from gridmap.words import mark

MAKERS = frozenset({UserRole.CHIEF, UserRole.COMMANDER, UserRole.DISPATCHER})
DOERS = frozenset({UserRole.GRID_WORKER, UserRole.CHIEF, UserRole.CLERK})
AHEAD_S, OLDEST_S = 300, 30 * 86_400

NOT_MAKER = mark(
    "Tasks are given by chiefs, dispatchers and commanders, for places they answer for."
)
NOT_DOER = mark("This part of the task is done by who works in the grid.")
NOT_ALL = mark("Not every question has an answer")
ANSWER_ALL = mark("Answer each question of the checklist with yes or no.")
WITHDRAWN = mark("This task has been withdrawn.")
NO_TIME = mark("Not a time at which this was done")
SET_CLOCK = mark("Check the clock of the device.")
MANY_PHOTOS = mark("Too many photos")
FEWER = mark("Name at most nine photos.")
NO_REASON = mark("No reason")
GIVE_REASON = mark("Say why the task is taken back.")
NOT_YOUR_PHOTO = mark("This photo was sent by somebody else.")
REDRAWN = mark("This grid was divided meanwhile")
SAY_WHICH = "Say in which of the new grids it was done: {grids}."
NOT_SHOWN = mark("This photo is shown to who answers for the grid.")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of something sent: whether it was new, and the receipt of a matter found
    on the way.
    """

    created: bool
    receipt: Receipt | None = None


class Tasks:
    """Tasks, their parts grid by grid, and how far they are.

    Parts follow the plan in force: at the first question after borders were redrawn, open
    ones move to the successors.
    """

    def __init__(
        self, desk: Desk, *, places: Places, people: People, reporting: Reporting
    ) -> None:
        self._desk = desk
        self._places = places
        self._people = people
        self._reporting = reporting

    # reading

    def tasks(self, area: int) -> pd.DataFrame:
        """Tasks with a part in `area`, newest first, counted there: columns of
        `store.read_tasks`, maker, late.

        `late`: past its time with parts open, and not withdrawn.
        """
        self._follow()
        with self._desk.store.read() as connection:
            table = store.read_tasks(connection, area)
        names = self._people.names(table["made_by"])
        table["maker"] = [names[int(number)] for number in table["made_by"]]
        is_open = (table["done"] < table["parts"]) & (table["withdrawn_at"] == 0)
        table["late"] = is_open & (table["due_at"] < self._desk.now_s)
        return table

    def get(self, task: int) -> Task:
        """One task. Raises NotFoundError."""
        with self._desk.store.read() as connection:
            return store.load(connection, task)

    def parts(self, task: int, area: int) -> pd.DataFrame:
        """The parts of a task in `area` by grid: columns of `store.read_parts`, worker
        (staff number, 0: nobody), worker_name, doer (name of who did it).
        """
        self._follow()
        with self._desk.store.read() as connection:
            table = store.read_parts(connection, task, area)
        names = self._people.names(table["done_by"])
        table["doer"] = [names[int(number)] for number in table["done_by"]]
        return table.join(self._workers(table["grid"].to_numpy(np.int64)))

    def per_worker(self, task: int, area: int) -> pd.DataFrame:
        """Done of asked per grid worker of the grids: worker (0: nobody), worker_name,
        done, parts, share (percent).
        """
        table = self.parts(task, area)
        found = _shares(table, "worker")
        names = table.drop_duplicates("worker").set_index("worker")["worker_name"]
        found.insert(1, "worker_name", names.reindex(found["worker"]).to_numpy())
        return found

    def mine(self, actor: Actor) -> list[tuple[Task, int]]:
        """Open parts in the grids `actor` works in, the one due first on top: task and grid."""
        if actor.role not in DOERS:
            return []
        self._follow()
        with self._desk.store.read() as connection:
            return store.open_in(connection, actor.areas)

    def findings(self, task: int, area: int) -> list[int]:
        """Matters found while doing the task in `area`."""
        with self._desk.store.read() as connection:
            return store.findings(connection, task, area)

    def of_matter(self, matter: int) -> int:
        """The task during which the matter was found; 0 for none."""
        with self._desk.store.read() as connection:
            return store.task_of_matter(connection, matter)

    def photo(self, actor: Actor, task: int, grid: int, number: int) -> bytes:
        """A photo of a part, for who answers for the grid. Raises NotFoundError, ForbiddenError."""
        with self._desk.store.read() as connection:
            table = store.read_parts(connection, task, grid)
            if not actor.covers(grid) or number not in {
                one for row in table["photos"] for one in row
            }:
                raise ForbiddenError(NOT_SHOWN)
            filed = store_photos.filed(connection, number)
        return store_photos.content(self._desk.store, filed.digest)

    # commands

    def may_make(self, actor: Actor, area: int) -> bool:
        """Whether `actor` may give tasks for `area`."""
        return actor.role in MAKERS and actor.covers(area)

    def make(self, actor: Actor, new: NewTask) -> int:
        """Give a task: an open part in every grid of its places; its number, the same when
        sent again.

        Raises InputError with every fault, ForbiddenError.
        """
        places, now = self._places, self._desk.now_s
        faults = list(faults_of(new, known=places.known, now=now))
        if faults:
            raise InputError(faults)
        if not all(self.may_make(actor, area) for area in new.areas):
            raise ForbiddenError(NOT_MAKER)
        self._follow()
        codes = sorted({int(code) for area in new.areas for code in places.grids(area)})
        task = Task(
            0,
            new.kind,
            new.title.strip(),
            new.text.strip(),
            new.areas,
            tuple(question.strip() for question in new.checklist if question.strip()),
            new.due_at,
            now,
            actor.user,
        )
        client = own_client_id(actor, new.client_id)
        with self._desk.store.write() as connection:
            inside = {code: places.middle(code) for code in codes}
            return store.create(
                connection, task, inside, plan=self._desk.data.plan.id, client_id=client
            )

    def withdraw(self, actor: Actor, task: int, why: str) -> None:
        """Take a task back; what was done stays. Raises NotFoundError, ForbiddenError,
        InputError without a reason.
        """
        faults = list(text_faults("reason", why, LONGEST_TEXT))
        if not why.strip():
            faults.append(Fault(rule=NO_REASON, field="reason", cure=GIVE_REASON))
        if faults:
            raise InputError(faults)
        with self._desk.store.write() as connection:
            found = store.load(connection, task)
            if not all(self.may_make(actor, area) for area in found.areas):
                raise ForbiddenError(NOT_MAKER)
            store.withdraw(connection, task, at=self._desk.now_s, why=why.strip())

    def complete(
        self,
        actor: Actor,
        task: int,
        grid: int,
        answer: Answer,
        *,
        at: int = 0,
        client_id: str = "",
        found: NewMatter | None = None,
    ) -> Done:
        """Note that the part in `grid` was done at `at` (0: now); with `found`, what was
        found becomes a matter at once.

        The same may be sent again under its client id, also when only half of it had
        arrived. For a grid that was redrawn meanwhile the part of its successor counts; of
        several, who did it has to say which. Raises NotFoundError, ForbiddenError,
        InputError with every fault, ConflictError, RefusedError for a task that was
        withdrawn.
        """
        self._follow()
        task_of = self.get(task)
        if actor.role not in DOERS or not actor.covers(grid):
            raise ForbiddenError(NOT_DOER)
        now = self._desk.now_s
        faults = list(_faults(task_of, answer, at, now))
        # Before anything is written: a part that is done is not asked for again, and what was
        # found would be lost.
        if found:
            faults += self._reporting.faults(found)
        if faults:
            raise InputError(faults)
        client = own_client_id(actor, client_id)
        with self._desk.store.write() as connection:
            if store.load(connection, task).withdrawn_at and not store.taken(
                connection, client
            ):
                raise RefusedError(WITHDRAWN)
            for number in answer.photos:
                if store_photos.filed(connection, number).by not in actor.persons:
                    raise ForbiddenError(NOT_YOUR_PHOTO)
            grid = _one_of(store.moved_to(connection, task, grid), grid)
            created = store.complete(
                connection,
                task,
                grid,
                answer,
                at=at or now,
                by=actor.user,
                client_id=client,
            )
        if found is None:
            return Done(created)
        own = replace(found, client_id=f"{client_id}/found") if client_id else found
        return Done(created, self.report(actor, task, grid, own))

    def report(self, actor: Actor, task: int, grid: int, found: NewMatter) -> Receipt:
        """What was found in a grid while doing the task becomes a matter, linked to the task.

        Raises what `Reporting.report` raises, ForbiddenError, NotFoundError.
        """
        self.get(task)
        if not actor.covers(grid):
            raise ForbiddenError(NOT_DOER)
        receipt = self._reporting.report(actor, found)
        with self._desk.store.write() as connection:
            store.link(connection, task, grid, receipt.matter)
        return receipt

    # plan and people

    def _follow(self) -> None:
        """Bring the open parts into the plan in force."""
        plan = self._desk.data.plan.id
        if self._desk.store.get_meta(taskmoves.PLAN, str(plan)) == str(plan):
            return
        with self._desk.store.write() as connection:
            taskmoves.follow_plan(connection, plan, self._places.at, self._places.middle)

    def _workers(self, grids: np.ndarray) -> pd.DataFrame:
        """The grid worker of each of `grids`, the first where there are several: worker,
        worker_name.
        """
        data = self._desk.data
        staff = self._desk.staff(data, self._desk.today)
        row = np.searchsorted(data.grids.codes, grids)
        held = np.searchsorted(staff.grid, row)
        there = held < len(staff.grid)
        there[there] = staff.grid[held[there]] == row[there]
        worker = np.where(
            there,
            staff.worker[np.minimum(held, max(len(staff.worker) - 1, 0))]
            if len(staff.worker)
            else 0,
            0,
        )
        names = data.workers.set_index("id")["name"].reindex(worker).fillna("")
        return pd.DataFrame(
            {"worker": worker.astype(np.int64), "worker_name": names.to_numpy(object)}
        )


def _shares(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Done of asked by the column `by`, the least done first."""
    counted = (
        table.assign(done=table["done_at"] > 0, parts=1)
        .groupby(by, as_index=False)[["done", "parts"]]
        .sum()
    )
    counted = counted.astype({"done": "int64", "parts": "int64"})
    counted["share"] = 100.0 * counted["done"] / counted["parts"]
    return counted.sort_values(["share", by], ignore_index=True)


def _one_of(grids: list[int], asked: int) -> int:
    """The grid whose part is meant by who was `asked` for one that may have moved."""
    if len(grids) > 1:
        cure = SAY_WHICH.format(grids=", ".join(map(str, grids)))
        raise InputError(Fault(rule=REDRAWN, field="grid", value=str(asked), cure=cure))
    return grids[0] if grids else asked


def _faults(task: Task, answer: Answer, at: int, now: int) -> list[Fault]:
    found = list(text_faults("text", answer.text, LONGEST_TEXT))
    if len(answer.answers) != len(task.checklist):
        told = f"{len(answer.answers)} / {len(task.checklist)}"
        found.append(Fault(rule=NOT_ALL, field="answers", value=told, cure=ANSWER_ALL))
    if len(answer.photos) > MOST_PHOTOS:
        found.append(
            Fault(
                rule=MANY_PHOTOS, field="photos", value=str(len(answer.photos)), cure=FEWER
            )
        )
    if at and not now - OLDEST_S <= at <= now + AHEAD_S:
        found.append(Fault(rule=NO_TIME, field="at", value=str(at), cure=SET_CLOCK))
    return found
