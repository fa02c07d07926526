"""What states, moves, sources, kinds and roles of mediation are called on a page."""

from __future__ import annotations

from gridmap.cases.mediation import Act, Kind, Source, State
from gridmap.cases.mediators import MediatorKind, Proposal
from gridmap.codes import level_of
from gridmap.model import Level
from gridmap.ui.frame import Page
from gridmap.words import Words, mark

STATES = {
    State.ENTRUSTED: mark("Entrusted"),
    State.ASSIGNED: mark("Mediator assigned"),
    State.MEDIATING: mark("Being mediated"),
    State.AGREED: mark("Agreement"),
    State.FAILED: mark("No agreement"),
    State.ARBITRATION: mark("Gone to arbitration"),
    State.COURT: mark("Gone to court"),
    State.WITHDRAWN: mark("Withdrawn"),
}
STANDING = {
    "": mark("All disputes"),
    "open": mark("Still open"),
    "stranded": mark("Mediator has left"),
    "late": mark("Slip late"),
    "unexplained": mark("Late, reason missing"),
    "visit": mark("Visit due"),
    **{str(state): words for state, words in STATES.items()},
}
"""What the list can be narrowed to."""
ACTS = {
    Act.ENTRUST: mark("Entrusted"),
    Act.ASSIGN: mark("Assign a mediator"),
    Act.HAND_OVER: mark("Hand to another mediator"),
    Act.HOLD: mark("Note a session"),
    Act.AGREE: mark("Agreement reached"),
    Act.FAIL: mark("End without agreement"),
    Act.ARBITRATE: mark("To arbitration"),
    Act.SUE: mark("To court"),
    Act.WITHDRAW: mark("Withdraw"),
    Act.RETURN: mark("Return the slip"),
    Act.EXPLAIN: mark("Say why it was late"),
    Act.VISIT: mark("Note a follow-up visit"),
    Act.RELAPSE: mark("Note a relapse"),
}
ASKED = {
    Act.HOLD: mark("What came of the session"),
    Act.AGREE: mark("What was agreed"),
    Act.FAIL: mark("Why there is no agreement"),
    Act.RETURN: mark("Why it goes back late, if it does"),
    Act.VISIT: mark("How the agreement is kept"),
}
"""What is asked for where a move needs words; otherwise the reason."""
SOURCES = {
    Source.PETITION: mark("Petition office"),
    Source.POLICE: mark("Police"),
    Source.COURT: mark("Court"),
}
KINDS = {
    Kind.LABOUR: mark("Labour"),
    Kind.FAMILY: mark("Marriage and family"),
    Kind.NEIGHBOURS: mark("Neighbours"),
    Kind.CONTRACT: mark("Contract and consumer"),
    Kind.LAND: mark("Land"),
    Kind.MEDICAL: mark("Medical"),
    Kind.PROPERTY: mark("Property management"),
}
MEDIATORS = {
    MediatorKind.FULL_TIME: mark("Full-time mediator"),
    MediatorKind.LAWYER: mark("Lawyer"),
    MediatorKind.ARBITRATOR: mark("Arbitrator"),
    MediatorKind.NOTARY: mark("Notary"),
    MediatorKind.PSYCHOLOGIST: mark("Psychologist"),
}
PARTIES = {
    "employer": mark("Employer"),
    "employee": mark("Employee"),
    "spouse": mark("Spouse"),
    "parent": mark("Parent"),
    "child": mark("Son or daughter"),
    "neighbour": mark("Neighbour"),
    "buyer": mark("Buyer"),
    "seller": mark("Seller"),
    "creditor": mark("Creditor"),
    "debtor": mark("Debtor"),
    "villager": mark("Villager"),
    "village_committee": mark("Village committee"),
    "developer": mark("Developer"),
    "patient": mark("Patient"),
    "hospital": mark("Hospital"),
    "owner": mark("Owner"),
    "tenant": mark("Tenant"),
    "landlord": mark("Landlord"),
    "property_manager": mark("Property manager"),
    "school": mark("School"),
}
_SAME = {
    Level.COUNTY: mark("in the same county"),
    Level.TOWNSHIP: mark("in the same township"),
    Level.VILLAGE: mark("in the same village"),
    Level.GRID: mark("in the same grid"),
}


def reason(page: Page, one: Proposal) -> str:
    """Why this mediator is proposed, in words."""
    say, mediator = page.say, one.mediator
    fits = say("knows such disputes") if one.fits else say("another speciality")
    near = say(_SAME.get(level_of(one.shared), mark("serves the whole city")))
    load = say(
        "{open} of {capacity} disputes", open=mediator.open, capacity=mediator.capacity
    )
    return say.listing([fits, near, load])


def parties(say: Words, roles: tuple[str, ...]) -> str:
    """The roles of the parties in words."""
    return " — ".join(say(PARTIES[role]) for role in roles if role in PARTIES)
