"""`layers`: reference layers and the base map: brought in, shown, asked for by extent,
found by name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.look import overlays
from gridmap.city.look.maps import Bounds, Ground, Overlay
from gridmap.city.look.places import Places, sounds
from gridmap.errors import Fault, ForbiddenError, InputError
from gridmap.model import LayerKind, Level, UserRole
from gridmap.progress import Progress, silent
from gridmap.sources.features import read_features
from gridmap.sources.mbtiles import read_tileset
from gridmap.store.intake.imports import put_import
from gridmap.store.look import basemaps
from gridmap.store.look import layers as rows
from gridmap.store.look.basemaps import BaseMap
from gridmap.store.look.layers import LayerAbout
from gridmap.store.plans.units import read_unit_shapes
from gridmap.words import mark

NOT_THEIRS = mark(
    "Reference layers are brought in by planners and administrators of the city."
)
LONGEST_NAME = 40
MOST_NEAR = 20_000
_TILES = "/gridmap/tiles/{digest}/{{z}}/{{x}}/{{y}}"
_NAME_CURE = mark("Give a name of 1 to 40 characters on one line.")
_BASEMAP_SYSTEMS = {"wgs84": "wgs84", "cgcs2000": "wgs84", "gcj02": "gcj02", "bd09": "bd09"}


@dataclass(frozen=True, slots=True)
class LayerImport:
    """What an import of a layer did.

    `rows` of the file, `kept` of them, `outside` left out, `cut` at the edge of the city;
    `already`: the same layer was there, and nothing has changed.
    """

    layer: int
    rows: int
    kept: int
    outside: int
    cut: int
    already: bool
    notes: tuple[str, ...]


class Layers:
    """Reference layers of one city. Everybody may look; planners and administrators of the
    city change them.
    """

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places

    @property
    def version(self) -> str:
        """A text that changes with the layers and the base map."""
        return rows.version(self._desk.store)

    def may_change(self, actor: Actor) -> bool:
        """Whether `actor` may bring layers in and remove them."""
        if actor.role is UserRole.SYSTEM:
            return True
        return actor.role in (UserRole.PLANNER, UserRole.ADMIN) and actor.covers(
            self._desk.code
        )

    def all(self) -> pd.DataFrame:
        """The layers in the order they are drawn; see `gridmap.store.look.layers.read_layers`."""
        return rows.read_layers(self._desk.store)

    def bring_in(
        self,
        actor: Actor,
        path: str | Path,
        *,
        name: str,
        kind: LayerKind,
        name_en: str = "",
        visible: bool = False,
        crs: Any = None,
        name_column: str = "",
        households_column: str = "",
        layer: str = "",
        progress: Progress = silent,
    ) -> LayerImport:
        """Make the features of a file a layer, all or nothing; one of the same name is replaced.

        What lies outside the city is left out, what crosses its edge is cut there; both are
        counted. For the columns and `crs` see `gridmap.sources.features.read_features`.
        Raises ForbiddenError, InputError with every fault.
        """
        self._check(actor)
        about = LayerAbout(
            _name(name, "name"),
            kind,
            Path(path).name,
            _name(name_en, "name_en") if name_en else "",
            visible,
        )
        progress("reading", 0, 0)
        outline = self._outline()
        found = read_features(
            path,
            kind=kind,
            crs=crs or None,
            name_column=name_column,
            households_column=households_column,
            layer=layer,
        )
        progress("cutting", 0, 0)
        kept, cut = _inside(found.features, outline)
        if kept.empty:
            cure = mark(
                "Check the coordinate system (--crs), or take the layer of this city."
            )
            raise InputError(
                Fault(
                    rule=mark("nothing of the layer lies in the city"),
                    file=found.file,
                    cure=cure,
                )
            )
        progress("writing", 0, 0)
        with self._desk.store.write() as connection:
            number, new = rows.put_layer(connection, about, kept, now=self._desk.now_s)
            if new:
                put_import(
                    connection,
                    kind="layers",
                    files=[path],
                    now=self._desk.now_s,
                    rows=len(found.features),
                    accepted=len(kept),
                )
        progress("drawing", 0, 0)
        self.overlays()
        self._sweep()
        outside = len(found.features) - len(kept)
        return LayerImport(
            number, len(found.features), len(kept), outside, cut, not new, found.notes
        )

    def drop(self, actor: Actor, layer: int) -> None:
        """Remove a layer. Raises ForbiddenError, NotFoundError."""
        self._check(actor)
        with self._desk.store.write() as connection:
            rows.drop_layer(connection, layer)
        self._sweep()

    def show_first(self, actor: Actor, layer: int, *, visible: bool) -> None:
        """Have maps show a layer from the start, or not. Raises ForbiddenError, NotFoundError."""
        self._check(actor)
        with self._desk.store.write() as connection:
            rows.set_visible(connection, layer, visible=visible)

    def near(
        self, bounds: Bounds, *, kinds: Sequence[LayerKind] = (), limit: int = MOST_NEAR
    ) -> gpd.GeoDataFrame:
        """Features whose extent meets `bounds` (west, south, east, north in degrees), to
        snap to and to show.

        layer, id, kind, name, households (-1: not known), geometry (EPSG:4490); at most `limit`.
        """
        return rows.read_features(self._desk.store, bounds=bounds, kinds=kinds, limit=limit)

    def buildings(self, bounds: Bounds) -> pd.DataFrame:
        """Buildings with known households whose point lies in `bounds`: lon, lat (float64),
        households (int64).

        A building drawn as an area counts at a point inside it. No name, no address, nobody.
        """
        found = rows.read_features(
            self._desk.store,
            bounds=bounds,
            kinds=(LayerKind.BUILDINGS,),
            households_known=True,
        )
        points = shapely.point_on_surface(np.asarray(found.geometry.array, dtype=object))
        lon, lat = shapely.get_x(points), shapely.get_y(points)
        west, south, east, north = bounds
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        households = found["households"].to_numpy(np.int64)
        return pd.DataFrame(
            {"lon": lon[inside], "lat": lat[inside], "households": households[inside]}
        )

    def search(self, text: str, lang: Lang = "zh", limit: int = 20) -> pd.DataFrame:
        """Features whose name has all words of `text`: layer, id, name, layer_name, lon,
        lat, grid, path.

        Names are found in Chinese, in pinyin and by initials. Parts of one road in one
        layer are one feature here; lon, lat lie on it, `grid` is the grid there. Exact
        names come first.
        """
        words = [word for word in re.split(r"[\s›>/,，]+", text.strip().lower()) if word]
        names = self._names() if words else None
        if names is None or names.empty:
            return _none_found()
        hit = [all(_says(name, word) for word in words) for name in names["name"]]
        found = names[hit].copy()
        found["exact"] = found["name"].str.lower() != text.strip().lower()
        found = found.sort_values(["exact", "layer", "id"], kind="stable").head(limit)
        return self._placed(found, lang)

    def overlays(self) -> tuple[Overlay, ...]:
        """The layers as maps show them, their files built when they are not there yet."""
        found = self.all().to_dict("records")
        return tuple(
            Overlay(
                int(row["id"]),
                str(row["kind"]),
                overlays.index_of(
                    self._desk.store, int(row["id"]), str(row["kind"]), str(row["digest"])
                ),
                str(row["name"]),
                str(row["name_en"]),
                bool(row["visible"]),
            )
            for row in found
        )

    def basemap(self) -> BaseMap | None:
        """The base map brought in, None when there is none."""
        return basemaps.read_basemap(self._desk.store)

    def ground(self) -> Ground | None:
        """The base map as maps show it."""
        found = self.basemap()
        if (
            found is None
            or not basemaps.path_of(self._desk.store.home, found.digest).exists()
        ):
            return None
        path = _TILES.format(digest=found.digest)
        return Ground(path, found.crs, found.min_zoom, found.max_zoom, found.bounds)

    def bring_in_basemap(
        self, actor: Actor, path: str | Path, *, crs: str = "wgs84"
    ) -> tuple[BaseMap, bool]:
        """Make an MBTiles file of pictures the base map, in the place of the one before;
        whether it is a new one.

        `crs`: the system its tiles are drawn in, WGS84, GCJ-02 or BD-09. Raises
        ForbiddenError, InputError.
        """
        self._check(actor)
        system = _BASEMAP_SYSTEMS.get(crs.strip().lower().replace("-", ""))
        if system is None:
            cure = "Give WGS84, GCJ-02 or BD-09."
            raise InputError(
                Fault(
                    rule="not a system base maps are drawn in",
                    field="crs",
                    value=crs,
                    cure=cure,
                )
            )
        tiles = read_tileset(path)
        west, south, east, north = tiles.bounds
        if not self._outline().intersects(shapely.box(west, south, east, north)):
            raise InputError(
                Fault(
                    rule="the base map does not show the city",
                    field="bounds",
                    file=Path(path).name,
                    value=f"{west:g}, {south:g}, {east:g}, {north:g}",
                    cure="Give one of this city.",
                )
            )
        return basemaps.put_basemap(
            self._desk.store, Path(path), tiles, crs=system, now=self._desk.now_s
        )

    def drop_basemap(self, actor: Actor) -> bool:
        """Remove the base map; whether there was one. Raises ForbiddenError."""
        self._check(actor)
        return basemaps.drop_basemap(self._desk.store)

    def _check(self, actor: Actor) -> None:
        if not self.may_change(actor):
            raise ForbiddenError(NOT_THEIRS)

    def _sweep(self) -> None:
        overlays.sweep(self._desk.store, {overlay.file for overlay in self.overlays()})

    def _outline(self) -> Any:
        shapes = read_unit_shapes(self._desk.store, level=Level.COUNTY)
        return shapely.union_all(np.asarray(shapes.geometry.array, dtype=object))

    def _names(self) -> pd.DataFrame:
        """Named features, those of one layer and name together as their extent; kept until
        layers change.
        """

        def make() -> pd.DataFrame:
            table = rows.read_names(self._desk.store)
            grouped = table.groupby(["layer", "name"], sort=False)
            return grouped.agg(
                id=("id", "min"),
                west=("west", "min"),
                south=("south", "min"),
                east=("east", "max"),
                north=("north", "max"),
            ).reset_index()

        return self._desk.remember(self._desk.data, ("layer names", self.version), make)

    def _placed(self, found: pd.DataFrame, lang: Lang) -> pd.DataFrame:
        called = self.all().set_index("id")["name" if lang == "zh" else "name_en"]
        lon, lat, grids = [], [], []
        for layer, number in zip(
            found["layer"].tolist(), found["id"].tolist(), strict=True
        ):
            x, y = self._point(layer, number)
            lon.append(x)
            lat.append(y)
            grids.append(self._places.at(x, y))
        return pd.DataFrame(
            {
                "layer": found["layer"].to_numpy(np.int64),
                "id": found["id"].to_numpy(np.int64),
                "name": found["name"].to_numpy(object),
                "layer_name": [called.get(layer, "") for layer in found["layer"]],
                "lon": np.array(lon, dtype=np.float64),
                "lat": np.array(lat, dtype=np.float64),
                "grid": np.array(grids, dtype=np.int64),
                "path": [self._places.path(grid, lang) if grid else "" for grid in grids],
            }
        )

    def _point(self, layer: int, number: int) -> tuple[float, float]:
        """A point on a feature: the middle of a line, inside an area."""
        shape = rows.read_feature(self._desk.store, layer, number)
        line = shape.geom_type == "LineString"
        point = (
            shapely.line_interpolate_point(shape, 0.5, normalized=True)
            if line
            else shapely.point_on_surface(shape)
        )
        return float(point.x), float(point.y)


def _name(text: str, field: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise InputError(
            Fault(
                rule=mark("not a name for a layer"),
                field=field,
                value=text[:80],
                cure=_NAME_CURE,
            )
        )
    return name


def _inside(features: gpd.GeoDataFrame, outline: Any) -> tuple[gpd.GeoDataFrame, int]:
    """The features in the city, cut at its edge, and how many were cut."""
    shapes = np.asarray(features.geometry.array, dtype=object)
    shapely.prepare(outline)
    crossing = ~shapely.covers(outline, shapes)
    cut = shapes.copy()
    cut[crossing] = shapely.intersection(shapes[crossing], outline)
    # What only touches the edge leaves a point of a line, or a line of an area: nothing of
    # it lies in the city.
    lost = shapely.is_empty(cut) | (
        shapely.get_dimensions(cut) < shapely.get_dimensions(shapes)
    )
    kept = features.assign(
        geometry=gpd.GeoSeries(cut, index=features.index, crs=features.crs)
    )[~lost]
    return kept.reset_index(drop=True), int((crossing & ~lost).sum())


def _says(name: str, word: str) -> bool:
    if word in name.lower():
        return True
    joined, spaced, initials = sounds(name)
    return word in joined or word in spaced or initials.startswith(word)


def _none_found() -> pd.DataFrame:
    columns = ["layer", "id", "name", "layer_name", "lon", "lat", "grid", "path"]
    kinds = {
        "layer": "int64",
        "id": "int64",
        "lon": "float64",
        "lat": "float64",
        "grid": "int64",
    }
    return pd.DataFrame({name: [] for name in columns}, dtype=object).astype(kinds)
