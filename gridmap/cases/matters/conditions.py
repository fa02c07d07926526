"""What stands against a move of a matter: with the person, with how it stands, or with what
is ordered.
"""

from __future__ import annotations

from gridmap.cases.matters.case import Case
from gridmap.cases.records.kinds import Condition, Situation
from gridmap.words import mark

NOT_LATER = mark("The new limit has to be later than the present one.")
LINKED = mark("This matter is linked already, or to itself.")
SAME_OFFICE = mark("It is with this office already.")


# with the person


def _handled(situation: Situation[Case]) -> bool:
    return not situation.actor.persons.isdisjoint(situation.record.handled_by)


def _asked(situation: Situation[Case]) -> bool:
    case = situation.record
    asking = (case.extension_by, case.extension_for)
    return not situation.actor.persons.isdisjoint(asking)


YOU_HANDLED = Condition[Case](
    _handled, mark("Who handled a matter may not verify, void or rate it."), status=403
)
YOU_ASKED = Condition[Case](
    _asked, mark("Who asked for an extension may not decide on it."), status=403
)


# with how it stands


def _not_heeded(situation: Situation[Case]) -> bool:
    whistle = situation.record.whistle
    return whistle is None or not whistle.heeded_at or bool(whistle.rating)


def _overtaken(situation: Situation[Case]) -> bool:
    return situation.record.extension_until <= situation.record.due_at


HEED_FIRST = Condition[Case](
    lambda situation: situation.record.whistle_open, mark("Answer the whistle first.")
)
NO_WHISTLE = Condition[Case](
    lambda situation: not situation.record.whistle_open,
    mark("There is no whistle to answer."),
)
NOT_HEEDED = Condition[Case](
    _not_heeded, mark("A whistle is rated once, after it was answered.")
)
PENDING = Condition[Case](
    lambda situation: bool(situation.record.extension_by),
    mark("An extension has been asked for already."),
)
NOT_PENDING = Condition[Case](
    lambda situation: not situation.record.extension_by,
    mark("Nobody has asked for an extension."),
)
OVERTAKEN = Condition[Case](_overtaken, NOT_LATER)
RATED = Condition[Case](
    lambda situation: bool(situation.record.rating), mark("This has been rated already.")
)
IS_LINKED = Condition[Case](lambda situation: bool(situation.record.parent), LINKED)
NOT_LINKED = Condition[Case](
    lambda situation: not situation.record.parent,
    mark("This matter is not linked to another."),
)


# with what is ordered


def _too_early(situation: Situation[Case]) -> bool:
    until = situation.order.get("until")
    return bool(until <= max(situation.at, situation.record.due_at))


def _same_office(situation: Situation[Case]) -> bool:
    return bool(situation.order.get("office") == situation.record.office)


def _same_office_and_nobody(situation: Situation[Case]) -> bool:
    return _same_office(situation) and not situation.order.get("person")


BAD_RATING = Condition[Case](
    lambda situation: not 1 <= situation.order.get("rating") <= 5,
    mark("A rating is a whole number from 1 to 5."),
)
TOO_EARLY = Condition[Case](_too_early, NOT_LATER)
WITH_OFFICE = Condition[Case](_same_office, SAME_OFFICE)
WITH_OFFICE_ALONE = Condition[Case](_same_office_and_nobody, SAME_OFFICE)
"""An office dispatches to itself only by naming one of its people."""
WITH_PERSON = Condition[Case](
    lambda situation: situation.order.get("person") == situation.record.person,
    mark("It is with this person already."),
)
TO_ITSELF = Condition[Case](
    lambda situation: situation.order.get("parent") == situation.record.matter, LINKED
)
