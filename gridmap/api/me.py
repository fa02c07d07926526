"""What a phone shows of its holder: who, where, what waits, what was reported."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from fastapi import APIRouter
from starlette.responses import JSONResponse

from gridmap.api.answers import Me, OpenTask, OwnReport
from gridmap.api.auth import Caller, SignedIn
from gridmap.api.door import AtDoor, Door, Spoken, category_names
from gridmap.api.replies import problems
from gridmap.codes import level_of
from gridmap.model import Level
from gridmap.names import person
from gridmap.words import Words

MOST_GRIDS = 200
"""Grids that are named and drawn one by one."""
DIGITS = 6
"""Of coordinates of outlines: a tenth of a metre."""

router = APIRouter(tags=["the holder of the key"], responses=problems(401))


@router.get("/me", response_model=Me, summary="Whose key it is")
def me(caller: SignedIn, at: AtDoor, lang: Spoken) -> JSONResponse:
    """Who holds the key, and where it may report."""
    actor, own = caller.actor, own_grids(at, caller)
    office = (
        at.city.people.office_name(actor.office, Words(lang).lang) if actor.office else ""
    )
    return JSONResponse(
        {
            "user": actor.user,
            "name": person(actor.name, Words(lang).lang),
            "role": actor.role.value,
            "office": actor.office,
            "office_name": office,
            "areas": list(caller.areas),
            "grids": own,
        }
    )


@router.get(
    "/me/map",
    response_model=dict[str, Any],
    summary="The holder's grids and the grids next to them",
)
def own_map(caller: SignedIn, at: AtDoor, lang: Spoken) -> JSONResponse:
    """A GeoJSON FeatureCollection (WGS84): properties code, name, own. Empty for who
    answers for more than 200 grids.
    """
    own = own_grids(at, caller)
    beside = [int(code) for grid in own for code in at.city.places.neighbours(grid)["code"]]
    codes = list(dict.fromkeys([*own, *(beside if len(own) <= 20 else [])]))
    shapes = at.city.places.shapes(codes)
    names = dict(zip(codes, at.city.places.names(codes, Words(lang).lang), strict=True))
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": names[code], "own": code in own},
            "geometry": _geometry(shapes[code]),
        }
        for code in codes
        if code in shapes
    ]
    return JSONResponse({"type": "FeatureCollection", "features": features})


def _geometry(shape: shapely.Geometry) -> dict[str, Any]:
    rounded = shapely.transform(shape, lambda points: np.round(points, DIGITS))
    found: dict[str, Any] = dict(rounded.__geo_interface__)
    return found


def own_grids(at: Door, caller: Caller) -> list[int]:
    """The grids the key may report in, when they are few."""
    found: list[int] = []
    for area in caller.areas:
        if level_of(area) is Level.GRID:
            found += [area] if at.city.places.known(area) else []
        elif at.city.places.known(area):
            found += at.city.places.grids(area)
        if len(found) > MOST_GRIDS:
            return []
    return list(dict.fromkeys(found))


@router.get("/me/tasks", response_model=list[OpenTask], summary="What waits")
def tasks(caller: SignedIn, at: AtDoor, lang: Spoken) -> JSONResponse:
    """Open matters the holder or their office has in hand, or in their grids; whose step
    runs out first comes first.
    """
    names = category_names(at, lang)
    return JSONResponse(
        [
            {
                "matter": task.card.case.matter,
                "number": task.card.number,
                "category": task.card.case.category,
                "category_name": names.get(task.card.case.category, ""),
                "status": task.card.case.status.name.lower(),
                "lon": task.card.lon,
                "lat": task.card.lat,
                "grid": task.card.case.grid,
                "text": task.card.text,
                "address": task.card.address,
                "step_due_at": task.card.case.step_due_at,
                "due_at": task.card.case.due_at,
                "reported_at": task.card.case.reported_at,
                "version": task.card.case.version,
                "photo": task.card.photo,
                "moves": [str(move) for move in task.moves],
            }
            for task in at.city.cards.tasks(caller.actor)
        ]
    )


@router.get(
    "/me/reports", response_model=list[OwnReport], summary="What the holder reported"
)
def reports(caller: SignedIn, at: AtDoor, lang: Spoken) -> JSONResponse:
    """The latest 200 reports of the holder, the last first."""
    names = category_names(at, lang)
    return JSONResponse(
        [
            {
                "matter": card.case.matter,
                "number": card.number,
                "receipt": card.receipt,
                "category": card.case.category,
                "category_name": names.get(card.case.category, ""),
                "status": card.case.status.name.lower(),
                "reported_at": card.case.reported_at,
                "due_at": card.case.due_at,
                "closed_at": card.case.closed_at,
                "text": card.text,
            }
            for card in at.city.cards.reports(caller.actor)
        ]
    )
