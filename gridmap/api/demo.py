"""Signing in as somebody of the demonstration; a real city has no such thing."""

from __future__ import annotations

from fastapi import APIRouter

from gridmap.api.answers import DemoKey, DemoUser
from gridmap.api.door import AtDoor, Door, Spoken
from gridmap.api.replies import problems
from gridmap.api.requests import DemoSignIn
from gridmap.errors import NotFoundError
from gridmap.names import person
from gridmap.words import Words, mark

router = APIRouter(tags=["demonstration"], prefix="/demo")

LABEL = "demo sign-in"
NO_DEMO = mark("This city offers no demonstration's sign-in.")


@router.get("/users", summary="Who can be taken", responses=problems(404))
def users(at: AtDoor, lang: Spoken) -> list[DemoUser]:
    """Users the demonstration offers; 404 on a real city, or when its sign-in is switched off."""
    _check(at)
    table = at.city.people.demo_users(Words(lang).lang)
    table["name"] = [person(name, Words(lang).lang) for name in table["name"]]
    return [DemoUser.model_validate(row) for row in table.to_dict("records")]


@router.post(
    "/sign-in",
    status_code=201,
    summary="Be one of them",
    responses=problems(400, 404, 413, 422, 503),
)
def sign_in(given: DemoSignIn, at: AtDoor, lang: Spoken) -> DemoKey:
    """A device key of one of these users, told this once."""
    _check(at)
    if given.user not in set(at.city.people.demo_users()["id"]):
        raise NotFoundError(f"There is no user {given.user} to be taken.")
    actor = at.city.people.actor(given.user)
    key = at.city.keys.make(actor, given.user, label=LABEL)
    return DemoKey(
        key=key,
        user=actor.user,
        name=person(actor.name, Words(lang).lang),
        role=actor.role.value,
    )


def _check(at: Door) -> None:
    if not (at.city.demonstration and at.city.settings.demo_sign_in):
        raise NotFoundError(NO_DEMO)
