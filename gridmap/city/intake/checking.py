"""A file of grids checked for topology: every fault with its grids, place, size and cure;
nothing is changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from gridmap.errors import Fault, NotFoundError
from gridmap.geo.coverage import RULES, check
from gridmap.model import Level
from gridmap.progress import Progress, silent
from gridmap.sources.georeference import CHINA, Bounds
from gridmap.sources.grids import GridLayer, read_layer
from gridmap.store.base.store import Store
from gridmap.store.plans.units import read_unit_shapes

HARMLESS = frozenset({"unmatched"})
"""Faults the import settles by itself: no border moves."""

UNITS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
_MOST_FAULTS = 1000


@dataclass(frozen=True)
class CheckReport:
    """What the topology check of a file found.

    `faults`: as `gridmap.geo.coverage.check` returns them, with `names` of the grids;
    `problems`: rows and fields that can't be used; `notes`: what was assumed;
    `faults_file`: the GeoJSON of the faults, None when there is none; `shapes`: the grids'
    polygons (EPSG:4490) as they were checked.
    """

    file: str
    format: str
    grids: int
    faults: gpd.GeoDataFrame
    problems: tuple[Fault, ...]
    notes: tuple[str, ...]
    faults_file: Path | None = None
    shapes: npt.NDArray[np.object_] = field(
        default_factory=lambda: np.empty(0, dtype=object)
    )

    @property
    def ok(self) -> bool:
        """Whether the file can be imported as it is."""
        return not self.problems and not (set(self.faults["rule"]) - HARMLESS)

    @property
    def by_rule(self) -> dict[str, int]:
        """Number of faults of each rule found, in the order of the rules."""
        counts = self.faults["rule"].value_counts()
        return {rule: int(counts[rule]) for rule in RULES if rule in counts.index}


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

    `store`: the city whose outlines the grids should be nested in, None for none; `within`
    is the level of these outlines, None leaves nesting out. `out`: where the faults are
    written as GeoJSON (nothing is written when there are none). For the rest see
    `gridmap.sources.grids.read_layer` and `gridmap.geo.coverage.check`.

    Raises InputError when the file as a whole cannot be read.
    """
    progress("reading", 0, 0)
    found = read_layer(path, crs=crs, mapping=mapping, layer=layer, bounds=bounds_of(store))
    progress("checking", 0, 0)
    return report_on(
        found, found.grids, outlines_of(store, within), tolerance_m=tolerance_m, out=out
    )


def report_on(
    found: GridLayer,
    grids: gpd.GeoDataFrame,
    outlines: gpd.GeoDataFrame | None,
    *,
    tolerance_m: float,
    out: Path | None,
) -> CheckReport:
    """What is wrong with `grids` of the layer `found`, held against `outlines`; written to
    `out` when anything is.
    """
    faults = check(grids, parents=outlines, tolerance_m=tolerance_m)
    faults.insert(2, "names", named(faults["codes"], grids))
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


def named(codes: Iterable[str], grids: gpd.GeoDataFrame) -> list[str]:
    """The names of the grids in each comma list of codes."""
    names = dict(zip(grids["code"].astype(str), grids["name"], strict=True))
    return [
        ", ".join(names[code] for code in str(listed).split(",") if code in names)
        for listed in codes
    ]


def write_faults(faults: gpd.GeoDataFrame, out: Path) -> None:
    """Write faults as GeoJSON (RFC 7946), replacing `out` in one step."""
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(out.name + ".part")
    draft.write_text(
        json.dumps(json.loads(faults.to_json(drop_id=True)), ensure_ascii=False),
        encoding="utf-8",
    )
    draft.replace(out)


def bounds_of(store: Store | None) -> Bounds:
    """West, south, east, north of the city, or of China where there is none yet."""
    outlines = outlines_of(store, Level.COUNTY)
    if outlines is None:
        return CHINA
    west, south, east, north = outlines.total_bounds
    return float(west), float(south), float(east), float(north)


def outlines_of(store: Store | None, level: Level | None) -> gpd.GeoDataFrame | None:
    """Outlines of a level in force, or the nearest level above that has some."""
    if store is None or level is None:
        return None
    try:
        shapes = read_unit_shapes(store)
    except NotFoundError:
        return None
    levels = [
        found
        for found in (level, *reversed(UNITS[:level]))
        if (shapes["level"] == found).any()
    ]
    return shapes[shapes["level"] == levels[0]] if levels else None


def as_faults(report: CheckReport, *, repaired: bool) -> list[Fault]:
    """The topology faults as faults of the input, the first thousand, with what repair
    could not do.
    """
    blocking = report.faults[~report.faults["rule"].isin(HARMLESS)]
    faults = [
        Fault(
            rule=(
                f"{row.rule.replace('_', ' ')} at {row.place}: {row.size_m2:,.1f} m², "
                f"{row.size_m:,.2f} m wide"
            ),
            field="geometry",
            value=row.codes,
            file=report.file,
            cure=row.cure
            if not repaired
            else f"{row.cure} Repair left it: it is beyond its tolerance or its means.",
        )
        for row in blocking.head(_MOST_FAULTS).itertuples()
    ]
    if len(blocking) > len(faults):
        rest = f"{len(blocking) - len(faults):,} more faults"
        faults.append(
            Fault(
                rule=rest,
                file=report.file,
                cure="See the file of faults; `gridmap check` writes it.",
            )
        )
    return faults
