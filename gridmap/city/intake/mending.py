"""A file of grids mended as far as a tolerance allows: previewed, or taken as a sound layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from gridmap.city.intake.checking import (
    CheckReport,
    as_faults,
    bounds_of,
    named,
    outlines_of,
    report_on,
)
from gridmap.errors import InputError
from gridmap.geo.repair import repair as mend
from gridmap.model import Level
from gridmap.progress import Progress, silent
from gridmap.sources.grids import GridLayer, read_layer
from gridmap.store.base.store import Store

_NODING_M = 0.002


@dataclass(frozen=True)
class RepairPreview:
    """What mending a file would do: its faults `before` and `after`, its `grids` as mended,
    and each change.

    `moves`: rule, codes (the winner first), names, detail, moved_m (how far a border moves
    at most), geometry (EPSG:4490, the area that changes hands). `found` is the file as it
    was read.
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
    """What `import_grids` with `repair` would change in a file, and what it would leave;
    nothing is changed.

    The arguments are those of `check_file`. Raises InputError when the file as a whole
    cannot be read.
    """
    progress("reading", 0, 0)
    found = read_layer(
        path,
        crs=crs,
        mapping=mapping,
        layer=layer,
        close_rings=True,
        bounds=bounds_of(store),
    )
    outlines = outlines_of(store, within)
    progress("checking", 0, 0)
    before = report_on(found, found.grids, outlines, tolerance_m=tolerance_m, out=None)
    progress("mending", 0, 0)
    mended = mend(found.grids, tolerance_m=tolerance_m)
    progress("checking again", 0, 0)
    after = report_on(found, mended.grids, outlines, tolerance_m=tolerance_m, out=None)
    moves = mended.moves
    moves.insert(2, "names", named(moves["codes"], found.grids))
    return RepairPreview(before, after, mended.grids, moves, found)


def mended(preview: RepairPreview) -> gpd.GeoDataFrame:
    """The grids as `preview` shows them mended. Raises InputError when faults or unusable
    rows are left.
    """
    if preview.after.problems:
        raise InputError(preview.after.problems)
    if not preview.ok:
        raise InputError(as_faults(preview.after, repaired=True))
    return preview.grids


@dataclass(frozen=True)
class SoundLayer:
    """A layer without a fault: as it was `found`, its `grids` (perhaps mended, see
    `moves`), the `report` before that.
    """

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
    found = read_layer(
        path,
        crs=crs,
        mapping=mapping,
        layer=layer,
        close_rings=repair,
        bounds=bounds_of(store),
    )
    if found.faults:
        raise InputError(found.faults)
    grids = prepare(found.grids)
    outlines = outlines_of(store, within)
    progress("checking", 0, 0)
    before = report_on(found, grids, outlines, tolerance_m=tolerance_m, out=out)
    after = before
    moves = pd.DataFrame(columns=["rule", "codes", "detail", "moved_m"])
    if len(before.faults) and (repair or before.ok):
        progress("mending", 0, 0)
        mended = mend(grids, tolerance_m=tolerance_m if repair else _NODING_M)
        grids, moves = mended.grids, mended.moves
        after = report_on(found, grids, outlines, tolerance_m=tolerance_m, out=out)
    if not after.ok:
        raise InputError(as_faults(after, repaired=repair))
    return SoundLayer(found, grids, moves, before)
