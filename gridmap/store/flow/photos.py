"""Photos: the file under the digest of its content below `home/photos`, what is known of it
in the truth.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from gridmap.errors import ConflictError, Fault, InputError, NotFoundError
from gridmap.sources.pictures import KIND, Picture
from gridmap.store.base.store import Store
from gridmap.store.tables import attachments
from gridmap.words import mark

OTHER_PICTURE = mark("This client id was used for another picture.")
NOT_YOURS = mark(
    "there is no photo of yours with this number, or it belongs to another matter"
)
UPLOAD_FIRST = mark("Upload the photo first, then name it once.")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as the truth knows it; `lon`, `lat` (EPSG:4490) and `taken_at` (Unix seconds)
    None where not told.
    """

    id: int
    width: int
    height: int
    lon: float | None = None
    lat: float | None = None
    taken_at: int | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a photo belongs: its file, media type, matter (0: none yet) and the user who
    sent it.
    """

    digest: str
    kind: str
    matter: int
    by: int


def add(store: Store, picture: Picture, *, by: int, at: int, client_id: str = "") -> Photo:
    """Keep `picture` and return its row; once more under the same client id, the row there is.

    The file is on disk before its row is. Raises ConflictError when the client id stands
    for another picture.
    """
    digest = _keep(store, picture.data)
    row = {
        "digest": digest,
        "client_id": client_id or None,
        "kind": KIND,
        "bytes": len(picture.data),
        "width": picture.width,
        "height": picture.height,
        "lon": picture.lon,
        "lat": picture.lat,
        "taken_at": picture.taken_at,
        "at": at,
        "by": by,
    }
    if client_id and (known := _known(store, client_id, digest, by)) is not None:
        return known
    try:
        with store.write() as connection:
            number = connection.execute(
                insert(attachments).values(row)
            ).inserted_primary_key
            assert number is not None  # noqa: S101  (a plain insert always tells)
            return Photo(
                int(number[0]),
                picture.width,
                picture.height,
                picture.lon,
                picture.lat,
                picture.taken_at,
            )
    except IntegrityError:  # two of the same at once: the other one is there now
        known = _known(store, client_id, digest, by)
        if known is None:
            raise
        return known


def filed(connection: Connection, photo: int) -> Filed:
    """Where the photo belongs. Raises NotFoundError."""
    row = connection.execute(select(attachments).where(attachments.c.id == photo)).first()
    if row is None:
        raise NotFoundError(f"There is no photo {photo}.")
    return Filed(row.digest, row.kind, int(row.matter or 0), int(row.by))


def content(store: Store, digest: str) -> bytes:
    """The file. Raises NotFoundError when it is not there (any more)."""
    try:
        return _path(store, digest).read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError("The file of this photo is not there any more.") from error


def of(connection: Connection, matter: int) -> list[int]:
    """The photos of a matter, in the order they were attached."""
    query = select(attachments.c.id).where(attachments.c.matter == matter)
    return [
        int(number)
        for number in connection.scalars(
            query.order_by(attachments.c.step, attachments.c.id)
        )
    ]


def first_of(connection: Connection, matters: Sequence[int]) -> dict[int, int]:
    """The first photo of each of `matters` that has one."""
    found: dict[int, int] = {}
    for start in range(0, len(matters), 500):
        some = attachments.c.matter.in_(matters[start : start + 500])
        query = (
            select(attachments.c.matter, attachments.c.id)
            .where(some)
            .order_by(attachments.c.id.desc())
        )
        found |= {int(matter): int(number) for matter, number in connection.execute(query)}
    return found


def attach(
    connection: Connection, photos: Iterable[int], *, matter: int, step: int, by: int
) -> None:
    """Give `photos` to a line of a matter's journal, inside the caller's transaction.

    Raises InputError naming every photo that is not there, was sent by somebody else, or
    belongs to another matter.
    """
    missing = [
        number
        for number in dict.fromkeys(photos)
        if not _attach(connection, number, matter, step, by)
    ]
    if missing:
        raise InputError(
            [
                Fault(rule=NOT_YOURS, field="photos", value=str(number), cure=UPLOAD_FIRST)
                for number in missing
            ]
        )


def _attach(connection: Connection, photo: int, matter: int, step: int, by: int) -> bool:
    mine = (attachments.c.id == photo) & (attachments.c.by == by)
    free = attachments.c.matter.is_(None) | (attachments.c.matter == matter)
    return bool(
        connection.execute(
            update(attachments).where(mine & free).values(matter=matter, step=step)
        ).rowcount
    )


def _known(store: Store, client_id: str, digest: str, by: int) -> Photo | None:
    with store.read() as connection:
        row = connection.execute(
            select(attachments).where(attachments.c.client_id == client_id)
        ).first()
    if row is None:
        return None
    if row.digest != digest or row.by != by:
        raise ConflictError(OTHER_PICTURE)
    return _photo(row)


def _photo(row: Row[Any]) -> Photo:
    return Photo(row.id, row.width, row.height, row.lon, row.lat, row.taken_at)


def _path(store: Store, digest: str) -> Path:
    return store.folder("photos") / digest[:2] / f"{digest}.jpg"


def _keep(store: Store, data: bytes) -> str:
    """Write the file, in full or not at all, and to the disk before anything speaks of it."""
    digest = sha256(data).hexdigest()
    path = _path(store, digest)
    if path.exists():
        return digest
    path.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=path.parent, suffix=".draft", delete=False
    ) as draft:
        draft.write(data)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest
