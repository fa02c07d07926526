"""Routes beside the pages: map libraries, map files, tiles of the base map, health."""

from __future__ import annotations

from starlette.routing import Route

from gridmap.api.files import asset, map_file
from gridmap.api.ground import tile
from gridmap.api.health import health
from gridmap.settings import Settings

__all__ = ["routes"]


def routes(*, base: str = "", settings: Settings | None = None) -> list[Route]:
    """The routes to serve beside the pages; `base` is the path the pages are mounted at
    (`server.baseUrlPath`).
    """
    home = (settings or Settings()).home  # type: ignore[call-arg]  # everything comes from environment and file
    top = f"/{base.strip('/')}" if base.strip("/") else ""
    return [
        Route(f"{top}/gridmap/assets/{{version}}/{{name:path}}", asset, methods=["GET"]),
        Route(f"{top}/gridmap/map/{{name}}", map_file(home), methods=["GET"]),
        Route(
            f"{top}/gridmap/tiles/{{digest}}/{{zoom:int}}/{{column:int}}/{{row:int}}",
            tile(home),
            methods=["GET"],
        ),
        Route(f"{top}/gridmap/health", health, methods=["GET"]),
    ]
