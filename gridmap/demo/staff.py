"""The people who work on the demonstration's grids, the areas they hold, the vacancies, and
their visits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.demo.shares import apportion
from gridmap.model import Role

Ints = npt.NDArray[np.int64]

MEDIATORS = 3_694
"""Full-time mediators of the whole city."""

START = date(2021, 5, 21)

_SHARED_GRIDS = 0.11
_NO_WORKER = 0.009
_ENDED = 0.006
_LACKING = {Role.POLICE_OFFICER: 0.03, Role.LEGAL_ADVISER: 0.07, Role.MEDIATOR: 0.05}
_VILLAGES_EACH = {Role.POLICE_OFFICER: 3, Role.LEGAL_ADVISER: 4}
_REPRESENTED = 0.4
_VISIT_DAYS = 40
_UNSEEN = 0.02

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩"
    "唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红"
    "建国志文新峰海燕春梅成龙鹏飞宇晨浩然子轩雨欣思佳慧琳"
)


@dataclass(frozen=True)
class HiredStaff:
    """`workers`: id, name, role, active_from, active_to. `assignments`: worker, area, role,
    starts, ends.

    `holder`: id of the grid worker of each grid, 0 where none is in office (int64, by grid).
    """

    workers: pd.DataFrame
    assignments: pd.DataFrame
    holder: Ints


def recruit(
    grid_codes: Ints, *, today: date, share: float = 1.0, rng: np.random.Generator
) -> HiredStaff:
    """Workers for the grids `grid_codes` (sorted) and the villages above them, some places
    left vacant.

    `share` is the part of the whole city's mediators that is here.
    """
    villages = np.unique(grid_codes // 1000)
    roster = _Roster(today, rng)
    holder = _grid_workers(roster, grid_codes, rng)
    roster.hire(Role.GRID_LEADER, np.arange(len(villages)), villages)
    for role, each in _VILLAGES_EACH.items():
        served = villages[rng.uniform(size=len(villages)) >= _LACKING[role]]
        # One person serves a few villages that lie side by side in the register, never
        # across a township.
        township = served // 1000
        turn = np.arange(len(served)) - np.searchsorted(township, township)
        _, person = np.unique(township * 1000 + turn // each, return_inverse=True)
        roster.hire(role, person, served)
    _mediators(roster, villages, max(1, round(MEDIATORS * share)), rng)
    stand = grid_codes[rng.uniform(size=len(grid_codes)) < _REPRESENTED]
    roster.hire(Role.HOUSEHOLD_REPRESENTATIVE, np.arange(len(stand)), stand)
    return HiredStaff(roster.workers(), roster.assignments(), holder)


def visit(
    staff: HiredStaff, grid_codes: Ints, *, now: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Visits of the last weeks: grid, worker, at (Unix seconds before `now`); some grids
    long unseen.
    """
    rate = np.where(
        rng.uniform(size=len(grid_codes)) < _UNSEEN,
        0.02,
        rng.gamma(4, 0.035, size=len(grid_codes)),
    )
    rate = np.where(staff.holder > 0, rate, rate * 0.15)
    count = rng.poisson(rate * _VISIT_DAYS)
    grid = np.repeat(np.arange(len(grid_codes)), count)
    day = rng.integers(1, _VISIT_DAYS + 1, size=len(grid))
    second = rng.integers(8 * 3600, 18 * 3600, size=len(grid))
    midnight = (now + 8 * 3600) // 86_400 * 86_400 - 8 * 3600
    at = midnight - day * 86_400 + second
    holder = staff.holder[grid].astype(object)
    holder[holder == 0] = None
    frame = pd.DataFrame({"grid": grid_codes[grid], "worker": holder, "at": at})
    return frame.sort_values(["at", "grid"], ignore_index=True)


def _grid_workers(roster: _Roster, grid_codes: Ints, rng: np.random.Generator) -> Ints:
    """Hire the grid workers: mostly one a grid, some with two to four neighbours in number,
    some grids without.
    """
    village = grid_codes // 1000
    joined = np.append(
        False,
        (rng.uniform(size=len(grid_codes) - 1) < _SHARED_GRIDS) & (np.diff(village) == 0),
    )
    person = np.cumsum(~joined) - 1
    present = rng.uniform(size=len(grid_codes)) >= _NO_WORKER
    ended = present & (rng.uniform(size=len(grid_codes)) < _ENDED)
    ids = roster.hire(
        Role.GRID_WORKER, person[present], grid_codes[present], ended=ended[present]
    )
    holder = np.zeros(len(grid_codes), dtype=np.int64)
    holder[present] = ids
    return np.where(ended, 0, holder)


def _mediators(
    roster: _Roster, villages: Ints, total: int, rng: np.random.Generator
) -> None:
    """Share `total` mediators out over the villages that have a team."""
    served = villages[rng.uniform(size=len(villages)) >= _LACKING[Role.MEDIATOR]]
    weight = rng.gamma(6, size=len(served))
    number = apportion(weight, total, least=min(1, total // max(len(served), 1)))
    roster.hire(Role.MEDIATOR, np.arange(number.sum()), np.repeat(served, number))


class _Roster:
    """Workers and assignments as they are hired; numbers run from 1."""

    def __init__(self, today: date, rng: np.random.Generator) -> None:
        self._today, self._rng, self._next = today, rng, 1
        self._workers: list[pd.DataFrame] = []
        self._assignments: list[pd.DataFrame] = []

    def hire(
        self,
        role: Role,
        person: Ints,
        areas: Ints,
        *,
        ended: npt.NDArray[np.bool_] | None = None,
    ) -> Ints:
        """Give `areas` (codes) to new workers; equal numbers in `person` are one worker.
        Returns ids by area.
        """
        _, row = np.unique(person, return_inverse=True)
        ids = self._next + row
        count = int(row.max(initial=-1)) + 1
        since = self._rng.integers(0, 900, size=count)
        gone = np.zeros(len(areas), dtype=bool) if ended is None else ended
        begins = np.array([START + timedelta(days=int(day)) for day in since], dtype=object)
        self._workers.append(
            pd.DataFrame(
                {
                    "id": self._next + np.arange(count),
                    "name": person_names(count, self._rng),
                    "role": role.value,
                    "active_from": begins,
                    "active_to": None,
                }
            )
        )
        ends = np.full(len(areas), None, dtype=object)
        back = self._rng.integers(5, 90, size=len(areas))
        ends[gone] = [self._today - timedelta(days=int(day)) for day in back[gone]]
        self._assignments.append(
            pd.DataFrame(
                {
                    "worker": ids,
                    "area": areas,
                    "role": role.value,
                    "starts": begins[row],
                    "ends": ends,
                }
            )
        )
        self._next += count
        return np.asarray(ids, dtype=np.int64)

    def workers(self) -> pd.DataFrame:
        return pd.concat(self._workers, ignore_index=True)

    def assignments(self) -> pd.DataFrame:
        return pd.concat(self._assignments, ignore_index=True)


def person_names(count: int, rng: np.random.Generator) -> list[str]:
    """`count` made-up names of persons."""
    odds = 1 / (np.arange(len(_SURNAMES)) + 6.0)
    family = rng.choice(list(_SURNAMES), size=count, p=odds / odds.sum())
    given = rng.choice(list(_GIVEN), size=(count, 2))
    short = rng.uniform(size=count) < 0.3
    return [
        f"{a}{b}" if brief else f"{a}{b}{c}"
        for a, (b, c), brief in zip(
            family.tolist(), given.tolist(), short.tolist(), strict=True
        )
    ]
