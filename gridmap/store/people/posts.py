"""The areas of grid workers, passed from one to another from a day on."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from gridmap.model import Role
from gridmap.store.base.store import touch
from gridmap.store.tables import assignments, workers

PART = "people"


def posts_from(
    connection: Connection, worker: int, day: date
) -> list[Row[int, int, date | None, date | None]]:
    """The areas a grid worker holds on `day` or later: id, area, starts, ends (days, both
    included; None: open).
    """
    columns = (
        assignments.c.id,
        assignments.c.area,
        assignments.c.starts,
        assignments.c.ends,
    )
    own = (assignments.c.worker == worker) & (assignments.c.role == Role.GRID_WORKER.value)
    later = or_(assignments.c.ends.is_(None), assignments.c.ends >= day)
    return list(
        connection.execute(
            select(*columns).where(own, later).order_by(assignments.c.area)
        ).all()
    )


def in_office(connection: Connection, worker: int, day: date) -> bool:
    """Whether the staff list has the worker, active on `day`."""
    begun = or_(workers.c.active_from.is_(None), workers.c.active_from <= day)
    not_over = or_(workers.c.active_to.is_(None), workers.c.active_to >= day)
    return (
        connection.scalar(
            select(workers.c.id).where(workers.c.id == worker, begun, not_over)
        )
        is not None
    )


def pass_posts(connection: Connection, source: int, target: int, day: date) -> int:
    """Give the areas of `source` to `target` from `day` on; how many. What `source` held
    before stays on record.
    """
    held = posts_from(connection, source, day)
    others = posts_from(connection, target, day)
    for post in held:
        if post.starts is None or post.starts < day:
            ended = update(assignments).where(assignments.c.id == post.id)
            connection.execute(ended.values(ends=day - timedelta(days=1)))
        else:
            connection.execute(delete(assignments).where(assignments.c.id == post.id))
        starts = day if post.starts is None else max(post.starts, day)
        if not any(_covers(other, post.area, starts, post.ends) for other in others):
            row = {"worker": target, "area": post.area, "role": Role.GRID_WORKER.value}
            connection.execute(
                insert(assignments).values(**row, starts=starts, ends=post.ends)
            )
    if held:
        touch(connection, PART)
    return len(held)


def _covers(
    other: Row[int, int, date | None, date | None],
    area: int,
    starts: date,
    ends: date | None,
) -> bool:
    begun = other.starts is None or other.starts <= starts
    lasts = other.ends is None or (ends is not None and ends <= other.ends)
    return other.area == area and begun and lasts
