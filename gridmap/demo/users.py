"""The users of the demonstration: who sits where, named chiefs at every level, and whom the
demo sign-in offers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.demo.offices import offices_frame, telephone
from gridmap.demo.population import CITY
from gridmap.demo.staff import HiredStaff, person_names
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
    divisions: pd.DataFrame,
    grid_codes: Ints,
    staff: HiredStaff,
    *,
    rng: np.random.Generator,
) -> Crew:
    """Offices and users for `divisions` and the grids `grid_codes` (sorted); grid workers
    are those of `staff`.
    """
    offices = offices_frame(divisions)
    cast = _Cast(offices, rng)
    desk = cast.desks(grid_codes)
    village, township, county = (grid_codes // 10**digits for digits in (3, 6, 9))
    city = np.full(len(grid_codes), CITY[0])
    _officials(cast, county, township, village)
    _village_chiefs(cast, staff)
    cast.add(UserRole.CHIEF, grid_codes, office=desk[:, 0])
    departments = offices[offices["kind"] == OfficeKind.DEPARTMENT.value]
    department_area = departments["area"].to_numpy(np.int64)
    department_id = departments["id"].to_numpy(np.int64)
    cast.add(UserRole.HANDLER, department_area, office=department_id)
    worker = _workers(cast, grid_codes, desk[:, 0], staff)
    home_township = int(grid_codes[home(grid_codes, worker)]) // 10**6
    users = _with_vacancies(cast.frame(), home_township, rng)
    places = (city, county, township, village, grid_codes)
    named = zip(departments["department"], department_area.tolist(), strict=True)
    everybody = Crew(
        offices=offices,
        users=users,
        desk=desk,
        worker=worker,
        chief=np.stack([cast.first(UserRole.CHIEF, place) for place in places], axis=1),
        verifier=cast.first(UserRole.VERIFIER, township),
        dispatcher=cast.first(UserRole.DISPATCHER, county),
        sits=_sitting(offices, users),
        department=dict(zip(named, department_id.tolist(), strict=True)),
        demo={},
        county=0,
    )
    return _with_demo(everybody, grid_codes)


def _officials(cast: _Cast, county: Ints, township: Ints, village: Ints) -> None:
    """Who sits in the offices of the city, its counties, townships and villages."""
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


def _village_chiefs(cast: _Cast, staff: HiredStaff) -> None:
    """The grid leaders of the staff list are the chiefs of their villages."""
    leaders = staff.workers[staff.workers["role"] == Role.GRID_LEADER.value]
    area_of = staff.assignments.set_index("worker")["area"]
    cast.add(
        UserRole.CHIEF,
        area_of.loc[leaders["id"]].to_numpy(np.int64),
        names=leaders["name"].tolist(),
        worker=leaders["id"].to_numpy(np.int64),
    )


def _sitting(offices: pd.DataFrame, users: pd.DataFrame) -> Ints:
    """The user who acts for each office, by number of the office: its first clerk or handler."""
    sits = np.zeros(len(offices) + 1, dtype=np.int64)
    acting = users[users["role"].isin([UserRole.CLERK.value, UserRole.HANDLER.value])]
    # Backwards: of several the first is written last, and stays.
    sits[acting["office"].to_numpy(np.int64)[::-1]] = acting["id"].to_numpy(np.int64)[::-1]
    return sits


def _workers(cast: _Cast, grid_codes: Ints, desk: Ints, staff: HiredStaff) -> Ints:
    """A user for every grid worker of the staff list; the user of each grid's worker in
    office, 0 where none is.
    """
    hired = staff.workers[staff.workers["role"] == Role.GRID_WORKER.value]
    assigned = staff.assignments[staff.assignments["role"] == Role.GRID_WORKER.value]
    first_area = assigned.groupby("worker")["area"].min()
    ids = hired["id"].to_numpy(np.int64)
    area = first_area.loc[hired["id"]].to_numpy(np.int64)
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
    users: pd.DataFrame, spared: int, rng: np.random.Generator
) -> pd.DataFrame:
    """`users` with the chiefs of some places no longer active; none in the township `spared`."""
    digits = users["area"].astype(str).str.len().to_numpy()
    gone = np.zeros(len(users), dtype=bool)
    for level, share in _NO_CHIEF.items():
        of_level = (users["role"] == UserRole.CHIEF.value).to_numpy() & (
            digits == level.digits
        )
        gone |= of_level & (rng.uniform(size=len(users)) < share)
    in_township = users["area"].astype(str).str.startswith(str(spared)).to_numpy()
    return users.assign(active=users["active"].to_numpy() & (~gone | in_township))


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
        user_of = users.drop_duplicates("area").set_index("area")["id"]
        return user_of.reindex(area).to_numpy(np.int64)

    def _desk(self, areas: Ints) -> Ints:
        return np.asarray(self._desks[np.searchsorted(self._areas, areas)])


def home(grid_codes: Ints, worker: Ints, *, county: int = CHAIN) -> int:
    """The row of the grid the demonstration's chain of users belongs to.

    In the largest village of the first street of `county` (or of the first county there
    is), the first grid whose worker is in office.
    """
    counties, streets, villages = (grid_codes // 10**digits for digits in (9, 6, 3))
    rows = np.flatnonzero(counties == (county if county in counties else counties[0]))
    in_street = rows[streets[rows] == streets[rows[0]]]
    staffed = in_street[worker[in_street] > 0]
    names, count = np.unique(villages[staffed], return_counts=True)
    return int(staffed[villages[staffed] == names[np.argmax(count)]][0])


def _with_demo(everybody: Crew, grid_codes: Ints) -> Crew:
    """`everybody` with the logins the demo sign-in offers."""
    row = home(grid_codes, everybody.worker)
    county = int(grid_codes[row]) // 10**9
    chosen = _demo_users(everybody, row, county, _colleague(everybody, grid_codes, row))
    users = everybody.users.copy()
    # Backwards: a user who stands under two logins gets the first of them.
    for login, number in reversed(chosen.items()):
        is_user = users["id"] == number
        users.loc[is_user, "login"], users.loc[is_user, "demo"] = login, True
    return Crew(**{**vars(everybody), "users": users, "demo": chosen, "county": county})


def _colleague(everybody: Crew, grid_codes: Ints, row: int) -> int:
    """Another worker in the village of the grid `row`, or the same where there is none."""
    worker = everybody.worker
    in_village = grid_codes // 1000 == grid_codes[row] // 1000
    others = np.flatnonzero(in_village & (worker > 0) & (worker != worker[row]))
    return int(worker[others[0] if len(others) else row])


def _demo_users(everybody: Crew, row: int, county: int, colleague: int) -> dict[str, int]:
    """Login → user of those the demo sign-in offers: the chain of the grid `row`, the city's."""
    users, sits = everybody.users, everybody.sits
    desks, chiefs = everybody.desk[row], everybody.chief[row]

    def first(role: UserRole, area: int) -> int:
        of_role = users[(users["role"] == role.value) & (users["area"] == area)]
        return int(of_role["id"].iloc[0])

    bureau = everybody.department["城市管理局", county]
    police = everybody.department["公安局交警支队", county]
    return {
        "demo.worker": int(everybody.worker[row]),
        "demo.worker.2": colleague,
        "demo.clerk.village": int(sits[desks[0]]),
        "demo.clerk.township": int(sits[desks[1]]),
        "demo.clerk.county": int(sits[desks[2]]),
        "demo.clerk.city": int(sits[desks[3]]),
        "demo.dispatcher": int(everybody.dispatcher[row]),
        "demo.dispatcher.city": first(UserRole.DISPATCHER, CITY[0]),
        "demo.handler": int(sits[bureau]),
        "demo.handler.police": int(sits[police]),
        "demo.verifier": first(UserRole.VERIFIER, county),
        "demo.verifier.township": int(everybody.verifier[row]),
        "demo.chief.grid": int(chiefs[Level.GRID]),
        "demo.chief.village": int(chiefs[Level.VILLAGE]),
        "demo.chief.township": int(chiefs[Level.TOWNSHIP]),
        "demo.chief.county": int(chiefs[Level.COUNTY]),
        "demo.commander": first(UserRole.COMMANDER, CITY[0]),
        "demo.planner": first(UserRole.PLANNER, CITY[0]),
        "demo.leader": first(UserRole.LEADER, CITY[0]),
        "demo.admin": first(UserRole.ADMIN, CITY[0]),
    }
