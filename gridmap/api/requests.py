"""What phones may send: each request with its fields and their bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gridmap.cases.matters.acts import Act

Number = Annotated[int, Field(strict=True, ge=1, le=2**53)]
"""A number of a matter, a user, an office, a photo."""
Moment = Annotated[
    int, Field(strict=True, ge=0, le=4_102_444_800, description="Unix seconds")
]
Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e9, le=1e9)]
System = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]


class Given(BaseModel):
    """A request; fields nobody knows are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(extra="forbid")


class NewReport(Given):
    """A report."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "client_id": "0b6f1f0c-8e0f-4a55-9d3f-0e7a5f6f2a11",
                    "category": "C0201",
                    "lon": 113.9268,
                    "lat": 35.2902,
                    "text": "交通标志牌损坏，倒在路边",
                    "photos": [],
                }
            ]
        },
    )

    client_id: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            description=(
                "The device's own number of this report (a UUID). The same report "
                "may be sent again under it."
            ),
        ),
    ]
    category: Annotated[
        str, Field(max_length=60, description="Code of a category that has none below it.")
    ]
    lon: Annotated[Degrees, Field(description="Longitude in degrees.")]
    lat: Annotated[Degrees, Field(description="Latitude in degrees.")]
    text: Annotated[
        str, Field(max_length=4000, description="At most 2,000 characters.")
    ] = ""
    address: Annotated[
        str, Field(max_length=400, description="At most 200 characters.")
    ] = ""
    contact: Annotated[
        str,
        Field(
            max_length=400,
            description="Of the reporter; shown to who handles the matter only, then deleted.",
        ),
    ] = ""
    photos: Annotated[
        list[Number], Field(max_length=20, description="Photos sent before, at most nine.")
    ] = []
    reported_at: Annotated[
        Moment, Field(description="When it was made, Unix seconds; 0: now.")
    ] = 0
    coord_system: Annotated[
        System, Field(description="What `lon` and `lat` are given in.")
    ] = "wgs84"


class NewMove(Given):
    """A move of a matter; which fields it needs depends on the move."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"move": "answer", "version": 4, "reason": "标志牌已更换", "photos": []}
            ]
        },
    )

    move: Act
    version: Annotated[
        Number, Field(description="The version of the matter the move was decided on.")
    ]
    reason: Annotated[str, Field(max_length=4000)] = ""
    person: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] = 0
    office: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] = 0
    until: Moment = 0
    rating: Annotated[int, Field(strict=True, ge=0, le=5)] = 0
    apt: Annotated[bool | None, Field(strict=True)] = None
    parent: Annotated[int, Field(strict=True, ge=0, le=2**53)] = 0
    photos: Annotated[list[Number], Field(max_length=20)] = []


Values = Annotated[
    dict[str, Any],
    Field(
        max_length=60,
        description="What is said, by name of the field; which fields a move needs, and "
        "what they may hold, `GET /records/{kind}` says.",
    ),
]


class NewRecord(Given):
    """A record to be made; what has to be said depends on its kind."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "client_id": "5d1f6a1c-0f6e-4f5e-8a39-0d7b6a9b1c22",
                    "values": {
                        "village": 410702001001,
                        "title": "坑塘 3 号",
                        "kind": "pond",
                        "area_written": 20.0,
                        "price_before": 50.0,
                    },
                }
            ]
        },
    )

    values: Values
    client_id: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            description="The device's own number of it (a UUID): safe to send again.",
        ),
    ]


class NewAct(Given):
    """A move of a record."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "act": "review",
                    "version": 2,
                    "values": {"area_measured": 30.0, "irregular": True, "words": "少报"},
                }
            ]
        },
    )

    act: Annotated[str, Field(max_length=40)]
    version: Annotated[
        Number, Field(description="The version of the record the move was decided on.")
    ]
    values: Values = {}


class NewVisit(Given):
    """A check-in."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "client_id": "c-17",
                    "grid": 410702001001001,
                    "lon": 113.9268,
                    "lat": 35.2902,
                }
            ]
        },
    )

    client_id: Annotated[str, Field(min_length=1, max_length=100)]
    grid: Annotated[
        int, Field(strict=True, ge=1, le=999_999_999_999_999, description="15-digit code.")
    ]
    lon: Degrees
    lat: Degrees
    at: Annotated[Moment, Field(description="Unix seconds; 0: now.")] = 0
    coord_system: System = "wgs84"


class FoundHazard(Given):
    """What was found on the way; it becomes a matter in the same step."""

    category: Annotated[
        str, Field(max_length=60, description="Code of a category that has none below it.")
    ]
    text: Annotated[
        str, Field(max_length=4000, description="At most 2,000 characters.")
    ] = ""
    lon: Annotated[
        Degrees | None, Field(description="Where; left out: in the middle of the grid.")
    ] = None
    lat: Degrees | None = None
    coord_system: System = "wgs84"


class DoneRound(Given):
    """A part of a task, done."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"client_id": "r-5", "answers": [True, False], "text": "已告知"}]
        },
    )

    client_id: Annotated[str, Field(min_length=1, max_length=90)]
    answers: Annotated[
        list[bool],
        Field(max_length=50, description="One for each question, in their order."),
    ]
    text: Annotated[
        str, Field(max_length=4000, description="At most 2,000 characters.")
    ] = ""
    photos: Annotated[
        list[Number], Field(max_length=20, description="Photos sent before, at most nine.")
    ] = []
    at: Annotated[Moment, Field(description="When it was done, Unix seconds; 0: now.")] = 0
    found: FoundHazard | None = None


class DemoSignIn(Given):
    """Whom to be."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"user": 1}]})

    user: Number
