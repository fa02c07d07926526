"""`PlanFiles`: plans and drafts as files, out to QGIS, paper and spreadsheets, and edited
layers back in.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.base.files import format_of, writing
from gridmap.city.intake import mending
from gridmap.city.intake.mending import RepairPreview
from gridmap.city.plans import redrawn
from gridmap.city.plans.drafts import Drafts
from gridmap.city.plans.drawings import Drawings
from gridmap.city.plans.saving import Saving
from gridmap.errors import Fault, InputError
from gridmap.names import grid_name
from gridmap.planning import Plan
from gridmap.progress import Progress, silent
from gridmap.store.intake.imports import put_import
from gridmap.store.plans.drafts import Draft

SHAPEFILE = "zip"
_SHORT = {"predecessors": "made_of", "households": "households", "population": "population"}
"""Field names of a shapefile have ten letters at most."""


@dataclass(frozen=True)
class ImportedDraft:
    """What became of an edited layer: the draft, what it does to each grid, and what was
    mended on the way.
    """

    draft: Draft
    diff: pd.DataFrame
    moves: pd.DataFrame


class PlanFiles:
    """Files of plans."""

    def __init__(
        self, desk: Desk, *, drafts: Drafts, drawings: Drawings, saving: Saving
    ) -> None:
        self._desk = desk
        self._drafts = drafts
        self._drawings = drawings
        self._saving = saving

    def import_layer(
        self,
        actor: Actor,
        path: str | Path,
        *,
        name: str = "",
        crs: Any = None,
        mapping: Mapping[str, str] | None = None,
        layer: str = "",
        repair: bool = False,
        tolerance_m: float = 1.0,
        progress: Progress = silent,
    ) -> ImportedDraft:
        """Make a layer edited outside a draft on the plan in force.

        The file holds all grids of the city. Grids are known by their code; pieces of a
        grid that was cut may all have its code and get new ones. The layer is checked as
        any import of grids is (`city.intake.checking`): a partition, nested in the villages
        in force; with `repair` it is mended first. Raises InputError with every fault,
        ForbiddenError.
        """
        self._drafts.check_draws(actor)
        base = self._drawings.present()
        used = self._drawings.used_codes()
        found = mending.sound_layer(
            self._desk.store,
            path,
            crs=crs,
            mapping=mapping,
            layer=layer,
            repair=repair,
            tolerance_m=tolerance_m,
            prepare=lambda grids: redrawn.recognised(
                base, redrawn.numbered(base, grids, used=used)
            ),
            progress=progress,
        )
        draft = self._draft_of(actor, base, found.grids, path, name=name)
        return ImportedDraft(draft, self._drawings.diff(draft), found.moves)

    def take_mended(
        self, actor: Actor, path: str | Path, preview: RepairPreview, *, name: str = ""
    ) -> ImportedDraft:
        """Make the grids of a file, as `preview` shows them mended, a draft on the plan in force.

        It is reviewed and published like any other. Raises ForbiddenError, and InputError
        with every fault that is left.
        """
        self._drafts.check_draws(actor)
        base, used = (
            self._drawings.present(),
            self._drawings.used_codes(),
        )
        grids = redrawn.recognised(
            base, redrawn.numbered(base, mending.mended(preview), used=used)
        )
        draft = self._draft_of(actor, base, grids, path, name=name)
        return ImportedDraft(draft, self._drawings.diff(draft), preview.moves)

    def _draft_of(
        self,
        actor: Actor,
        base: Plan,
        grids: gpd.GeoDataFrame,
        path: str | Path,
        *,
        name: str,
    ) -> Draft:
        change = redrawn.change_to(base, redrawn.recognised(base, _named(grids)))
        self._drafts.check_places(actor, change.touched.tolist())
        draft = self._drafts.make(actor, name or Path(path).stem)
        draft = self._saving.save(actor, draft, change, Path(path).name).draft
        with self._desk.store.write() as connection:
            rows = len(grids)
            put_import(
                connection,
                kind="plan",
                files=[path],
                now=self._desk.now_s,
                rows=rows,
                accepted=rows,
            )
        return draft

    def write(
        self,
        target: str | Path,
        *,
        draft: Draft | None = None,
        plan: int = 0,
        suffix: str | None = None,
    ) -> Path:
        """Write the grids of a draft, or of a published plan (0: in force), whole or not at all.

        GeoPackage, GeoJSON, Parquet, CSV, Excel by `suffix`, or that of the path, a
        shapefile in a zip: code, name, kind, households, population, predecessors (of a
        draft: in its base), geometry in EPSG:4490. The GeoPackage comes back by
        `import_layer`. Raises InputError.
        """
        path = Path(target)
        shown = (
            self._drawings.plan(draft)
            if draft is not None
            else self._drawings.published(plan or self._drawings.in_force())
        )
        table = shown.frame.copy()
        lines = self._drawings.origins(draft) if draft is not None else {}
        told = [
            ", ".join(str(one) for one in lines.get(code, ()) if one != code)
            for code in table["code"].tolist()
        ]
        table.insert(5, "predecessors", told)
        if (suffix or path.suffix.lstrip(".")).lower() in {SHAPEFILE, "shp"}:
            return _shapefile(table, path)
        kind = format_of(path, suffix)
        with writing(path, kind) as writer:
            writer.write(
                table
                if kind in {"gpkg", "geojson", "parquet"}
                else pd.DataFrame(table.drop(columns="geometry"))
            )
        return path


def _named(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Pieces without a name are numbered by their code, as all grids are."""
    names = [
        name or grid_name(code % 1000)
        for name, code in zip(grids["name"], grids["code"].tolist(), strict=True)
    ]
    return grids.assign(name=names)


def _shapefile(table: gpd.GeoDataFrame, path: Path) -> Path:
    """A zip of the files a shapefile consists of, its text in UTF-8."""
    if not path.parent.is_dir():
        cure = "Make the folder first, or choose another."
        raise InputError(
            Fault(rule="no such folder", field="path", value=str(path.parent), cure=cure)
        )
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        place = Path(folder)
        pyogrio.write_dataframe(
            table.rename(columns=_SHORT),
            place / "grids.shp",
            driver="ESRI Shapefile",
            layer_options={"ENCODING": "UTF-8"},
        )
        packed = place / "packed.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
            for part in sorted(place.glob("grids.*")):
                bundle.write(part, part.name)
        shutil.move(packed, path)
    return path
