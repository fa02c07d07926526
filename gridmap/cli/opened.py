"""The city a command works on, opened and closed again, and who orders what is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gridmap.cli.console import read_settings

if TYPE_CHECKING:
    from gridmap.cases.actors import Actor
    from gridmap.city.city import City


@contextmanager
def opened_city() -> Iterator[City]:
    """The city of the settings in force, closed at the end whatever happens."""
    from gridmap.city.city import City

    city = City.open(read_settings())
    try:
        yield city
    finally:
        city.close()


def actor_of(city: City, login: str) -> Actor:
    """Who orders it: the user with this sign-in name, or the platform where none is given."""
    from gridmap.cases.actors import SYSTEM

    return city.people.actor(city.people.find_user(login).id) if login else SYSTEM
