"""`routing`: which desk a new matter goes to first, and which department after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from gridmap.calendar import DAY_S
from gridmap.cases.actors import Actor
from gridmap.cases.routing import Route, RoutingRule, first_fit, first_fits, in_order
from gridmap.city.base.desk import Desk
from gridmap.city.base.rights import check_administers
from gridmap.city.base.seen import check_seen
from gridmap.city.base.watched import Watched
from gridmap.city.flow.rulecheck import Known, rules_from
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.errors import Fault, ForbiddenError, InputError
from gridmap.model import OfficeKind, UserRole
from gridmap.store.flow import rules as store_rules
from gridmap.words import mark

MOST_DAYS = 3660
DRY_RUN_COLUMNS = ["rule", "category", "area", "first", "department", "matched", "example"]


class Routing:
    """The ordered rules of the city, applied and tried out."""

    def __init__(self, desk: Desk, *, people: People, places: Places) -> None:
        self._desk = desk
        self._places = places
        self._people = people
        self._rules = Watched(desk.store, store_rules.PART, _read)

    def route(self, category: str, grid: int) -> Route:
        """Where a matter of `category` (code) in `grid` goes first.

        The first rule that fits decides. Its desk is the place's of that kind or, where
        there is none, that of the next level up; a department is the county's, else the
        city's. Office 0, the dispatcher's queue, when no rule fits or the rule's office is
        nowhere.
        """
        rule = first_fit(self._rules.get(), category, int(grid))
        if rule is None:
            return Route()
        people = self._people.directory
        if rule.first is OfficeKind.DEPARTMENT:
            return Route(rule.id, people.department(grid, rule.department), rule.department)
        return Route(rule.id, people.desk_from(grid, rule.first), rule.department)

    def rules(self) -> pd.DataFrame:
        """The rules in the order they are tried.

        id, position (from 1), category (code or its beginning, "": all), area, first
        (OfficeKind value), department ("": the first desk's choice), active, note.
        """
        with self._desk.store.read() as connection:
            return store_rules.read_rules(connection)

    def save(
        self, actor: Actor, frame: pd.DataFrame, *, seen: pd.DataFrame | None = None
    ) -> None:
        """Make `frame` the rules: category, area, first; optionally id, position,
        department, active, note.

        Rules are tried by position, or as they stand where there is none; one without an id
        is new. The admin of the city may change all; the admin of a county only rules of
        places there, the others stay as they are and in their order. `seen`: the rules as
        they stood when the change was begun.

        Raises InputError with everything wrong at once, ForbiddenError, StaleError when
        they are others now.
        """
        _check_admin(actor)
        new = rules_from(frame, self._known())
        with self._desk.store.write() as connection:
            check_seen(connection, "rules", seen, self.rules)
            _check_own(actor, self._desk.code, _read(connection), new)
            store_rules.replace_rules(connection, _as_frame(new))
        self._rules.forget()

    def dry_run(self, rules: pd.DataFrame | None = None, *, days: int = 30) -> pd.DataFrame:
        """What `rules` (as `save` takes them; None: those in force) would have done in the
        last `days` days.

        One row a rule in order, then rule 0 for what none fits: rule, category, area,
        first, department, matched (matters), example (number of the latest such matter, 0:
        none). Raises InputError.
        """
        if not 1 <= days <= MOST_DAYS:
            cure = mark("Give 1 to 3,660 days.")
            raise InputError(
                Fault(
                    rule=mark("not a number of days"),
                    field="days",
                    value=str(days),
                    cure=cure,
                )
            )
        tried = self._rules.get() if rules is None else rules_from(rules, self._known())
        now = self._desk.now_s
        past = store_rules.past_matters(self._desk.store, now - days * DAY_S, now)
        table = self._desk.data.categories.frame
        codes = dict(
            zip(table["id"].tolist(), table["code"].astype(str).tolist(), strict=True)
        )
        row_of = first_fits(
            tried, codes, past["category"].to_numpy(), past["grid"].to_numpy()
        )
        place = np.where(row_of < 0, len(tried), row_of)
        matched = np.bincount(place, minlength=len(tried) + 1)
        example = np.zeros(len(tried) + 1, dtype=np.int64)
        example[place] = past[
            "id"
        ].to_numpy()  # rows are in the order of time: the latest stays
        rows = [
            (rule.id, rule.category, rule.area, rule.first.value, rule.department)
            for rule in tried
        ]
        told = pd.DataFrame(
            [*rows, (0, "", self._desk.code, "", "")], columns=DRY_RUN_COLUMNS[:-2]
        )
        return told.assign(matched=matched, example=example)

    def _known(self) -> Known:
        codes = tuple(self._desk.data.categories.frame["code"].astype(str))
        return Known(codes, self._places.known, self._people.directory)


def _read(connection: Connection) -> tuple[RoutingRule, ...]:
    rows = store_rules.read_rules(connection).to_dict("records")
    rules = [
        RoutingRule(**{**row, "first": OfficeKind(row["first"])})  # type: ignore[arg-type]
        for row in rows
    ]
    return in_order(rules)


def _as_frame(rules: Sequence[RoutingRule]) -> pd.DataFrame:
    rows = [{**asdict(rule), "first": rule.first.value} for rule in rules]
    table = pd.DataFrame(rows, columns=list(store_rules.COLUMNS))
    return table.astype({"id": "int64", "position": "int64", "area": "int64"})


def _check_admin(actor: Actor) -> None:
    if actor.role not in {UserRole.ADMIN, UserRole.SYSTEM}:
        raise ForbiddenError(mark("Only an administrator may change routing rules."))


def _check_own(
    actor: Actor, city: int, before: Sequence[RoutingRule], after: Sequence[RoutingRule]
) -> None:
    """Raise ForbiddenError when rules of places the actor does not answer for change, or
    their order.
    """
    if actor.role is UserRole.SYSTEM or actor.covers(city):
        return
    told = [
        [
            (
                rule.id,
                rule.category,
                rule.area,
                rule.first,
                rule.department,
                rule.active,
                rule.note,
            )
            for rule in rules
            if not actor.covers(rule.area)
        ]
        for rules in (before, after)
    ]
    if told[0] != told[1]:
        check_administers(actor, city)
