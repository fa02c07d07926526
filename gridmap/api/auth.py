"""Who asks: device keys in the head of a request, or, for Open311, among its fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from gridmap.api.door import Door, door
from gridmap.api.problems import UnauthorisedError
from gridmap.cases.actors import Actor
from gridmap.city import City
from gridmap.errors import ForbiddenError
from gridmap.model import UserRole
from gridmap.words import mark

ELSEWHERE = mark("This key may not report at this place.")

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="device key",
    description="A device key, made by an administrator or by a demo sign-in.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor a key stands for, and the places it may report in."""

    actor: Actor
    areas: tuple[int, ...]


def caller_of(city: City, key: str) -> Caller:
    """Who holds `key`. Raises UnauthorisedError."""
    try:
        return Caller(*city.keys.actor_of(key))
    except ForbiddenError as error:
        raise UnauthorisedError from error


Key = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
"""The key of a request, not looked at yet."""


def signed_in(request: Request, given: Key) -> Caller:
    """Who asks, by the head of the request. Raises UnauthorisedError."""
    if given is None:
        raise UnauthorisedError
    return caller_of(door(request).city, given.credentials)


def check_place(at: Door, caller: Caller, lon: float, lat: float) -> None:
    """Raise ForbiddenError when the key may not report at this place (finite WGS84 degrees).

    A grid worker whose key is not narrowed may also report in the grids next to their own.
    A place outside the city is left to who takes the report.
    """
    grid = at.city.places.at(lon, lat)
    scope = Actor(caller.actor.user, caller.actor.role, areas=caller.areas)
    if not grid or scope.covers(grid):
        return
    if caller.actor.role is UserRole.GRID_WORKER and caller.areas == caller.actor.areas:
        beside = at.city.places.neighbours(grid)["code"]
        if any(scope.covers(int(code)) for code in beside):
            return
    raise ForbiddenError(ELSEWHERE)


SignedIn = Annotated[Caller, Depends(signed_in)]
