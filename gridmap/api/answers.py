"""What phones are answered."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class GivenReceipt(BaseModel):
    """What a report is answered with, once it is on the disk."""

    matter: int
    number: str = Field(description="Case number.")
    receipt: str = Field(description="The code to ask with, without a key.")
    status: str
    due_at: int = Field(description="Unix seconds; 0 until it is accepted.")
    office: int
    office_name: str
    grid: int
    created: bool = Field(description="False: the same report had come in before.")


class Standing(BaseModel):
    """What a receipt tells."""

    number: str
    category: str
    category_name: str
    status: str
    status_name: str
    reported_at: int
    accepted_at: int
    due_at: int
    closed_at: int
    office: int
    office_name: str
    rating: int


class Moved(BaseModel):
    """A matter after a move."""

    matter: int
    version: int
    status: str
    office: int
    office_name: str
    person: int
    step_due_at: int
    due_at: int
    moves: list[str] = Field(description="What the same person may do next.")


class RecordField(BaseModel):
    """Something that can be said of a record."""

    name: str
    label: str
    type: str = Field(description="text, number, flag, choice, moment, place, …")
    unit: str = ""
    options: dict[str, str] = Field(default={}, description="Option → what it is called.")
    cure: str = Field(default="", description="What to give.")


class RecordMove(BaseModel):
    """A move of a kind of records."""

    act: str
    label: str
    needs: list[str]
    takes: list[str]


class RecordKind(BaseModel):
    """A kind of records: its states, what can be said, and its moves."""

    kind: str
    states: dict[str, str] = Field(description="State → what it is called.")
    fields: list[RecordField]
    begins: RecordMove = Field(description="The move that makes a record.")
    moves: list[RecordMove]


class RecordStanding(BaseModel):
    """How a record stands."""

    kind: str
    number: int
    version: int
    state: str
    values: dict[str, Any]
    moves: list[str] = Field(description="What the same person may do next.")


class RecordEntry(BaseModel):
    """A line of a record's journal."""

    number: int
    act: str
    at: int = Field(description="Unix seconds.")
    actor_name: str
    data: dict[str, Any]


class RecordMade(BaseModel):
    """The number of a record that was made."""

    kind: str
    number: int


class Target(BaseModel):
    """An office a matter may go to."""

    id: int
    name: str
    name_en: str
    kind: str


class OpenTask(BaseModel):
    """A matter that waits."""

    matter: int
    number: str
    category: str
    category_name: str
    status: str
    lon: float
    lat: float
    grid: int
    text: str
    address: str
    step_due_at: int
    due_at: int
    reported_at: int
    version: int
    photo: int = Field(description="Its first photo; 0: none.")
    moves: list[str]


class OwnReport(BaseModel):
    """A report of one's own."""

    matter: int
    number: str
    receipt: str
    category: str
    category_name: str
    status: str
    reported_at: int
    due_at: int
    closed_at: int
    text: str


class OpenRound(BaseModel):
    """One grid's open part of a task from above."""

    task: int
    grid: int
    grid_name: str
    kind: str = Field(description="visit, hazard_check or law.")
    title: str
    text: str
    checklist: list[str] = Field(description="Questions that are answered with yes or no.")
    due_at: int


class RoundNoted(BaseModel):
    """The answer to a part that was done."""

    created: bool = Field(description="False: it had come in before.")
    matter: int = Field(description="The matter made of what was found; 0: none.")
    receipt: str


class Noted(BaseModel):
    """The answer to a check-in."""

    created: bool


class KeptPhoto(BaseModel):
    """The answer to a photo."""

    id: int
    width: int
    height: int
    lon: float | None = Field(description="Where the picture said it was taken.")
    lat: float | None
    taken_at: int | None = Field(description="When, Unix seconds.")


class Me(BaseModel):
    """Whose key it is."""

    user: int
    name: str
    role: str
    office: int
    office_name: str
    areas: list[int] = Field(description="Places the key may report in.")
    grids: list[int] = Field(
        description="The grids among them; empty when they are more than 200."
    )


class GridProperties(BaseModel):
    """What is said of a drawn grid."""

    code: int
    name: str
    own: bool = Field(description="The holder's; false: next to theirs.")


class GridFeature(BaseModel):
    """A drawn grid."""

    type: Literal["Feature"] = "Feature"
    properties: GridProperties
    geometry: dict[str, Any] = Field(description="GeoJSON, WGS84.")


class GridMap(BaseModel):
    """The holder's grids and those next to them, as GeoJSON."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[GridFeature]


class CategoryNode(BaseModel):
    """A category and those below it."""

    code: str
    name: str
    kind: str = Field(description="Its class.")
    rare: bool
    children: list[CategoryNode]


class Now(BaseModel):
    """The city's clock."""

    now: int


class DemoUser(BaseModel):
    """Somebody of the demonstration."""

    id: int
    name: str
    role: str
    office: int
    office_name: str
    area: int
    area_name: str


class DemoKey(BaseModel):
    """A key of somebody of the demonstration."""

    key: str
    user: int
    name: str
    role: str


class FaultText(BaseModel):
    """One thing wrong with a request."""

    field: str
    value: str
    message: str
    message_zh: str


class DoneSince(BaseModel):
    """What somebody else did meanwhile."""

    number: int = Field(description="Of the line in the journal.")
    move: str
    at: int
    actor: int


class ProblemBody(BaseModel):
    """Why a request was not done."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    message_zh: str
    field: str = ""
    faults: list[FaultText] = []
    possible: list[str] = Field(
        default=[], description="After a refused move: what could be done instead."
    )
    since: list[DoneSince] = Field(
        default=[], description="After a stale move: what others did meanwhile."
    )
