"""Every error gridmap raises on purpose, each with its words in two languages and its HTTP status.

GridmapError
├── InputError        one or many faults in what somebody gave us
├── NotFoundError     the thing asked for does not exist
├── ConflictError     the thing exists already, with another content
│   └── StaleError    somebody else changed it meanwhile
├── ForbiddenError    the actor may not do this
├── RefusedError      the rules of the flow do not allow this move now
│   └── NotYoursError that move is not this actor's (a ForbiddenError too)
└── SetupError        the machine or the settings are not fit to run
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where, which field, which value, and what to do about it.

    `row` counts from 1 as the person sees it (the header of a CSV file is row 1); 0 means
    the whole file.
    """

    rule: str
    cure: str
    row: int = 0
    field: str = ""
    value: str = ""
    file: str = ""

    def __str__(self) -> str:
        """One line: file, row, field, value, rule and cure, leaving out what is not known."""
        place = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row else "",
                f"field {self.field}" if self.field else "",
            )
            if part
        )
        value = f" {self.value!r}" if self.value else ""
        return f"{place + ': ' if place else ''}{self.rule}{value}. {self.cure}"


def shown(value: object, most: int = 60) -> str:
    """What was given, as it may stand in a sentence: signs nobody can see are told by their
    numbers, the rest stays.
    """
    text = value if isinstance(value, str) else ascii(value)
    return "".join(
        sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:most]
    )


class GridmapError(Exception):
    """Base of all errors raised on purpose; `str()` is a sentence fit for a person."""

    status = 500


class InputError(GridmapError):
    """What was given cannot be used; `faults` lists everything found, not only the first."""

    status = 422

    def __init__(self, faults: Iterable[Fault] | Fault) -> None:
        self.faults: tuple[Fault, ...] = (
            (faults,) if isinstance(faults, Fault) else tuple(faults)
        )
        super().__init__("\n".join(str(fault) for fault in self.faults[:20]))


class NotFoundError(GridmapError):
    """The thing asked for does not exist."""

    status = 404


class ConflictError(GridmapError):
    """The thing exists already, with another content."""

    status = 409


class StaleError(ConflictError):
    """Somebody else changed the thing meanwhile; `since` is what happened, oldest first."""

    def __init__(self, message: str, since: Iterable[Any] = ()) -> None:
        self.since = tuple(since)
        super().__init__(message)


class RefusedError(GridmapError):
    """A move the rules do not allow now.

    `why` is a text of the catalogues, `values` fill it, `possible` are the moves that could
    be made instead; `status` is 403 when the person may not, 409 when the matter does not
    stand so.
    """

    def __init__(
        self, why: str, *, possible: Iterable[str] = (), status: int = 409, **values: Any
    ) -> None:
        self.why, self.values, self.possible = why, values, tuple(possible)
        self.status = status
        super().__init__(why.format(**values))


class ForbiddenError(GridmapError):
    """The actor may not do this."""

    status = 403


class NotYoursError(RefusedError, ForbiddenError):
    """The rules give this move to somebody else."""


class SetupError(GridmapError):
    """The machine or the settings are not fit to run; the sentence names the cure."""

    status = 503
