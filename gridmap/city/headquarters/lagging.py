"""`lagging`: which units lag by the city's own rules; what lies with them is supervised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from gridmap.calendar import DAY_S
from gridmap.cases.actors import Actor
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.limits import Limits
from gridmap.city.base.seen import check_seen
from gridmap.city.headquarters.lagrules import rules_of
from gridmap.city.headquarters.wording import LEADS, LONGEST, refuse, written
from gridmap.city.people.people import People
from gridmap.errors import ForbiddenError
from gridmap.insight.lag import Rule, lagging
from gridmap.store.base.frames import records
from gridmap.store.flow import cases as store_cases
from gridmap.store.headquarters import lagging as rows
from gridmap.store.headquarters.interviews import open_offices
from gridmap.words import mark

FOUND_COLUMNS = [
    "rule",
    "measure",
    "threshold",
    "days",
    "interview",
    "office",
    "name",
    "numerator",
    "denominator",
    "value",
    "matters",
    "asked",
]

NOT_RULES = mark("Rules of lagging are changed by the commander of the city.")


class Lagging:
    """Rules, and whom they find."""

    def __init__(self, desk: Desk, *, people: People, limits: Limits) -> None:
        self._desk = desk
        self._people = people
        self._limits = limits

    # rules

    def rules(self) -> pd.DataFrame:
        """The rules in their order: columns of `store.lagging.RULE_COLUMNS`."""
        with self._desk.store.read() as connection:
            return rows.read_rules(connection)

    def may_change_rules(self, actor: Actor) -> bool:
        """Whether `actor` may change the rules: a commander or chief of the whole city."""
        return actor.role in LEADS and actor.covers(self._desk.code)

    def save_rules(
        self, actor: Actor, table: pd.DataFrame, *, seen: pd.DataFrame | None = None
    ) -> None:
        """Make `table` the rules: measure, threshold, least, days, kind ("": every office),
        interview, active; id of one there is.

        `seen`: the rules as they stood when the change was begun.

        Raises ForbiddenError, InputError with every fault (rows counted from 1), StaleError
        when they are others now.
        """
        if not self.may_change_rules(actor):
            raise ForbiddenError(NOT_RULES)
        given = rules_of(table)
        with self._desk.store.write() as connection:
            check_seen(connection, "lag_rules", seen, self.rules)
            rows.replace_rules(connection, given)

    def active(self, rules: pd.DataFrame | None = None) -> list[tuple[int, dict[str, Any]]]:
        """The rules in use, or those of `rules` (as `save_rules` takes them), with their
        row from 1. Raises InputError.
        """
        given = rules_of(rules) if rules is not None else records(self.rules())
        return [
            (position, row) for position, row in enumerate(given, start=1) if row["active"]
        ]

    def found(
        self, area: int, lang: Lang = "zh", *, rules: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Which units lag now by the active rules, or would by `rules` (as `save_rules`
        takes them), in `area`.

        Columns: rule (row, from 1), measure, threshold, days, interview, office, name,
        numerator, denominator, value, matters (tuple, against the unit), asked (a warning
        is open). Nothing is done to anybody. Raises InputError.
        """
        with self._desk.store.read() as connection:
            held = rows.held(connection, now=self._desk.now_s, area=area)
            asked = open_offices(connection)
            found = []
            for position, row in self.active(rules):
                since = self._desk.now_s - int(row["days"]) * DAY_S
                told = rows.answers(connection, since, now=self._desk.now_s, area=area)
                rule = Rule(
                    row["measure"],
                    float(row["threshold"]),
                    int(row["least"]),
                    int(row["days"]),
                )
                found += [
                    (
                        position,
                        rule.measure,
                        rule.threshold,
                        rule.days,
                        bool(row["interview"]),
                        *values,
                    )
                    for values in lagging(
                        rule,
                        self._of_kind(held, row["kind"]),
                        self._of_kind(told, row["kind"]),
                    ).itertuples(index=False)
                ]
        table = pd.DataFrame(
            found, columns=[name for name in FOUND_COLUMNS if name not in {"name", "asked"}]
        )
        table["name"] = [
            self._people.office_name(one, lang) or str(one)
            for one in table["office"].tolist()
        ]
        table["asked"] = table["office"].isin(asked)
        return table[FOUND_COLUMNS]

    # acting

    def supervise(self, actor: Actor, matters: Sequence[int], words: str) -> int:
        """Put `matters` under supervision, those that are open and not there yet, in one
        transaction; how many.

        Raises InputError without words, RefusedError when the actor may not for one of
        them: then none is.
        """
        refuse(written("reason", words, LONGEST))
        done = 0
        order = Order(Act.SUPERVISE, reason=words)
        clocks, now = self._limits.deadlines, self._desk.now_s
        with self._desk.store.write() as connection:
            for matter in sorted(set(matters)):
                case = store_cases.load(connection, matter)
                if not case.is_open or case.supervised:
                    continue
                step = engine.decide(MATTER, case, actor, order, now=now, context=clocks)
                store_cases.append(connection, case, step)
                done += 1
        return done

    def _of_kind(self, table: pd.DataFrame, kind: str) -> pd.DataFrame:
        if not kind:
            return table
        known = self._people.directory.offices
        return table[
            table["office"].isin([one for one in known if known[one].kind.value == kind])
        ]
