"""An application asked without a network."""

from __future__ import annotations

import httpx
from loop import in_a_loop
from starlette.applications import Starlette


class Client:
    """Asks an application without a network."""

    def __init__(self, app: Starlette) -> None:
        self.app = app

    def get(self, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://server"
            ) as client:
                return await client.get(path)

        return in_a_loop(ask())
