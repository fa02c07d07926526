"""The tree of categories, and the city's clock."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from gridmap.api.answers import CategoryNode, Now
from gridmap.api.door import AtDoor
from gridmap.api.replies import problems

router = APIRouter(tags=["the city"])


@router.get(
    "/categories",
    summary="What can be reported",
    responses=problems(422),
)
def categories(
    at: AtDoor,
    lang: Annotated[
        Literal["zh", "en"], Query(description="Language of the names.")
    ] = "zh",
) -> list[CategoryNode]:
    """The tree; what has nothing below it can be reported. Needs no key."""
    table = at.city.categories(lang)
    rows = zip(table["code"], table["name"], table["class"], table["rare"], strict=True)
    nodes = {
        code: CategoryNode(code=code, name=name, kind=kind, rare=bool(rare), children=[])
        for code, name, kind, rare in rows
    }
    roots: list[CategoryNode] = []
    for code, parent in zip(table["code"], table["parent"], strict=True):
        beside = nodes[parent].children if parent in nodes and parent != code else roots
        beside.append(nodes[code])
    return roots


@router.get("/now", summary="The city's clock")
def now(at: AtDoor) -> Now:
    """What time it is in the city (a demonstration has its own). Needs no key."""
    return Now(now=int(at.city.clock.now().timestamp()))
