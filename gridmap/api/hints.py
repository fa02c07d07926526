"""Hints in the head of a page's answer: what the browser will ask for later, one after the
other, it fetches at once.

Streamlit loads the code of each kind of widget when the first of it appears, and the map's
frame its scripts in turn; each of these steps waits for the one before. Named in a `Link`
header (RFC 8288), they are there when they are wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gridmap import webfiles
from gridmap.errors import SetupError

WIDGETS = (
    "ButtonGroup",
    "Html",
    "TextInput",
    "Selectbox",
    "Multiselect",
    "Button",
    "ComponentInstance",
    "DownloadButton",
    "Radio",
)
"""Kinds of widgets that stand on every page."""

MAP_SCRIPTS = ("leaflet/leaflet.js", "map.js")
_IMPORT = re.compile(r'from"\./([\w.-]+\.js)"|import"\./([\w.-]+\.js)"')


class Hints:
    """Middleware that adds the hints to HTML answers.

    `static` is the folder of Streamlit's own browser files; `base` the path the pages are
    mounted at. A version of Streamlit that names its files otherwise gets no hints and
    works as before.
    """

    def __init__(self, app: ASGIApp, *, static: Path, base: str = "") -> None:
        self.app = app
        self._folder = static / "static" / "js"
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as `app` does, with hints."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def hinted(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                links = (
                    _map_links(self._base)
                    if "/component/" in scope["path"]
                    else _widget_links(self._folder, self._base)
                )
                message = (
                    {**message, "headers": [*message["headers"], (b"link", links)]}
                    if links
                    else message
                )
            await send(message)

        await self.app(scope, receive, hinted)


def _is_page(message: Message) -> bool:
    return message["status"] == 200 and any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in message.get("headers", ())
    )


@lru_cache(maxsize=4)
def _widget_links(folder: Path, base: str) -> bytes:
    own = f"{base.rstrip('/')}/static/js" if base.strip("/") else "/static/js"
    return _links(f"<{own}/{name}>; rel=modulepreload" for name in _with_imports(folder))


@lru_cache(maxsize=4)
def _map_links(base: str) -> bytes:
    try:
        return _links(
            f"<{webfiles.address(name, base=base)}>; rel=preload; as=script"
            for name in MAP_SCRIPTS
        )
    except SetupError:  # without its libraries the map says so itself
        return b""


def _links(parts: Iterable[str]) -> bytes:
    return ", ".join(parts).encode("ascii")


def _with_imports(folder: Path) -> list[str]:
    """The files of `WIDGETS` and all they import, without those the page itself starts with."""
    begun = set(_reached(folder, [path.name for path in folder.glob("index.*.js")]))
    wanted = [path.name for kind in WIDGETS for path in sorted(folder.glob(f"{kind}.*.js"))]
    return [name for name in _reached(folder, wanted) if name not in begun]


def _reached(folder: Path, names: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        path = folder / name
        if name in found or not path.is_file():
            continue
        found[name] = None
        waiting += [
            one or other
            for one, other in _IMPORT.findall(
                path.read_text(encoding="utf-8", errors="replace")
            )
        ]
    return list(found)
