"""The form a service request is sent with, made into a report."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile

from gridmap.api import open311_query as queries
from gridmap.api import open311_records as records
from gridmap.api.door import Door
from gridmap.api.places import wgs84
from gridmap.cases.texts import LONGEST_TEXT
from gridmap.city.flow.newmatter import NewMatter
from gridmap.codes import level_of
from gridmap.errors import Fault, InputError, shown
from gridmap.geo.crs import SYSTEMS
from gridmap.model import Level
from gridmap.words import mark

TEXTS = (
    "jurisdiction_id",
    "api_key",
    "service_code",
    "lat",
    "long",
    "address_string",
    "address_id",
    "email",
    "device_id",
    "account_id",
    "first_name",
    "last_name",
    "phone",
    "description",
    "media_url",
)
"""The fields of the specification."""
LONGEST = {"description": LONGEST_TEXT, "media_url": 1000}
LONGEST_OTHER = 400
ATTRIBUTES = ("coord_system", "client_id")
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,60})\](?:\[\])?")

MISSING = mark("is missing")
FILL_IN = mark("Fill it in.")
NO_NUMBER = mark("is not a finite number")
DEGREES = mark("Give degrees of WGS84.")
NO_PLACE = mark("the place of the report is missing")
GIVE_PLACE = mark("Give lat and long, or address_string, or address_id.")
NOT_FOUND = mark("this address cannot be located")
SEVERAL = mark("this address fits more than one place")
GIVE_POINT = mark("Give lat and long, or the name or code of one village or grid.")
TOO_LONG = mark("The text is too long")
SHORTER = mark("Use fewer characters.")
NO_ADDRESS = mark("is not the address of a picture")
WEB_ADDRESS = mark("Give one that begins with http:// or https://.")
UNKNOWN = mark("is not a field of this request")
DEFINED = mark("Use the attributes of the service's definition.")
NO_SYSTEM = mark("unknown coordinate system")
ONE_OF = mark("Use wgs84, cgcs2000, gcj02 or bd09.")
ONE_FILE = mark("is a file where text is expected")
AS_MEDIA = mark("Send a picture as media, everything else as text.")


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: texts by field, attributes by code, and the picture, if any."""

    texts: Mapping[str, str]
    attributes: Mapping[str, str]
    media: UploadFile | None
    faults: tuple[Fault, ...] = ()
    """What is wrong with the form itself: files and attributes no service has, texts that
    are too long.
    """

    def text(self, name: str) -> str:
        """A field without blanks around it; "" when it was not sent."""
        return self.texts.get(name, "").strip()


def read(form: FormData, query: Mapping[str, str]) -> Form:
    """The form's fields; those a client put into the address count where the form lacks them."""
    texts, attributes, media, faults = dict(query), {}, None, []
    for name, value in form.multi_items():
        found = _ATTRIBUTE.fullmatch(name)
        if isinstance(value, UploadFile):
            if name == "media" and media is None:
                media = value
            elif value.filename or value.size:
                faults.append(Fault(rule=ONE_FILE, field=shown(name), cure=AS_MEDIA))
        elif found and found[1] in ATTRIBUTES:
            attributes[found[1]] = value
        elif name.startswith("attribute["):
            faults.append(Fault(rule=UNKNOWN, field=shown(name), cure=DEFINED))
        else:
            texts[name] = value
    kept = {name: texts[name] for name in TEXTS if name in texts}
    faults += [
        Fault(rule=TOO_LONG, field=name, value=str(len(value)), cure=SHORTER)
        for name, value in kept.items()
        if len(value) > LONGEST.get(name, LONGEST_OTHER)
    ]
    return Form(
        kept, attributes, media if media is not None and media.size else None, tuple(faults)
    )


def new_matter(at: Door, form: Form) -> NewMatter:
    """The report a form stands for, without its picture.

    Raises InputError with everything that cannot be used; UnknownCodeError when that is the
    service alone.
    """
    faults: list[Fault] = list(form.faults)
    code = form.text("service_code")
    unknown = queries.service_faults(at, [code] if code else [])
    if not code:
        faults.append(Fault(rule=MISSING, field="service_code", cure=FILL_IN))
    place = _place(at, form, faults)
    text = form.text("description")
    if elsewhere := form.text("media_url"):
        if not _is_address(elsewhere):
            faults.append(
                Fault(
                    rule=NO_ADDRESS,
                    field="media_url",
                    value=shown(elsewhere),
                    cure=WEB_ADDRESS,
                )
            )
        text = f"{text}\n{records.MEDIA_LINE}{elsewhere}".lstrip("\n")
    if faults or place is None:
        raise InputError([*unknown, *faults])
    if unknown:
        raise queries.UnknownCodeError(unknown)
    return NewMatter(
        category=code,
        lon=place[0],
        lat=place[1],
        text=text,
        client_id=form.attributes.get("client_id", "").strip(),
        address=form.text("address_string"),
        contact=_contact(form),
    )


def _place(at: Door, form: Form, faults: list[Fault]) -> tuple[float, float] | None:
    """Longitude and latitude: the point, else the place of that code, else the one place of
    that name.
    """
    system = form.attributes.get("coord_system", "").strip().lower() or "wgs84"
    if system not in SYSTEMS:
        faults.append(
            Fault(
                rule=NO_SYSTEM,
                field="attribute[coord_system]",
                value=shown(system),
                cure=ONE_OF,
            )
        )
        return None
    if form.text("lat") or form.text("long"):
        point = [_degrees(form.text(name), name, faults) for name in ("long", "lat")]
        lon, lat = point
        return None if lon is None or lat is None else wgs84(lon, lat, system)
    if code := form.text("address_id"):
        return _middle(at, code, "address_id", faults)
    if address := form.text("address_string"):
        found = at.city.places.search(address, limit=20)
        codes = found.loc[found["level"] >= Level.VILLAGE, "code"].tolist()
        if len(codes) > 1:
            faults.append(
                Fault(
                    rule=SEVERAL,
                    field="address_string",
                    value=shown(address),
                    cure=GIVE_POINT,
                )
            )
            return None
        return _middle(
            at, str(codes[0]) if codes else "", "address_string", faults, told=address
        )
    faults.append(Fault(rule=NO_PLACE, field="lat, long", cure=GIVE_PLACE))
    return None


def _middle(
    at: Door, code: str, field: str, faults: list[Fault], *, told: str = ""
) -> tuple[float, float] | None:
    digits = (
        code.isascii()
        and code.isdecimal()
        and len(code) in {Level.VILLAGE.digits, Level.GRID.digits}
    )
    if (
        not digits
        or not at.city.places.known(int(code))
        or level_of(int(code)) < Level.VILLAGE
    ):
        faults.append(
            Fault(rule=NOT_FOUND, field=field, value=shown(told or code), cure=GIVE_POINT)
        )
        return None
    return at.city.places.middle(int(code))


def _degrees(text: str, field: str, faults: list[Fault]) -> float | None:
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    rule, cure = (NO_NUMBER, DEGREES) if text else (MISSING, FILL_IN)
    faults.append(Fault(rule=rule, field=field, value=shown(text), cure=cure))
    return None


def _contact(form: Form) -> str:
    name = " ".join(
        part for part in (form.text("last_name"), form.text("first_name")) if part
    )
    return ", ".join(
        part for part in (name, form.text("phone"), form.text("email")) if part
    )


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and text.isprintable()
            and " " not in text
        )
    except ValueError:
        return False
