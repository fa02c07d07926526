"""`faults`: a layer of grids looked through before it is taken: its faults on a map, what
mending would change.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.intake import checking, mending
from gridmap.city.intake.checking import CheckReport
from gridmap.city.intake.mending import RepairPreview
from gridmap.city.look import overlays
from gridmap.city.look.layers import Layers
from gridmap.city.look.maps import Overlay, folder
from gridmap.errors import ForbiddenError
from gridmap.words import mark

NOT_THEIRS = mark(
    "Files of grids are looked through by planners and administrators of the city."
)
OUTLINE, FAULTS, BEFORE, AFTER, MOVED = -1, -2, -3, -4, -5
"""Numbers of what is drawn of a file: it is no layer of the city."""


class Faults:
    """The doctor of files of grids. Whoever may change layers may look files through;
    `planning` makes drafts of them.
    """

    def __init__(self, desk: Desk, layers: Layers) -> None:
        self._desk = desk
        self._layers = layers

    def check(self, actor: Actor, path: str | Path, **options: Any) -> CheckReport:
        """Every fault of a file; see `gridmap.city.intake.checking.check_file`. Raises
        ForbiddenError, InputError.
        """
        self._check(actor)
        return checking.check_file(self._desk.store, path, **options)

    def preview(self, actor: Actor, path: str | Path, **options: Any) -> RepairPreview:
        """What mending would change; see `gridmap.city.intake.mending.preview_repair`.
        Raises ForbiddenError, InputError.
        """
        self._check(actor)
        return mending.preview_repair(self._desk.store, path, **options)

    def shown(self, report: CheckReport) -> tuple[Overlay, ...]:
        """A file's grids and faults for a map. Features of `FAULTS` are numbered as the
        rows of the faults, from 1.
        """
        return (
            self._overlay(OUTLINE, "outline", report.shapes),
            self._overlay(FAULTS, "faults", report.faults.geometry),
        )

    def shown_preview(self, preview: RepairPreview) -> tuple[Overlay, ...]:
        """Grids before and after mending, and what changes hands (numbered as the rows of
        the moves, from 1).
        """
        before = preview.before.shapes
        changed = ~shapely.equals_exact(
            before, np.asarray(preview.grids.geometry.array, dtype=object), 0
        )
        return (
            self._overlay(OUTLINE, "outline", preview.grids.geometry),
            self._overlay(BEFORE, "before", before[changed]),
            self._overlay(AFTER, "after", preview.grids.geometry[changed]),
            self._overlay(MOVED, "moved", preview.moves.geometry),
        )

    def _overlay(self, number: int, kind: str, shapes: Any) -> Overlay:
        given = np.asarray(shapes, dtype=object)
        rows = np.flatnonzero(~(shapely.is_missing(given) | shapely.is_empty(given)))
        features = gpd.GeoDataFrame(
            {"id": rows + 1, "name": "", "households": -1},
            geometry=list(given[rows]),
            crs="EPSG:4490",
        )
        file = overlays.build(features, kind, folder(self._desk.store.home))
        return Overlay(number, kind, file, "", visible=True, fixed=True)

    def _check(self, actor: Actor) -> None:
        if not self._layers.may_change(actor):
            raise ForbiddenError(NOT_THEIRS)
