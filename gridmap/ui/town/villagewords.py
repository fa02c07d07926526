"""What steps, moves, kinds and roles of village work are called on a page, and how its
tables are offered.
"""

from __future__ import annotations

from collections.abc import Mapping

from gridmap.cases import deliberations
from gridmap.words import Words, mark

MEETING_KINDS = {
    deliberations.Kind.COUNCIL: mark("Village council"),
    deliberations.Kind.HOUSEHOLDS: mark("Joint households"),
}
STANDING = {
    "open": mark("Adjourned"),
    "overdue": mark("Adjourned, past its day"),
    "notice": mark("On public notice"),
    "due": mark("To be followed up"),
    "done": mark("Followed up"),
}
FILTERS = {
    "": mark("All deliberations"),
    "open": mark("Without decision"),
    **{key: STANDING[key] for key in ("overdue", "notice", "due", "done")},
}
"""What the list can be narrowed to."""
MEETING_ACTS = {
    deliberations.Act.MEET: mark("Record a meeting"),
    deliberations.Act.OBJECT: mark("Note an objection"),
    deliberations.Act.FOLLOW_UP: mark("Note the follow-up"),
    deliberations.Act.LINK: mark("Link a matter"),
    deliberations.Act.UNLINK: mark("Unlink a matter"),
}
PRESENT = {
    "household_representative": mark("Household representatives"),
    "villager_representative": mark("Villagers' representatives"),
    "village_cadre": mark("Village cadres"),
    "party_branch": mark("Party branch"),
    "supervision_committee": mark("Supervision committee"),
    "grid_worker": mark("Grid workers"),
    "police_officer": mark("Police officers"),
    "legal_adviser": mark("Legal advisers"),
    "mediator": mark("Mediators"),
    "township_cadre": mark("Township cadres"),
    "department": mark("Departments"),
}


def money(say: Words, yuan: float) -> str:
    """`yuan` for reading: 1,462 万元 in Chinese, CNY 14.62 million in English."""
    if say.lang == "zh":
        return say("{amount} yuan", amount=say.number(yuan))
    if abs(yuan) >= 1_000_000:
        return say("{amount} million yuan", amount=f"{yuan / 1e6:,.2f}")
    return say("{amount} yuan", amount=say.exact(yuan))


def present(say: Words, roles: Mapping[str, int]) -> str:
    """Who was there, by role and number."""
    return say.listing(
        [
            f"{say(PRESENT[role])} {number}"
            for role, number in roles.items()
            if role in PRESENT
        ]
    )
