"""Check-ins from phones."""

from __future__ import annotations

from fastapi import APIRouter, Response

from gridmap.api.answers import Noted
from gridmap.api.auth import SignedIn
from gridmap.api.door import AtDoor
from gridmap.api.places import wgs84
from gridmap.api.replies import problems
from gridmap.api.requests import NewVisit

router = APIRouter(tags=["visits"])


@router.post(
    "/visits",
    status_code=201,
    summary="Check in",
    responses={
        200: {"model": Noted, "description": "This check-in was known already"},
        **problems(400, 401, 403, 409, 413, 422, 503),
    },
)
def check_in(given: NewVisit, caller: SignedIn, at: AtDoor, response: Response) -> Noted:
    """Note that the holder of the key was in a grid of theirs; the position is compared
    with the grid and not kept.
    """
    lon, lat = wgs84(given.lon, given.lat, given.coord_system)
    created = at.city.visits.check_in(
        caller.actor,
        grid=given.grid,
        lon=lon,
        lat=lat,
        at=given.at,
        client_id=given.client_id,
    )
    if not created:
        response.status_code = 200
    return Noted(created=created)
