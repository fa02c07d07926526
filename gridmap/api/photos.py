"""Photos from phones."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from gridmap.api.answers import KeptPhoto
from gridmap.api.auth import SignedIn
from gridmap.api.door import AtDoor
from gridmap.api.replies import problems

router = APIRouter(tags=["photos"])

_BODY = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "format": "binary"}}
        for kind in ("image/jpeg", "image/png", "image/webp")
    },
}


@router.post(
    "/photos",
    status_code=201,
    summary="Send a photo",
    openapi_extra={"requestBody": _BODY},
    responses=problems(401, 409, 413, 422, 503),
)
async def add(
    request: Request,
    caller: SignedIn,
    at: AtDoor,
    client_id: Annotated[
        str, Query(max_length=100, description="The device's own number of this photo.")
    ] = "",
) -> KeptPhoto:
    """Keep a picture (the file itself is the body); its number then goes into a report or a move.

    JPEG, PNG or WebP by its content, at most 12 MB and 40 million pixels. It is turned
    upright, reduced to 2,048 pixels, and written anew without its notes; what they told of
    place and time is in the answer. Only its sender, who reports or works on the matter,
    and who answers for its place can fetch it.
    """
    data = await request.body()
    photo = await run_in_threadpool(
        at.city.photos.add, caller.actor, data, client_id=client_id
    )
    return KeptPhoto(
        id=photo.id,
        width=photo.width,
        height=photo.height,
        lon=photo.lon,
        lat=photo.lat,
        taken_at=photo.taken_at,
    )


@router.get(
    "/photos/{photo}",
    summary="Fetch a photo",
    response_class=Response,
    responses={
        200: {
            "description": "The picture",
            "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems(401, 403, 404, 422),
    },
)
def read(
    photo: Annotated[int, Path(ge=1, le=2**53)], caller: SignedIn, at: AtDoor
) -> Response:
    """The picture, upright, at most 2,048 pixels a side, without notes."""
    data, kind = at.city.photos.read(caller.actor, photo)
    headers = {
        "Cache-Control": "private, max-age=86400, immutable",
        "Content-Disposition": f'inline; filename="{photo}.jpg"',
    }
    return Response(data, media_type=kind, headers=headers)
