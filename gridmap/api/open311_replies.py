"""Answers of the Open311 interface, in the format its address asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel
from pydantic_core import to_json, to_jsonable_python
from starlette.requests import Request
from starlette.responses import Response

from gridmap.api.answers import FaultText
from gridmap.api.open311_records import Refusal
from gridmap.api.open311_xml import document
from gridmap.api.problems import Problem

PREFIX = "/open311/v2"
JSON, XML = "application/json", "text/xml; charset=utf-8"
STATUSES = {401: 403, 422: 400}
"""Statuses this interface says another way."""

FIELDS = {
    "lon": "long",
    "lon, lat": "long, lat",
    "category": "service_code",
    "text": "description",
    "address": "address_string",
    "contact": "email, phone, first_name, last_name",
    "client_id": "attribute[client_id]",
    "photo": "media",
}
"""What it calls the fields of a report."""


def is_asked(request: Request) -> bool:
    """Whether the request is one of this interface."""
    return f"{PREFIX}/" in request.url.path


def answer(
    suffix: str,
    record: BaseModel | Sequence[BaseModel],
    *,
    root: str,
    item: str = "",
    status: int = 200,
) -> Response:
    """A record, or several, as JSON, or as XML with `root`, members of a list called `item`."""
    if suffix == "xml":
        value = to_jsonable_python(record)
        return Response(document(root, value, item=item), status, media_type=XML)
    return Response(to_json(record), status, media_type=JSON)


def refusal(request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
    """Why the request was not done, every fault for itself, in English and Chinese."""
    status = STATUSES.get(problem.status, problem.status)
    body = problem.body
    reasons = body.faults or [
        FaultText(field="", value="", message=body.message, message_zh=body.message_zh)
    ]
    errors = [Refusal(code=status, description=_line(reason)) for reason in reasons]
    suffix = "xml" if request.url.path.endswith(".xml") else "json"
    reply = answer(suffix, errors, root="errors", item="error", status=status)
    reply.headers.update(
        {name: value for name, value in headers.items() if name != "WWW-Authenticate"}
    )
    return reply


def _line(reason: FaultText) -> str:
    english, chinese = reason.message, reason.message_zh
    name = FIELDS.get(reason.field, reason.field)
    if name != reason.field:
        english, chinese = (
            text.replace(reason.field, name, 1) for text in (english, chinese)
        )
    return f"{english} / {chinese}" if chinese != english else english
