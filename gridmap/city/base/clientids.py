"""A device's own numbers of what it sends, which make it safe to send a thing again."""

from __future__ import annotations

from hashlib import sha256

from gridmap.cases.actors import Actor
from gridmap.errors import Fault, InputError, shown
from gridmap.words import mark

LONGEST_CLIENT_ID = 100
BAD_CLIENT_ID = mark("a client id has at most 100 printable characters")
MAKE_ONE = mark("Let the device make a random one (a UUID), and keep it for every try.")


def own_client_id(actor: Actor, client_id: str) -> str:
    """A device's own number of something, apart from those of other users; "" stays "".
    Raises InputError.
    """
    if len(client_id) > LONGEST_CLIENT_ID or not client_id.isprintable():
        value = shown(client_id, 40)
        raise InputError(
            Fault(rule=BAD_CLIENT_ID, field="client_id", value=value, cure=MAKE_ONE)
        )
    return (
        f"{actor.user}:{sha256(client_id.encode()).hexdigest()[:32]}" if client_id else ""
    )
