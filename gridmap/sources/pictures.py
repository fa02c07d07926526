"""Pictures people send: judged by what they are, made upright and small, written anew
without any of their notes.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.errors import Fault, InputError
from gridmap.words import mark

LARGEST_BYTES = 12 * 2**20
LARGEST_PIXELS = 40_000_000
LONGEST_SIDE = 2048
QUALITY = 85
KIND = "image/jpeg"
"""What is kept, whatever was sent."""

# Damaged notes are worth no line in the server's log: they are left out either way.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

_FORMATS = ("JPEG", "PNG", "WEBP")
_ORIENTATION, _EXIF, _GPS, _TAKEN, _TAKEN_OFFSET = 0x0112, 0x8769, 0x8825, 0x9003, 0x9011
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    TypeError,
    ArithmeticError,
    EOFError,
    MemoryError,
    struct.error,
)
"""What the library raises over damaged files."""

EMPTY = mark("the picture is empty")
TOO_HEAVY = mark("the picture is larger than 12 MB")
TOO_LARGE = mark("the picture has more than 40 million pixels")
NO_PICTURE = mark("not a picture that can be read")
SMALLER = mark("Send a smaller one.")
OTHER_KIND = mark("Send a whole JPEG, PNG or WebP file.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be kept: JPEG `data` without notes, its size in pixels, and what
    its notes had said.

    `lon` and `lat` (WGS84 degrees) tell where it was taken, `taken_at` (Unix seconds) when;
    None where they did not.
    """

    data: bytes
    width: int
    height: int
    lon: float | None = None
    lat: float | None = None
    taken_at: int | None = None


def read(data: bytes) -> Picture:
    """The picture in the file `data` (JPEG, PNG or WebP by its content, whatever it is called).

    At most `LARGEST_BYTES` and `LARGEST_PIXELS`; sides longer than `LONGEST_SIDE` are
    reduced. Of several frames the first counts. Size is read from the head of the file,
    before anything is unpacked. Raises InputError.
    """
    if not data:
        raise _refused(EMPTY, OTHER_KIND)
    if len(data) > LARGEST_BYTES:
        raise _refused(TOO_HEAVY, SMALLER, f"{len(data) / 2**20:.1f} MB")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise _refused(TOO_LARGE, SMALLER, f"{image.width} × {image.height}")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
            turn, place, taken_at = _notes(image)
            small = _plain(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refused(TOO_LARGE, SMALLER) from error
    except _DAMAGE as error:
        raise _refused(NO_PICTURE, OTHER_KIND) from error
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright = small.transpose(turn) if turn is not None else small
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    lon, lat = place or (None, None)
    return Picture(out.getvalue(), upright.width, upright.height, lon, lat, taken_at)


def _refused(rule: str, cure: str, value: str = "") -> InputError:
    return InputError(Fault(rule=rule, cure=cure, field="photo", value=value))


def _plain(image: Image.Image) -> Image.Image:
    """Three channels of eight bits and nothing else; what was transparent is white."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        backdrop = Image.new("RGBA", clear.size, "white")
        backdrop.alpha_composite(clear)
        image = backdrop
    # A new one carries no notes, profiles or comments along.
    opaque = Image.new("RGB", image.size)
    opaque.paste(image.convert("RGB"))
    return opaque


def _notes(
    image: Image.Image,
) -> tuple[Image.Transpose | None, tuple[float, float] | None, int | None]:
    """How to turn it upright, where and when it was taken; notes that make no sense are as
    good as none.
    """
    turn, place, taken_at = None, None, None
    # Notes are written by anybody, in every state of damage; they never cost a picture.
    with suppress(Exception):
        notes = image.getexif()
        turn = _UPRIGHT.get(int(notes.get(_ORIENTATION, 1)))
        with suppress(Exception):
            place = _place(dict(notes.get_ifd(_GPS)))
        with suppress(Exception):
            taken_at = _moment(dict(notes.get_ifd(_EXIF)))
    return turn, place, taken_at


def _place(gps: dict[int, object]) -> tuple[float, float] | None:
    lat = _degrees(gps[2], str(gps.get(1, "N")).strip("\0 ").upper() == "S")
    lon = _degrees(gps[4], str(gps.get(3, "E")).strip("\0 ").upper() == "W")
    sound = (
        math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180.0 and abs(lat) <= 90.0
    )
    # Cameras without a fix write zeros, a place in the Gulf of Guinea.
    return (lon, lat) if sound and (lon, lat) != (0.0, 0.0) else None


def _degrees(parts: object, below: bool) -> float:  # noqa: FBT001  (south and west count backwards)
    degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]
    value = degrees + minutes / 60.0 + seconds / 3600.0
    return -value if below else value


def _moment(exif: dict[int, object]) -> int | None:
    """The time it was taken; without an offset, the city's."""
    taken = str(exif[_TAKEN]).strip("\0 ")
    moment = datetime.strptime(taken, "%Y:%m:%d %H:%M:%S").replace(tzinfo=TIME_ZONE)
    with suppress(KeyError, ValueError):
        offset = str(exif[_TAKEN_OFFSET])[:6]
        moment = datetime.strptime(f"{moment:%Y%m%d%H%M%S}{offset}", "%Y%m%d%H%M%S%z")
    at = to_epoch(moment)
    return at if at > 0 else None
