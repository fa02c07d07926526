"""`City`: the front desk of one city; every question of a page, a route or a command goes
through a room of it.
"""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pandas as pd

from gridmap.calendar import day_from_number
from gridmap.city import doctor
from gridmap.city.base.basis import BasedDesk, Basis
from gridmap.city.base.clock import Clock, clock_of
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.doctor import Finding
from gridmap.city.hqrooms import HqRooms
from gridmap.city.look import maps
from gridmap.city.townrooms import TownRooms
from gridmap.errors import NotFoundError, SetupError
from gridmap.insight.selection import CITY, Selection
from gridmap.insight.warm import warm
from gridmap.planning.warm import warm as warm_planning
from gridmap.progress import Progress, silent
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.plans import Plan, plan_in_force, read_plan, read_plans

MOST_OTHERS = 3
"""So many other plans are held beside the one in force: each takes two bytes a report."""


class City(HqRooms, TownRooms):
    """An open city with its rooms; safe between threads, one for all sessions of a process.

    Rooms of the map: `places`, `overview`, `heat`, `coverage`, `workload`, `grid`,
    `measures`, `imports`, `export`, `layers`, `faults`. Rooms of the flow: `people`,
    `routing`, `limits`, `matters`, `inbox`, `visits`, `photos`, `outbox`, `watch`,
    `windows`, `indicators`, `cards`. Rooms of the headquarters: `headquarters`, `briefing`,
    `ladder`, `centres`, `sessions`, `assignments`, `lagging`, `catches`. Rooms of townships
    and villages: `mediation`, `tasks`, `contracts`, `deliberations`. `planning` redraws the
    grids. Results may be changed by who asked for them; arrays are read-only.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.basis = Basis()
        self._choosing = threading.Lock()
        self._others: dict[Basis, City] = {}

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock | None = None) -> City:
        """Open the city in the home of `settings`.

        The clock is the one given, the setting `now`, the demonstration's own, or real
        time, in this order. Raises SetupError when there is no city yet.
        """
        if not Store.exists(settings):
            raise SetupError(_NO_CITY.format(home=settings.home))
        store = Store.open(settings)
        try:
            demonstration = store.get_meta("demonstration") == "1"
            plan_in_force(store)
            code = int(store.get_meta("city", str(CITY)))
            desk = Desk(
                store,
                settings,
                clock or clock_of(settings, store),
                code=code,
                demonstration=demonstration,
            )
        except NotFoundError as error:
            store.close()
            raise SetupError(_NO_CITY.format(home=settings.home)) from error
        except BaseException:
            store.close()
            raise
        return cls(desk)

    def prepare(self, *, progress: Progress = silent) -> None:
        """Load compiled code, read the data, make the map files and what search needs: no
        question waits for them.
        """
        progress("preparing", 0, 3)
        widths = [self._desk.data.facts.grid.dtype.type]
        warm(widths)
        warm_planning(widths)
        progress("preparing", 1, 3)
        self._desk.reload()
        progress("preparing", 2, 3)
        maps.package(self.store, plan=self.plan.id)
        progress("preparing", 3, 3)

    def under(self, basis: Basis) -> City:
        """The same city with its reports counted under `basis`; itself for the plan in force.

        Raises NotFoundError for a plan there is not.
        """
        if basis in (Basis(), Basis(self.plan.id)):
            return self
        with self._choosing:
            if basis not in self._others:
                if not basis.stored:
                    read_plan(self.store, basis.plan)
                other = City(BasedDesk(self._desk, basis))
                other.basis = basis
                self._others = dict([*self._others.items(), (basis, other)][-MOST_OTHERS:])
            return self._others[basis]

    def close(self) -> None:
        """Give the database back."""
        self.store.close()

    def doctor(self) -> list[Finding]:
        """What is right and wrong with this installation, and the cure."""
        return doctor.examine(self.settings, clock=self.clock)

    @property
    def data_version(self) -> str:
        """A text that changes with the data; part of every cache key outside."""
        return self._desk.data.version

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self._desk.data.plan

    def plans(self) -> pd.DataFrame:
        """All plans, newest first: id, name, state, valid_from, valid_to."""
        return read_plans(self.store)

    @property
    def today(self) -> date:
        """The local day by the city's clock."""
        return self._desk.today

    @property
    def now_s(self) -> int:
        """The city's time in Unix seconds."""
        return self._desk.now_s

    @property
    def as_of(self) -> int:
        """The latest instant in the data, Unix seconds; 0 when there is none."""
        return self._desk.data.facts.as_of

    @property
    def first_day(self) -> date | None:
        """The day of the first report."""
        facts = self._desk.data.facts
        return day_from_number(facts.first_day) if len(facts) else None

    @property
    def last_day(self) -> date | None:
        """The day of the last report."""
        facts = self._desk.data.facts
        return day_from_number(facts.last_day) if len(facts) else None

    @property
    def reports(self) -> int:
        """Number of reports in the city."""
        return len(self._desk.data.facts)

    def default_selection(self, days: int = 30) -> Selection:
        """The whole city in the last `days` whole days."""
        end = self.today - timedelta(days=1)
        return Selection(end - timedelta(days=days - 1), end, self.code)

    def categories(self, lang: Lang = "zh") -> pd.DataFrame:
        """The tree: code, parent, name, class, effort, severity, rare."""
        table = self._desk.data.categories.frame
        return pd.DataFrame(
            {
                "code": table["code"],
                "parent": table["parent"],
                "name": table[lang],
                **{
                    column: table[column]
                    for column in ("class", "effort", "severity", "rare")
                },
            }
        )

    def category_paths(self, lang: Lang = "zh") -> dict[str, tuple[str, ...]]:
        """For each category code the names from the root down, itself included."""
        data = self._desk.data
        return dict(
            self._desk.remember(
                data, ("category paths", lang), lambda: self._category_paths(lang)
            )
        )

    def _category_paths(self, lang: Lang) -> dict[str, tuple[str, ...]]:
        table = self.categories(lang)
        rows = zip(table["code"], table["parent"], table["name"], strict=True)
        nodes = {code: (parent, name) for code, parent, name in rows}

        def line(code: str) -> tuple[str, ...]:
            parent, name = nodes[code]
            return (*(line(parent) if parent in nodes and parent != code else ()), name)

        return {code: line(code) for code in nodes}

    def reload(self) -> None:
        """Show what has just changed in the truth at once."""
        self._desk.reload()


_NO_CITY = (
    "There is no city in {home} yet. Make one with `gridmap demo`, or import grids "
    "with `gridmap import grids FILE`."
)
