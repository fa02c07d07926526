"""What went wrong, told to programs and people: a status, a short code, and sentences in
English and Chinese.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridmap.api.answers import DoneSince, FaultText, ProblemBody
from gridmap.cases.records.record import Entry
from gridmap.errors import (
    ConflictError,
    Fault,
    ForbiddenError,
    GridmapError,
    InputError,
    NotFoundError,
    RefusedError,
    SetupError,
    StaleError,
    shown,
)
from gridmap.words import Words, mark

ENGLISH, CHINESE = Words("en"), Words("zh")

MISSING = mark("is missing")
FILL_IN = mark("Fill it in.")
NOT_JSON = mark("is not JSON that can be read")
SEND_JSON = mark("Send one JSON object, in UTF-8.")
WRONG_KIND = mark("is of the wrong kind")
LOOK_UP = mark("Look at the description of the interface (/docs).")
UNKNOWN = mark("is not a field of this request")
LEAVE_OUT = mark("Leave it out.")
NOT_FINITE = mark("is not a finite number")
GIVE_NUMBER = mark("Give a number.")
OUT_OF_RANGE = mark("is outside the range allowed")
NOT_ONE_OF = mark("is not one of the values allowed")

NO_KEY = mark("A device key is needed, and this one is missing, unknown or revoked.")
NOT_HERE = mark("There is no such thing here, or not any more.")
NOT_ALLOWED = mark("Your role may not do this here.")
THERE_ALREADY = mark("This is there already, with another content.")
CHANGED = mark(
    "Somebody else has changed this meanwhile. Look at how it stands now, then decide again."
)
TOO_LARGE = mark("This is more than can be taken at once.")
WRONG_METHOD = mark("This address does not take this method.")
UNREADABLE = mark("The request cannot be read.")
BUSY = mark("This cannot be done just now. Send it again in a moment.")
BROKEN = mark("Something went wrong here; it has been written down.")

_SENTENCES: Mapping[int, tuple[str, str]] = {
    400: ("malformed", UNREADABLE),
    401: ("unauthorised", NO_KEY),
    403: ("forbidden", NOT_ALLOWED),
    404: ("not_found", NOT_HERE),
    405: ("method", WRONG_METHOD),
    409: ("conflict", THERE_ALREADY),
    413: ("too_large", TOO_LARGE),
    503: ("unavailable", BUSY),
}
_KINDS: Mapping[str, tuple[str, str]] = {
    "missing": (MISSING, FILL_IN),
    "json_invalid": (NOT_JSON, SEND_JSON),
    "extra_forbidden": (UNKNOWN, LEAVE_OUT),
    "finite_number": (NOT_FINITE, GIVE_NUMBER),
    "float_type": (NOT_FINITE, GIVE_NUMBER),
    "enum": (NOT_ONE_OF, LOOK_UP),
    "literal_error": (NOT_ONE_OF, LOOK_UP),
}
_RANGES = (
    "greater_than",
    "less_than",
    "too_short",
    "too_long",
    "int_parsing_size",
    "string_pattern_mismatch",
)
_PLACES = frozenset({"body", "query", "path", "header"})


class UnauthorisedError(ForbiddenError):
    """No key, or one that stands for nobody."""

    status = 401

    def __init__(self, message: str = NO_KEY) -> None:
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was not done: the status of the reply and its body."""

    status: int
    body: ProblemBody

    @property
    def told(self) -> dict[str, Any]:
        """The body as it is sent: what says nothing is left out."""
        return self.body.model_dump(exclude_unset=True)


def of_error(error: GridmapError) -> Problem:
    """The problem an error raised on purpose stands for."""
    if isinstance(error, InputError):
        return of_faults(error.faults, status=error.status)
    if isinstance(error, RefusedError):
        body = ProblemBody(
            code="refused",
            message=str(error),
            message_zh=CHINESE(error.why, **error.values),
            possible=list(error.possible),
        )
        return Problem(error.status, body)
    if isinstance(error, StaleError):
        body = ProblemBody(
            code="stale",
            message=str(error),
            message_zh=CHINESE(CHANGED),
            since=[_step(step) for step in error.since],
        )
        return Problem(409, body)
    return _of_other(error)


def _step(step: Any) -> DoneSince:
    act = step.act if isinstance(step, Entry) else step.move
    return DoneSince(number=step.number, move=str(act), at=step.at, actor=step.actor)


def _of_other(error: GridmapError) -> Problem:
    code, general = _general(error)
    message = str(error) or general
    chinese = CHINESE(message)
    body = ProblemBody(
        code=code,
        message=message,
        message_zh=chinese if chinese != message else CHINESE(general),
    )
    return Problem(error.status, body)


def _general(error: GridmapError) -> tuple[str, str]:
    kinds = (
        (UnauthorisedError, 401),
        (ForbiddenError, 403),
        (NotFoundError, 404),
        (ConflictError, 409),
        (SetupError, 503),
    )
    return _SENTENCES[
        next((status for kind, status in kinds if isinstance(error, kind)), 503)
    ]


def of_status(status: int) -> Problem:
    """The problem a bare HTTP status stands for."""
    code, sentence = _SENTENCES.get(
        status,
        (
            "server" if status >= 500 else "malformed",
            BROKEN if status >= 500 else UNREADABLE,
        ),
    )
    body = ProblemBody(code=code, message=sentence, message_zh=CHINESE(sentence))
    return Problem(status, body)


def of_faults(
    faults: Sequence[Fault], *, status: int = 422, code: str = "input"
) -> Problem:
    """Everything wrong with an input; the message names the first, `faults` all."""
    parts = [
        FaultText(
            field=fault.field,
            value=fault.value,
            message=_line(fault, ENGLISH),
            message_zh=_line(fault, CHINESE),
        )
        for fault in faults[:50]
    ]
    first = parts[0]
    body = ProblemBody(
        code=code, message=first.message, message_zh=first.message_zh, faults=parts
    )
    if first.field:
        body.field = first.field
    return Problem(status, body)


def of_validation(errors: Iterable[Mapping[str, Any]]) -> Problem:
    """The problem behind errors of the request's model."""
    found = list(errors)
    unreadable = any(error["type"] == "json_invalid" for error in found)
    faults = [_fault(error) for error in found]
    return of_faults(
        faults,
        status=400 if unreadable else 422,
        code="malformed" if unreadable else "input",
    )


def _fault(error: Mapping[str, Any]) -> Fault:
    kind = str(error["type"])
    rule, cure = _KINDS.get(kind, (WRONG_KIND, LOOK_UP))
    if kind.startswith(_RANGES) or kind.endswith(_RANGES):
        rule, cure = OUT_OF_RANGE, LOOK_UP
    place = [str(part) for part in error["loc"] if part not in _PLACES]
    name = "body" if kind == "json_invalid" or not place else ".".join(place)[:60]
    given = error.get("input")
    value = (
        shown(given)
        if isinstance(given, (str, int, float)) and kind != "json_invalid"
        else ""
    )
    return Fault(rule=rule, cure=cure, field=shown(name), value=value)


def _line(fault: Fault, say: Words) -> str:
    """`lon “abc” is not a number. Give a number.`, in the language of `say`."""
    value = f" “{fault.value}”" if fault.value else ""
    stop = "。" if say.lang == "zh" else ". "
    colon = "：" if say.lang == "zh" else ": "
    head = f"{fault.field}{colon}" if fault.field else ""
    rule, cure = say(fault.rule), say(fault.cure) if fault.cure else ""
    return f"{head}{rule}{value}{stop}{cure}".strip()
