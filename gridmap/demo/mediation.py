"""The demonstration's mediators, and the disputes entrusted to them since 2023, each with
its whole journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import DAY_S, TIME_ZONE, to_epoch
from gridmap.cases.actors import Actor
from gridmap.cases.disputes import DISPUTE, OPEN, Act, Dispute, Source, State, Subject
from gridmap.cases.mediators import MediatorKind
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry, Order
from gridmap.demo import phrases
from gridmap.demo.phrases import MEDIATION
from gridmap.demo.shares import apportion
from gridmap.demo.staff import person_names
from gridmap.model import Role, UserRole
from gridmap.store import Store
from gridmap.store.town.mediation import DISPUTES, add_mediators

Ints = npt.NDArray[np.int64]

ENTRUSTED, MEDIATED = 1_410, 1_392
"""Disputes of the whole city since 2023, and those of them whose agreement is in force."""
SINCE = datetime(2023, 1, 1, 9, tzinfo=TIME_ZONE)
SHOWN_FIRST = 410702
"""The county whose people the demo sign-in offers has more of what is still being mediated
than its share.
"""

_KINDS = {
    MediatorKind.FULL_TIME: 0.82,
    MediatorKind.LAWYER: 0.08,
    MediatorKind.ARBITRATOR: 0.03,
    MediatorKind.NOTARY: 0.03,
    MediatorKind.PSYCHOLOGIST: 0.04,
}
_SPECIALITIES: Mapping[MediatorKind, tuple[Subject, ...]] = {
    MediatorKind.FULL_TIME: (
        Subject.NEIGHBOURS,
        Subject.FAMILY,
        Subject.LAND,
        Subject.PROPERTY,
        Subject.CONTRACT,
        Subject.LABOUR,
    ),
    MediatorKind.LAWYER: (
        Subject.CONTRACT,
        Subject.LABOUR,
        Subject.LAND,
        Subject.MEDICAL,
        Subject.PROPERTY,
    ),
    MediatorKind.ARBITRATOR: (Subject.LABOUR, Subject.CONTRACT),
    MediatorKind.NOTARY: (Subject.FAMILY, Subject.CONTRACT),
    MediatorKind.PSYCHOLOGIST: (Subject.FAMILY, Subject.NEIGHBOURS, Subject.MEDICAL),
}
_WEIGHTS = {
    Subject.NEIGHBOURS: 0.28,
    Subject.FAMILY: 0.2,
    Subject.CONTRACT: 0.16,
    Subject.LAND: 0.13,
    Subject.LABOUR: 0.12,
    Subject.PROPERTY: 0.09,
    Subject.MEDICAL: 0.02,
}
_PARTIES: Mapping[Subject, tuple[tuple[str, str], ...]] = {
    Subject.LABOUR: (("employer", "employee"),),
    Subject.FAMILY: (("spouse", "spouse"), ("parent", "child")),
    Subject.NEIGHBOURS: (("neighbour", "villager"), ("neighbour", "owner")),
    Subject.CONTRACT: (("buyer", "seller"), ("creditor", "debtor"), ("tenant", "landlord")),
    Subject.LAND: (("villager", "village_committee"), ("villager", "developer")),
    Subject.MEDICAL: (("patient", "hospital"),),
    Subject.PROPERTY: (("owner", "property_manager"), ("tenant", "property_manager")),
}
_SOURCES = {Source.PETITION: 0.24, Source.POLICE: 0.45, Source.COURT: 0.31}
_ENDINGS = (
    State.MEDIATING,
    State.ASSIGNED,
    State.COURT,
    State.ARBITRATION,
    State.WITHDRAWN,
    State.ENTRUSTED,
    State.FAILED,
)
"""What has become of those that are not mediated, one after the other."""


Journal = list[Entry]


def mediators_rows(
    workers: pd.DataFrame, assignments: pd.DataFrame, *, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """A mediator for each of the staff list; some are lawyers, arbitrators, notaries,
    psychologists of the township.
    """
    staff = workers[workers["role"] == Role.MEDIATOR.value].set_index("id")
    assigned = assignments[assignments["role"] == Role.MEDIATOR.value]
    areas = assigned.drop_duplicates("worker").set_index("worker")["area"]
    kinds = rng.choice(list(_KINDS), size=len(staff), p=list(_KINDS.values()))
    rows = []
    people = zip(staff.index.tolist(), staff["name"], staff["active_from"], strict=True)
    for number, (worker, name, since) in enumerate(people, start=1):
        kind = MediatorKind(kinds[number - 1])
        known = _SPECIALITIES[kind]
        count = min(len(known), int(rng.integers(1, 4)))
        chosen = rng.choice(len(known), size=count, replace=False)
        area = int(areas.loc[worker])
        rows.append(
            {
                "id": number,
                "name": name,
                "kind": str(kind),
                "area": area if kind is MediatorKind.FULL_TIME else area // 1000,
                "specialities": tuple(str(known[at]) for at in sorted(chosen.tolist())),
                "capacity": int(rng.integers(3, 9)),
                "active_from": since,
                "active_to": None,
            }
        )
    return rows


def counts(whole: pd.DataFrame) -> pd.DataFrame:
    """How many disputes each county of the city has: index county; entrusted, mediated.

    `whole`: the divisions of the whole city (code, level), so that a part of it has its own
    part of the figures.
    """
    villages = whole.loc[whole["level"] == "village", "code"].to_numpy(np.int64)
    county, size = np.unique(villages // 10**6, return_counts=True)
    entrusted = apportion(size.astype(np.float64), ENTRUSTED)
    weight = np.where(county == SHOWN_FIRST, size * 8.0, size)
    rest = apportion(weight, ENTRUSTED - MEDIATED, most=entrusted)
    return pd.DataFrame(
        {"entrusted": entrusted, "mediated": entrusted - rest}, index=county
    )


def played(
    mediators: Sequence[Mapping[str, Any]],
    whole: pd.DataFrame,
    villages: Ints,
    *,
    now: int,
    rng: np.random.Generator,
) -> Iterator[Journal]:
    """The journals of the disputes of the counties of `villages` (codes), in which
    `mediators` work, as
    they stand at `now`.
    """
    numbers = counts(whole)
    staff = pd.DataFrame(list(mediators))
    staff["county"] = [int(str(area)[:6]) for area in staff["area"]]
    for county in np.unique(villages // 10**6).tolist():
        villages_here = villages[villages // 10**6 == county]
        row = numbers.loc[county]
        team = staff[staff["county"] == county]
        for turn in range(int(row["entrusted"])):
            beyond = turn - int(row["mediated"])
            ending = State.AGREED if beyond < 0 else _ENDINGS[beyond % len(_ENDINGS)]
            area = int(rng.choice(villages_here))
            yield _dispute(area, ending, team, turn=turn, now=now, rng=rng)


def furnish(
    store: Store,
    workers: pd.DataFrame,
    assignments: pd.DataFrame,
    whole: pd.DataFrame,
    villages: Ints,
    *,
    now: int,
    rng: np.random.Generator,
) -> None:
    """Store mediators and disputes, and one mediator who has left with a dispute still open."""
    rows = mediators_rows(workers, assignments, rng=rng)
    disputes = list(played(rows, whole, villages, now=now, rng=rng))
    departed = _departed(rows, disputes, now=now, rng=rng)
    with store.write() as connection:
        add_mediators(connection, [*rows, *departed])
        DISPUTES.create_many(connection, disputes)


def _departed(
    rows: Sequence[Mapping[str, Any]],
    disputes: Sequence[Journal],
    *,
    now: int,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    """One mediator, beyond those in office, who has left while a dispute was being
    mediated: it waits for a hand-over.
    """

    def is_elsewhere(journal: Journal) -> bool:
        return int(str(journal[0].data["area"])[:6]) != SHOWN_FIRST

    for journal in sorted(disputes, key=is_elsewhere):
        if engine.replay(DISPUTE, 0, journal).state is State.MEDIATING:
            number = len(rows) + 1
            assigned = {**journal[1].data, "mediator": number}
            journal[1] = replace(journal[1], data=assigned)
            last = datetime.fromtimestamp(now, TIME_ZONE).date() - timedelta(days=4)
            kind, area = str(journal[0].data["kind"]), int(journal[0].data["area"])
            return [
                {
                    "id": number,
                    "name": person_names(1, rng)[0],
                    "kind": str(MediatorKind.FULL_TIME),
                    "area": area,
                    "specialities": (kind,),
                    "capacity": 4,
                    "active_from": date(2022, 3, 1),
                    "active_to": last,
                }
            ]
    return []


def _dispute(
    area: int,
    ending: State,
    team: pd.DataFrame,
    *,
    turn: int,
    now: int,
    rng: np.random.Generator,
) -> Journal:
    """A dispute of `area` that stands at `ending`: what is open was entrusted in the last weeks."""
    longest = (now - to_epoch(SINCE)) // DAY_S
    days = int(rng.integers(3, 24) if ending in OPEN else rng.integers(30, longest))
    at = now - days * DAY_S + int(rng.integers(-3, 4) * 3600)
    kind = Subject(rng.choice(list(_WEIGHTS), p=list(_WEIGHTS.values())))
    source = Source(rng.choice(list(_SOURCES), p=list(_SOURCES.values())))
    parties = _PARTIES[kind][int(rng.integers(len(_PARTIES[kind])))]
    entrusted: dict[str, Any] = {
        "area": area,
        "source": source,
        "kind": kind,
        "parties": parties,
    }
    if source is Source.COURT:
        year = f"{datetime.fromtimestamp(at, TIME_ZONE):%Y}"
        serial = f"{year}-{str(area)[4:6]}-{turn + 1:04d}"
        entrusted |= {"slip": f"委派 {serial}", "return_due_at": at + 30 * DAY_S}
    desk = Actor(0, UserRole.DISPATCHER, areas=(area,))
    first = engine.begin(DISPUTE, desk, Order(Act.ENTRUST, **entrusted), now=at)
    play = _Play(desk, first, now, rng)
    if ending is not State.ENTRUSTED:
        _mediate(play, ending, _choose(team, area, kind, rng))
    # Drawn last, so that the demonstration's other disputes stay what they are.
    text = str(rng.choice(phrases.DISPUTES[kind]))
    play.journal[0] = replace(first, data={**first.data, "text": text})
    return play.journal


def _choose(team: pd.DataFrame, area: int, kind: Subject, rng: np.random.Generator) -> int:
    """A mediator of the county: of the same township and speciality where there is one."""
    near = team[[str(place).startswith(str(area)[:9]) for place in team["area"]]]
    fits = near[[str(kind) in known for known in near["specialities"]]]
    pool = next(frame for frame in (fits, near, team) if len(frame))
    return int(pool["id"].iloc[int(rng.integers(len(pool)))])


class _Play:
    """A journal as it is written, every entry through the rules."""

    def __init__(
        self, desk: Actor, first: Entry, now: int, rng: np.random.Generator
    ) -> None:
        self.desk, self.journal, self.now, self.rng = desk, [first], now, rng
        self.dispute: Dispute = engine.replay(DISPUTE, 0, [first])

    def do(self, act: Act, *, days: float, visit_days: int = 0, **values: Any) -> None:
        """Write one entry about `days` after the last; never later than now."""
        wait_s = max(int(days * self.rng.uniform(0.6, 1.4) * DAY_S), 3600)
        at = min(self.dispute.last_at + wait_s, self.now - 600)
        if visit_days:
            values["follow_up_at"] = at + visit_days * DAY_S
        order = Order(act, **values)
        entry = engine.decide(DISPUTE, self.dispute, self.desk, order, now=at)
        self.journal.append(entry)
        self.dispute = engine.apply(DISPUTE, self.dispute, entry)


def _mediate(play: _Play, ending: State, mediator: int) -> None:
    rng = play.rng
    play.do(Act.ASSIGN, days=0.4, mediator=mediator)
    if ending is State.ASSIGNED:
        return
    if ending is State.WITHDRAWN:
        play.do(Act.WITHDRAW, days=3, words=MEDIATION["withdrawn"][0])
        return
    for _ in range(1 if ending is State.MEDIATING else int(rng.integers(1, 4))):
        play.do(Act.HOLD, days=3, words=str(rng.choice(MEDIATION["session"])))
    if ending is State.MEDIATING:
        return
    if ending is State.AGREED:
        _agree(play)
    else:
        play.do(Act.FAIL, days=2, words=MEDIATION["failed"][0])
    if ending is State.ARBITRATION:
        play.do(Act.ARBITRATE, days=2, words=MEDIATION["arbitration"][0])
    if ending is State.COURT:
        play.do(Act.SUE, days=2, words=MEDIATION["court"][0])
    if play.dispute.slip and rng.uniform() < 0.97:
        late = rng.uniform() < 0.05
        days_left = (play.dispute.return_due_at - play.dispute.last_at) / DAY_S
        wait = days_left + 3 if late else 1
        reason = str(rng.choice(MEDIATION["late"])) if late and rng.uniform() < 0.6 else ""
        # `do` shortens a wait to six tenths at least: a late return has to stay late.
        play.do(Act.RETURN, days=max(wait, 1) / (0.6 if late else 1), words=reason)


def _agree(play: _Play) -> None:
    rng = play.rng
    play.do(Act.AGREE, days=2, words=str(rng.choice(MEDIATION["agreed"])), visit_days=30)
    if rng.uniform() < 0.04:
        play.do(Act.RELAPSE, days=20, words=MEDIATION["relapse"][0])
        play.do(Act.HOLD, days=3, words=MEDIATION["session"][0])
        play.do(Act.AGREE, days=2, words=MEDIATION["agreed"][0], visit_days=30)
    if play.dispute.follow_up_at < play.now - 3 * DAY_S:
        play.do(Act.VISIT, days=28, words=str(rng.choice(MEDIATION["visit"])))
