"""`mediation`: disputes entrusted by petition office, police and courts, who mediates them,
and what came of it.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from gridmap.calendar import DAY_S, UTC_OFFSET_S, day_number
from gridmap.cases import mediation as rules
from gridmap.cases.actors import Actor
from gridmap.cases.mediation import Act, Dispute, Order
from gridmap.cases.mediators import Proposal, propose
from gridmap.cases.texts import LONGEST_TEXT, text_faults
from gridmap.city.base.clientids import own_client_id
from gridmap.city.base.desk import Desk
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.town.newdispute import NewDispute, faults_of, kind_of
from gridmap.codes import ancestors
from gridmap.errors import Fault, ForbiddenError, InputError, StaleError
from gridmap.insight import mediation as insight
from gridmap.model import Level, UserRole
from gridmap.store.town import mediation as store
from gridmap.words import mark

NOT_THEIRS = mark(
    "Disputes are entrusted by who answers for the place: departments, clerks, dispatchers, chiefs."
)
NOT_SHOWN = mark("A single dispute is shown to who works on disputes of its place.")
NO_DISPUTE_MATTER = mark("This matter is not a dispute, or lies elsewhere")
CHOOSE_MATTER = mark("Choose a matter of the class of disputes, in the same place.")
NOT_IN_OFFICE = mark("This mediator is not in office, or has no room for another dispute.")
CHOOSE_OTHER = mark("Choose one of those proposed.")
NOBODY_TO_ASK = mark("No mediator in office here has room for all of these disputes.")


class Mediation:
    """Disputes and who mediates them. Lists and figures are for every reader; single disputes
    for who works there.
    """

    def __init__(
        self, desk: Desk, *, places: Places, people: People, matters: Matters
    ) -> None:
        self._desk = desk
        self._places = places
        self._people = people
        self._matters = matters

    # reading

    def disputes(
        self,
        area: int,
        *,
        first: date | None = None,
        last: date | None = None,
        source: str = "",
        kind: str = "",
        state: str = "",
        matter: int = 0,
    ) -> pd.DataFrame:
        """Disputes entrusted in `area` from day `first` to `last`, newest first; columns as
        `store.read_disputes`.

        `state` may be a state, `open`, `stranded` (open with a mediator no longer in
        office), `late` (the slip went back late, or is overdue), `unexplained` (late
        without its reason), `visit` (an agreement due to be visited).
        """
        with self._desk.store.read() as connection:
            table = store.read_disputes(connection, area, matter=matter)
        if first is not None:
            table = table[table["entrusted_at"] >= _midnight(first)]
        if last is not None:
            table = table[table["entrusted_at"] < _midnight(last) + DAY_S]
        for name, wanted in (("source", source), ("kind", kind)):
            table = table[table[name] == wanted] if wanted else table
        return (table[self._standing(table, state)] if state else table).reset_index(
            drop=True
        )

    def success(
        self,
        area: int,
        by: tuple[str, ...] = (),
        *,
        first: date | None = None,
        last: date | None = None,
    ) -> pd.DataFrame:
        """Entrusted, mediated and share of the disputes of `disputes`, grouped `by` source
        and kind: `insight.success`.
        """
        return insight.success(self.disputes(area, first=first, last=last), by)

    def get(self, actor: Actor, dispute: int) -> tuple[Dispute, tuple[str, ...], str]:
        """How a dispute stands, the roles of its parties, what it is about. Raises
        NotFoundError, ForbiddenError.
        """
        with self._desk.store.read() as connection:
            found = store.load(connection, dispute)
            parties, text = store.told(connection, dispute)
        if actor.role is UserRole.PUBLIC or not actor.covers(found.area):
            raise ForbiddenError(NOT_SHOWN)
        return found, parties, text

    def journal(self, actor: Actor, dispute: int) -> pd.DataFrame:
        """Every line, oldest first: number, act, at (Unix seconds), actor_name, words,
        mediator (number, 0: the same).

        Raises NotFoundError, ForbiddenError.
        """
        self.get(actor, dispute)
        with self._desk.store.read() as connection:
            lines = store.lines(connection, dispute)
        names = self._people.names(line.actor for line in lines)
        rows = [
            (
                line.number,
                str(line.act),
                line.at,
                names[line.actor],
                str(line.data.get("words", "")),
                int(line.data.get("mediator", 0)),
            )
            for line in lines
        ]
        return pd.DataFrame(
            rows, columns=["number", "act", "at", "actor_name", "words", "mediator"]
        )

    def possible(self, actor: Actor, dispute: int) -> tuple[Act, ...]:
        """What `actor` may do with it now."""
        with self._desk.store.read() as connection:
            return rules.possible(store.load(connection, dispute), actor)

    def propose(self, area: int, kind: str) -> list[Proposal]:
        """Whom to ask for a dispute of `kind` in `area` today, best first, each with its
        reasons.
        """
        with self._desk.store.read() as connection:
            mediators = store.mediators_of(connection, _around(area), above=True)
        return propose(mediators, area=area, kind=rules.Kind(kind), day=self._desk.today)

    # commands

    def may_entrust(self, actor: Actor, area: int) -> bool:
        """Whether `actor` may entrust disputes of `area`."""
        return rules.may_entrust(actor, area)

    def entrust(self, actor: Actor, new: NewDispute) -> int:
        """Take a dispute in for mediation; its number, the same when it is sent again under
        its client id.

        Raises ForbiddenError, InputError with every fault.
        """
        now, client = self._desk.now_s, own_client_id(actor, new.client_id)
        known = self._places.known(new.area)
        matter, against = self._arose_from(new)
        faults = [*faults_of(new, known=known, now=now), *against]
        if faults:
            raise InputError(faults)
        if not rules.may_entrust(actor, new.area):
            raise ForbiddenError(NOT_THEIRS)
        told = {
            "area": new.area,
            "source": new.source,
            "kind": new.kind,
            "matter": matter,
            "slip": new.slip.strip(),
            "return_due_at": new.return_due_at,
            "instead_of": actor.instead_of,
        }
        first = rules.begin(actor, at=now, data=told)
        with self._desk.store.write() as connection:
            number, _ = store.create(
                connection,
                first,
                parties=new.parties,
                text=new.text.strip(),
                client_id=client,
            )
        return number

    def act(self, actor: Actor, dispute: int, order: Order, *, version: int) -> Dispute:
        """Do what `order` says to the dispute, which the actor saw at `version`, and return
        it as it stands then.

        A slip that goes back late is taken and flagged; its reason is asked for. Raises
        NotFoundError, InputError, StaleError, RefusedError with the reason and what is
        possible instead.
        """
        faults = list(text_faults("words", order.words, LONGEST_TEXT))
        if faults:
            raise InputError(faults)
        with self._desk.store.write() as connection:
            stands = store.load(connection, dispute)
            if stands.version != version:
                raise StaleError(store.STALE)
            line = rules.decide(stands, actor, order, now=self._desk.now_s)
            if "mediator" in line.data:
                self._check_mediator(stands, int(line.data["mediator"]))
            return store.append(connection, stands, line)

    def hand_over(self, actor: Actor, mediator: int, words: str) -> dict[int, int]:
        """Give every open dispute of `mediator` to whom is proposed for it, in one step;
        new mediator by dispute.

        Nothing moves unless all of it may. Raises RefusedError where a dispute is not the
        actor's, InputError when nobody can take one, or without a reason.
        """
        faults = list(text_faults("words", words, LONGEST_TEXT))
        if faults:
            raise InputError(faults)
        moved: dict[int, int] = {}
        with self._desk.store.write() as connection:
            table = store.read_disputes(connection, self._desk.code)
            mine = table[
                (table["mediator"] == mediator)
                & table["state"].isin([str(one) for one in rules.OPEN])
            ]
            for number in mine["id"].tolist():
                stands = store.load(connection, int(number))
                others = store.mediators_of(connection, _around(stands.area), above=True)
                best = propose(
                    [one for one in others if one.id != mediator],
                    area=stands.area,
                    kind=stands.kind,
                    day=self._desk.today,
                )
                if not best:
                    raise InputError(
                        Fault(
                            rule=NOBODY_TO_ASK,
                            field="mediator",
                            value=str(number),
                            cure=CHOOSE_OTHER,
                        )
                    )
                order = Order(Act.HAND_OVER, mediator=best[0].mediator.id, words=words)
                store.append(
                    connection,
                    stands,
                    rules.decide(stands, actor, order, now=self._desk.now_s),
                )
                moved[int(number)] = best[0].mediator.id
        return moved

    def _check_mediator(self, dispute: Dispute, mediator: int) -> None:
        if mediator not in {
            one.mediator.id for one in self.propose(dispute.area, str(dispute.kind))
        }:
            raise InputError(
                Fault(
                    rule=NOT_IN_OFFICE,
                    field="mediator",
                    value=str(mediator),
                    cure=CHOOSE_OTHER,
                )
            )

    def _arose_from(self, new: NewDispute) -> tuple[int, list[Fault]]:
        """The matter the dispute arose from (0: none), by its number or its case number,
        and what stands against it.
        """
        wanted = new.case_number.strip()
        matter = new.matter
        if wanted:
            found = self._matters.find(MatterFilter(text=wanted), limit=50)
            named = found[found["number"].str.casefold() == wanted.casefold()][
                "matter"
            ].tolist()
            matter = int(named[0]) if named else -1
        if not matter:
            return 0, []
        if matter > 0:
            case = self._matters.case(matter)
            if kind_of(case.category) and new.area in ancestors(case.grid):
                return matter, []
        value = wanted or str(matter)
        return 0, [
            Fault(rule=NO_DISPUTE_MATTER, field="matter", value=value, cure=CHOOSE_MATTER)
        ]

    def _standing(self, table: pd.DataFrame, state: str) -> pd.Series[bool]:
        """Which of `table` are meant by `state`."""
        now, is_open = (
            self._desk.now_s,
            table["state"].isin([str(one) for one in rules.OPEN]),
        )
        overdue = (
            (table["slip"] != "")
            & (table["returned_at"] == 0)
            & (table["return_due_at"] < now)
        )
        gone = pd.Series(
            [day is not None and day < self._desk.today for day in table["mediator_to"]],
            index=table.index,
            dtype=bool,
        )
        marks = {
            "open": is_open,
            "stranded": is_open & gone,
            "late": table["late"].astype(bool) | overdue,
            "unexplained": table["late"].astype(bool) & ~table["explained"].astype(bool),
            "visit": (table["follow_up_at"] > 0)
            & (table["follow_up_at"] < now + DAY_S)
            & (table["visited_at"] == 0),
        }
        return marks[state] if state in marks else table["state"] == state


def _around(area: int) -> int:
    """The county of a place: mediators are asked from there, and from the city; a larger
    place itself.
    """
    return ancestors(area)[min(Level.COUNTY, len(ancestors(area)) - 1)]


def _midnight(day: date) -> int:
    return day_number(day) * DAY_S - UTC_OFFSET_S
