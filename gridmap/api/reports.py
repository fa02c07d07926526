"""Reports from phones, and what a receipt tells."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import JSONResponse

from gridmap.api.answers import GivenReceipt, Standing
from gridmap.api.auth import Key, caller_of, check_place
from gridmap.api.door import AtDoor, Door, Spoken, category_names
from gridmap.api.places import wgs84
from gridmap.api.problems import UnauthorisedError
from gridmap.api.replies import problems
from gridmap.api.requests import NewReport
from gridmap.api.writer import Ready, Report, Told
from gridmap.city import City
from gridmap.city.flow.matters import NewMatter, Receipt
from gridmap.terms import STATUSES
from gridmap.words import Words

router = APIRouter(tags=["reports"])


@router.post(
    "/reports",
    response_model=GivenReceipt,
    status_code=201,
    summary="Report something",
    responses={
        200: {
            "model": GivenReceipt,
            "description": "The same report had come in before; its receipt again",
        },
        **problems(400, 401, 403, 409, 413, 422, 503),
    },
)
async def report(given: NewReport, key: Key, at: AtDoor) -> JSONResponse:
    """Take a report in. The answer comes when it is on the disk.

    Safe to send again: the same content under the same `client_id` is the same report,
    however often and however many at a time; another content under it is a conflict (409).
    """
    if key is None:
        raise UnauthorisedError
    told = await take(at, partial(_ready, given, key.credentials, at))
    return JSONResponse(told, 201 if told["created"] else 200)


def _ready(given: NewReport, key: str, at: Door) -> Report:
    caller = caller_of(at.city, key)
    lon, lat = wgs84(given.lon, given.lat, given.coord_system)
    check_place(at, caller, lon, lat)
    return caller.actor, NewMatter(
        category=given.category,
        lon=lon,
        lat=lat,
        text=given.text,
        client_id=given.client_id,
        reported_at=given.reported_at,
        address=given.address,
        contact=given.contact,
        photos=tuple(given.photos),
    )


async def take(at: Door, ready: Ready) -> Told:
    """Hand a report to the writer and wait for its receipt; it is taken in even if who
    asked goes away meanwhile.
    """
    return await asyncio.shield(asyncio.wrap_future(at.writer.put(ready)))


def told_by(city: City, found: Receipt) -> Told:
    """A receipt as the interface says it."""
    return {
        "matter": found.matter,
        "number": found.number,
        "receipt": found.receipt,
        "status": found.status.name.lower(),
        "due_at": found.due_at,
        "office": found.office,
        "office_name": city.people.office_name(found.office),
        "grid": found.grid,
        "created": found.created,
    }


@router.get(
    "/receipts/{receipt}",
    response_model=Standing,
    summary="How a report stands",
    responses=problems(404, 422),
)
def standing(
    receipt: Annotated[str, Path(max_length=40, description="The ten signs of a receipt.")],
    at: AtDoor,
    lang: Spoken,
) -> JSONResponse:
    """How the report behind a receipt stands. Needs no key: who has the receipt may ask."""
    found = at.city.matters.by_receipt(receipt)
    say = Words(lang)
    status = found.status.name.lower()
    names = category_names(at, lang)
    return JSONResponse(
        {
            "number": found.number,
            "category": found.category_code,
            "category_name": names.get(found.category_code, ""),
            "status": status,
            "status_name": say(STATUSES[status]),
            "reported_at": found.reported_at,
            "accepted_at": found.accepted_at,
            "due_at": found.due_at,
            "closed_at": found.closed_at,
            "office": found.office,
            "office_name": at.city.people.office_name(found.office, say.lang),
            "rating": found.rating,
        }
    )
