"""`City`: the front desk of one city; every question of a page, a route or a command goes through a room of it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from gridmap.calendar import day_from_number
from gridmap.city import doctor, maps
from gridmap.city.cards import Cards
from gridmap.city.clock import Clock, clock_of
from gridmap.city.coverage import Coverage
from gridmap.city.desk import Desk, Lang
from gridmap.city.doctor import Finding
from gridmap.city.export import Export
from gridmap.city.grid import Grid
from gridmap.city.heat import Heat
from gridmap.city.imports import Imports
from gridmap.city.inbox import Inbox
from gridmap.city.indicators import Indicators
from gridmap.city.limits import Limits
from gridmap.city.matters import Matters
from gridmap.city.measures import Measures
from gridmap.city.outbox import Outbox
from gridmap.city.overview import Overview
from gridmap.city.people import People
from gridmap.city.photos import Photos
from gridmap.city.places import Places
from gridmap.city.routing import Routing
from gridmap.city.visits import Visits
from gridmap.city.watch import Watch
from gridmap.city.windows import Windows
from gridmap.city.workload import Workload
from gridmap.errors import NotFoundError, SetupError
from gridmap.insight.selection import CITY, Selection
from gridmap.insight.warm import warm
from gridmap.progress import Progress, silent
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.plans import Plan, plan_in_force, read_plans


class City:
    """An open city with its rooms; safe between threads, one for all sessions of a process.

    Rooms of the map: `places`, `overview`, `heat`, `coverage`, `workload`, `grid`, `measures`, `imports`, `export`.
    Rooms of the flow: `people`, `routing`, `limits`, `matters`, `inbox`, `visits`, `photos`, `outbox`, `watch`,
    `windows`, `indicators`, `cards`. Results may be changed by who asked for them; arrays are read-only.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.settings = desk.settings
        self.store = desk.store
        self.clock = desk.clock
        self.code = desk.code
        self.demonstration = desk.demonstration

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock | None = None) -> City:
        """Open the city in the home of `settings`.

        The clock is the one given, the setting `now`, the demonstration's own, or real time, in this order.
        Raises SetupError when there is no city yet.
        """
        if not Store.exists(settings):
            raise SetupError(_NO_CITY.format(home=settings.home))
        store = Store.open(settings)
        try:
            demonstration = store.get_meta("demonstration") == "1"
            plan_in_force(store)
            code = int(store.get_meta("city", str(CITY)))
            desk = Desk(store, settings, clock or clock_of(settings, store), code=code, demonstration=demonstration)
        except NotFoundError as error:
            store.close()
            raise SetupError(_NO_CITY.format(home=settings.home)) from error
        except BaseException:
            store.close()
            raise
        return cls(desk)

    def prepare(self, *, progress: Progress = silent) -> None:
        """Load compiled code, read the data, make the map files and what search needs: no question waits for them."""
        progress("preparing", 0, 3)
        warm([self._desk.data.facts.grid.dtype.type])
        progress("preparing", 1, 3)
        self._desk.reload()
        progress("preparing", 2, 3)
        maps.package(self.store, plan=self.plan.id)
        progress("preparing", 3, 3)

    def close(self) -> None:
        """Give the database back."""
        self.store.close()

    @cached_property
    def places(self) -> Places:
        """Names, search, extents."""
        return Places(self._desk)

    @cached_property
    def overview(self) -> Overview:
        """Headline figures and what needs a look."""
        return Overview(self._desk, self.places)

    @cached_property
    def heat(self) -> Heat:
        """Where and when reports come from."""
        return Heat(self._desk, self.places)

    @cached_property
    def coverage(self) -> Coverage:
        """Gaps in coverage."""
        return Coverage(self._desk, self.places)

    @cached_property
    def workload(self) -> Workload:
        """Load and how evenly it falls."""
        return Workload(self._desk, self.places)

    @cached_property
    def grid(self) -> Grid:
        """One grid's page."""
        return Grid(self._desk, self.places, self.overview)

    @cached_property
    def measures(self) -> Measures:
        """What a map can be coloured by."""
        return Measures(self._desk)

    @cached_property
    def imports(self) -> Imports:
        """Reports and workers from files, what was refused, and how good the data are."""
        return Imports(self.store, lambda: self._desk.now_s)

    @cached_property
    def export(self) -> Export:
        """Files of the city's figures."""
        return Export(self._desk, self.places, self.workload, self.coverage)

    @cached_property
    def cards(self) -> Cards:
        """Matters as phones and other systems list them."""
        return Cards(self._desk)

    @cached_property
    def inbox(self) -> Inbox:
        """What waits for a person and their office."""
        return Inbox(self._desk, self.matters)

    @cached_property
    def indicators(self) -> Indicators:
        """Shares that open their matters."""
        return Indicators(self._desk, self.places, self.matters)

    @cached_property
    def limits(self) -> Limits:
        """Time limits and holidays."""
        return Limits(self._desk)

    @cached_property
    def matters(self) -> Matters:
        """Reports taken in, and every move of a matter."""
        return Matters(self._desk, self.people, self.routing, self.limits)

    @cached_property
    def outbox(self) -> Outbox:
        """Messages to other systems."""
        return Outbox(self._desk)

    @cached_property
    def people(self) -> People:
        """Users, offices, absences, device keys."""
        return People(self._desk, self.places)

    @cached_property
    def photos(self) -> Photos:
        """Pictures of matters."""
        return Photos(self._desk)

    @cached_property
    def routing(self) -> Routing:
        """Which desk a matter goes to."""
        return Routing(self._desk, self.people)

    @cached_property
    def visits(self) -> Visits:
        """Check-ins of grid workers."""
        return Visits(self._desk)

    @cached_property
    def watch(self) -> Watch:
        """What the clock does by itself."""
        return Watch(self._desk, self.limits, self.outbox)

    @cached_property
    def windows(self) -> Windows:
        """The rota of the one-stop centres."""
        return Windows(self._desk, self.people)

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
                **{column: table[column] for column in ("class", "effort", "severity", "rare")},
            }
        )

    def category_paths(self, lang: Lang = "zh") -> dict[str, tuple[str, ...]]:
        """For each category code the names from the root down, itself included."""
        data = self._desk.data
        return dict(self._desk.remember(data, ("category paths", lang), lambda: self._category_paths(lang)))

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
    "There is no city in {home} yet. Make one with `gridmap demo`, or import grids with `gridmap import grids FILE`."
)
