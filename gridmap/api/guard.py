"""`Guard`: what holds for every request: how large it may be, and the heads of every answer."""

from __future__ import annotations

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gridmap.api.problems import of_status
from gridmap.api.replies import told
from gridmap.sources.pictures import LARGEST_BYTES

LARGEST_BODY = 64 * 1024
LARGEST_FORM = LARGEST_BYTES + LARGEST_BODY
LONGEST_QUERY = 16 * 1024
WITH_PICTURES = ("/api/v1/photos", "/open311/v2/requests.json", "/open311/v2/requests.xml")

log = logging.getLogger("gridmap.api")


class Guard:
    """Middleware: refuses what is too large before it is read, and keeps answers from being
    guessed at or kept.

    A body that grows beyond its limit while it comes in ends with status 413 too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = LARGEST_FORM if scope["path"].endswith(WITH_PICTURES) else LARGEST_BODY
        given = Headers(scope=scope).get("content-length", "0")
        announced = int(given) if given.isascii() and given.isdigit() else 0
        if announced > most or len(scope.get("query_string", b"")) > LONGEST_QUERY:
            await told(Request(scope), of_status(413), {"Connection": "close"})(
                scope, receive, send
            )
            return
        got = 0

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b"")) if message["type"] == "http.request" else 0
            if got > most:
                raise HTTPException(413)
            return message

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, counted, headed)
