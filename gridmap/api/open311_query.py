"""What a client of the Open311 interface asks for: jurisdiction, spans of time, states,
services.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gridmap.api import open311_records as records
from gridmap.api.door import Door
from gridmap.calendar import DAY_S, to_epoch
from gridmap.errors import Fault, InputError, shown
from gridmap.model import Status
from gridmap.words import mark

LONGEST_SPAN_S = 90 * DAY_S
MOST = 1000
MOST_IDS = 1000

NO_JURISDICTION = mark("this jurisdiction is not served here")
OWN_JURISDICTION = mark("Leave it out, or give the code of the city.")
NO_SERVICE = mark("there is no such service")
FROM_LIST = mark("Choose a service_code from the list of services.")
NO_TIME = mark("is not a time")
WRITE_TIME = mark("Write it as 2024-05-21T08:46:00+08:00 or 2024-05-21T00:46:00Z.")
TOO_LONG = mark("the span is longer than 90 days")
SHORTER = mark("Ask for at most 90 days at a time.")
BACKWARDS = mark("ends before it begins")
TURN = mark("Exchange the two.")
NO_STATUS = mark("is not a status")
OPEN_OR_CLOSED = mark("Use open, closed, or both.")
NO_PAGE = mark("is not a page")
PAGES = mark("Give whole numbers: page from 1, page_size from 1 to 1000.")


class UnknownCodeError(InputError):
    """A code that stands for nothing here."""

    status = 404


@dataclass(frozen=True, slots=True)
class Question:
    """Which service requests: `ids` alone when there are any."""

    ids: tuple[str, ...]
    start: int
    end: int
    statuses: tuple[Status, ...]
    services: tuple[str, ...]
    limit: int
    offset: int


def check_jurisdiction(at: Door, given: str | None) -> None:
    """Raise UnknownCodeError for the jurisdiction of another city; it may be left out."""
    if given and given.strip() != str(at.city.code):
        raise UnknownCodeError(
            Fault(
                rule=NO_JURISDICTION,
                field="jurisdiction_id",
                value=shown(given),
                cure=OWN_JURISDICTION,
            )
        )


def check_services(at: Door, codes: Sequence[str]) -> None:
    """Raise UnknownCodeError naming every code that is no service."""
    if unknown := service_faults(at, codes):
        raise UnknownCodeError(unknown)


def service_faults(at: Door, codes: Sequence[str]) -> list[Fault]:
    """A fault for every code that is no service."""
    unknown = [code for code in codes if not records.is_service(at, code)]
    return [
        Fault(rule=NO_SERVICE, field="service_code", value=shown(code), cure=FROM_LIST)
        for code in unknown
    ]


def question(given: Mapping[str, str | None], *, now: int) -> Question:
    """What is asked. Raises InputError with everything that cannot be understood."""
    faults: list[Fault] = []
    start, end = _span(given, now, faults)
    page, size = (
        _number(given, "page", 1, 10**6, faults),
        _number(given, "page_size", MOST, MOST, faults),
    )
    statuses = [_states(word, faults) for word in listed(given.get("status"))]
    if faults:
        raise InputError(faults)
    return Question(
        ids=listed(given.get("service_request_id"))[:MOST_IDS],
        start=start,
        end=end,
        statuses=tuple(dict.fromkeys(status for some in statuses for status in some)),
        services=listed(given.get("service_code")),
        limit=size,
        offset=(page - 1) * size,
    )


def listed(given: str | None) -> tuple[str, ...]:
    """The members of a list written with commas."""
    return tuple(
        dict.fromkeys(part.strip() for part in (given or "").split(",") if part.strip())
    )


def _span(
    given: Mapping[str, str | None], now: int, faults: list[Fault]
) -> tuple[int, int]:
    """The last 90 days; or 90 days from the one end that is given; or both ends, if they
    are no farther apart.
    """
    start, end = (
        _moment(given.get(name), name, faults) for name in ("start_date", "end_date")
    )
    if start is None:
        end = now if end is None else end
        return end - LONGEST_SPAN_S, end
    if end is None:
        return start, min(start + LONGEST_SPAN_S, max(now, start))
    if end < start:
        faults.append(Fault(rule=BACKWARDS, field="start_date, end_date", cure=TURN))
    if end - start > LONGEST_SPAN_S:
        faults.append(Fault(rule=TOO_LONG, field="start_date, end_date", cure=SHORTER))
    return start, end


def _moment(given: str | None, name: str, faults: list[Fault]) -> int | None:
    if not given or not given.strip():
        return None
    # A plus that was not escaped arrives as a space.
    text = re.sub(r" (\d\d:\d\d)$", r"+\1", given.strip())
    try:
        at = to_epoch(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        at = -1
    if not 0 <= at <= 4_102_444_800:
        faults.append(Fault(rule=NO_TIME, field=name, value=shown(given), cure=WRITE_TIME))
        return None
    return at


def _number(
    given: Mapping[str, str | None], name: str, usual: int, most: int, faults: list[Fault]
) -> int:
    text = (given.get(name) or "").strip()
    if not text:
        return usual
    if text.isascii() and text.isdecimal() and len(text) <= 7 and 1 <= int(text) <= most:
        return int(text)
    faults.append(Fault(rule=NO_PAGE, field=name, value=shown(text, 20), cure=PAGES))
    return usual


def _states(word: str, faults: list[Fault]) -> tuple[Status, ...]:
    if word.lower() == "closed":
        return tuple(status for status in Status if status in records.CLOSED)
    if word.lower() == "open":
        return tuple(status for status in Status if status not in records.CLOSED)
    faults.append(
        Fault(rule=NO_STATUS, field="status", value=shown(word, 20), cure=OPEN_OR_CLOSED)
    )
    return ()
