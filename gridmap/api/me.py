"""What a phone shows of its holder: who, where, what waits, what was reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from fastapi import APIRouter

from gridmap.api.answers import (
    GridFeature,
    GridMap,
    GridProperties,
    Me,
    OpenTask,
    OwnReport,
)
from gridmap.api.auth import Caller, SignedIn
from gridmap.api.door import AtDoor, Door, Spoken, category_names
from gridmap.api.replies import problems
from gridmap.city.flow.cards import Task
from gridmap.codes import level_of
from gridmap.model import Level
from gridmap.names import person
from gridmap.store.flow.cards import Card
from gridmap.words import Words

MOST_GRIDS = 200
"""Grids that are named and drawn one by one."""
DIGITS = 6
"""Of coordinates of outlines: a tenth of a metre."""

router = APIRouter(tags=["the holder of the key"], responses=problems(401))


@router.get("/me", summary="Whose key it is")
def me(caller: SignedIn, at: AtDoor, lang: Spoken) -> Me:
    """Who holds the key, and where it may report."""
    actor, say = caller.actor, Words(lang)
    office = at.city.people.office_name(actor.office, say.lang) if actor.office else ""
    return Me(
        user=actor.user,
        name=person(actor.name, say.lang),
        role=actor.role.value,
        office=actor.office,
        office_name=office,
        areas=list(caller.areas),
        grids=own_grids(at, caller),
    )


@router.get("/me/map", summary="The holder's grids and the grids next to them")
def own_map(caller: SignedIn, at: AtDoor, lang: Spoken) -> GridMap:
    """A GeoJSON FeatureCollection (WGS84): properties code, name, own. Empty for who
    answers for more than 200 grids.
    """
    own = own_grids(at, caller)
    beside = [int(code) for grid in own for code in at.city.places.neighbours(grid)["code"]]
    codes = list(dict.fromkeys([*own, *(beside if len(own) <= 20 else [])]))
    shapes = at.city.places.shapes(codes)
    names = dict(zip(codes, at.city.places.names(codes, Words(lang).lang), strict=True))
    features = [
        GridFeature(
            properties=GridProperties(code=code, name=names[code], own=code in own),
            geometry=_geometry(shapes[code]),
        )
        for code in codes
        if code in shapes
    ]
    return GridMap(features=features)


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


@router.get("/me/tasks", summary="What waits")
def tasks(caller: SignedIn, at: AtDoor, lang: Spoken) -> list[OpenTask]:
    """Open matters the holder or their office has in hand, or in their grids; whose step
    runs out first comes first.
    """
    names = category_names(at, lang)
    return [_open_task(task, names) for task in at.city.cards.tasks(caller.actor)]


def _open_task(task: Task, names: Mapping[str, str]) -> OpenTask:
    card, case = task.card, task.card.case
    return OpenTask(
        matter=case.matter,
        number=card.number,
        category=case.category,
        category_name=names.get(case.category, ""),
        status=case.status.name.lower(),
        lon=card.lon,
        lat=card.lat,
        grid=case.grid,
        text=card.text,
        address=card.address,
        step_due_at=case.step_due_at,
        due_at=case.due_at,
        reported_at=case.reported_at,
        version=case.version,
        photo=card.photo,
        moves=[str(move) for move in task.moves],
    )


@router.get("/me/reports", summary="What the holder reported")
def reports(caller: SignedIn, at: AtDoor, lang: Spoken) -> list[OwnReport]:
    """The latest 200 reports of the holder, the last first."""
    names = category_names(at, lang)
    return [_own_report(card, names) for card in at.city.cards.reports(caller.actor)]


def _own_report(card: Card, names: Mapping[str, str]) -> OwnReport:
    case = card.case
    return OwnReport(
        matter=case.matter,
        number=card.number,
        receipt=card.receipt,
        category=case.category,
        category_name=names.get(case.category, ""),
        status=case.status.name.lower(),
        reported_at=case.reported_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        text=card.text,
    )
