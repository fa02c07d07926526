"""Replies every route may give, for the description of the interface, and how errors become
them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from gridmap.api import open311_replies
from gridmap.api.answers import ProblemBody
from gridmap.api.problems import Problem, of_error, of_status, of_validation
from gridmap.errors import GridmapError

log = logging.getLogger("gridmap.api")

_EXAMPLES: Mapping[int, tuple[str, dict[str, Any]]] = {
    400: ("The body cannot be read", of_status(400).told),
    401: ("No device key, or one that is unknown or revoked", of_status(401).told),
    403: ("The key may not do this here", of_status(403).told),
    404: ("There is no such thing", of_status(404).told),
    409: (
        "Somebody was faster, or the client id stands for something else",
        of_status(409).told,
    ),
    413: ("The body is too large", of_status(413).told),
    422: (
        "Something in the request is wrong; every fault is named",
        {
            "code": "input",
            "message": "lat: Longitude and latitude seem to be swapped.",
            "message_zh": "lat：经度和纬度似乎颠倒了。",
            "field": "lat",
            "faults": [],
        },
    ),
    503: ("Too much at once; try again in a moment", of_status(503).told),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The description of replies with these statuses."""
    return {
        status: {
            "model": ProblemBody,
            "description": _EXAMPLES[status][0],
            "content": {"application/json": {"example": _EXAMPLES[status][1]}},
        }
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Make every error of `app` a reply that names it."""
    for kind in (GridmapError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _answer)


async def _answer(request: Request, error: Exception) -> Response:
    problem = _problem(error)
    if problem.status >= 500 and not isinstance(error, GridmapError):
        log.error("%s %s", request.method, request.url.path, exc_info=error)
    return told(request, problem, _headers(problem, error))


def told(request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
    """The reply that says what is wrong, the way the part of the interface that was asked
    says it.
    """
    if open311_replies.is_asked(request):
        return open311_replies.refusal(request, problem, headers)
    return JSONResponse(problem.told, problem.status, headers=headers)


def _problem(error: Exception) -> Problem:
    if isinstance(error, GridmapError):
        return of_error(error)
    if isinstance(error, RequestValidationError):
        return of_validation(error.errors())
    return of_status(error.status_code if isinstance(error, HTTPException) else 500)


def _headers(problem: Problem, error: Exception) -> dict[str, str]:
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 503:
        headers["Retry-After"] = "1"
    return headers
