"""The page that shows the description of the interface, from files of our own."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from gridmap import webfiles

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src "
    "'self' data:; connect-src 'self'"
)
_PAGE = """<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>gridmap API</title>
<link rel="stylesheet" href="{style}">
<link rel="icon" href="data:,">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{script}"></script>
<script src="{start}"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({ url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, docExpansion: "list",
  defaultModelsExpandDepth: 0, validatorUrl: null, persistAuthorization: false });
"""


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of the interface: made once, without the replies FastAPI adds that
    are never given.
    """
    if app.openapi_schema is None:
        found = FastAPI.openapi(app)
        for operations in found["paths"].values():
            for operation in operations.values():
                replies = operation["responses"]
                if _ADDED in str(replies.get("422", "")):
                    del replies["422"]
        for name in (_ADDED, "ValidationError"):
            found["components"]["schemas"].pop(name, None)
    return app.openapi_schema or {}


_ADDED = "HTTPValidationError"


def routes(*, base: str = "") -> list[Route]:
    """The page and its one line of script."""
    return [
        Route(f"{base}/docs", _page, methods=["GET"], include_in_schema=False),
        Route(f"{base}/docs.js", _start, methods=["GET"], include_in_schema=False),
    ]


async def _page(_request: Request) -> Response:
    page = _PAGE.format(
        style=webfiles.address("swagger-ui-dist/swagger-ui.css").lstrip("/"),
        script=webfiles.address("swagger-ui-dist/swagger-ui-bundle.js").lstrip("/"),
        start="docs.js",
    )
    return HTMLResponse(
        page, headers={"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
    )


async def _start(_request: Request) -> Response:
    return Response(_START, media_type="text/javascript")
