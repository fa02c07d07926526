"""`visits`: a grid worker was there."""

from __future__ import annotations

import math

import numpy as np
import shapely

from gridmap.cases.actors import Actor
from gridmap.city.base.clientids import own_client_id
from gridmap.city.base.desk import Desk
from gridmap.errors import Fault, ForbiddenError, InputError
from gridmap.geo.crs import to_metres
from gridmap.model import UserRole
from gridmap.store.flow import visits
from gridmap.store.plans.plans import shapes_of
from gridmap.words import mark

NEAR_M = 200.0
"""How far outside the border a position may lie: phones between houses are wrong by that much."""
AHEAD_S = 300
OLDEST_S = 30 * 86_400

NO_NUMBER = mark("not a longitude or latitude")
DEGREES = mark("Give degrees, longitude first.")
ELSEWHERE = mark("this place is not in the grid")
GO_THERE = mark("Check in when you are there, or in the grid you are in.")
NOT_YET = mark("this time has not come yet")
TOO_OLD = mark("this was more than 30 days ago")
SET_CLOCK = mark("Check the clock of the device.")
NO_GRID = mark("there is no grid with this code")
NOT_YOU = mark("Only who works in the grids checks in.")
NOT_YOURS = mark("You do not answer for this grid.")
CODE = mark("Give the 15 digits of a grid of yours.")


class Visits:
    """Check-ins on the round."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def check_in(
        self,
        actor: Actor,
        *,
        grid: int,
        lon: float,
        lat: float,
        at: int = 0,
        client_id: str = "",
    ) -> bool:
        """Note that the actor was in `grid` at `at` (Unix seconds, 0: now); whether it was
        not known yet.

        `lon`, `lat` (WGS84 degrees) have to lie in the grid or within `NEAR_M` of it; they
        are not kept. The same check-in may be sent again under its client id. Raises
        ForbiddenError for who does not answer for the grid, InputError, ConflictError when
        the client id stands for another check-in.
        """
        if not actor.user or actor.role is UserRole.PUBLIC:
            raise ForbiddenError(NOT_YOU)
        now = self._desk.now_s
        client = own_client_id(actor, client_id)
        faults = _faults(lon, lat, at, now)
        shape = shapes_of(self._desk.store, [grid]).get(grid)
        if shape is None:
            faults.append(Fault(rule=NO_GRID, field="grid", value=str(grid), cure=CODE))
        if faults:
            raise InputError(faults)
        if not actor.covers(grid):
            raise ForbiddenError(NOT_YOURS)
        assert shape is not None  # noqa: S101  (a fault otherwise)
        place, area = to_metres(np.array([shapely.Point(lon, lat), shape], dtype=object))
        away_m = float(shapely.distance(place, area))
        if not away_m <= NEAR_M:
            raise InputError(
                Fault(
                    rule=ELSEWHERE,
                    field="lon",
                    value=f"{lon:.5f}, {lat:.5f}",
                    cure=GO_THERE,
                )
            )
        with self._desk.store.read() as connection:
            worker = visits.worker_of(connection, actor.user)
        return visits.add_visit(
            self._desk.store,
            grid=grid,
            worker=worker,
            at=at or now,
            now=now,
            client_id=client,
        )


def _faults(lon: float, lat: float, at: int, now: int) -> list[Fault]:
    faults = [
        Fault(rule=NO_NUMBER, field=field, value=str(value), cure=DEGREES)
        for field, value, most in (("lon", lon, 180.0), ("lat", lat, 90.0))
        if not (math.isfinite(value) and abs(value) <= most)
    ]
    if at > now + AHEAD_S:
        faults.append(Fault(rule=NOT_YET, field="at", value=str(at), cure=SET_CLOCK))
    if at and at < now - OLDEST_S:
        faults.append(Fault(rule=TOO_OLD, field="at", value=str(at), cure=SET_CLOCK))
    return faults
