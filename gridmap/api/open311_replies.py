"""Answers of the Open311 interface, in the format its address asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gridmap.api.open311_xml import document
from gridmap.api.problems import Problem

PREFIX = "/open311/v2"
XML = "text/xml; charset=utf-8"
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
    suffix: str, value: Any, *, root: str, item: str = "", status: int = 200
) -> Response:
    """`value` as JSON, or as XML with `root`, members of a list called `item`."""
    if suffix == "xml":
        return Response(document(root, value, item=item), status, media_type=XML)
    return JSONResponse(value, status)


def refusal(request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
    """Why the request was not done, every fault for itself, in English and Chinese."""
    status = STATUSES.get(problem.status, problem.status)
    if problem.faults:
        told = [
            _line(fault["field"], fault["message"], fault["message_zh"])
            for fault in problem.faults
        ]
    else:
        told = [_line("", problem.message, problem.message_zh)]
    errors = [{"code": status, "description": line} for line in told]
    suffix = "xml" if request.url.path.endswith(".xml") else "json"
    found = answer(suffix, errors, root="errors", item="error", status=status)
    found.headers.update(
        {name: value for name, value in headers.items() if name != "WWW-Authenticate"}
    )
    return found


def _line(field: str, english: str, chinese: str) -> str:
    name = FIELDS.get(field, field)
    if name != field:
        english, chinese = (text.replace(field, name, 1) for text in (english, chinese))
    return f"{english} / {chinese}" if chinese != english else english
