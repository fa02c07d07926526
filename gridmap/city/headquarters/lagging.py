"""`lagging`: units that lag by the city's own rules are supervised, and asked to an
interview they have to answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from gridmap.calendar import DAY_S
from gridmap.cases.actors import Actor
from gridmap.cases.lifecycle import Order, decide
from gridmap.cases.moves import Act
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.limits import Limits
from gridmap.city.base.seen import check_seen
from gridmap.city.headquarters.lagrules import rules_of
from gridmap.city.headquarters.wording import LEADS, LONGEST, NOT_UNIT, refuse, written
from gridmap.city.people.people import People
from gridmap.codes import around
from gridmap.errors import Fault, ForbiddenError, RefusedError
from gridmap.insight.lag import Rule, lagging
from gridmap.store.base.frames import records
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow.outbox import put
from gridmap.store.headquarters import lagging as rows
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
ANSWER_DAYS = 3

NOT_RULES = mark("Rules of lagging are changed by the commander of the city.")
NOT_ASKING = mark(
    "Units are asked to an interview by the commander, or by the chief of their place."
)
ASKED = mark("This unit has been asked already and has not been let go yet.")
IS_ANSWERED = mark("This warning has been answered already.")
IS_CLOSED = mark("This warning is closed; it stays on record as it is.")
WAIT = mark("The unit has not answered, and its time is not over.")
PAST = mark("this time is over already")
LATER = mark("Give a time to come.")


class Lagging:
    """Rules, whom they find, interview warnings."""

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
            asked = rows.open_offices(connection)
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

    def may_ask(self, actor: Actor, office: int) -> bool:
        """Whether `actor` may supervise `office` and ask it to an interview."""
        return actor.role in LEADS and actor.covers(self._people.office(office).area)

    def supervise(self, actor: Actor, matters: Sequence[int], words: str) -> int:
        """Put `matters` under supervision, those that are open and not there yet, in one
        transaction; how many.

        Raises InputError without words, RefusedError when the actor may not for one of
        them: then none is.
        """
        refuse(written("reason", words, LONGEST))
        done = 0
        with self._desk.store.write() as connection:
            for matter in sorted(set(matters)):
                case = store_cases.load(connection, matter)
                if not case.is_open or case.supervised:
                    continue
                order = Order(Act.SUPERVISE, reason=words)
                step = decide(
                    case, actor, order, now=self._desk.now_s, clocks=self._limits.deadlines
                )
                store_cases.append(connection, case, step)
                done += 1
        return done

    def ask(
        self,
        actor: Actor,
        office: int,
        *,
        words: str,
        due_at: int = 0,
        rule: int = 0,
        reason: Mapping[str, Any] | None = None,
    ) -> int:
        """Ask a unit to an interview about its lagging; the number of the warning.

        `rule` and `reason` tell by which rule and what was counted; `due_at` until when it
        answers, by default in three days. Raises ForbiddenError, NotFoundError, InputError,
        RefusedError when one is open already.
        """
        if not self.may_ask(actor, office):
            raise ForbiddenError(NOT_ASKING)
        now = self._desk.now_s
        until = due_at or now + ANSWER_DAYS * DAY_S
        late = (
            [Fault(rule=PAST, field="until", value=str(until), cure=LATER)]
            if until <= now
            else []
        )
        refuse([*written("reason", words, LONGEST), *late])
        with self._desk.store.write() as connection:
            rows.hold_office(connection, office)
            if office in rows.open_offices(connection):
                raise RefusedError(ASKED)
            number = rows.add_interview(
                connection,
                office=office,
                rule=rule,
                reason=dict(reason or {}),
                words=words,
                asked_at=now,
                asked_by=actor.user,
                due_at=until,
            )
            told = {
                "event": "interview",
                "office": office,
                "interview": number,
                "at": now,
                "due_at": until,
            }
            put(connection, f"interview:{number}", "webhook", told, now=now)
            return number

    def answer(self, actor: Actor, interview: int, words: str) -> None:
        """Answer for one's unit. Raises ForbiddenError, NotFoundError, InputError, RefusedError."""
        refuse(written("answer", words, LONGEST))
        with self._desk.store.write() as connection:
            found = rows.load_interview(connection, interview)
            if not actor.office or actor.office != found["office"]:
                raise ForbiddenError(NOT_UNIT)
            if found["closed_at"] or found["answered_at"]:
                raise RefusedError(IS_CLOSED if found["closed_at"] else IS_ANSWERED)
            rows.change_interview(
                connection,
                interview,
                answer=words,
                answered_at=self._desk.now_s,
                answered_by=actor.user,
            )

    def close(self, actor: Actor, interview: int, verdict: str) -> None:
        """Let the unit go, with a verdict; before it has answered only when its time is over.

        Raises ForbiddenError, NotFoundError, InputError, RefusedError.
        """
        refuse(written("verdict", verdict, LONGEST))
        with self._desk.store.write() as connection:
            found = rows.load_interview(connection, interview)
            if not self.may_ask(actor, found["office"]):
                raise ForbiddenError(NOT_ASKING)
            if found["closed_at"]:
                raise RefusedError(IS_CLOSED)
            if not found["answered_at"] and found["due_at"] > self._desk.now_s:
                raise RefusedError(WAIT)
            rows.change_interview(
                connection,
                interview,
                verdict=verdict,
                closed_at=self._desk.now_s,
                closed_by=actor.user,
            )

    def interviews(
        self, area: int, lang: Lang = "zh", *, open_only: bool = False
    ) -> pd.DataFrame:
        """Warnings to units that answer for `area` or for a place in it, the latest first:
        the table's columns, office_name, area.
        """
        with self._desk.store.read() as connection:
            table = rows.read_interviews(connection, open_only=open_only)
        known = self._people.directory.offices
        areas = pd.Series(
            [known[one].area if one in known else 0 for one in table["office"].tolist()],
            dtype="int64",
        )
        table = table.assign(area=areas.to_numpy())
        return self._named(table[around(table["area"], area)].reset_index(drop=True), lang)

    def of_unit(self, actor: Actor, lang: Lang = "zh") -> pd.DataFrame:
        """Warnings to the actor's own unit that are not closed; columns as of `interviews`."""
        with self._desk.store.read() as connection:
            table = rows.read_interviews(
                connection, office=actor.office or -1, open_only=True
            )
        return self._named(table, lang)

    def _named(self, table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
        return table.assign(
            office_name=[
                self._people.office_name(one, lang) for one in table["office"].tolist()
            ]
        )

    def _of_kind(self, table: pd.DataFrame, kind: str) -> pd.DataFrame:
        if not kind:
            return table
        known = self._people.directory.offices
        return table[
            table["office"].isin([one for one in known if known[one].kind.value == kind])
        ]
