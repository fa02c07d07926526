"""The tree of categories, and the city's clock."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse

from gridmap.api.answers import CategoryNode, Now
from gridmap.api.door import AtDoor
from gridmap.api.replies import problems

router = APIRouter(tags=["the city"])


@router.get(
    "/categories",
    response_model=list[CategoryNode],
    summary="What can be reported",
    responses=problems(422),
)
def categories(
    at: AtDoor,
    lang: Annotated[
        Literal["zh", "en"], Query(description="Language of the names.")
    ] = "zh",
) -> JSONResponse:
    """The tree; what has nothing below it can be reported. Needs no key."""
    table = at.city.categories(lang)
    rows = zip(table["code"], table["name"], table["class"], table["rare"], strict=True)
    nodes: dict[str, dict[str, Any]] = {
        code: {"code": code, "name": name, "kind": kind, "rare": bool(rare), "children": []}
        for code, name, kind, rare in rows
    }
    roots: list[dict[str, Any]] = []
    for code, parent in zip(table["code"], table["parent"], strict=True):
        (nodes[parent]["children"] if parent in nodes and parent != code else roots).append(
            nodes[code]
        )
    return JSONResponse(roots)


@router.get("/now", response_model=Now, summary="The city's clock")
def now(at: AtDoor) -> JSONResponse:
    """What time it is in the city (a demonstration has its own). Needs no key."""
    return JSONResponse({"now": int(at.city.clock.now().timestamp())})
