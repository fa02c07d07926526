"""`Act`: everything that can be done with a matter."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """Everything that can happen to a matter; each is a kind of event in its journal."""

    REPORT = "report"
    ACCEPT = "accept"
    REJECT = "reject"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    ANSWER = "answer"
    CLOSE = "close"
    REWORK = "rework"
    EVALUATE = "evaluate"
    RETURN = "return"
    TRANSFER = "transfer"
    WHISTLE = "whistle"
    HEED = "heed"
    RATE_WHISTLE = "rate_whistle"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    PARK = "park"
    RESUME = "resume"
    VOID = "void"
    SUPERVISE = "supervise"
    REOPEN = "reopen"
    ASSIGN = "assign"
    HAND_OVER = "hand_over"
    LINK = "link"
    UNLINK = "unlink"
    NOTE = "note"
    NEAR_DUE = "near_due"
    OVERDUE = "overdue"
    RECLOCK = "reclock"
    RELOCATE = "relocate"
