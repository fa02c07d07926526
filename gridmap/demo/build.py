"""The demonstration city, built into an empty home through the floors below, like any city."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from gridmap.demo import (
    matters,
    mediation,
    meetings,
    population,
    redrawings,
    scenes,
    staff,
    story,
    tasks,
    villages,
)
from gridmap.demo.arraydeadlines import ArrayDeadlines
from gridmap.demo.clock import CLOCK, NOW
from gridmap.demo.counties import read_outlines, repair_outlines
from gridmap.demo.geography import GRIDS, ZONES, Geography, make_geography
from gridmap.demo.headquarters import assemble
from gridmap.demo.institutions import furnish
from gridmap.demo.journals import write_journals
from gridmap.demo.mix import CategoryMix
from gridmap.demo.referencelayers import add_layers
from gridmap.demo.rhythm import FIRST_DAY
from gridmap.demo.rules import STEPS, rules_frame
from gridmap.demo.source import GridSource
from gridmap.demo.stage import Stage
from gridmap.demo.users import Crew, crew
from gridmap.demo.users import home as home_row
from gridmap.errors import ConflictError, Fault, InputError
from gridmap.progress import Progress, silent
from gridmap.settings import Settings, data_folder
from gridmap.store import Store
from gridmap.store.flow import categories as category_room
from gridmap.store.flow import visits as visit_room
from gridmap.store.intake import imports as import_room
from gridmap.store.opening import open_store
from gridmap.store.people import workers as worker_room
from gridmap.store.plans import plans as plan_room
from gridmap.store.plans import units as unit_room


@dataclass(frozen=True)
class World:
    """Everything the demonstration is made of, before anything is stored."""

    divisions: pd.DataFrame
    geography: Geography
    grids: gpd.GeoDataFrame
    staff: staff.HiredStaff
    visits: pd.DataFrame
    categories: pd.DataFrame
    source: GridSource
    crew: Crew
    seed: int

    def reports(self, count: int) -> Iterator[pa.RecordBatch]:
        """`count` reports of the three years, a batch a month."""
        beside = scenes.drawn(self.scenes) if count >= scenes.FEWEST_REPORTS else None
        return matters.report_batches(
            self.source, reports=count, now=NOW, seed=self.seed, beside=beside
        )

    def beside(self, count: int) -> Iterator[pa.RecordBatch]:
        """What comes beside `count` reports: in small cities, the matters of Hongqi's centre."""
        if count >= story.FEWEST_REPORTS:
            return iter(())
        return matters.centre_batches(self.source, now=NOW, seed=self.seed)

    @cached_property
    def home(self) -> int:
        """The village whose people the demo sign-in offers."""
        return int(self.source.codes[home_row(self.source.codes, self.crew.worker)]) // 1000

    @cached_property
    def stage(self) -> Stage:
        """Where matters play."""
        rules = rules_frame(self.categories, county=self.crew.county)
        return Stage.of(self.source.codes, self.source.mix, self.crew, rules)

    @cached_property
    def scenes(self) -> list[scenes.Scene]:
        """What lies on the desks of the people of the demo sign-in."""
        return scenes.play(
            self.stage, ArrayDeadlines(self.source.mix, STEPS).deadlines, now=NOW
        )


def build(
    settings: Settings,
    *,
    reports: int,
    seed: int,
    progress: Progress = silent,
    counties: Collection[int] | None = None,
) -> None:
    """Build the demonstration city in the empty home of `settings`; all of it, or nothing
    where its truth is a file.

    In a database of a server others see it grow, and one cut short has to be dropped before
    the next try.

    Parameters
    ----------
    settings : Settings
        Where the city lives.
    reports : int
        Reports over the three years.
    seed : int
        The same seed gives the same city.
    progress : callable, optional
        Told of each stage.
    counties : collection of int, optional
        Codes of the only counties to build (a smaller city for tests).

    Raises ConflictError when a city is there already, InputError for an unknown county.
    """
    if Store.exists(settings):
        raise ConflictError(
            f"There is a city in {settings.home} already. Choose another home or remove it."
        )
    world = make_world(seed=seed, counties=counties, progress=progress)
    if settings.database_url:
        _store(settings, world, reports, progress)
        return
    home = settings.home.expanduser().resolve()
    draft = home.with_name(f"{home.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _store(settings.model_copy(update={"home": draft}), world, reports, progress)
        _move(draft, home)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def make_world(
    *, seed: int, counties: Collection[int] | None = None, progress: Progress = silent
) -> World:
    """The demonstration city as frames, nothing stored."""
    folder = data_folder()
    whole = pd.read_csv(folder / "divisions.csv")
    divisions = _chosen(whole, counties)
    share = _share(divisions, whole)
    progress("geography", 0, 3)
    outlines = _outlines(folder, divisions)
    progress("geography", 1, 3)
    geography = make_geography(divisions, outlines, grids=round(GRIDS * share), seed=seed)
    progress("geography", 2, 3)
    grids = population.settle(
        geography.grids,
        divisions,
        households=round(population.HOUSEHOLDS * share),
        population=round(population.POPULATION * share),
        rng=np.random.default_rng([seed, 11]),
    )
    codes = grids["code"].to_numpy(np.int64)
    team = staff.recruit(
        codes, today=CLOCK.date(), share=share, rng=np.random.default_rng([seed, 12])
    )
    visits = staff.visit(team, codes, now=NOW, rng=np.random.default_rng([seed, 13]))
    tree = pd.read_csv(
        folder / "categories.csv", dtype={"parent": "str"}, keep_default_na=True
    )
    mix = CategoryMix.of(tree, pd.read_csv(folder / "category_mix.csv"))
    named = zip(divisions["code"], divisions["name"], strict=True)
    names = {int(code): population.short_name(name) for code, name in named}
    source = GridSource.of(
        grids,
        holder=team.holder,
        villages=names,
        mix=mix,
        rng=np.random.default_rng([seed, 14]),
    )
    everybody = crew(divisions, codes, team, rng=np.random.default_rng([seed, 15]))
    progress("geography", 3, 3)
    return World(divisions, geography, grids, team, visits, tree, source, everybody, seed)


def write_reports_csv(
    path: Path, *, reports: int, seed: int, counties: Collection[int] | None = None
) -> int:
    """Write `reports` reports of the demonstration city as a CSV file; the number of rows
    written.
    """
    return matters.write_reports_csv(
        path, make_world(seed=seed, counties=counties).reports(reports)
    )


def _chosen(divisions: pd.DataFrame, counties: Collection[int] | None) -> pd.DataFrame:
    if counties is None:
        return divisions
    county_of = divisions["code"].astype(str).str[:6].astype(int)
    strangers = sorted(set(counties) - set(county_of))
    if strangers:
        raise InputError(
            [
                Fault(
                    rule="no county of the demonstration",
                    field="county",
                    value=str(code),
                    cure="Give a 6-digit code of data/divisions.csv.",
                )
                for code in strangers
            ]
        )
    return divisions[county_of.isin(counties)].reset_index(drop=True)


def _share(divisions: pd.DataFrame, whole: pd.DataFrame) -> float:
    """The part of the city's villages that is built."""
    return float(
        (divisions["level"] == "village").sum() / (whole["level"] == "village").sum()
    )


def _outlines(folder: Path, divisions: pd.DataFrame) -> dict[int, shapely.Geometry]:
    """Repaired outlines of the counties in `divisions`, and of the hosts of its zones."""
    mended = repair_outlines(read_outlines(folder / "counties.geojson"))
    wanted = set(divisions.loc[divisions["level"] == "county", "code"])
    wanted |= {host for zone, hosts in ZONES.items() if zone in wanted for host in hosts}
    return {code: shape for code, shape in mended.items() if code in wanted}


def _store(settings: Settings, world: World, reports: int, progress: Progress) -> None:
    with open_store(settings) as store:
        # First of all: on PostgreSQL others see the city grow, and must know whose clock it has.
        store.set_meta("city", "4107")
        store.set_meta("demonstration", "1")
        store.set_meta("clock", CLOCK.isoformat())
        _store_city(store, world, progress)
        _store_reports(store, world, reports, progress)
        played = world.scenes if reports >= scenes.FEWEST_REPORTS else []
        write_journals(
            store, world.stage, played, now=NOW, seed=world.seed, progress=progress
        )
        assemble(store, world.crew)
        rng = np.random.default_rng([world.seed, 34])
        meetings.furnish(store, world.crew, home=world.home, now=NOW, rng=rng)


def _store_city(store: Store, world: World, progress: Progress) -> None:
    """What is there before anything is reported: units, grids, people, rooms, layers."""
    progress("city", 0, 6)
    unit_room.replace_units(store, population.units_frame(world.divisions))
    category_room.replace_categories(store, world.categories)
    progress("city", 1, 6)
    plan_room.publish_plan(store, world.grids, name="演示网格", valid_from=FIRST_DAY)
    progress("city", 2, 6)
    worker_room.replace_workers(store, world.staff.workers, world.staff.assignments)
    progress("city", 3, 6)
    visit_room.add_visits(store, world.visits)
    progress("city", 4, 6)
    rng = np.random.default_rng([world.seed, 16])
    furnish(store, world.crew, world.categories, rng=rng)
    furnish_rooms(store, world)
    progress("city", 5, 6)
    _add_layers(store, world)
    redrawings.lay_out(store, world.crew.users)
    progress("city", 6, 6)


def _store_reports(store: Store, world: World, reports: int, progress: Progress) -> None:
    import_room.import_reports(
        store, world.reports(reports), files=["demonstration"], now=NOW, progress=progress
    )
    beside = list(world.beside(reports))
    if beside:
        import_room.import_reports(
            store, iter(beside), files=["one-stop centre"], now=NOW, progress=progress
        )


def _add_layers(store: Store, world: World) -> None:
    codes = world.divisions["code"].astype("int64").tolist()
    names = dict(zip(codes, world.divisions["name"].astype(str), strict=True))
    geography = world.geography
    add_layers(
        store,
        world.grids,
        geography.villages,
        geography.townships,
        names,
        rng=np.random.default_rng([world.seed, 17]),
    )


def furnish_rooms(store: Store, world: World) -> None:
    """The rooms of townships and villages: mediation, tasks from above, contracts."""
    whole = pd.read_csv(data_folder() / "divisions.csv")
    villages_built = world.divisions[world.divisions["level"] == "village"]
    mediation.furnish(
        store,
        world.staff.workers,
        world.staff.assignments,
        whole,
        villages_built["code"].to_numpy(np.int64),
        now=NOW,
        rng=np.random.default_rng([world.seed, 31]),
    )
    tasks.furnish(
        store,
        world.grids,
        world.crew.users,
        world.crew.worker,
        plan=plan_room.plan_in_force(store).id,
        now=NOW,
        rng=np.random.default_rng([world.seed, 32]),
    )
    villages.furnish(
        store,
        villages_built,
        world.crew.users,
        home=world.home,
        now=NOW,
        rng=np.random.default_rng([world.seed, 33]),
    )


def _move(draft: Path, home: Path) -> None:
    """Put the finished city into its place, beside what else may be in the folder."""
    if not home.exists():
        draft.replace(home)
        return
    for path in draft.iterdir():
        target = home / path.name
        if target.is_dir():
            shutil.rmtree(target)
        path.replace(target)
