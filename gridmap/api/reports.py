"""Reports from phones, and what a receipt tells."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response

from gridmap.api.answers import GivenReceipt, Standing
from gridmap.api.auth import Key, caller_of, check_place
from gridmap.api.door import AtDoor, Door, Spoken, category_names
from gridmap.api.places import wgs84
from gridmap.api.problems import UnauthorisedError
from gridmap.api.replies import problems
from gridmap.api.requests import NewReport
from gridmap.api.writer import Ready, Report
from gridmap.city import City
from gridmap.city.flow.newmatter import NewMatter, Receipt
from gridmap.terms import STATUSES
from gridmap.words import Words

router = APIRouter(tags=["reports"])


@router.post(
    "/reports",
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
async def report(
    given: NewReport, key: Key, at: AtDoor, response: Response
) -> GivenReceipt:
    """Take a report in. The answer comes when it is on the disk.

    Safe to send again: the same content under the same `client_id` is the same report,
    however often and however many at a time; another content under it is a conflict (409).
    """
    if key is None:
        raise UnauthorisedError
    receipt = await take(at, partial(_ready, given, key.credentials, at))
    if not receipt.created:
        response.status_code = 200
    return receipt


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


async def take(at: Door, ready: Ready) -> GivenReceipt:
    """Hand a report to the writer and wait for its receipt; it is taken in even if who
    asked goes away meanwhile.
    """
    return await asyncio.shield(asyncio.wrap_future(at.writer.put(ready)))


def receipt_of(city: City, receipt: Receipt) -> GivenReceipt:
    """A receipt as the interface says it."""
    return GivenReceipt(
        matter=receipt.matter,
        number=receipt.number,
        receipt=receipt.receipt,
        status=receipt.status.name.lower(),
        due_at=receipt.due_at,
        office=receipt.office,
        office_name=city.people.office_name(receipt.office),
        grid=receipt.grid,
        created=receipt.created,
    )


@router.get(
    "/receipts/{receipt}",
    summary="How a report stands",
    responses=problems(404, 422),
)
def standing(
    receipt: Annotated[str, Path(max_length=40, description="The ten signs of a receipt.")],
    at: AtDoor,
    lang: Spoken,
) -> Standing:
    """How the report behind a receipt stands. Needs no key: who has the receipt may ask."""
    matter = at.city.matters.by_receipt(receipt)
    say = Words(lang)
    status = matter.status.name.lower()
    names = category_names(at, lang)
    return Standing(
        number=matter.number,
        category=matter.category_code,
        category_name=names.get(matter.category_code, ""),
        status=status,
        status_name=say(STATUSES[status]),
        reported_at=matter.reported_at,
        accepted_at=matter.accepted_at,
        due_at=matter.due_at,
        closed_at=matter.closed_at,
        office=matter.office,
        office_name=at.city.people.office_name(matter.office, say.lang),
        rating=matter.rating,
    )
