"""The worker application's files: a page, its service worker, and everything else under an
address of its version.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gridmap import webfiles
from gridmap.api import worker_words
from gridmap.api.files import FOREVER, SAFE
from gridmap.words import Words

FOLDER = Path(__file__).resolve().parent / "worker"
TYPES = {
    **webfiles.TYPES,
    ".html": "text/html; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
ENTRIES = {
    "": "index.html",
    "sw.js": "sw.js",
    "manifest.webmanifest": "manifest.webmanifest",
}
"""What lies at fixed addresses, asked for anew each time; `__VERSION__` in them becomes the
version, `__zh:key__` and `__en:key__` a word in that language.
"""
_WORD = re.compile(r"__(zh|en):(\w+?)__")

LIBRARY = {"lib/leaflet.js": "leaflet/leaflet.js", "lib/leaflet.css": "leaflet/leaflet.css"}
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    # No text becomes markup or script anywhere, but what the one policy in trusted.js lets through.
    "require-trusted-types-for": "'script'",
    "trusted-types": "default",
}
POLICY = "; ".join(f"{name} {value}" for name, value in SOURCES.items())
GUARD = {
    **SAFE,
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}


def routes(*, base: str = "") -> list[Route]:
    """The routes of the worker application below `base`/app."""
    return [
        Route(f"{base}/app", _to_the_folder, methods=["GET"], include_in_schema=False),
        Route(f"{base}/app/", _entry, methods=["GET"], include_in_schema=False),
        Route(f"{base}/app/{{name}}", _entry, methods=["GET"], include_in_schema=False),
        Route(
            f"{base}/app/{{version}}/{{name:path}}",
            _file,
            methods=["GET"],
            include_in_schema=False,
        ),
    ]


@lru_cache(maxsize=1)
def files() -> dict[str, bytes]:
    """Name → content of what lies under the version: our modules, style and icons, and the
    map library.

    Raises SetupError when the map library was never fetched.
    """
    found = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file() and path.suffix in TYPES and path.name not in ENTRIES.values()
    }
    library = {name: webfiles.files()[source] for name, source in LIBRARY.items()}
    return found | library | {"terms.js": worker_words.script().encode()}


@lru_cache(maxsize=1)
def version() -> str:
    """Twelve hex digits that change when any file does; the name of the phone's cache and
    part of all addresses.
    """
    content = hashlib.sha256(POLICY.encode())
    for name, data in sorted(
        {
            **files(),
            **{name: (FOLDER / name).read_bytes() for name in ENTRIES.values()},
        }.items()
    ):
        content.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return content.hexdigest()[:12]


@lru_cache(maxsize=len(ENTRIES))
def entry(name: str) -> bytes:
    """The file at the fixed address `name`, filled with the version and the list of files
    to keep on the phone.
    """
    kept = json.dumps(
        ["./", "manifest.webmanifest", *(f"{version()}/{file}" for file in sorted(files()))]
    )
    text = _WORD.sub(_said, (FOLDER / ENTRIES[name]).read_text(encoding="utf-8"))
    return text.replace("__VERSION__", version()).replace('"__FILES__"', kept).encode()


def _said(word: re.Match[str]) -> str:
    lang, key = word.groups()
    return Words(lang)(worker_words.WORDS[key])


async def _to_the_folder(request: Request) -> Response:
    return RedirectResponse(f"{request.url.path}/", status_code=308)


async def _entry(request: Request) -> Response:
    name = request.path_params.get("name", "")
    return (
        _answer(request, ENTRIES[name], entry(name), "no-store")
        if name in ENTRIES
        else _missing()
    )


async def _file(request: Request) -> Response:
    # Files of another version are refused, not mixed in: a phone keeps one version, whole,
    # or tries again later.
    name = request.path_params["name"]
    if request.path_params["version"] != version() or name not in files():
        return _missing()
    return _answer(request, name, files()[name], FOREVER)


def _answer(request: Request, name: str, data: bytes, keep: str) -> Response:
    kind = TYPES[PurePosixPath(name).suffix]
    headers = {**GUARD, "Cache-Control": keep, "Content-Type": kind}
    if kind.startswith("image/"):
        return Response(data, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(data, headers=headers)
    return Response(_small(data), headers={**headers, "Content-Encoding": "gzip"})


@lru_cache(maxsize=128)
def _small(data: bytes) -> bytes:
    """`data` compressed, once: a phone fetches all of it over a weak line."""
    return gzip.compress(data, mtime=0)


def _missing() -> Response:
    return PlainTextResponse(
        "There is no such file.\n",
        status_code=404,
        headers={**GUARD, "Cache-Control": "no-store"},
    )
