"""`Handovers`: work passed from one person to another: all of it in one dated step, or
chosen matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from gridmap.cases.actors import Actor
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.clocks import Clocks
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.city.base.desk import Desk
from gridmap.city.base.limits import Limits
from gridmap.city.base.rights import check_manages
from gridmap.city.people.absences import SOMEBODY_ELSE, reason_faults
from gridmap.city.people.keys import Keys
from gridmap.city.people.people import People
from gridmap.errors import Fault, ForbiddenError, InputError, NotFoundError, RefusedError
from gridmap.model import OPEN_STATUSES, UserRole
from gridmap.store.base.store import touch
from gridmap.store.flow import cases as store_cases
from gridmap.store.people import keys as store_keys
from gridmap.store.people import posts as store_posts
from gridmap.store.people.people import PART, User
from gridmap.store.tables import cases
from gridmap.words import mark

MOST_MATTERS = 2000
"""Matters reassigned in one transaction; others wait for the database meanwhile."""

NOT_FIT = mark(
    "this person neither works in the office of this matter nor answers for its place"
)
NO_MATTER = mark("there is no such matter")


@dataclass(frozen=True, slots=True)
class HandOver:
    """What moved: open matters, device keys in force, areas of the staff list."""

    matters: int
    keys: int
    grids: int


class Handovers:
    """Passing work on; nothing moves unless all of it may."""

    def __init__(self, desk: Desk, *, people: People, keys: Keys, limits: Limits) -> None:
        self._desk = desk
        self._people = people
        self._keys = keys
        self._limits = limits

    def hand_over(self, actor: Actor, *, source: int, target: int, reason: str) -> HandOver:
        """Pass all that `source` has to `target` now: open matters, device keys, and the
        grids from today on.

        One transaction. Both have the same role and, but for grid workers, the same office;
        `source` may have left already. Raises NotFoundError, ForbiddenError, InputError
        with all that stands against it.
        """
        giver, taker = self._people.user(source), self._people.user(target)
        check_manages(actor, giver, taker)
        faults = [*reason_faults(reason), *_pair_faults(giver, taker)]
        clocks = self._limits.deadlines
        with self._desk.store.write() as connection:
            # Nobody gives the leaving person another matter while the work is passed on.
            store_cases.hold_all(connection)
            faults += self._post_faults(connection, giver, taker)
            if faults:
                raise InputError(faults)
            open_ones = select(cases.c.matter).where(
                cases.c.person == giver.id, cases.c.status.in_(OPEN_STATUSES)
            )
            theirs = list(connection.scalars(open_ones.order_by(cases.c.matter)))
            order = Order(Act.HAND_OVER, person=taker.id, reason=reason)
            self._each(
                connection,
                theirs,
                lambda case: self._moved(connection, case, actor, order, clocks),
            )
            keys = store_keys.give(connection, giver.id, taker.id)
            grids = self._pass_grids(connection, giver, taker)
            touch(connection, PART)
        self._people.changed()
        self._keys.changed()
        return HandOver(len(theirs), keys, grids)

    def would_move(self, source: int) -> HandOver:
        """What a hand-over by `source` would move now. Raises NotFoundError."""
        giver = self._people.user(source)
        held = (cases.c.person == giver.id) & cases.c.status.in_(OPEN_STATUSES)
        with self._desk.store.read() as connection:
            matters = (
                connection.scalar(select(func.count()).select_from(cases).where(held)) or 0
            )
            keys = store_keys.in_force(connection, giver.id)
            grids = (
                store_posts.posts_from(connection, giver.worker, self._desk.today)
                if giver.worker
                else []
            )
        return HandOver(int(matters), keys, len(grids))

    def reassign(
        self, actor: Actor, matters: Sequence[int], *, person: int, reason: str
    ) -> int:
        """Give `matters` to `person`, all or nothing; how many. Those the person has
        already are passed over.

        Raises NotFoundError for the person, InputError naming every matter that cannot be
        given to them, ForbiddenError when the actor may give none of them.
        """
        taker = self._people.user(person)
        wanted = sorted({int(matter) for matter in matters})
        faults = reason_faults(reason)
        if len(wanted) > MOST_MATTERS:
            cure = mark("Choose 2,000 at most.")
            faults.append(
                Fault(
                    rule=mark("too many at once"),
                    field="matters",
                    value=str(len(wanted)),
                    cure=cure,
                )
            )
        if faults:
            raise InputError(faults)
        order = Order(Act.ASSIGN, person=taker.id, reason=reason)
        clocks = self._limits.deadlines

        def give(case: Case) -> bool:
            if case.person == taker.id:
                return False
            if not self._people.may_hold(taker, case):
                raise RefusedError(NOT_FIT)
            return self._moved(connection, case, actor, order, clocks)

        with self._desk.store.write() as connection:
            return self._each(connection, wanted, give)

    def _moved(
        self, connection: Connection, case: Case, actor: Actor, order: Order, clocks: Clocks
    ) -> bool:
        step = engine.decide(
            MATTER, case, actor, order, now=self._desk.now_s, context=clocks
        )
        store_cases.append(connection, case, step)
        return True

    @staticmethod
    def _each(
        connection: Connection, matters: Sequence[int], do: Callable[[Case], bool]
    ) -> int:
        """`do` for each of `matters`, in order, so that two at once never wait for each
        other; how many it did.

        Raises InputError naming all that are refused, ForbiddenError when all are, to this actor.
        """
        done, refused, faults = 0, [], []
        for matter in matters:
            try:
                done += do(store_cases.load(connection, matter))
            except (RefusedError, NotFoundError) as error:
                refused.append(error.status)
                why = (
                    error.why
                    if isinstance(error, RefusedError) and not error.values
                    else NO_MATTER
                )
                cure = mark("Leave it out, or ask who answers for it.")
                faults.append(
                    Fault(rule=why, field="matters", value=str(matter), cure=cure)
                )
        if (
            faults
            and set(refused) == {ForbiddenError.status}
            and len(faults) == len(matters)
        ):
            raise ForbiddenError(faults[0].rule)
        if faults:
            raise InputError(faults)
        return done

    def _post_faults(self, connection: Connection, giver: User, taker: User) -> list[Fault]:
        today = self._desk.today
        if not giver.worker or not store_posts.posts_from(connection, giver.worker, today):
            return []
        if taker.worker and store_posts.in_office(connection, taker.worker, today):
            return []
        cure = mark("Choose somebody of the staff list, or add them to it first.")
        return [
            Fault(
                rule=mark("is not in the staff list, which the grids need"),
                field="target",
                value=taker.name,
                cure=cure,
            )
        ]

    def _pass_grids(self, connection: Connection, giver: User, taker: User) -> int:
        if not giver.worker or not taker.worker:
            return 0
        return store_posts.pass_posts(
            connection, giver.worker, taker.worker, self._desk.today
        )


def _pair_faults(giver: User, taker: User) -> list[Fault]:
    rules = []
    if giver.id == taker.id:
        rules.append(mark("nobody hands over to themselves"))
    if not taker.active:
        rules.append(mark("is no longer active"))
    if giver.role is not taker.role:
        rules.append(mark("has another role"))
    if giver.role is not UserRole.GRID_WORKER and giver.office != taker.office:
        rules.append(mark("works in another office"))
    return [
        Fault(rule=rule, field="target", value=taker.name, cure=SOMEBODY_ELSE)
        for rule in rules
    ]
