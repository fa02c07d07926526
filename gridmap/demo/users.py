"""The users of the demonstration: who sits where, named chiefs at every level, and whom the
demo sign-in offers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.demo.offices import offices_frame, telephone
from gridmap.demo.people import CITY
from gridmap.demo.staff import Staff, person_names
from gridmap.model import Level, OfficeKind, Role, UserRole

Ints = npt.NDArray[np.int64]

CHAIN = 410702
"""The county (红旗区) whose people the demo sign-in offers."""

_EACH_COUNTY = {UserRole.CLERK: 2, UserRole.DISPATCHER: 2, UserRole.VERIFIER: 1}
_CITY = {
    UserRole.CLERK: 1,
    UserRole.DISPATCHER: 1,
    UserRole.CHIEF: 1,
    UserRole.COMMANDER: 2,
    UserRole.PLANNER: 2,
    UserRole.LEADER: 2,
    UserRole.ADMIN: 2,
}
_PHONES_FROM = 100_000
_NO_CHIEF = {Level.TOWNSHIP: 0.02, Level.VILLAGE: 0.012, Level.GRID: 0.015}
"""Share of places whose chief has left and has no successor yet."""


@dataclass(frozen=True)
class Crew:
    """Everybody of the demonstration, and who stands where, by row of the grids (g, sorted
    by code).

    `offices`, `users`: frames of `store.people`. `desk` int64[g, 4]: offices of the
    village, township, county and city of each grid. `worker` int64[g]: user of the grid's
    worker, 0 where none is in office. `chief` int64[g, 5]: users of the chiefs by `Level`.
    `verifier`, `dispatcher` int64[g]: of the township, of the county. `sits` int64[offices
    + 1]: the user who acts for each office. `department` maps name and county code (or the
    city's) to an office. `demo`: users the sign-in offers, by login, all of `county`.
    """

    offices: pd.DataFrame
    users: pd.DataFrame
    desk: Ints
    worker: Ints
    chief: Ints
    verifier: Ints
    dispatcher: Ints
    sits: Ints
    department: dict[tuple[str, int], int]
    demo: dict[str, int]
    county: int


def crew(
    divisions: pd.DataFrame, grid_codes: Ints, staff: Staff, *, rng: np.random.Generator
) -> Crew:
    """Offices and users for `divisions` and the grids `grid_codes` (sorted); grid workers
    are those of `staff`.
    """
    offices = offices_frame(divisions)
    cast = _Cast(offices, rng)
    desk = cast.desks(grid_codes)
    village, township, county = (grid_codes // 10**digits for digits in (3, 6, 9))
    city = np.full(len(grid_codes), CITY[0])
    for role, count in _CITY.items():
        cast.add(role, np.full(count, CITY[0]), office=np.full(count, 1))
    counties = np.unique(county)
    for role, count in _EACH_COUNTY.items():
        cast.add(role, np.repeat(counties, count))
    for level in (township, village):
        cast.add(UserRole.CLERK, np.unique(level))
    cast.add(UserRole.VERIFIER, np.unique(township))
    for level in (county, township):
        cast.add(UserRole.CHIEF, np.unique(level))
    leaders = staff.workers[staff.workers["role"] == Role.GRID_LEADER.value]
    villages = (
        staff.assignments.set_index("worker")["area"].loc[leaders["id"]].to_numpy(np.int64)
    )
    cast.add(
        UserRole.CHIEF,
        villages,
        names=leaders["name"].tolist(),
        worker=leaders["id"].to_numpy(np.int64),
    )
    cast.add(UserRole.CHIEF, grid_codes, office=desk[:, 0])
    departments = offices[offices["kind"] == OfficeKind.DEPARTMENT.value]
    cast.add(
        UserRole.HANDLER,
        departments["area"].to_numpy(np.int64),
        office=departments["id"].to_numpy(np.int64),
    )
    worker = _workers(cast, grid_codes, desk[:, 0], staff)
    users = _with_vacancies(
        cast.frame(), int(grid_codes[home(grid_codes, worker)]) // 10**6, rng
    )
    chiefs = np.stack(
        [
            cast.first(UserRole.CHIEF, at)
            for at in (city, county, township, village, grid_codes)
        ],
        axis=1,
    )
    sits = np.zeros(len(offices) + 1, dtype=np.int64)
    acting = users[users["role"].isin([UserRole.CLERK.value, UserRole.HANDLER.value])]
    sits[acting["office"].to_numpy(np.int64)[::-1]] = acting["id"].to_numpy(np.int64)[::-1]
    named = zip(
        departments["department"],
        departments["area"].tolist(),
        departments["id"].tolist(),
        strict=True,
    )
    return _with_demo(
        Crew(
            offices=offices,
            users=users,
            desk=desk,
            worker=worker,
            chief=chiefs,
            verifier=cast.first(UserRole.VERIFIER, township),
            dispatcher=cast.first(UserRole.DISPATCHER, county),
            sits=sits,
            department={(name, area): number for name, area, number in named},
            demo={},
            county=0,
        ),
        grid_codes,
    )


def _workers(cast: _Cast, grid_codes: Ints, desk: Ints, staff: Staff) -> Ints:
    """A user for every grid worker of the staff list; the user of each grid's worker in
    office, 0 where none is.
    """
    hired = staff.workers[staff.workers["role"] == Role.GRID_WORKER.value]
    held = (
        staff.assignments[staff.assignments["role"] == Role.GRID_WORKER.value]
        .groupby("worker")["area"]
        .min()
    )
    ids, area = hired["id"].to_numpy(np.int64), held.loc[hired["id"]].to_numpy(np.int64)
    office = desk[np.searchsorted(grid_codes, area)]
    in_office = np.isin(ids, staff.holder)
    users = cast.add(
        UserRole.GRID_WORKER,
        area,
        office=office,
        names=hired["name"].tolist(),
        worker=ids,
        active=in_office,
    )
    row = np.minimum(np.searchsorted(ids, staff.holder), len(ids) - 1)
    return np.where(staff.holder > 0, users[row], 0)


def _with_vacancies(
    users: pd.DataFrame, kept: int, rng: np.random.Generator
) -> pd.DataFrame:
    """`users` with the chiefs of some places no longer active; none in the township `kept`."""
    digits = users["area"].astype(str).str.len().to_numpy()
    gone = np.zeros(len(users), dtype=bool)
    for level, share in _NO_CHIEF.items():
        here = (users["role"] == UserRole.CHIEF.value).to_numpy() & (digits == level.digits)
        gone |= here & (rng.uniform(size=len(users)) < share)
    own = users["area"].astype(str).str.startswith(str(kept)).to_numpy()
    return users.assign(active=users["active"].to_numpy() & (~gone | own))


class _Cast:
    """Users as they are added; numbers run from 1."""

    def __init__(self, offices: pd.DataFrame, rng: np.random.Generator) -> None:
        self._rng = rng
        self._blocks: list[pd.DataFrame] = []
        self._next = 1
        desks = offices[offices["kind"] != OfficeKind.DEPARTMENT.value].sort_values("area")
        self._areas = desks["area"].to_numpy(np.int64)
        self._desks = desks["id"].to_numpy(np.int64)

    def desks(self, grid_codes: Ints) -> Ints:
        """The desks of village, township, county and city of each grid, int64[g, 4]."""
        return np.stack(
            [self._desk(grid_codes // 10**digits) for digits in (3, 6, 9, 11)], axis=1
        )

    def add(
        self,
        role: UserRole,
        area: Ints,
        *,
        office: Ints | None = None,
        names: list[str] | None = None,
        worker: Ints | None = None,
        active: npt.NDArray[np.bool_] | None = None,
    ) -> Ints:
        """Add a user of `role` for each of `area` (codes), by default at its desk; their
        numbers.
        """
        count = len(area)
        ids = self._next + np.arange(count)
        self._next += count
        words = area.astype(str)
        again = pd.Series(words).groupby(words).cumcount().to_numpy()
        logins = [
            f"{role.value}.{word}" + (f".{turn + 1}" if turn else "")
            for word, turn in zip(words.tolist(), again.tolist(), strict=True)
        ]
        if role is UserRole.HANDLER and office is not None:
            logins = [f"handler.{number}" for number in office.tolist()]
        if role is UserRole.GRID_WORKER and worker is not None:
            logins = [f"worker.{number}" for number in worker.tolist()]
        table = {
            "id": ids,
            "login": logins,
            "name": person_names(count, self._rng) if names is None else names,
            "role": role.value,
            "office": self._desk(area) if office is None else office,
            "area": area,
            "worker": np.zeros(count, dtype=np.int64) if worker is None else worker,
            "phone": [
                telephone(number % 900_000) for number in (ids + _PHONES_FROM).tolist()
            ],
            "active": np.ones(count, dtype=bool) if active is None else active,
            "demo": False,
        }
        self._blocks.append(pd.DataFrame(table))
        return np.asarray(ids, dtype=np.int64)

    def frame(self) -> pd.DataFrame:
        return pd.concat(self._blocks, ignore_index=True)

    def first(self, role: UserRole, area: Ints) -> Ints:
        """The first user of `role` of each of `area`."""
        users = pd.concat(
            [block for block in self._blocks if block["role"].eq(role.value).all()]
        )
        own = users.drop_duplicates("area").set_index("area")["id"]
        return own.reindex(area).to_numpy(np.int64)

    def _desk(self, areas: Ints) -> Ints:
        return np.asarray(self._desks[np.searchsorted(self._areas, areas)])


def home(grid_codes: Ints, worker: Ints, *, county: int = CHAIN) -> int:
    """The row of the grid the demonstration's chain of users belongs to.

    In the largest village of the first street of `county` (or of the first county there
    is), the first grid whose worker is in office.
    """
    own = np.flatnonzero(grid_codes // 10**9 == county)
    own = own if len(own) else np.flatnonzero(grid_codes // 10**9 == grid_codes[0] // 10**9)
    own = own[grid_codes[own] // 10**6 == grid_codes[own[0]] // 10**6]
    staffed = own[worker[own] > 0]
    villages, count = np.unique(grid_codes[staffed] // 1000, return_counts=True)
    return int(staffed[grid_codes[staffed] // 1000 == villages[np.argmax(count)]][0])


def _with_demo(all_of: Crew, grid_codes: Ints) -> Crew:
    """`all_of` with the logins the demo sign-in offers."""
    row = home(grid_codes, all_of.worker)
    village, county = int(grid_codes[row]) // 1000, int(grid_codes[row]) // 10**9
    same = np.flatnonzero(
        (grid_codes // 1000 == village)
        & (all_of.worker > 0)
        & (all_of.worker != all_of.worker[row])
    )
    users = all_of.users.copy()
    desks, chiefs = all_of.desk[row], all_of.chief[row]

    def one(role: UserRole, area: int, turn: int = 0) -> int:
        own = users[(users["role"] == role.value) & (users["area"] == area)]
        return int(own["id"].iloc[turn])

    bureau = all_of.department["城市管理局", county]
    police = all_of.department["公安局交警支队", county]
    chosen = {
        "demo.worker": int(all_of.worker[row]),
        "demo.worker.2": int(all_of.worker[same[0] if len(same) else row]),
        "demo.clerk.village": int(all_of.sits[desks[0]]),
        "demo.clerk.township": int(all_of.sits[desks[1]]),
        "demo.clerk.county": int(all_of.sits[desks[2]]),
        "demo.clerk.city": int(all_of.sits[desks[3]]),
        "demo.dispatcher": int(all_of.dispatcher[row]),
        "demo.dispatcher.city": one(UserRole.DISPATCHER, CITY[0]),
        "demo.handler": int(all_of.sits[bureau]),
        "demo.handler.police": int(all_of.sits[police]),
        "demo.verifier": one(UserRole.VERIFIER, county),
        "demo.verifier.township": int(all_of.verifier[row]),
        "demo.chief.grid": int(chiefs[Level.GRID]),
        "demo.chief.village": int(chiefs[Level.VILLAGE]),
        "demo.chief.township": int(chiefs[Level.TOWNSHIP]),
        "demo.chief.county": int(chiefs[Level.COUNTY]),
        "demo.commander": one(UserRole.COMMANDER, CITY[0]),
        "demo.planner": one(UserRole.PLANNER, CITY[0]),
        "demo.leader": one(UserRole.LEADER, CITY[0]),
        "demo.admin": one(UserRole.ADMIN, CITY[0]),
    }
    for login, number in reversed(chosen.items()):
        own = users["id"] == number
        users.loc[own, "login"], users.loc[own, "demo"] = login, True
    return Crew(**{**vars(all_of), "users": users, "demo": chosen, "county": county})
