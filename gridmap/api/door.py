"""`Door`: the open city and the writer of this process, found from any request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from gridmap.api.writer import Writer
from gridmap.city import City
from gridmap.words import Words, language


@dataclass(frozen=True)
class Door:
    """What every route needs."""

    city: City
    writer: Writer


async def at_door(request: Request) -> Door:
    """`door`, as a dependency: one that waits for nothing needs no thread."""
    return door(request)


def door(request: Request) -> Door:
    """The door of the application that answers `request`."""
    found: Door = request.app.state.door
    return found


async def spoken(request: Request) -> str:
    """The language of names in the answer: the city's setting, what the request asks for,
    else Chinese.
    """
    return language(
        door(request).city.settings.language, request.headers.get("accept-language")
    )


def category_names(at: Door, lang: str) -> dict[str, str]:
    """Names of categories by code."""
    table = at.city.categories(Words(lang).lang)
    return dict(zip(table["code"], table["name"], strict=True))


AtDoor = Annotated[Door, Depends(at_door)]
Spoken = Annotated[str, Depends(spoken)]
