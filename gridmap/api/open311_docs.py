"""What the description of the interface says of Open311: forms, answers in both formats,
refusals.
"""

from __future__ import annotations

from typing import Any

from gridmap.api.open311_records import Refusal
from gridmap.api.open311_xml import HEAD

_REQUEST: dict[str, Any] = {
    "service_request_id": "410702-C0201-20240521-000001",
    "status": "open",
    "status_notes": "处理中",
    "service_name": "交通标志牌损坏",
    "service_code": "C0201",
    "description": "交通标志牌倒在路边",
    "agency_responsible": "红旗区城市管理局",
    "service_notice": None,
    "requested_datetime": "2024-05-21T08:46:00+08:00",
    "updated_datetime": "2024-05-21T09:16:00+08:00",
    "expected_datetime": "2024-05-21T16:16:00+08:00",
    "address": "红旗区 › 小店镇",
    "address_id": "410702001001001",
    "zipcode": None,
    "lat": 35.2902,
    "long": 113.9268,
    "media_url": None,
}
_EXAMPLES: dict[str, tuple[Any, str]] = {
    "discovery": (
        {
            "changeset": "2026-11-24T00:00:00+08:00",
            "contact": "…",
            "key_service": "…",
            "endpoints": [],
        },
        "<discovery><changeset>2026-11-24T00:00:00+08:00</changeset>…</discovery>",
    ),
    "services": (
        [
            {
                "service_code": "C0201",
                "service_name": "交通标志牌损坏",
                "description": "部件 › 道路交通 › 交通标志牌损坏",
                "metadata": True,
                "type": "realtime",
                "keywords": "部件,道路交通",
                "group": "道路交通",
            }
        ],
        "<services><service><service_code>C0201</service_code>…</service></services>",
    ),
    "service_definition": (
        {
            "service_code": "C0201",
            "attributes": [
                {
                    "variable": True,
                    "code": "client_id",
                    "datatype": "string",
                    "required": False,
                    "datatype_description": None,
                    "order": 3,
                    "description": "…",
                }
            ],
        },
        "<service_definition><service_code>C0201</service_code><attributes>…</attributes></service_definition>",
    ),
    "created": (
        [
            {
                "service_request_id": "410702-C0201-20240521-000001",
                "service_notice": "…",
                "account_id": None,
            }
        ],
        "<service_requests><request><service_request_id>…</service_request_id>…</request></service_requests>",
    ),
    "requests": ([_REQUEST], "<service_requests><request>…</request></service_requests>"),
    "token": (
        [{"service_request_id": "410702-C0201-20240521-000001", "token": "7KQ2M9XWPA"}],
        "<service_requests><request><service_request_id>…</service_request_id><token>…</token></request></service_requests>",
    ),
}
_WHY = {
    400: "Something is missing or cannot be understood; every fault is named",
    403: "No api_key, one that is unknown or revoked, or one that may not report there",
    404: "No such jurisdiction, service, service request or token",
    409: "The client id stands for another report",
    413: "The form is too large",
    503: "Too much at once; try again in a moment",
}

_TEXT = {"type": "string"}
_FIELDS = {
    "api_key": _TEXT
    | {"description": "A device key; may stand in the address or in the head instead."},
    "service_code": _TEXT,
    "lat": _TEXT
    | {"description": "Degrees, WGS84 (CGCS2000 is the same to a few centimetres)."},
    "long": _TEXT | {"description": "Degrees, WGS84."},
    "address_string": _TEXT
    | {"description": "Without lat and long: the name of one village or grid."},
    "address_id": _TEXT
    | {"description": "Without lat and long: the code of a village or grid."},
    "email": _TEXT,
    "device_id": _TEXT | {"description": "Taken and not kept."},
    "account_id": _TEXT | {"description": "Given back, not kept."},
    "first_name": _TEXT,
    "last_name": _TEXT,
    "phone": _TEXT,
    "description": _TEXT | {"maxLength": 2000},
    "media_url": _TEXT
    | {"description": "Address of a picture kept elsewhere; it is never fetched."},
    "jurisdiction_id": _TEXT | {"description": "The city's code; may be left out."},
    "attribute[coord_system]": _TEXT | {"enum": ["wgs84", "cgcs2000", "gcj02", "bd09"]},
    "attribute[client_id]": _TEXT
    | {"description": "Makes it safe to send the same again.", "maxLength": 200},
}
_EXAMPLE = {
    "service_code": "C0201",
    "lat": "35.2902",
    "long": "113.9268",
    "description": "交通标志牌倒在路边",
}
_SCHEMA = {
    "type": "object",
    "required": ["service_code"],
    "properties": _FIELDS,
    "example": _EXAMPLE,
}
FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {"schema": _SCHEMA},
        "multipart/form-data": {
            "schema": {
                **_SCHEMA,
                "properties": _FIELDS
                | {
                    "media": {
                        "type": "string",
                        "format": "binary",
                        "description": "A picture.",
                    }
                },
            }
        },
    },
}


def replies(
    name: str, model: Any, *, status: int = 200, description: str = "Done"
) -> dict[int | str, dict[str, Any]]:
    """The description of an answer in both formats."""
    json, xml = _EXAMPLES[name]
    content = {"application/json": {"example": json}, "text/xml": {"example": HEAD + xml}}
    return {status: {"model": model, "description": description, "content": content}}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The description of refusals in both formats."""
    return {
        status: {
            "model": list[Refusal],
            "description": _WHY[status],
            "content": {
                "application/json": {
                    "example": [{"code": status, "description": _WHY[status]}]
                },
                "text/xml": {
                    "example": f"{HEAD}<errors><error><code>{status}</code><description>…</description></error></errors>"
                },
            },
        }
        for status in statuses
    }
