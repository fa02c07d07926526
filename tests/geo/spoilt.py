"""Coverages spoilt at random, with a record of what was done to them: what a doctor has to find."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
from layers import FIRST, ORIGIN, rough_rings
from shapely import points

from gridmap.geo.crs import to_degrees

CELL_M = 300.0


@dataclass
class Spoilt:
    """`rows`: code and rings (lists of positions in metres) of each feature; `done`: kind →
    codes it was done to.
    """

    rows: list[tuple[int, list[np.ndarray]]]
    done: dict[str, set[int]] = field(default_factory=dict)

    def note(self, kind, code):
        self.done.setdefault(kind, set()).add(int(code))


def spoilt(columns, rows, rng, *, share=0.35, most_m=0.8):
    """A lattice with crooked borders in which about `share` of the cells are spoilt, each
    in one way.

    gap and overlap: a vertex of one cell alone pulled in or pushed out by up to `most_m`
    metres; bowtie: a side crosses itself; spike: a hair of no width; unclosed: the closing
    position is missing; duplicate: the row stands twice.
    """
    rings = rough_rings(columns, rows, rng, cell_m=CELL_M, between=3)
    world = Spoilt([])
    kinds = ("gap", "overlap", "bowtie", "spike", "unclosed", "duplicate")
    for number, ring in enumerate(rings):
        code = FIRST + number
        closed = np.vstack([ring, ring[:1]])
        kind = kinds[rng.integers(len(kinds))] if rng.random() < share else ""
        if kind in ("gap", "overlap") and _on_the_rim(number, columns, rows):
            kind = ""  # what is missing or too much at the edge of the whole is neither
        if kind in ("gap", "overlap"):
            closed = _pulled(
                ring, rng, rng.uniform(0.2, most_m) * (1 if kind == "overlap" else -1)
            )
        elif kind == "bowtie":
            closed = _crossed(closed, rng)
        elif kind == "spike":
            at = int(rng.integers(1, len(ring)))
            hair = closed[at] + rng.uniform(-40, 40, 2)
            closed = np.insert(closed, at + 1, [hair, closed[at]], axis=0)
        elif kind == "unclosed":
            closed = closed[:-1]
        if kind:
            world.note(kind, code)
        world.rows.append((code, [closed]))
        if kind == "duplicate":
            world.rows.append((code, [closed]))
    return world


def _on_the_rim(number, columns, rows):
    return number // rows in (0, columns - 1) or number % rows in (0, rows - 1)


def _pulled(ring, rng, by_m):
    """One vertex, no corner of the lattice, moved along the normal of its side: inwards
    when `by_m` is negative.
    """
    inner = [at for at in range(1, len(ring) - 1) if at % 4]
    at = int(rng.choice(inner))
    before, after = ring[at - 1], ring[(at + 1) % len(ring)]
    along = (after - before) / np.hypot(*(after - before))
    moved = ring.copy()
    outwards = np.array([along[1], -along[0]])  # rings run counter-clockwise
    moved[at] = ring[at] + outwards * by_m
    return np.vstack([moved, moved[:1]])


def _crossed(closed, rng):
    """A side that goes out, back over itself and on: a small bow tie of half a metre's height."""
    at = int(rng.integers(0, len(closed) - 1))
    step = closed[at + 1] - closed[at]
    aside = np.array([-step[1], step[0]]) / np.hypot(*step) * 0.5
    return np.insert(
        closed,
        at + 1,
        [closed[at] + 0.6 * step + aside, closed[at] + 0.4 * step + aside],
        axis=0,
    )


def write_geojson(world, path):
    """The spoilt coverage as a GeoJSON file, as a program that does not check would write it."""
    features = []
    for code, rings in world.rows:
        coordinates = [[list(map(float, xy)) for xy in _degrees(ring)] for ring in rings]
        geometry = {"type": "Polygon", "coordinates": coordinates}
        features.append(
            {"type": "Feature", "properties": {"code": str(code)}, "geometry": geometry}
        )
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return path


def _degrees(ring):
    return [(point.x, point.y) for point in to_degrees(points(np.asarray(ring) + ORIGIN))]
