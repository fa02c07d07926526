"""The report interface in a process of its own: Open311, phones, the worker application.

uvicorn --factory gridmap.api.server:create --port 8502
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from gridmap import __version__
from gridmap.api import (
    categories,
    demo,
    docs,
    me,
    moves,
    open311,
    photos,
    records,
    replies,
    reports,
    rounds,
    visits,
    worker_files,
)
from gridmap.api.door import Door
from gridmap.api.files import asset
from gridmap.api.guard import Guard
from gridmap.api.health import health
from gridmap.api.writer import Writer
from gridmap.city import City
from gridmap.city.base.clock import Clock
from gridmap.settings import Settings

DESCRIPTION = """
Reports into the city, and what becomes of them.

* **Open311 GeoReport v2** under `/open311/v2`, in JSON and XML: any client of that standard works unchanged.
* **For phones** under `/api/v1`: photos, an offline queue, tasks and moves, check-ins, receipts.

Who reports needs a device key (`Authorization: Bearer …`, or `api_key` with Open311). Coordinates are WGS84, which
CGCS2000 equals to a few centimetres, unless `coord_system` says otherwise. Errors are told in English and Chinese and
name the field.
"""
TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def create(settings: Settings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """The application; it opens the city of `settings` (default: environment and file) when
    it starts.

    The start raises SetupError when there is no city yet. The facts behind the pages are
    never loaded.
    """
    own = settings or Settings()  # type: ignore[call-arg]  # everything comes from environment and file
    app = FastAPI(
        title="gridmap",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        telemetry=TELEMETRY,
        lifespan=_lifespan(own, clock),
        separate_input_output_schemas=False,
    )
    app.openapi = partial(docs.describe, app)  # type: ignore[method-assign]  # the library's own way
    app.add_middleware(Guard)
    replies.install(app)
    for part in (
        reports,
        me,
        moves,
        photos,
        visits,
        rounds,
        categories,
        records,
        demo,
    ):  # the busiest first: they are tried in order
        app.include_router(part.router, prefix="/api/v1")
    app.include_router(open311.router)
    app.router.routes += [
        Route("/gridmap/health", health, methods=["GET"], include_in_schema=False),
        Route(
            "/gridmap/assets/{version}/{name:path}",
            asset,
            methods=["GET"],
            include_in_schema=False,
        ),
        *docs.routes(),
        *worker_files.routes(),
    ]
    return app


def _lifespan(
    own: Settings, clock: Clock | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        city = await run_in_threadpool(City.open, own, clock=clock)
        writer = Writer(city.reporting.report_many, partial(reports.receipt_of, city))
        try:
            await run_in_threadpool(_warm, city)
            app.state.door = Door(city, writer)
            writer.start()
            yield
        finally:
            await run_in_threadpool(writer.stop)
            city.close()

    return life


def _warm(city: City) -> None:
    """Load what the first request would wait for."""
    city.places.at(0.0, 0.0)
    city.category_paths()
    city.routing.rules()
    _ = city.people.directory, city.reporting.ground, city.limits.deadlines
