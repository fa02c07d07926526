"""People's words: how long they may be, and which of their signs cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator

from gridmap.errors import Fault, shown
from gridmap.words import mark

LONGEST_TEXT = 2_000
LONGEST_LINE = 200

NO_TEXT = mark("Not a text")
GIVE_TEXT = mark("Give plain text.")
HAS_NUL = mark("The text has a character that cannot be kept (NUL, or half of a pair)")
LEAVE_OUT = mark("Leave it out.")
TOO_LONG = mark("The text is too long")
SHORTER = mark("Use fewer characters: 2,000 in a text, 200 in a line.")


def text_faults(field: str, value: object, most: int) -> Iterator[Fault]:
    """What is wrong with people's text of at most `most` characters; anything that can be
    kept is right.
    """
    if not isinstance(value, str):
        yield Fault(rule=NO_TEXT, field=field, value=shown(value, 40), cure=GIVE_TEXT)
        return
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        yield Fault(rule=HAS_NUL, field=field, value=shown(value, 40), cure=LEAVE_OUT)
    if len(value) > most:
        yield Fault(rule=TOO_LONG, field=field, value=str(len(value)), cure=SHORTER)
