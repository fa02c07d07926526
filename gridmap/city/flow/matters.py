"""`Matters`: how matters stand, which there are, and every move of one."""

from __future__ import annotations

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.fields import Circumstances
from gridmap.cases.records.record import Order
from gridmap.city.base.desk import Desk
from gridmap.city.base.ground import Grounds
from gridmap.city.base.limits import Limits
from gridmap.city.flow import duplicates, moving
from gridmap.city.flow.dossier import (
    Dossier,
    Public,
    dossier_of,
    journal_of,
    public_of,
)
from gridmap.city.flow.matterfilter import MatterFilter, resolved
from gridmap.city.people.people import People
from gridmap.errors import InputError, RefusedError
from gridmap.store.flow import casefind, dossiers
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow import photos as store_photos

__all__ = ["Dossier", "MatterFilter", "Matters", "Public"]

MOST = 100_000


class Matters:
    """Matters in motion, given by a signed-in person; `Reporting` takes them in."""

    def __init__(
        self, desk: Desk, *, people: People, limits: Limits, grounds: Grounds
    ) -> None:
        self._desk = desk
        self._people = people
        self._limits = limits
        self._grounds = grounds

    # one matter

    def case(self, matter: int) -> Case:
        """How the matter stands. Raises NotFoundError."""
        with self._desk.store.read() as connection:
            return store_cases.load(connection, matter, for_update=False)

    def get(self, actor: Actor, matter: int) -> Dossier:
        """Everything about the matter that `actor` may see; see `dossier_of`. Raises
        NotFoundError, ForbiddenError.
        """
        with self._desk.store.read() as connection:
            case = store_cases.load(connection, matter, for_update=False)
            report = dossiers.told(connection, matter)
            photos = store_photos.of(connection, matter)
        return dossier_of(actor, case, report, photos)

    def journal(self, matter: int) -> pd.DataFrame:
        """Every line of the matter's journal, oldest first: columns of `journal_of`. Raises
        NotFoundError.
        """
        with self._desk.store.read() as connection:
            steps = store_cases.steps(connection, matter)
        return journal_of(matter, steps, self._people.names(step.actor for step in steps))

    def by_receipt(self, receipt: str) -> Public:
        """What the holder of a receipt is told; small letters and spaces do not matter.
        Raises NotFoundError.
        """
        with self._desk.store.read() as connection:
            case, number = dossiers.by_receipt(connection, receipt)
        return public_of(case, number)

    # many matters

    def find(
        self, wanted: MatterFilter, *, limit: int = 200, offset: int = 0
    ) -> pd.DataFrame:
        """The matters wanted: open ones by the limit that runs out first, then the latest
        reported first.

        matter, number, category (code), grid, status, office, person, since, step_due_at,
        due_at, reported_at, closed_at, text, whistled_at, supervised, parent; numbers
        int64, instants in Unix seconds, 0: not. Raises InputError for an unknown category
        or area.
        """
        asked = resolved(wanted, self._grounds.get())
        with self._desk.store.read() as connection:
            return casefind.find(
                connection,
                asked,
                now=self._desk.now_s,
                limit=min(max(limit, 0), MOST),
                offset=max(offset, 0),
            )

    def count(self, wanted: MatterFilter) -> int:
        """How many matters are wanted. Raises as `find` does."""
        asked = resolved(wanted, self._grounds.get())
        with self._desk.store.read() as connection:
            return casefind.count(connection, asked, now=self._desk.now_s)

    def duplicates(
        self, category: str, lon: float, lat: float, *, at: int, exclude: int = 0
    ) -> pd.DataFrame:
        """Matters that may tell of the same thing as a report of `category` at this place
        and time, the nearest first.

        The same category within `settings.duplicate_radius_m`, open still, or reported or
        closed in the `settings.duplicate_days` before `at`. They are offered for linking;
        nothing is merged. A new report after a matter was closed is a sign that it was
        closed too early. Columns: matter, number, distance_m, reported_at, status, text,
        lon, lat.
        """
        return duplicates.duplicates(
            self._desk.store,
            self._grounds.get(),
            self._desk.settings,
            category=category,
            lon=lon,
            lat=lat,
            at=at,
            exclude=exclude,
        )

    # moves

    def possible(self, actor: Actor, matter: int) -> tuple[str, ...]:
        """The moves `actor` may make now, in the order of the table. Raises NotFoundError."""
        return self._possible(actor, self.case(matter))

    def _possible(self, actor: Actor, case: Case) -> tuple[str, ...]:
        return engine.possible(MATTER, case, actor, now=self._desk.now_s)

    def move(self, actor: Actor, matter: int, order: Order, *, version: int) -> Case:
        """Do what `order` says to the matter, which the actor saw at `version`, and return
        it as it stands then.

        Raises NotFoundError, InputError, StaleError with what others did since `version`,
        RefusedError with the reason and what is possible instead.
        """
        clocks, now = self._limits.deadlines, self._desk.now_s
        faults = engine.faults(MATTER, order, Circumstances(now))
        if faults:
            raise InputError(faults)
        with self._desk.store.write() as connection:
            case = store_cases.load(connection, matter)
            store_cases.check_version(connection, case, version)
            decided = engine.decide(MATTER, case, actor, order, now=now, context=clocks)
            step = moving.standing(decided, self._people.directory.offices)
            if why := moving.against(connection, case, actor, step, people=self._people):
                raise RefusedError(why, possible=self._possible(actor, case))
            after = store_cases.append(connection, case, step)
            named = store_cases.named(connection, matter)
            if photos := order.get("attachments"):
                store_photos.attach(
                    connection,
                    photos,
                    matter=matter,
                    step=step.number,
                    by=actor.user,
                )
            moving.tell(connection, case, after, step, named)
        return after
