"""`City`: the front desk of one city; every question of a page, a route or a command goes
through a room of it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd

from gridmap.calendar import day_from_number
from gridmap.cases.registry import PLAIN
from gridmap.city import doctor
from gridmap.city.base.basis import BasedDesk, Basis
from gridmap.city.base.clock import Clock, clock_of
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.ground import Grounds
from gridmap.city.base.limits import Limits
from gridmap.city.base.regridding import Regridding
from gridmap.city.doctor import Finding
from gridmap.city.flow.alarms import Alarms
from gridmap.city.flow.cards import Cards
from gridmap.city.flow.inbox import Inbox
from gridmap.city.flow.matters import Matters
from gridmap.city.flow.outbox import Outbox
from gridmap.city.flow.photos import Photos
from gridmap.city.flow.reporting import Reporting
from gridmap.city.flow.routing import Routing
from gridmap.city.flow.visits import Visits
from gridmap.city.flow.watch import Watch
from gridmap.city.headquarters.assignments import Assignments
from gridmap.city.headquarters.briefing import Briefings
from gridmap.city.headquarters.catches import Catches
from gridmap.city.headquarters.headquarters import Headquarters
from gridmap.city.headquarters.indicators import Indicators
from gridmap.city.headquarters.interviews import Interviews
from gridmap.city.headquarters.ladder import Ladder
from gridmap.city.headquarters.lagging import Lagging
from gridmap.city.headquarters.orders import Orders
from gridmap.city.headquarters.sessions import Sessions
from gridmap.city.intake.faults import Faults
from gridmap.city.intake.imports import Imports
from gridmap.city.look import maps
from gridmap.city.look.export import Export
from gridmap.city.look.figures import Figures
from gridmap.city.look.grid import Grid
from gridmap.city.look.heat import Heat
from gridmap.city.look.layers import Layers
from gridmap.city.look.overview import Overview
from gridmap.city.look.places import Places
from gridmap.city.look.workload import Workload
from gridmap.city.people.absences import Absences
from gridmap.city.people.handovers import Handovers
from gridmap.city.people.keys import Keys
from gridmap.city.people.mergers import Mergers
from gridmap.city.people.people import People
from gridmap.city.people.roster import Roster
from gridmap.city.plans.comments import Comments
from gridmap.city.plans.drafts import Drafts
from gridmap.city.plans.drawings import Drawings
from gridmap.city.plans.outcomes import Outcomes
from gridmap.city.plans.pastroom import PastRoom
from gridmap.city.plans.planfiles import PlanFiles
from gridmap.city.plans.proposals import Proposals
from gridmap.city.plans.publishing import Publishing
from gridmap.city.plans.redrawing import Redrawing
from gridmap.city.plans.review import Review
from gridmap.city.plans.saving import Saving
from gridmap.city.plans.sheets import Sheets
from gridmap.city.plans.weights import Weights
from gridmap.city.records.room import RecordRoom
from gridmap.city.registry import FIGURES
from gridmap.city.town.centres import Centres
from gridmap.city.town.contracts import Contracts
from gridmap.city.town.deliberations import Deliberations
from gridmap.city.town.mediation import Mediation
from gridmap.city.town.mediators import Mediators
from gridmap.city.town.tasks import Tasks
from gridmap.city.town.windows import Windows
from gridmap.errors import NotFoundError, SetupError
from gridmap.insight.selection import CITY, Selection
from gridmap.insight.warm import warm
from gridmap.planning.warm import warm as warm_planning
from gridmap.progress import Progress, silent
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.base.recordstore import records_of
from gridmap.store.opening import open_store
from gridmap.store.plans.plans import Plan, plan_in_force, read_plan, read_plans

MOST_OTHERS = 3
"""So many other plans are held beside the one in force: each takes two bytes a report."""


class City:
    """An open city with its rooms; safe between threads, one for all sessions of a process.

    Each room is made once, here, and handed the rooms it asks; making one reads nothing.
    Results may be changed by who asked for them; arrays are read-only.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.settings = desk.settings
        self.store = desk.store
        self.clock = desk.clock
        self.code = desk.code
        self.demonstration = desk.demonstration
        self.basis = Basis()
        self._choosing = threading.Lock()
        self._others: dict[Basis, City] = {}

        # In this order: a room stands only on rooms opened before it.
        self._open_map(desk)
        self._open_people(desk)
        self._open_plans(desk)
        self._open_flow(desk)
        self._open_town(desk)
        self._open_headquarters(desk)
        self.records = self._record_rooms(desk)

    def _open_map(self, desk: Desk) -> None:
        """Places, figures, maps and files."""
        self.places = Places(desk)
        self.layers = Layers(desk, self.places)
        self.figures = Figures(desk, self.places, FIGURES.values(), partial(getattr, self))
        self.overview = Overview(desk, self.places, self.figures)
        self.heat = Heat(desk, self.places)
        self.workload = Workload(desk, self.places, self.figures)
        self.grid = Grid(desk, places=self.places, overview=self.overview)
        self.export = Export(
            desk, places=self.places, workload=self.workload, figures=self.figures
        )
        self.imports = Imports(desk.store, lambda: desk.now_s)
        self.faults = Faults(desk, self.layers)

    def _open_people(self, desk: Desk) -> None:
        """Who acts, and under which limits."""
        self.limits = Limits(desk)
        self.people = People(desk, self.places)
        self.roster = Roster(desk, people=self.people, places=self.places)
        self.absences = Absences(desk, self.people)
        self.keys = Keys(desk, self.people)
        self.handovers = Handovers(
            desk, people=self.people, keys=self.keys, limits=self.limits
        )
        self.mergers = Mergers(desk, people=self.people, limits=self.limits)

    def _open_plans(self, desk: Desk) -> None:
        """Redrawing the grids: drafts, what they come to, and the plan in force."""
        self.drafts = Drafts(desk, self.people)
        self.comments = Comments(desk, people=self.people, drafts=self.drafts)
        self.drawings = Drawings(desk, self.drafts)
        self.review = Review(desk, drafts=self.drafts, drawings=self.drawings)
        self.sheets = Sheets(desk, self.drawings)

        past = PastRoom(desk)
        weights = Weights(layers=self.layers, past=past)
        saving = Saving(desk, people=self.people, drawings=self.drawings)
        self.redrawing = Redrawing(
            desk,
            layers=self.layers,
            drafts=self.drafts,
            drawings=self.drawings,
            weights=weights,
            saving=saving,
        )
        self.planfiles = PlanFiles(
            desk, drafts=self.drafts, drawings=self.drawings, saving=saving
        )
        self.proposals = Proposals(
            desk,
            drafts=self.drafts,
            drawings=self.drawings,
            weights=weights,
            saving=saving,
        )
        self.outcomes = Outcomes(
            desk,
            drafts=self.drafts,
            drawings=self.drawings,
            past=past,
            weights=weights,
        )
        self.publishing = Publishing(
            desk,
            people=self.people,
            drafts=self.drafts,
            drawings=self.drawings,
            review=self.review,
        )

    def _open_flow(self, desk: Desk) -> None:
        """Matters in motion, and what moves them."""
        self.routing = Routing(desk, people=self.people, places=self.places)
        grounds = Grounds(desk.store)
        self.reporting = Reporting(
            desk,
            people=self.people,
            routing=self.routing,
            limits=self.limits,
            grounds=grounds,
        )
        self.matters = Matters(
            desk, people=self.people, limits=self.limits, grounds=grounds
        )
        self.inbox = Inbox(desk, self.matters)
        self.cards = Cards(desk)
        self.photos = Photos(desk)
        self.visits = Visits(desk)
        self.outbox = Outbox(desk)
        self.watch = Watch(
            desk,
            limits=self.limits,
            outbox=self.outbox,
            alarms=Alarms(desk.store, desk.settings),
            publishing=self.publishing,
        )

    def _open_town(self, desk: Desk) -> None:
        """Townships and villages: mediation, tasks going down, village work."""
        self.windows = Windows(desk, self.people)
        self.centres = Centres(
            desk, places=self.places, people=self.people, matters=self.matters
        )
        self.mediators = Mediators(desk, self.places)
        self.mediation = Mediation(
            desk, places=self.places, people=self.people, matters=self.matters
        )
        self.tasks = Tasks(
            desk, places=self.places, people=self.people, reporting=self.reporting
        )
        self.contracts = Contracts(desk, places=self.places, people=self.people)
        self.deliberations = Deliberations(
            desk, places=self.places, people=self.people, matters=self.matters
        )

    def _record_rooms(self, desk: Desk) -> Mapping[str, RecordRoom[Any]]:
        """The rooms of records by the name of their kind; a kind without questions of its
        own has a plain one.

        Orders of a session are not among them: the session gives them, by a move of its own.
        """
        plain = (
            RecordRoom(
                desk, people=self.people, places=self.places, records=records_of(kind)
            )
            for kind in PLAIN
        )
        rooms: tuple[RecordRoom[Any], ...] = (
            self.contracts,
            self.deliberations,
            self.mediation,
            self.sessions,
            self.interviews,
            *plain,
        )
        return {room.kind.name: room for room in rooms}

    def _open_headquarters(self, desk: Desk) -> None:
        """What was done, what is late, who is asked to answer for it."""
        self.headquarters = Headquarters(desk, people=self.people, matters=self.matters)
        self.briefing = Briefings(
            desk,
            places=self.places,
            windows=self.windows,
            headquarters=self.headquarters,
        )
        self.indicators = Indicators(
            desk,
            places=self.places,
            matters=self.matters,
            regridding=Regridding(desk),
        )
        self.ladder = Ladder(
            desk, places=self.places, people=self.people, matters=self.matters
        )
        self.orders = Orders(desk, people=self.people, places=self.places)
        self.sessions = Sessions(
            desk,
            people=self.people,
            places=self.places,
            matters=self.matters,
            limits=self.limits,
            orders=self.orders,
        )
        self.assignments = Assignments(desk, self.orders)
        self.lagging = Lagging(desk, people=self.people, limits=self.limits)
        self.interviews = Interviews(desk, people=self.people, places=self.places)
        self.catches = Catches(desk, matters=self.matters, lagging=self.lagging)

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock | None = None) -> City:
        """Open the city in the home of `settings`.

        The clock is the one given, the setting `now`, the demonstration's own, or real
        time, in this order. Raises SetupError when there is no city yet.
        """
        if not Store.exists(settings):
            raise SetupError(_NO_CITY.format(home=settings.home))
        store = open_store(settings)
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
