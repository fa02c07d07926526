"""The files a browser needs for maps, each under an address that changes with their content."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from gridmap.errors import SetupError
from gridmap.settings import PACKAGE, assets_folder

WEB = PACKAGE / "ui" / "web"
SCRIPTS = (
    "decode",
    "shapes",
    "words",
    "layer",
    "labels",
    "panels",
    "tiles",
    "overlays",
    "draft",
    "map",
)
"""Our own scripts in the order they load; browsers get them as one `map.js`."""

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".md": "text/plain; charset=utf-8",
    "": "text/plain; charset=utf-8",
}


@lru_cache(maxsize=1)
def files() -> dict[str, bytes]:
    """Path below the address → content: the libraries' files, `map.js` and `map.css`.

    Raises SetupError when the libraries were never fetched.
    """
    folder = assets_folder()
    if not (folder / "manifest.json").exists():
        raise SetupError(
            f"The map libraries are missing in {folder}. Run `python tools/assets.py` in a "
            "checkout."
        )
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in TYPES
    }
    scripts = ((WEB / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    contents["map.js"] = "\n".join(scripts).encode()
    contents["map.css"] = (WEB / "map.css").read_bytes()
    return contents


@lru_cache(maxsize=1)
def version() -> str:
    """Twelve hex digits that change when any of the files does."""
    content = hashlib.sha256()
    for name, data in sorted(files().items()):
        content.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return content.hexdigest()[:12]


def address(name: str, *, base: str = "") -> str:
    """Where browsers find the file `name`; `base` is the path the server is mounted at.

    Raises KeyError for a file there is not.
    """
    if name not in files():
        raise KeyError(name)
    return f"{base}/gridmap/assets/{version()}/{name}"
