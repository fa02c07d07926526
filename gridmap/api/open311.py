"""Open311 GeoReport v2: services, service requests and tokens, in JSON and XML."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from gridmap.api import open311_form as forms
from gridmap.api import open311_query as queries
from gridmap.api import open311_records as records
from gridmap.api.auth import Caller, caller_of, check_place
from gridmap.api.door import AtDoor, Door, Spoken, category_names
from gridmap.api.open311_docs import FORM, refusals, replies
from gridmap.api.open311_replies import PREFIX, answer
from gridmap.api.problems import UnauthorisedError
from gridmap.api.reports import take
from gridmap.cases.actors import NOBODY, Actor
from gridmap.city.flow.newmatter import NewMatter
from gridmap.errors import NotFoundError
from gridmap.words import Words, mark

CHANGED_AT = "2026-11-24T00:00:00+08:00"
"""When this interface last changed what it offers."""
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
KEYS_FROM = mark("Keys are given out by the city's administrators.")
RECEIPT = mark("Receipt {receipt}: ask with it how the report stands.")

router = APIRouter(prefix=PREFIX, tags=["Open311 GeoReport v2"])

Suffix = Annotated[Literal["json", "xml"], Path(description="The format of the answer.")]
Jurisdiction = Annotated[
    str | None, Query(max_length=200, description="The city's code; may be left out.")
]
Key = Annotated[
    str | None, Query(alias="api_key", max_length=400, description="A device key.")
]


def _served(at: AtDoor, jurisdiction_id: Jurisdiction = None) -> None:
    queries.check_jurisdiction(at, jurisdiction_id)


Served = Depends(_served)


@router.get(
    "/discovery.{suffix}",
    summary="What is offered where",
    responses=replies("discovery", records.Discovery) | refusals(400),
)
def discovery(suffix: Suffix, request: Request, lang: Spoken) -> Response:
    """The service discovery of Open311: this one endpoint and its formats."""
    endpoint = records.Endpoint(
        specification=SPECIFICATION,
        url=f"{request.base_url}{PREFIX.lstrip('/')}",
        changeset=CHANGED_AT,
        type="production",
        formats=["text/xml", "application/json"],
    )
    offered = records.Discovery(
        changeset=CHANGED_AT,
        contact=f"{request.base_url}docs",
        key_service=Words(lang)(KEYS_FROM),
        endpoints=[endpoint],
    )
    return answer(suffix, offered, root="discovery")


@router.get(
    "/services.{suffix}",
    summary="Types of service requests",
    dependencies=[Served],
    responses=replies("services", list[records.Service]) | refusals(400, 404),
)
def services(suffix: Suffix, at: AtDoor, lang: Spoken) -> Response:
    """Every category that can be reported."""
    return answer(suffix, records.services(at, lang), root="services", item="service")


@router.get(
    "/services/{code}.{suffix}",
    summary="What a service asks for",
    dependencies=[Served],
    responses=replies("service_definition", records.ServiceDefinition) | refusals(400, 404),
)
def service(
    code: Annotated[str, Path(max_length=60)], suffix: Suffix, at: AtDoor, lang: Spoken
) -> Response:
    """The attributes of one service."""
    queries.check_services(at, [code])
    return answer(suffix, records.definition(at, code, lang), root="service_definition")


@router.post(
    "/requests.{suffix}",
    status_code=201,
    summary="Report something",
    responses=replies("created", list[records.Created], status=201)
    | refusals(400, 403, 404, 409, 413, 503)
    | replies(
        "created",
        list[records.Created],
        description="The same report had come in before (attribute[client_id])",
    ),
    openapi_extra={"requestBody": FORM},
)
async def create(suffix: Suffix, request: Request, at: AtDoor, lang: Spoken) -> Response:
    """Take a service request in. The answer comes when it is on the disk; its notice names
    the receipt (the token).
    """
    async with request.form(max_files=2, max_fields=60, max_part_size=64 * 1024) as fields:
        caller, form = await run_in_threadpool(_sent, request, at, fields)
        new = await run_in_threadpool(_ready, at, caller, form)
        if form.media is not None:
            data = await form.media.read()
            own = (
                f"media {sha256(new.client_id.encode()).hexdigest()}"
                if new.client_id
                else ""
            )
            kept = await run_in_threadpool(
                at.city.photos.add, caller.actor, data, client_id=own
            )
            new = replace(new, photos=(kept.id,))
    receipt = await take(at, lambda: (caller.actor, new))
    created = records.Created(
        service_request_id=receipt.number,
        service_notice=Words(lang)(RECEIPT, receipt=receipt.receipt),
        account_id=form.text("account_id") or None,
    )
    return answer(
        suffix,
        [created],
        root="service_requests",
        item="request",
        status=201 if receipt.created else 200,
    )


def _sent(request: Request, at: Door, fields: FormData) -> tuple[Caller, forms.Form]:
    query = {
        name: value for name, value in request.query_params.items() if name in forms.TEXTS
    }
    key = fields.get("api_key") or query.get("api_key") or _bearer(request)
    if not isinstance(key, str) or not key.strip():
        raise UnauthorisedError
    caller = caller_of(at.city, key.strip())
    form = forms.read(fields, query)
    queries.check_jurisdiction(at, form.text("jurisdiction_id"))
    return caller, form


def _bearer(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key if scheme.lower() == "bearer" else ""


def _ready(at: Door, caller: Caller, form: forms.Form) -> NewMatter:
    new = forms.new_matter(at, form)
    check_place(at, caller, new.lon, new.lat)
    return new


@router.get(
    "/requests.{suffix}",
    summary="Service requests and how they stand",
    dependencies=[Served],
    responses=replies("requests", list[records.ServiceRequest]) | refusals(400, 403, 404),
)
def requests(  # noqa: PLR0917  (the parameters of the specification)
    suffix: Suffix,
    request: Request,
    at: AtDoor,
    lang: Spoken,
    service_request_id: Annotated[
        str | None, Query(description="Up to 1,000, with commas; overrides the rest.")
    ] = None,
    service_code: Annotated[
        str | None, Query(description="One or more, with commas.")
    ] = None,
    start_date: Annotated[
        str | None, Query(description="Earliest requested_datetime.")
    ] = None,
    end_date: Annotated[
        str | None, Query(description="Latest requested_datetime; at most 90 days later.")
    ] = None,
    status: Annotated[str | None, Query(description="open, closed.")] = None,
    page: Annotated[str | None, Query(description="From 1.")] = None,
    page_size: Annotated[
        str | None, Query(description="At most 1,000, which is usual.")
    ] = None,
    api_key: Key = None,
) -> Response:
    """The latest first: of the last 90 days, or of the span asked for, at most 1,000 at a time.

    Disputes, services for people and policy advice are about persons: they are shown to the
    key of who reported them, works on them, or answers for the place.
    """
    reader = _reader(request, at, api_key)
    asked = queries.question(
        {
            "service_request_id": service_request_id,
            "service_code": service_code,
            "start_date": start_date,
            "end_date": end_date,
            "status": status,
            "page": page,
            "page_size": page_size,
        },
        now=int(at.city.clock.now().timestamp()),
    )
    if asked.ids:
        found = at.city.cards.numbered(reader, asked.ids)
    else:
        queries.check_services(at, asked.services)
        found = at.city.cards.latest(
            reader,
            start=asked.start,
            end=asked.end,
            statuses=asked.statuses,
            categories=asked.services,
            limit=asked.limit,
            offset=asked.offset,
        )
    names = category_names(at, lang)
    rows = [
        records.request_record(
            at, card, reader, names=names, base=str(request.base_url), lang=lang
        )
        for card in found
    ]
    return answer(suffix, rows, root="service_requests", item="request")


@router.get(
    "/requests/{number}.{suffix}",
    summary="One service request",
    dependencies=[Served],
    responses=replies("requests", list[records.ServiceRequest]) | refusals(400, 403, 404),
)
def one_request(  # noqa: PLR0917  (what the answer depends on)
    number: Annotated[str, Path(max_length=100, description="Its service_request_id.")],
    suffix: Suffix,
    request: Request,
    at: AtDoor,
    lang: Spoken,
    api_key: Key = None,
) -> Response:
    """How one service request stands."""
    reader = _reader(request, at, api_key)
    found = at.city.cards.numbered(reader, [number])
    if not found:
        raise NotFoundError(_NO_REQUEST)
    row = records.request_record(
        at,
        found[0],
        reader,
        names=category_names(at, lang),
        base=str(request.base_url),
        lang=lang,
    )
    return answer(suffix, [row], root="service_requests", item="request")


@router.get(
    "/tokens/{token}.{suffix}",
    summary="The service request of a token",
    dependencies=[Served],
    responses=replies("token", list[records.TokenAnswer]) | refusals(400, 404),
)
def token(
    token: Annotated[str, Path(max_length=100, description="A receipt.")],
    suffix: Suffix,
    at: AtDoor,
) -> Response:
    """The service_request_id behind a receipt."""
    matter = at.city.matters.by_receipt(token)
    stands_for = records.TokenAnswer(
        service_request_id=matter.number, token="".join(token.split()).upper()
    )
    return answer(suffix, [stands_for], root="service_requests", item="request")


def _reader(request: Request, at: Door, key: str | None) -> Actor:
    """Who reads: nobody in particular without a key. Raises UnauthorisedError for a key
    that is no good.
    """
    given = (key or _bearer(request)).strip()
    return caller_of(at.city, given).actor if given else NOBODY


_NO_REQUEST = mark("There is no such service request, or it is not shown to you.")
