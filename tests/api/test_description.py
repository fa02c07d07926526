"""The description of the interface against the interface: whatever is sent, the answer is
one that is described.
"""

from __future__ import annotations

import os
from typing import get_type_hints

import pytest
import schemathesis
import staffed
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from starlette.responses import Response

from gridmap.api import (
    categories,
    demo,
    me,
    moves,
    photos,
    records,
    reports,
    rounds,
    visits,
)
from gridmap.api.server import create

PARTS = (categories, demo, me, moves, photos, records, reports, rounds, visits)

EXAMPLES = int(os.environ.get("GRIDMAP_SCHEMA_EXAMPLES", "12"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]

schema = schemathesis.openapi.from_dict(create().openapi())


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(api, case) -> None:
    held = {"Authorization": f"Bearer {api.key(staffed.WORKER)}"}
    answer = case.call(base_url=api.url, headers=held, timeout=30)
    case.validate_response(answer, checks=CHECKS)


OPERATIONS = [
    (path, method, operation)
    for path, methods in create().openapi()["paths"].items()
    for method, operation in methods.items()
]


@pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[f"{m} {p}" for p, m, _ in OPERATIONS]
)
def test_every_operation_is_described_whole(path, method, operation) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    for parameter in operation.get("parameters", []):
        assert parameter["schema"]
    for status, reply in operation["responses"].items():
        assert reply["description"], status
        for kind, content in reply.get("content", {}).items():
            assert content.get("schema") or content.get("example"), (status, kind)
            assert int(status) < 400 or content.get("example"), (status, kind)
    if method == "post":
        for content in operation["requestBody"]["content"].values():
            assert content["schema"]


@pytest.mark.parametrize("part", PARTS, ids=[part.__name__ for part in PARTS])
def test_what_is_described_is_what_the_route_returns(part) -> None:
    for route in part.router.routes:
        answer = get_type_hints(route.endpoint)["return"]
        assert route.response_model == answer or answer is Response, route.path
        assert answer is not Response or route.path == "/photos/{photo}"
