"""Records with a life: `Record`, `Entry` (a line of its journal), `Order` (what is wanted).

A record is a plain value, a frozen dataclass that a kind declares. The types of its
attributes say what they hold, and so how they are stored: `Instant`, `Count`, `Code`,
`Person`, `Unit`, `Link`, an enumeration, a text, a number, a tuple of texts, a mapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

Instant = Annotated[int, "instant"]
"""Unix seconds; 0: not (yet)."""
Count = Annotated[int, "count"]
"""How often something happened."""
Code = Annotated[int, "code"]
"""A place of any level, by its code."""
Person = Annotated[int, "person"]
"""A user by number; 0: none."""
Link = Annotated[int, "link"]
"""Another record by number; 0: none."""
Unit = Annotated[int, "unit"]
"""An office by number; 0: none."""


class Record(Protocol):
    """What every record has: its number, how many entries its journal has, the last one's time."""

    @property
    def id(self) -> int:
        """The number of the record among those of its kind."""

    @property
    def version(self) -> int:
        """Entries in its journal."""

    @property
    def state(self) -> Any:
        """Where it stands."""

    @property
    def last_at(self) -> int:
        """When the last entry was written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Line `number` (from 1) of a journal: what was done (`act`), when (Unix seconds), by
    which user.

    `data` holds all that was said and decided, as JSON values, so that a replay needs no
    rules.
    """

    number: int
    act: str
    at: int
    actor: int
    data: Mapping[str, Any] = field(default_factory=dict)


class Order:
    """What somebody wants done: the act, and what they say with it, by name of the field.

    What is left out, None, blank or empty is not given; which fields an act needs stands in
    the table of its kind.
    """

    __slots__ = ("act", "values")

    def __init__(self, act: str, /, **values: Any) -> None:
        self.act = act
        self.values: Mapping[str, Any] = values

    def __repr__(self) -> str:
        """As it is written."""
        said = "".join(f", {name}={value!r}" for name, value in self.values.items())
        return f"Order({self.act!r}{said})"

    def __eq__(self, other: object) -> bool:
        """Whether both say the same."""
        if not isinstance(other, Order):
            return NotImplemented
        return (self.act, self.values) == (other.act, other.values)

    __hash__ = None  # type: ignore[assignment]

    def but(self, **values: Any) -> Order:
        """The same order with other values in these fields."""
        return Order(self.act, **{**self.values, **values})

    def get(self, name: str) -> Any:
        """What is said in the field `name`, None when nothing."""
        return self.values.get(name)
