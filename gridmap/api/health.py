"""Whether the server answers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gridmap import __version__


async def health(_request: Request) -> Response:
    """`{"status": "ok", "version": …}` as soon as the process takes requests."""
    return JSONResponse(
        {"status": "ok", "version": __version__}, headers={"Cache-Control": "no-store"}
    )
