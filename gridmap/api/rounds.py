"""Tasks from above on phones: what is asked of the holder's grids, and doing it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from gridmap.api.answers import OpenRound, RoundNoted
from gridmap.api.auth import SignedIn
from gridmap.api.door import AtDoor, Door, Spoken
from gridmap.api.places import wgs84
from gridmap.api.replies import problems
from gridmap.api.requests import DoneRound, FoundHazard
from gridmap.city.flow.newmatter import NewMatter
from gridmap.store.town.tasks import Answer
from gridmap.words import Words

router = APIRouter(tags=["tasks from above"])

Task = Annotated[int, Path(ge=1, le=2**53)]
Grid = Annotated[int, Path(ge=1, le=999_999_999_999_999, description="15-digit code.")]


@router.get(
    "/me/rounds",
    summary="What is asked of the holder's grids",
    responses=problems(401),
)
def rounds(caller: SignedIn, at: AtDoor, lang: Spoken) -> list[OpenRound]:
    """Open parts of tasks from above in the holder's grids; the one due first comes first."""
    parts = at.city.tasks.mine(caller.actor)
    names = at.city.places.names([grid for _, grid in parts], Words(lang).lang)
    return [
        OpenRound(
            task=task.id,
            grid=grid,
            grid_name=name,
            kind=task.kind,
            title=task.title,
            text=task.text,
            checklist=list(task.checklist),
            due_at=task.due_at,
        )
        for (task, grid), name in zip(parts, names, strict=True)
    ]


@router.post(
    "/rounds/{task}/{grid}",
    status_code=201,
    summary="A part of a task is done",
    responses={
        200: {"model": RoundNoted, "description": "This was known already"},
        **problems(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
def done(  # noqa: PLR0917  (what the answer depends on)
    task: Task,
    grid: Grid,
    given: DoneRound,
    caller: SignedIn,
    at: AtDoor,
    response: Response,
) -> RoundNoted:
    """Note that a grid's part of a task was done; what was found on the way becomes a
    matter in the same step.

    Safe to send again under its `client_id`, also when only half of it had arrived.
    """
    answer = Answer(tuple(given.answers), given.text, tuple(given.photos))
    found = _matter(at, grid, given.found, given.photos) if given.found else None
    noted = at.city.tasks.complete(
        caller.actor,
        task,
        grid,
        answer,
        at=given.at,
        client_id=given.client_id,
        found=found,
    )
    if not noted.created:
        response.status_code = 200
    return RoundNoted(
        created=noted.created,
        matter=noted.receipt.matter if noted.receipt else 0,
        receipt=noted.receipt.receipt if noted.receipt else "",
    )


def _matter(at: Door, grid: int, found: FoundHazard, photos: list[int]) -> NewMatter:
    if found.lon is None or found.lat is None:
        lon, lat = at.city.places.middle(grid)
    else:
        lon, lat = wgs84(found.lon, found.lat, found.coord_system)
    return NewMatter(
        category=found.category, lon=lon, lat=lat, text=found.text, photos=tuple(photos)
    )
