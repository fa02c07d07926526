"""`NewMatter`: a report as somebody sends it, and everything that can be wrong with it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256

from gridmap.cases.matters.fields import MOST_PHOTOS
from gridmap.cases.texts import LONGEST_LINE, LONGEST_TEXT, text_faults
from gridmap.city.base.ground import Ground
from gridmap.errors import Fault, shown
from gridmap.geo.crs import implausible
from gridmap.model import Channel, Status
from gridmap.words import mark

LONGEST_CLIENT_ID = 200
OLDEST_S = 30 * 86_400
"""Reports kept on a phone without a line are taken for this long."""
AHEAD_S = 300
"""A phone's clock may be ahead by this much; the report counts as made now."""
MARGIN = 0.1
"""Share of the city's extent by which a point may miss it and still be a plausible mistake
of place.
"""

UNKNOWN_CATEGORY = mark("There is no such category")
NO_LEAF = mark("This category has others below it")
CHOOSE_LEAF = mark("Choose a category from the tree that has none below it.")
NO_NUMBER = mark("Not a coordinate")
DEGREES = mark("Give longitude and latitude in degrees, as numbers.")
OUTSIDE = mark("The place lies outside the city")
MOVE_IN = mark("Choose a place inside the city's grids.")
FAR = mark("The place lies far outside the city")
CHECK_SYSTEM = mark("Check the coordinate system.")
HINTS = {
    "longitude and latitude are swapped": mark(
        "Longitude and latitude seem to be swapped."
    ),
    "the values are web map metres (EPSG:3857), not degrees": mark(
        "These seem to be web map metres, not degrees."
    ),
}
NO_TIME = mark("Not a time of report")
GIVE_TIME = mark("Give Unix seconds, not in the future and not older than 30 days.")
TOO_MANY = mark("Too many photos, or not their numbers")
FEWER = mark("Name at most nine photos that were uploaded before.")
UNKNOWN_CHANNEL = mark("Unknown channel")
NO_MATTER = mark("There is no such matter to link to")
NAME_MATTER = mark("Name a matter of this city that is not itself linked to another.")
USE_CHANNEL = mark("Use a known channel: mobile, centre, hotline, import.")


@dataclass(frozen=True, slots=True)
class NewMatter:
    """A report: `category` a code without others below it, `lon`, `lat` in degrees
    (EPSG:4490, WGS84).

    `client_id` makes it safe to send it again; `reported_at` is when it was made (Unix
    seconds, 0: now); `photos` are numbers of pictures uploaded before; `parent` is a matter
    the reporter says it repeats (0: none).
    """

    category: str
    lon: float
    lat: float
    text: str = ""
    client_id: str = ""
    reported_at: int = 0
    channel: Channel = Channel.MOBILE
    address: str = ""
    contact: str = ""
    photos: tuple[int, ...] = ()
    parent: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter is given: where the report is, when it is due (Unix seconds), and
    the code to ask with.

    `created` is False when the same report had come in before.
    """

    matter: int
    number: str
    receipt: str
    status: Status
    due_at: int
    office: int
    grid: int
    created: bool


def digest(new: NewMatter) -> str:
    """SHA-256 of what was sent, hexadecimal: two reports under one client's id are the same
    when theirs are.
    """
    content = asdict(new) | {"channel": int(new.channel)}
    return sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=True).encode()
    ).hexdigest()


def faults_of(new: NewMatter, ground: Ground, *, now: int) -> list[Fault]:
    """Everything wrong with `new`, but for whether its place lies in a grid (see `place_fault`)."""
    return [
        *_category(new, ground),
        *_coordinates(new, ground),
        *text_faults("text", new.text, LONGEST_TEXT),
        *text_faults("address", new.address, LONGEST_LINE),
        *text_faults("contact", new.contact, LONGEST_LINE),
        *text_faults("client_id", new.client_id, LONGEST_CLIENT_ID),
        *_time(new, now),
        *_rest(new),
    ]


def place_fault(new: NewMatter) -> Fault:
    """What is said of a place in no grid."""
    return Fault(
        rule=OUTSIDE, field="lon, lat", value=f"{new.lon}, {new.lat}", cure=MOVE_IN
    )


def _category(new: NewMatter, ground: Ground) -> Iterator[Fault]:
    if new.category not in ground.leaves:
        rule = NO_LEAF if new.category in set(ground.codes.values()) else UNKNOWN_CATEGORY
        yield Fault(
            rule=rule, field="category", value=shown(new.category), cure=CHOOSE_LEAF
        )


def _coordinates(new: NewMatter, ground: Ground) -> Iterator[Fault]:
    bad = [
        Fault(rule=NO_NUMBER, field=field, value=shown(value), cure=DEGREES)
        for field, value in (("lon", new.lon), ("lat", new.lat))
        if not _is_number(value)
    ]
    if bad:
        yield from bad
        return
    west, south, east, north = ground.bounds
    margin = MARGIN * max(east - west, north - south)
    if not (
        west - margin <= new.lon <= east + margin
        and south - margin <= new.lat <= north + margin
    ):
        hint = HINTS.get(
            implausible([new.lon], [new.lat], ground.bounds) or "", CHECK_SYSTEM
        )
        yield Fault(rule=FAR, field="lon, lat", value=f"{new.lon}, {new.lat}", cure=hint)


def _time(new: NewMatter, now: int) -> Iterator[Fault]:
    at = new.reported_at
    if not _is_whole(at) or (at and not now - OLDEST_S <= at <= now + AHEAD_S):
        yield Fault(rule=NO_TIME, field="reported_at", value=shown(at), cure=GIVE_TIME)


def _rest(new: NewMatter) -> Iterator[Fault]:
    if not isinstance(new.channel, Channel):
        yield Fault(
            rule=UNKNOWN_CHANNEL,
            field="channel",
            value=shown(new.channel),
            cure=USE_CHANNEL,
        )
    whole = all(_is_whole(photo) and 0 < photo < 2**63 for photo in new.photos)
    if not whole or len(new.photos) > MOST_PHOTOS:
        yield Fault(
            rule=TOO_MANY, field="photos", value=shown(list(new.photos)), cure=FEWER
        )
    if not _is_whole(new.parent) or not 0 <= new.parent < 2**63:
        yield Fault(
            rule=NO_MATTER, field="parent", value=shown(new.parent), cure=NAME_MATTER
        )


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
