"""Grids from a file into the city: a sound layer published as the plan in force, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from gridmap.city.intake.checking import UNITS, CheckReport
from gridmap.city.intake.mending import SoundLayer, sound_layer
from gridmap.codes import Codes, parents
from gridmap.errors import Fault, InputError
from gridmap.model import Level
from gridmap.names import english_name
from gridmap.progress import Progress, silent
from gridmap.sources.grids import COLUMNS, GridLayer
from gridmap.store.base.store import Store, put_meta
from gridmap.store.intake.imports import put_import
from gridmap.store.plans.plans import publish_plan
from gridmap.store.plans.units import put_units, read_units


@dataclass(frozen=True)
class GridImport:
    """What an import of grids did: the new `plan`, what was mended, and what was assumed."""

    plan: int
    report: CheckReport
    moves: pd.DataFrame
    notes: tuple[str, ...]
    new_units: tuple[int, ...] = field(default=())

    @property
    def grids(self) -> int:
        """Number of grids published."""
        return self.report.grids


def import_grids(
    store: Store,
    path: Path | str,
    *,
    valid_from: date | str,
    now: int,
    name: str = "",
    crs: Any = None,
    mapping: Mapping[str, str] | None = None,
    layer: str = "",
    repair: bool = False,
    tolerance_m: float = 1.0,
    within: Level | None = Level.VILLAGE,
    out: Path | None = None,
    progress: Progress = silent,
) -> GridImport:
    """Publish the grids of a file as the plan in force from `valid_from` on, or change nothing.

    With `repair` the layer is mended first as far as `tolerance_m` allows. Borders that run
    together without sharing their vertices are matched in any case, which moves nothing.
    Units the city does not know yet get the names the file has for them; an empty city
    takes the code for a name where there is none. `out`: where faults are written. `now`:
    Unix seconds, for the list of imports. `progress` is called with reading, checking,
    mending, publishing.

    Raises
    ------
    InputError
        Rows or fields that can't be used, topology faults left, units without a name; all
        of a kind at once.
    """
    start = _day(valid_from)
    sound = sound_layer(
        store,
        path,
        crs=crs,
        mapping=mapping,
        layer=layer,
        repair=repair,
        tolerance_m=tolerance_m,
        within=within,
        out=out,
        progress=progress,
    )
    progress("publishing", 0, 0)
    return _publish(store, sound, Path(path), start=start, now=now, name=name)


def _publish(
    store: Store, sound: SoundLayer, path: Path, *, start: date, now: int, name: str
) -> GridImport:
    grids = sound.grids
    register, new = _register(store, sound.found)

    def also(connection: Connection) -> None:
        if new:
            put_units(connection, register)
        put_meta(
            connection,
            "city",
            str(register.loc[register["level"] == Level.CITY, "code"].iloc[0]),
        )
        put_import(
            connection,
            kind="grids",
            files=[path],
            now=now,
            rows=len(grids),
            accepted=len(grids),
        )

    plan = publish_plan(
        store, grids[list(COLUMNS)], name=name or path.stem, valid_from=start, also=also
    )
    notes = tuple(_notes(sound.report, sound.moves, new))
    return GridImport(plan, sound.report, sound.moves, notes, tuple(new))


def _day(value: date | str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError as error:
        cure = "Give a day such as 2024-05-21."
        raise InputError(
            Fault(rule="no day", field="valid_from", value=str(value), cure=cure)
        ) from error


def _register(store: Store, found: GridLayer) -> tuple[pd.DataFrame, list[int]]:
    """The units of the city with those the grids need besides, and the codes of the latter."""
    known = read_units(store)[["code", "level", "name", "name_en"]]
    codes = found.grids["code"].to_numpy(dtype=np.int64)
    cities = _units_of(codes, Level.CITY) | set(
        known.loc[known["level"] == Level.CITY, "code"].tolist()
    )
    if len(cities) > 1:
        cure = (
            "A city's codes begin with the same four digits: correct the codes, or "
            "import into another home."
        )
        raise InputError(
            Fault(
                rule="grids of several cities",
                field="code",
                value=_joined(cities),
                file=found.file,
                cure=cure,
            )
        )
    needed = {
        level: _units_of(codes, level) - set(known["code"].tolist()) for level in UNITS
    }
    named = (
        found.unit_names.keys() | needed[Level.CITY]
    )  # nobody writes the city's name into each row
    nameless = [code for level in UNITS for code in sorted(needed[level] - named)]
    if nameless and not known.empty:
        raise InputError(
            Fault(
                rule="the city knows no such unit",
                field="code",
                value=str(code),
                file=found.file,
                cure=(
                    "Correct the code, or name the unit in a column county_name, "
                    "township_name or village_name."
                ),
            )
            for code in nameless
        )
    rows = [
        (code, int(level), found.unit_names.get(code, str(code)))
        for level in UNITS
        for code in sorted(needed[level])
    ]
    added = pd.DataFrame(rows, columns=["code", "level", "name"])
    added["name_en"] = [english_name(name) for name in added["name"]]
    return pd.concat([known, added], ignore_index=True), [code for code, _, _ in rows]


def _units_of(codes: Codes, level: Level) -> set[int]:
    return set(np.unique(parents(codes, level)).tolist())


def _joined(codes: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(codes)))


def _notes(report: CheckReport, moves: pd.DataFrame, new: list[int]) -> Iterable[str]:
    yield from report.notes
    unmatched = report.by_rule.get("unmatched", 0)
    if unmatched:
        yield f"added missing vertices on the borders of {unmatched} grids; no border moved"
    for rule, group in moves.groupby("rule", sort=False):
        yield (
            f"mended {len(group)} faults of the kind {rule}; no border moved more than "
            f"{group['moved_m'].max():.2f} m"
        )
    if new:
        yield f"{len(new)} units were added to the city"
