"""Records as XML, the way GeoReport v2 nests them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
ITEMS = {
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What the members of a list are called."""

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs XML 1.0 cannot carry in any writing."""


def document(root: str, value: object, *, item: str = "") -> bytes:
    """The document with root element `root`; members of a list are called `item`."""
    return (HEAD + _element(root, value, item) + "\n").encode()


def _element(name: str, value: object, item: str = "") -> str:
    if value is None:
        return f"<{name}/>"
    if isinstance(value, Mapping):
        parts = "".join(
            _element(key, part, ITEMS.get(key, "")) for key, part in value.items()
        )
        return f"<{name}>{parts}</{name}>"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"<{name}>{''.join(_element(item, part) for part in value)}</{name}>"
    return f"<{name}>{escape(plain(value))}</{name}>"


def plain(value: object) -> str:
    """A value as text; a sign XML cannot carry becomes U+FFFD."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _FORBIDDEN.sub("\ufffd", str(value)).replace("\r", "\n")
