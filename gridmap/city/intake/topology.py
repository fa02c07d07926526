"""Grids from a file into the city: checked for topology, mended on request, published all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from gridmap.codes import Codes, parents
from gridmap.errors import Fault, InputError, NotFoundError
from gridmap.geo.coverage import RULES, check
from gridmap.geo.repair import repair as mend
from gridmap.model import Level
from gridmap.names import english_name
from gridmap.progress import Progress, silent
from gridmap.sources.grids import COLUMNS, GridLayer, read_layer
from gridmap.sources.place import CHINA, Bounds
from gridmap.store.base import Store, put_meta
from gridmap.store.imports import put_import
from gridmap.store.plans import publish_plan
from gridmap.store.units import put_units, read_unit_shapes, read_units

HARMLESS = frozenset({"unmatched"})
"""Faults the import settles by itself: no border moves."""

UNITS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
_NODING_M = 0.002
_MOST_FAULTS = 1000


@dataclass(frozen=True)
class CheckReport:
    """What the topology check of a file found.

    `faults`: as `gridmap.geo.coverage.check` returns them, with `names` of the grids; `problems`: rows and fields that
    can't be used; `notes`: what was assumed; `faults_file`: the GeoJSON of the faults, None when there is none;
    `shapes`: the grids' polygons (EPSG:4490) as they were checked.
    """

    file: str
    format: str
    grids: int
    faults: gpd.GeoDataFrame
    problems: tuple[Fault, ...]
    notes: tuple[str, ...]
    faults_file: Path | None = None
    shapes: npt.NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))

    @property
    def ok(self) -> bool:
        """Whether the file can be imported as it is."""
        return not self.problems and not (set(self.faults["rule"]) - HARMLESS)

    @property
    def by_rule(self) -> dict[str, int]:
        """Number of faults of each rule found, in the order of the rules."""
        counts = self.faults["rule"].value_counts()
        return {rule: int(counts[rule]) for rule in RULES if rule in counts.index}


@dataclass(frozen=True)
class RepairPreview:
    """What mending a file would do: its faults `before` and `after`, its `grids` as mended, and each change.

    `moves`: rule, codes (the winner first), names, detail, moved_m (how far a border moves at most), geometry
    (EPSG:4490, the area that changes hands). `found` is the file as it was read.
    """

    before: CheckReport
    after: CheckReport
    grids: gpd.GeoDataFrame
    moves: gpd.GeoDataFrame
    found: GridLayer

    @property
    def ok(self) -> bool:
        """Whether the mended grids can be published."""
        return self.after.ok


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


def check_file(
    store: Store | None,
    path: Path | str,
    *,
    crs: Any = None,
    mapping: Mapping[str, str] | None = None,
    layer: str = "",
    within: Level | None = Level.VILLAGE,
    tolerance_m: float = 1.0,
    out: Path | None = None,
    progress: Progress = silent,
) -> CheckReport:
    """Check a file of grids without importing it.

    `store`: the city whose outlines the grids should be nested in, None for none; `within` is the level of these
    outlines, None leaves nesting out. `out`: where the faults are written as GeoJSON (nothing is written when there
    are none). For the rest see `gridmap.sources.grids.read_layer` and `gridmap.geo.coverage.check`.

    Raises InputError when the file as a whole cannot be read.
    """
    progress("reading", 0, 0)
    found = read_layer(path, crs=crs, mapping=mapping, layer=layer, bounds=_bounds(store))
    progress("checking", 0, 0)
    return _report(found, found.grids, _outlines(store, within), tolerance_m=tolerance_m, out=out)


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

    With `repair` the layer is mended first as far as `tolerance_m` allows. Borders that run together without sharing
    their vertices are matched in any case, which moves nothing. Units the city does not know yet get the names the
    file has for them; an empty city takes the code for a name where there is none. `out`: where faults are written. `now`: Unix
    seconds, for the list of imports. `progress` is called with reading, checking, mending, publishing.

    Raises
    ------
    InputError
        Rows or fields that can't be used, topology faults left, units without a name; all of a kind at once.
    """
    start = _day(valid_from)
    sound = sound_layer(
        store, path, crs=crs, mapping=mapping, layer=layer, repair=repair, tolerance_m=tolerance_m, within=within,
        out=out, progress=progress,
    )  # fmt: skip
    progress("publishing", 0, 0)
    return _publish(store, sound, Path(path), start=start, now=now, name=name)


def preview_repair(
    store: Store | None,
    path: Path | str,
    *,
    crs: Any = None,
    mapping: Mapping[str, str] | None = None,
    layer: str = "",
    within: Level | None = Level.VILLAGE,
    tolerance_m: float = 1.0,
    progress: Progress = silent,
) -> RepairPreview:
    """What `import_grids` with `repair` would change in a file, and what it would leave; nothing is changed.

    The arguments are those of `check_file`. Raises InputError when the file as a whole cannot be read.
    """
    progress("reading", 0, 0)
    found = read_layer(path, crs=crs, mapping=mapping, layer=layer, close_rings=True, bounds=_bounds(store))
    outlines = _outlines(store, within)
    progress("checking", 0, 0)
    before = _report(found, found.grids, outlines, tolerance_m=tolerance_m, out=None)
    progress("mending", 0, 0)
    mended = mend(found.grids, tolerance_m=tolerance_m)
    progress("checking again", 0, 0)
    after = _report(found, mended.grids, outlines, tolerance_m=tolerance_m, out=None)
    moves = mended.moves
    moves.insert(2, "names", _named(moves["codes"], found.grids))
    return RepairPreview(before, after, mended.grids, moves, found)


def mended(preview: RepairPreview) -> gpd.GeoDataFrame:
    """The grids as `preview` shows them mended. Raises InputError when faults or unusable rows are left."""
    if preview.after.problems:
        raise InputError(preview.after.problems)
    if not preview.ok:
        raise InputError(_as_faults(preview.after, repaired=True))
    return preview.grids


def _publish(store: Store, sound: SoundLayer, path: Path, *, start: date, now: int, name: str) -> GridImport:
    grids = sound.grids
    register, new = _register(store, sound.found)

    def also(connection: Connection) -> None:
        if new:
            put_units(connection, register)
        put_meta(connection, "city", str(register.loc[register["level"] == Level.CITY, "code"].iloc[0]))
        put_import(connection, kind="grids", files=[path], now=now, rows=len(grids), accepted=len(grids))

    plan = publish_plan(store, grids[list(COLUMNS)], name=name or path.stem, valid_from=start, also=also)
    notes = tuple(_notes(sound.report, sound.moves, new))
    return GridImport(plan, sound.report, sound.moves, notes, tuple(new))


@dataclass(frozen=True)
class SoundLayer:
    """A layer without a fault: as it was `found`, its `grids` (perhaps mended, see `moves`), the `report` before that."""

    found: GridLayer
    grids: gpd.GeoDataFrame
    moves: pd.DataFrame
    report: CheckReport


def sound_layer(
    store: Store,
    path: Path | str,
    *,
    crs: Any = None,
    mapping: Mapping[str, str] | None = None,
    layer: str = "",
    repair: bool = False,
    tolerance_m: float = 1.0,
    within: Level | None = Level.VILLAGE,
    out: Path | None = None,
    prepare: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame] = lambda grids: grids,
    progress: Progress = silent,
) -> SoundLayer:
    """Read, check and mend a file of grids; `prepare` is given its grids before they are checked.

    For the options and the errors raised see `import_grids`.
    """
    progress("reading", 0, 0)
    found = read_layer(path, crs=crs, mapping=mapping, layer=layer, close_rings=repair, bounds=_bounds(store))
    if found.faults:
        raise InputError(found.faults)
    grids = prepare(found.grids)
    outlines = _outlines(store, within)
    progress("checking", 0, 0)
    before = _report(found, grids, outlines, tolerance_m=tolerance_m, out=out)
    moves = pd.DataFrame(columns=["rule", "codes", "detail", "moved_m"])
    if len(before.faults) and (repair or before.ok):
        progress("mending", 0, 0)
        mended = mend(grids, tolerance_m=tolerance_m if repair else _NODING_M)
        grids, moves = mended.grids, mended.moves
    after = before
    if len(before.faults):
        after = _report(found, grids, outlines, tolerance_m=tolerance_m, out=out)
    if not after.ok:
        raise InputError(_as_faults(after, repaired=repair))
    return SoundLayer(found, grids, moves, before)


def _report(
    found: GridLayer,
    grids: gpd.GeoDataFrame,
    outlines: gpd.GeoDataFrame | None,
    *,
    tolerance_m: float,
    out: Path | None,
) -> CheckReport:
    faults = check(grids, parents=outlines, tolerance_m=tolerance_m)
    faults.insert(2, "names", _named(faults["codes"], grids))
    written = None
    if out is not None and len(faults):
        write_faults(faults, out)
        written = out
    return CheckReport(
        found.file,
        found.format,
        len(grids),
        faults,
        tuple(found.faults),
        tuple(found.notes),
        written,
        np.asarray(grids.geometry.array, dtype=object),
    )


def _named(codes: Iterable[str], grids: gpd.GeoDataFrame) -> list[str]:
    """The names of the grids in each comma list of codes."""
    names = dict(zip(grids["code"].astype(str), grids["name"], strict=True))
    return [", ".join(names[code] for code in str(listed).split(",") if code in names) for listed in codes]


def write_faults(faults: gpd.GeoDataFrame, out: Path) -> None:
    """Write faults as GeoJSON (RFC 7946), replacing `out` in one step."""
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(out.name + ".part")
    draft.write_text(json.dumps(json.loads(faults.to_json(drop_id=True)), ensure_ascii=False), encoding="utf-8")
    draft.replace(out)


def _day(value: date | str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError as error:
        cure = "Give a day such as 2024-05-21."
        raise InputError(Fault(rule="no day", field="valid_from", value=str(value), cure=cure)) from error


def _bounds(store: Store | None) -> Bounds:
    outlines = _outlines(store, Level.COUNTY)
    if outlines is None:
        return CHINA
    west, south, east, north = outlines.total_bounds
    return float(west), float(south), float(east), float(north)


def _outlines(store: Store | None, level: Level | None) -> gpd.GeoDataFrame | None:
    """Outlines of a level in force, or the nearest level above that has some."""
    if store is None or level is None:
        return None
    try:
        shapes = read_unit_shapes(store)
    except NotFoundError:
        return None
    levels = [found for found in (level, *reversed(UNITS[:level])) if (shapes["level"] == found).any()]
    return shapes[shapes["level"] == levels[0]] if levels else None


def _as_faults(report: CheckReport, *, repaired: bool) -> list[Fault]:
    """The topology faults as faults of the input, the first thousand, with what repair could not do."""
    blocking = report.faults[~report.faults["rule"].isin(HARMLESS)]
    faults = [
        Fault(
            rule=f"{row.rule.replace('_', ' ')} at {row.place}: {row.size_m2:,.1f} m², {row.size_m:,.2f} m wide",
            field="geometry",
            value=row.codes,
            file=report.file,
            cure=row.cure if not repaired else f"{row.cure} Repair left it: it is beyond its tolerance or its means.",
        )
        for row in blocking.head(_MOST_FAULTS).itertuples()
    ]
    if len(blocking) > len(faults):
        rest = f"{len(blocking) - len(faults):,} more faults"
        faults.append(Fault(rule=rest, file=report.file, cure="See the file of faults; `gridmap check` writes it."))
    return faults


def _register(store: Store, found: GridLayer) -> tuple[pd.DataFrame, list[int]]:
    """The units of the city with those the grids need besides, and the codes of the latter."""
    known = read_units(store)[["code", "level", "name", "name_en"]]
    codes = found.grids["code"].to_numpy(dtype=np.int64)
    cities = _units_of(codes, Level.CITY) | set(known.loc[known["level"] == Level.CITY, "code"].tolist())
    if len(cities) > 1:
        cure = "A city's codes begin with the same four digits: correct the codes, or import into another home."
        raise InputError(
            Fault(rule="grids of several cities", field="code", value=_joined(cities), file=found.file, cure=cure)
        )
    needed = {level: _units_of(codes, level) - set(known["code"].tolist()) for level in UNITS}
    named = found.unit_names.keys() | needed[Level.CITY]  # nobody writes the city's name into each row
    nameless = [code for level in UNITS for code in sorted(needed[level] - named)]
    if nameless and not known.empty:
        raise InputError(
            Fault(
                rule="the city knows no such unit",
                field="code",
                value=str(code),
                file=found.file,
                cure="Correct the code, or name the unit in a column county_name, township_name or village_name.",
            )
            for code in nameless
        )
    rows = [
        (code, int(level), found.unit_names.get(code, str(code))) for level in UNITS for code in sorted(needed[level])
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
        yield f"mended {len(group)} faults of the kind {rule}; no border moved more than {group['moved_m'].max():.2f} m"
    if new:
        yield f"{len(new)} units were added to the city"
