"""`Publishing`: an approved draft is put in force, and the plan in force taken back."""

from __future__ import annotations

import logging
from datetime import date

import geopandas as gpd
import pandas as pd

from gridmap.cases.actors import SYSTEM, Actor
from gridmap.city.base.desk import Desk
from gridmap.city.look import maps
from gridmap.city.people.people import People
from gridmap.city.plans.drafts import LONGEST_WORDS, Drafts
from gridmap.city.plans.drawings import Drawings
from gridmap.city.plans.review import Review
from gridmap.errors import ForbiddenError, GridmapError, RefusedError
from gridmap.model import UserRole
from gridmap.progress import Progress, silent
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans import plans as store_plans
from gridmap.store.plans import publishing
from gridmap.store.plans.drafts import Draft
from gridmap.store.plans.publishing import Publication, Published
from gridmap.words import mark

log = logging.getLogger("gridmap.planning")

NOT_APPROVED = mark("Only an approved draft can be published.")
NOT_YET = mark(
    "This draft is to be in force from {day} on; it is published by itself then."
)
NOT_PUBLISHER = mark(
    "A plan is put in force or taken back by planners, chiefs and commanders of the whole area."
)
_PUBLISHERS = frozenset(
    {UserRole.PLANNER, UserRole.CHIEF, UserRole.COMMANDER, UserRole.SYSTEM}
)


class Publishing:
    """Plans put in force; what follows the grids then stands in `store.publishing`."""

    def __init__(
        self,
        desk: Desk,
        *,
        people: People,
        drafts: Drafts,
        drawings: Drawings,
        review: Review,
    ) -> None:
        self._desk = desk
        self._people = people
        self._drafts = drafts
        self._drawings = drawings
        self._review = review

    def publish(
        self, actor: Actor, draft: Draft, *, progress: Progress = silent
    ) -> Published:
        """Put an approved draft in force, from today on, or change nothing.

        Map files and index of the new plan are made first, so that every page shows it at
        once. Raises ForbiddenError, RefusedError when it is not approved or its day has not
        come, ConflictError when it is behind.
        """
        if draft.state != store_drafts.APPROVED:
            raise RefusedError(NOT_APPROVED)
        self._check_publishes(actor, draft)
        today = self._desk.today
        if draft.effective is not None and draft.effective > today:
            raise RefusedError(NOT_YET, day=draft.effective.isoformat())
        return self._publish(actor, draft, today, progress)

    def publish_due(self) -> list[Published]:
        """Publish what was approved for a day that has come; one that cannot be is sent
        back with the reason.
        """
        with self._desk.store.read() as connection:
            table = store_drafts.read_drafts(connection, states=(store_drafts.APPROVED,))
        due = [
            number
            for number, day in zip(table["id"], table["effective"], strict=True)
            if _come(day, self._desk.today)
        ]
        done = []
        for number in sorted(due):
            draft = self._drafts.get(int(number))
            try:
                done.append(self._publish(SYSTEM, draft, self._desk.today, silent))
            except GridmapError as error:
                if self._drafts.get(draft.id).version != draft.version:
                    # Another process has published it, or somebody has taken it back to draw on.
                    continue
                log.warning("Draft %d was not published: %s", number, error)
                self._review.decide(
                    SYSTEM, draft, store_drafts.RETURNED, str(error)[:LONGEST_WORDS]
                )
        return done

    def settle(self) -> int:
        """Move matters that came in by the plan before while a plan was being put in force;
        how many.
        """
        return publishing.settle(self._desk.store, now=self._desk.now_s)

    def roll_back(self, actor: Actor, *, progress: Progress = silent) -> Published:
        """Take back the plan in force: the grids before it are in force again from today on.

        Raises ForbiddenError, NotFoundError when there was none before.
        """
        self._check_rolls_back(actor)
        store, plan = self._desk.store, store_plans.plan_in_force(self._desk.store)
        progress("publishing", 0, 0)
        done = publishing.roll_back(
            store,
            plan.id,
            name=self._earlier_name(plan.id),
            day=self._desk.today,
            by=actor.user,
            at=self._desk.now_s,
        )
        maps.package(store, plan=done.plan)
        self._desk.reload()
        return done

    def may_roll_back(self, actor: Actor) -> bool:
        """Whether `actor` may take back the plan in force."""
        return actor.role in _PUBLISHERS and (
            actor.role is UserRole.SYSTEM or actor.covers(self._desk.code)
        )

    def plans(self) -> pd.DataFrame:
        """Every plan, newest first; see `store.plans.read_plans`; publisher (name)."""
        table = store_plans.read_plans(self._desk.store)
        return table.assign(
            publisher=[
                self._people.name(number) for number in table["published_by"].tolist()
            ]
        )

    def _publish(
        self, actor: Actor, draft: Draft, day: date, progress: Progress
    ) -> Published:
        store = self._desk.store
        progress("publishing", 0, 3)
        prepared = store_plans.prepare(store, self._layer(draft))
        progress("publishing", 1, 3)
        maps.prepare(store, prepared)
        progress("publishing", 2, 3)
        publication = Publication(
            draft.name,
            day,
            by=actor.user,
            at=self._desk.now_s,
            base=draft.base,
            draft=draft.id,
        )
        done = publishing.publish(store, prepared, publication, version=draft.version)
        progress("publishing", 3, 3)
        self._desk.reload()
        self._people.changed()
        return done

    def _layer(self, draft: Draft) -> gpd.GeoDataFrame:
        """The grids of a draft with their predecessors in its base."""
        table, lines = (
            self._drawings.plan(draft).frame.copy(),
            self._drawings.origins(draft),
        )
        found = [
            tuple(one for one in lines.get(code, ()) if one != code)
            for code in table["code"].tolist()
        ]
        return table.assign(predecessors=pd.Series(found, dtype=object))

    def _earlier_name(self, plan: int) -> str:
        table = store_plans.read_plans(self._desk.store).set_index("id")
        parent = int(table["parent"].astype("int64")[plan])
        return str(table["name"][parent]) if parent else ""

    def _check_publishes(self, actor: Actor, draft: Draft) -> None:
        covers = actor.role is UserRole.SYSTEM or all(
            actor.covers(grid) for grid in self._drafts.drawn_on(draft)
        )
        if actor.role not in _PUBLISHERS or not covers:
            raise ForbiddenError(NOT_PUBLISHER)

    def _check_rolls_back(self, actor: Actor) -> None:
        if not self.may_roll_back(actor):
            raise ForbiddenError(NOT_PUBLISHER)


def _come(day: object, today: date) -> bool:
    return isinstance(day, date) and day <= today
