"""Files that never change under their address: browsers ask once and keep them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path, PurePosixPath

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gridmap import webfiles

FOREVER = "public, max-age=31536000, immutable"
MAP_FILE = re.compile(r"(city|county-\d{6}|layer-\d{1,9})-[0-9a-f]{16}\.bin")
SAFE = {"X-Content-Type-Options": "nosniff"}

Handler = Callable[[Request], Awaitable[Response]]


async def asset(request: Request) -> Response:
    """A file of the map libraries or of our own scripts, by version and name; 404 for any other."""
    name = request.path_params["name"]
    data = webfiles.files().get(name)
    if data is None:
        return missing()
    # Another version is asked for by a page older than this server: answer, but let nobody keep it.
    current = request.path_params["version"] == webfiles.version()
    kind = webfiles.TYPES[PurePosixPath(name).suffix]
    headers = {
        "Cache-Control": FOREVER if current else "no-store",
        "Content-Type": kind,
        **SAFE,
    }
    return Response(data, headers=headers)


def map_file(home: Path) -> Handler:
    """The handler of map files below `home`; they lie on disk compressed and are sent as
    they lie.
    """
    place = home / "map"

    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        if not MAP_FILE.fullmatch(name):
            return missing()
        try:
            data = await run_in_threadpool((place / name).read_bytes)
        except FileNotFoundError:
            return missing()
        headers = {
            "Cache-Control": FOREVER,
            "Content-Encoding": "gzip",
            "Content-Type": "application/octet-stream",
            **SAFE,
        }
        return Response(data, headers=headers)

    return answer


def missing() -> Response:
    """The answer for a file there is not."""
    return PlainTextResponse(
        "There is no such file.\n", status_code=404, headers={"Cache-Control": "no-store"}
    )
