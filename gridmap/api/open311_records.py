"""The records of GeoReport v2 (wiki.open311.org/GeoReport_v2), field by field, from what
the city knows.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from gridmap.api.door import Door
from gridmap.calendar import from_epoch
from gridmap.cases.actors import Actor
from gridmap.cases.deadlines import Limit
from gridmap.city.flow.cards import concerns
from gridmap.geo.crs import SYSTEMS
from gridmap.model import Status
from gridmap.store.flow.cards import Card
from gridmap.terms import LIMIT_UNITS, STATUSES
from gridmap.words import Words, mark

CLOSED = frozenset({Status.CLOSED, Status.REJECTED, Status.VOIDED})
"""States without anybody's move left are closed, all others open."""

MEDIA_LINE = "media_url: "
"""Begins the last line of a text that names a picture kept elsewhere."""

LIMIT_OF = mark("Time limit once accepted: {limit}.")
SYSTEM_OF = mark("Coordinate system of lat and long; WGS84 when left out.")
CLIENT_ID_OF = mark(
    "Your own number of this report: sent again under it, it stays one report."
)
UP_TO = mark("Up to {n} printable characters")
BY = mark("To be settled by {time}.")


class Endpoint(BaseModel):
    """Where the interface answers, and in what formats."""

    specification: str
    url: str
    changeset: str
    type: Literal["production"]
    formats: list[str]


class Discovery(BaseModel):
    """What is offered where."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[Endpoint]


class Service(BaseModel):
    """A type of service request."""

    service_code: str
    service_name: str
    description: str | None
    metadata: bool
    type: Literal["realtime", "batch", "blackbox"]
    keywords: str | None
    group: str | None


class Value(BaseModel):
    """One choice of a list."""

    key: str
    name: str


class Attribute(BaseModel):
    """Something more that is asked, or told, about a service."""

    variable: bool
    code: str
    datatype: Literal[
        "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"
    ]
    required: bool
    datatype_description: str | None
    order: int
    description: str
    values: Annotated[list[Value], Field(exclude_if=operator.not_)] = []


class ServiceDefinition(BaseModel):
    """The attributes of a service."""

    service_code: str
    attributes: list[Attribute]


class ServiceRequest(BaseModel):
    """A service request and how it stands."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str | None
    service_name: str | None
    service_code: str
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: str
    updated_datetime: str | None
    expected_datetime: str | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float
    long: float
    media_url: str | None


class Created(BaseModel):
    """The answer to a new service request."""

    service_request_id: str
    service_notice: str | None
    account_id: str | None


class TokenAnswer(BaseModel):
    """The service request a token stands for."""

    service_request_id: str
    token: str


class Refusal(BaseModel):
    """One reason why a request was not done."""

    code: int = Field(description="The HTTP status.")
    description: str


def services(at: Door, lang: str) -> list[Service]:
    """Every category that can be reported, as a service."""
    say = Words(lang)
    table = at.city.categories(say.lang)
    paths = at.city.category_paths(say.lang)
    leaves = table[~table["code"].isin(table["parent"])]
    return [_service(row, paths[str(row.code)]) for row in leaves.itertuples(index=False)]


def _service(row: Any, path: tuple[str, ...]) -> Service:
    return Service(
        service_code=row.code,
        service_name=row.name,
        description=" › ".join(path),
        metadata=True,
        type="realtime",
        keywords=",".join(part.replace(",", " ") for part in path),
        group=path[-2] if len(path) > 1 else path[0],
    )


def is_service(at: Door, code: str) -> bool:
    """Whether a category of this code can be reported."""
    table = at.city.categories()
    return bool((table["code"] == code).any()) and not bool((table["parent"] == code).any())


def definition(at: Door, code: str, lang: str) -> ServiceDefinition:
    """The attributes of a service: its time limit, told; coordinate system and client id, asked."""
    say = Words(lang)
    attributes: list[Attribute] = []
    if limit := at.city.limits.deadlines.categories.get(code):
        words = say(LIMIT_OF, limit=_amount(say, limit))
        attributes.append(_attribute(1, "limit", words, asked=False))
    choices = [Value(key=system, name=system.upper()) for system in SYSTEMS]
    system = _attribute(len(attributes) + 1, "coord_system", say(SYSTEM_OF), values=choices)
    number = _attribute(
        len(attributes) + 2, "client_id", say(CLIENT_ID_OF), hint=say(UP_TO, n=200)
    )
    return ServiceDefinition(service_code=code, attributes=[*attributes, system, number])


def _attribute(
    order: int,
    code: str,
    description: str,
    *,
    asked: bool = True,
    hint: str | None = None,
    values: Sequence[Value] = (),
) -> Attribute:
    return Attribute(
        variable=asked,
        code=code,
        datatype="singlevaluelist" if values else "string",
        required=False,
        datatype_description=hint,
        order=order,
        description=description,
        values=list(values),
    )


def _amount(say: Words, limit: Limit) -> str:
    return f"{limit.amount:g} {say(LIMIT_UNITS[limit.unit.value])}"


def request_record(
    at: Door, card: Card, reader: Actor, *, names: Mapping[str, str], base: str, lang: str
) -> ServiceRequest:
    """A matter as a service request, as `reader` may see it; `names` of services by code,
    `base` ends in a slash.

    A photo is linked for who may fetch it; a picture kept elsewhere for everybody who may
    read of the matter.
    """
    say, case = Words(lang), card.case
    text, _, elsewhere = card.text.rpartition(MEDIA_LINE)
    if not elsewhere.startswith(("http://", "https://")) or (
        text and not text.endswith("\n")
    ):
        text, elsewhere = card.text, ""
    photo = (
        f"{base}api/v1/photos/{card.photo}" if card.photo and concerns(reader, card) else ""
    )
    due = case.due_at if case.status not in CLOSED else 0
    return ServiceRequest(
        service_request_id=card.number,
        status="closed" if case.status in CLOSED else "open",
        status_notes=say(STATUSES[case.status.name.lower()]),
        service_name=names.get(case.category),
        service_code=case.category,
        description=text.rstrip("\n") or None,
        agency_responsible=at.city.people.office_name(case.office, say.lang) or None,
        service_notice=say(BY, time=say.moment(due)) if due else None,
        requested_datetime=moment(case.reported_at),
        updated_datetime=moment(case.closed_at or case.last_at or case.since),
        expected_datetime=moment(case.due_at) if case.due_at else None,
        address=card.address or at.city.places.path(case.grid, say.lang),
        address_id=str(case.grid),
        zipcode=None,
        lat=round(card.lat, 7),
        long=round(card.lon, 7),
        media_url=photo or elsewhere or None,
    )


def moment(seconds: int) -> str:
    """Unix seconds as the interface writes a time, with the city's offset."""
    return from_epoch(seconds).isoformat()
