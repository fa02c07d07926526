"""`Stage`: offices, people and routing of the demonstration as arrays, ready for many
matters at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from gridmap.cases.routing import RoutingRule, first_fits
from gridmap.demo.mix import CategoryMix
from gridmap.demo.users import Crew
from gridmap.model import OfficeKind

Ints = npt.NDArray[np.int64]

VILLAGE, TOWNSHIP, COUNTY, CITY, DEPARTMENT = range(5)
"""Levels of offices."""

_LEVELS = {
    OfficeKind.VILLAGE: VILLAGE,
    OfficeKind.TOWNSHIP: TOWNSHIP,
    OfficeKind.COUNTY: COUNTY,
    OfficeKind.CITY: CITY,
}


@dataclass(frozen=True)
class Stage:
    """Where the demonstration's matters play.

    `codes` int64[g] of the grids, sorted; `level` int64[offices + 1]: `VILLAGE` …
    `DEPARTMENT`; `departments`: their names, "" first; `table` int64[counties,
    departments]: the office of each department for each of `counties` (sorted codes), 0 for
    none.
    """

    codes: Ints
    mix: CategoryMix
    crew: Crew
    rules: tuple[RoutingRule, ...]
    level: Ints
    departments: list[str]
    counties: Ints
    table: Ints

    @classmethod
    def of(cls, codes: Ints, mix: CategoryMix, crew: Crew, rules: pd.DataFrame) -> Stage:
        """For the grids `codes`, categories of `mix`, and routing `rules` (as
        `rules.rules_frame`).
        """
        offices = crew.offices
        level = np.full(len(offices) + 1, DEPARTMENT)
        for kind, number in _LEVELS.items():
            level[offices.loc[offices["kind"] == kind.value, "id"]] = number
        departments = offices[offices["kind"] == OfficeKind.DEPARTMENT.value]
        names = ["", *sorted(set(departments["department"]))]
        counties = np.unique(codes // 10**9)
        table = np.zeros((len(counties), len(names)), dtype=np.int64)
        listed = departments[["department", "area", "id"]].itertuples(index=False)
        for name, area, number in listed:
            # What the city has one of answers for all counties.
            rows = np.searchsorted(counties, area) if area in counties else slice(None)
            table[rows, names.index(name)] = number
        return cls(codes, mix, crew, _rules(rules), level, names, counties, table)

    @cached_property
    def users_of_workers(self) -> Ints:
        """The user of each worker of the staff list, by number; 0 for who is none."""
        users = self.crew.users[self.crew.users["worker"] > 0]
        user_of = np.zeros(int(users["worker"].max()) + 1, dtype=np.int64)
        user_of[users["worker"]] = users["id"]
        return user_of

    def codes_of(self, category: Ints) -> pa.DictionaryArray:
        """The codes of categories (rows of `mix`)."""
        return pa.DictionaryArray.from_arrays(
            pa.array(category), [str(code) for code in self.mix.codes]
        )

    def route(self, category: Ints, grid: Ints) -> tuple[Ints, Ints, Ints]:
        """First desk (office, 0: the dispatcher's queue), department (row of `departments`)
        and rule of matters.
        """
        codes = {row: str(code) for row, code in enumerate(self.mix.codes)}
        fitting = first_fits(self.rules, codes, category, self.codes[grid])
        column = np.array([_LEVELS[rule.first] for rule in self.rules])[fitting]
        department = np.array(
            [self.departments.index(rule.department) for rule in self.rules]
        )
        number = np.array([rule.id for rule in self.rules])
        queued = fitting < 0
        return (
            np.where(queued, 0, self.crew.desk[grid, column]),
            np.where(queued, 0, department[fitting]),
            np.where(queued, 0, number[fitting]),
        )

    def office_of(self, grid: Ints, department: Ints) -> Ints:
        """The offices of departments (rows of `departments`) that answer for grids (rows),
        0 for none.
        """
        return np.asarray(self.table[self._county(grid), department])

    def other_office(self, grid: Ints, rng: np.random.Generator) -> Ints:
        """Any department of the county of each grid."""
        department = rng.integers(1, len(self.departments), size=len(grid))
        return self.office_of(grid, department)

    def _county(self, grid: Ints) -> Ints:
        return np.asarray(np.searchsorted(self.counties, self.codes[grid] // 10**9))


def _rules(table: pd.DataFrame) -> tuple[RoutingRule, ...]:
    return tuple(
        RoutingRule(
            id=int(row["position"]),
            position=int(row["position"]),
            category=str(row["category"]),
            area=int(row["area"]),
            first=OfficeKind(row["first"]),
            department=str(row["department"]),
            note=str(row["note"]),
        )
        for row in table.to_dict("records")
    )
