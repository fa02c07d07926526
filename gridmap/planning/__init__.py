"""Redrawing the grids: plans, edits and their rules, replay of past reports, measures and
proposals.
"""

from gridmap.planning.balance import Measures, measures
from gridmap.planning.change import Change, difference
from gridmap.planning.constraints import warnings
from gridmap.planning.crosswalk import crosswalk
from gridmap.planning.edits import carve, describe, merge, reshape, split, transfer
from gridmap.planning.even import split_even
from gridmap.planning.people import Points
from gridmap.planning.plan import Grid, Plan
from gridmap.planning.refusal import RULES, Problem, Refusal
from gridmap.planning.replay import Past, Replay, replay
from gridmap.planning.rules import Rules
from gridmap.planning.suggest import Proposal, suggest, trade_off

__all__ = [
    "RULES",
    "Change",
    "Grid",
    "Measures",
    "Past",
    "Plan",
    "Points",
    "Problem",
    "Proposal",
    "Refusal",
    "Replay",
    "Rules",
    "carve",
    "crosswalk",
    "describe",
    "difference",
    "measures",
    "merge",
    "replay",
    "reshape",
    "split",
    "split_even",
    "suggest",
    "trade_off",
    "transfer",
    "warnings",
]
