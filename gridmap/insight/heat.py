"""Where and when reports come from: rates per area, a kernel density of the points, frames
for playback.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from gridmap.errors import Fault, InputError
from gridmap.facts import Facts
from gridmap.insight import counts
from gridmap.insight.areas import Areas, Grids, Real
from gridmap.insight.classes import Method, breaks
from gridmap.insight.counts import Step
from gridmap.insight.mask import Mask

Rate = Literal["count", "per_100_households", "per_km2"]
Bounds = tuple[float, float, float, float]

EARTH_M = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""

MOST_STEPS = 1200
MOST_CELLS = 1_500_000


@dataclass(frozen=True, eq=False)
class Surface:
    """A kernel density, ready to be laid over a map in Web Mercator.

    `density` float32[h, w], reports per km² of the whole period; row 0 is the north, rows
    are equally high in Web Mercator; `bounds` (west, south, east, north) in degrees;
    `reports` how many points it stands for.
    """

    density: npt.NDArray[np.float32]
    bounds: Bounds
    cell_m: float
    bandwidth_m: float
    reports: int


@dataclass(frozen=True, eq=False)
class Frames:
    """Pictures for playback, all on one scale.

    `starts` the first day of each of s steps, `values` float32[s, k] one row a step for the
    k `codes` (NaN: no data), `breaks` float64[c + 1] common to all steps, `unit` of the
    values.
    """

    codes: npt.NDArray[np.int64]
    starts: tuple[date, ...]
    values: npt.NDArray[np.float32]
    breaks: Real
    unit: str
    step: Step


def rate(counted: npt.NDArray[Any], grids: Grids, places: Areas, how: Rate) -> Real:
    """`counted` ([k] or [k, m] per place) as a rate; NaN where a place has no households,
    or no area.
    """
    check_rate(how)
    if how == "count":
        return np.asarray(counted, dtype=np.float64)
    base = (
        places.sums(grids.households) / 100.0
        if how == "per_100_households"
        else places.sums(grids.area_km2)
    )
    base = np.where(base > 0, base, np.nan)
    return np.asarray(
        counted / (base if np.ndim(counted) == 1 else base[:, None]), dtype=np.float64
    )


def check_rate(how: str) -> None:
    """Raise InputError when `how` is not a rate."""
    if how not in get_args(Rate):
        cure = f"Use {', '.join(get_args(Rate))}."
        raise InputError(Fault(rule="not a rate", field="rate", value=str(how), cure=cure))


def frames(
    facts: Facts,
    mask: Mask,
    grids: Grids,
    places: Areas,
    *,
    step: Step,
    how: Rate = "count",
    method: Method = "natural",
) -> Frames:
    """One picture per day, week or month of the mask's period, with breaks of all steps together.

    The first and last week or month may be cut short by the period. Raises InputError for
    an unknown step or rate, and when there would be more than `MOST_STEPS` steps.
    """
    check_step(step, mask.last_day - mask.first_day + 1)
    starts, counted = counts.by_area_step(facts, mask, places, step)

    values = rate(counted, grids, places, how).T
    some = values[values > 0]
    limits = (
        np.concatenate([[0.0], breaks(some, method=method)[1:]])
        if some.size
        else np.array([0.0, 1.0])
    )
    return Frames(
        places.codes, tuple(starts), values.astype(np.float32), limits, unit(how), step
    )


def unit(how: Rate) -> str:
    """The key of the unit a rate is in."""
    return "reports" if how == "count" else how


def check_step(step: str, days: int) -> None:
    """Raise InputError when `step` is not one, or cuts `days` into too many."""
    lengths = {"day": 1, "week": 7, "month": 30}
    if step not in lengths:
        raise InputError(
            Fault(
                rule="not a step of time",
                field="step",
                value=step,
                cure="Use day, week, month.",
            )
        )
    if days / lengths[step] > MOST_STEPS:
        cure = "Choose a shorter period or a longer step."
        raise InputError(
            Fault(rule=f"more than {MOST_STEPS} steps", field="step", value=step, cure=cure)
        )


def kernel(
    facts: Facts,
    mask: Mask,
    bounds: Bounds,
    *,
    cell_m: float | None = None,
    bandwidth_m: float | None = None,
) -> Surface:
    """Density of the mask's reports: counted in cells, then smoothed with a Gaussian
    (Silverman 1986, ch. 4).

    Cells are squares in Web Mercator, which keeps angles: a cell is `cell_m` metres at the
    middle latitude and less than 1 % off elsewhere in the city. Defaults: cells of a
    four-hundredth of the longer side, a bandwidth of 2.5 cells. `bounds` are (west, south,
    east, north) in degrees; points outside are not counted. Raises InputError when a length
    is not positive or the raster would be too large.
    """
    west, south, east, north = bounds
    middle = math.radians((south + north) / 2)
    scale_m = EARTH_M * math.cos(middle)  # metres on the ground per unit of Mercator
    wide, high = math.radians(east - west), _mercator(north) - _mercator(south)
    cell_m = max(wide, high) * scale_m / 400 if cell_m is None else cell_m
    bandwidth_m = 2.5 * cell_m if bandwidth_m is None else bandwidth_m
    _check_lengths(cell_m, bandwidth_m, wide * high * scale_m**2)
    size = cell_m / scale_m
    shape = (max(math.ceil(high / size), 1), max(math.ceil(wide / size), 1))
    counted = counts.raster(
        facts,
        mask,
        shape=shape,
        west=west,
        step=math.degrees(size),
        curve=_lines(south, north, size),
    )
    density = (
        gaussian_filter(counted, bandwidth_m / cell_m, mode="constant", truncate=4.0)
        / (cell_m / 1000) ** 2
    )
    covered = (
        west,
        _latitude(_mercator(north) - shape[0] * size),
        west + math.degrees(shape[1] * size),
        north,
    )
    return Surface(
        density.astype(np.float32),
        covered,
        cell_m,
        bandwidth_m,
        round(float(counted.sum())),
    )


def _check_lengths(cell_m: float, bandwidth_m: float, surface_m2: float) -> None:
    cure = "Give a positive number of metres."
    faults = [
        Fault(rule="not a length", field=name, value=str(value), cure=cure)
        for name, value in (("cell_m", cell_m), ("bandwidth_m", bandwidth_m))
        if not (math.isfinite(value) and value > 0)
    ]
    if not faults and surface_m2 / cell_m**2 > MOST_CELLS:
        least = math.sqrt(surface_m2 / MOST_CELLS)
        cure = f"Use cells of at least {least:.0f} m here."
        faults = [
            Fault(rule="too many cells", field="cell_m", value=str(cell_m), cure=cure)
        ]
    if faults:
        raise InputError(faults)


def _mercator(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude)))


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh(y)))


def _lines(south: float, north: float, size: float) -> Real:
    """Cubic in the latitude that gives the line of the raster, counted from the north:
    float64[4], lowest first.

    Over a city the cubic is off by less than a thousandth of a cell.
    """
    latitudes = np.linspace(south, north, 32)
    lines = [
        (_mercator(north) - _mercator(float(latitude))) / size for latitude in latitudes
    ]
    fitted = np.polynomial.Polynomial.fit(latitudes, lines, 3).convert().coef
    return np.pad(fitted, (0, 4 - len(fitted)))
