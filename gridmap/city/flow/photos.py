"""`photos`: pictures of matters, checked, encoded anew, and kept under their digest."""

from __future__ import annotations

import threading

from sqlalchemy import select

from gridmap.cases.actors import Actor
from gridmap.city.base.clientids import own_client_id
from gridmap.city.base.desk import Desk
from gridmap.errors import ForbiddenError
from gridmap.model import UserRole
from gridmap.sources import pictures
from gridmap.store.flow import photos
from gridmap.store.flow.photos import Photo
from gridmap.store.tables import cases, matters
from gridmap.words import mark

AT_ONCE = 2
"""Pictures unpacked at the same time: each may need 120 MB for a moment."""

NOT_SHOWN = mark("This photo is shown to who handles the matter only.")


class Photos:
    """Pictures that belong to matters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._unpacking = threading.BoundedSemaphore(AT_ONCE)

    def add(self, actor: Actor, data: bytes, *, client_id: str = "") -> Photo:
        """Keep a picture (JPEG, PNG or WebP file, at most 12 MB and 40 million pixels) that
        no matter has yet.

        Kept is a JPEG of at most 2,048 pixels a side without notes; what its notes told of
        place and time is in the answer. The same picture under the same client id is kept
        once. Somebody without an account may send one with a report on the report page; the
        report interface asks for a device key. Raises InputError, ConflictError when the
        client id stands for another picture.
        """
        own = own_client_id(actor, client_id)
        with self._unpacking:
            picture = pictures.read(data)
        return photos.add(
            self._desk.store, picture, by=actor.user, at=self._desk.now_s, client_id=own
        )

    def read(self, actor: Actor, photo: int) -> tuple[bytes, str]:
        """The file of a photo and its media type.

        For who sent it, who reported the matter, the office that holds it and who answers
        for its place. Raises NotFoundError, ForbiddenError.
        """
        with self._desk.store.read() as connection:
            found = photos.filed(connection, photo)
            if found.by not in actor.persons:
                query = select(matters.c.grid, cases.c.office, cases.c.reporter)
                query = query.outerjoin(cases, cases.c.matter == matters.c.id).where(
                    matters.c.id == found.matter
                )
                row = connection.execute(query).first() if found.matter else None
                seen = row is not None and (
                    actor.covers(int(row.grid))
                    or actor.office == row.office != 0
                    or row.reporter in actor.persons
                    or actor.role in {UserRole.COMMANDER, UserRole.SYSTEM}
                )
                if not seen:
                    raise ForbiddenError(NOT_SHOWN)
        return photos.content(self._desk.store, found.digest), found.kind

    def of(self, matter: int) -> list[int]:
        """The photos of a matter, in the order they were attached."""
        with self._desk.store.read() as connection:
            return photos.of(connection, matter)
