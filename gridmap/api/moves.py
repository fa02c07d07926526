"""Moves of matters from phones."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from gridmap.api.answers import Moved, Target
from gridmap.api.auth import Caller, SignedIn
from gridmap.api.door import AtDoor, Door, Spoken
from gridmap.api.replies import problems
from gridmap.api.requests import NewMove
from gridmap.cases.actors import Actor
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry, Order
from gridmap.errors import RefusedError, StaleError
from gridmap.words import Words

router = APIRouter(tags=["moves"])

Matter = Annotated[int, Path(ge=1, le=2**53)]


@router.post(
    "/matters/{matter}/moves",
    summary="Move a matter",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def move(
    matter: Matter, given: NewMove, caller: SignedIn, at: AtDoor, lang: Spoken
) -> Moved:
    """Do something to a matter that was seen at `version`.

    When somebody else was faster, the answer is 409 and says what they did (`since`); when
    the rules do not allow it, it says what is possible. A move that was sent before, and
    whose answer got lost, is answered as if it were new.
    """
    order = Order(
        given.move,
        office=given.office,
        person=given.person,
        reason=given.reason,
        until=given.until,
        rating=given.rating,
        apt=given.apt,
        parent=given.parent,
        attachments=tuple(given.photos),
    )
    try:
        case = at.city.matters.move(caller.actor, matter, order, version=given.version)
    except StaleError as error:
        if not _is_the_same(error, caller.actor, order, given.version):
            raise
        case = at.city.matters.case(matter)
    return _moved(at, caller, case, lang)


def _is_the_same(error: StaleError, actor: Actor, order: Order, version: int) -> bool:
    """Whether the first thing done since `version` was this very order of this very person."""
    first = next(iter(error.since), None)
    if not isinstance(first, Entry) or (first.number, first.act, first.actor) != (
        version + 1,
        order.act,
        actor.user,
    ):
        return False
    said = engine.said(MATTER, MATTER.table[order.act], order)
    unsaid = {"reason", "attachments"} - said.keys()
    same = all(first.data.get(name) == value for name, value in said.items())
    return same and unsaid.isdisjoint(first.data)


@router.get(
    "/matters/{matter}/targets",
    summary="Where a matter may go",
    responses=problems(401, 403, 404, 422),
)
def targets(
    matter: Matter,
    to: Annotated[Act, Query(alias="move", description="dispatch, transfer or whistle")],
    caller: SignedIn,
    at: AtDoor,
) -> list[Target]:
    """The offices this move may send the matter to; only for who may make the move."""
    case = at.city.matters.case(matter)
    possible = at.city.matters.possible(caller.actor, matter)
    if to not in possible:
        raise RefusedError(_NOT_NOW, possible=[str(one) for one in possible], status=403)
    table = at.city.people.targets(case, to)
    return [Target.model_validate(row) for row in table.to_dict("records")]


def _moved(at: Door, caller: Caller, case: Case, lang: str) -> Moved:
    return Moved(
        matter=case.matter,
        version=case.version,
        status=case.status.name.lower(),
        office=case.office,
        office_name=at.city.people.office_name(case.office, Words(lang).lang),
        person=case.person,
        step_due_at=case.step_due_at,
        due_at=case.due_at,
        moves=[str(one) for one in at.city.matters.possible(caller.actor, case.matter)],
    )


_NOT_NOW = "Your role may not make this move here."
