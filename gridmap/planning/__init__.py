"""Redrawing the grids: plans, edits and their rules, replay of past reports, measures and
proposals.
"""

from gridmap.planning.apportionment import Points
from gridmap.planning.balance import PlanMeasures, measures
from gridmap.planning.change import Change
from gridmap.planning.constraints import warnings
from gridmap.planning.crosswalk import crosswalk
from gridmap.planning.difference import difference
from gridmap.planning.edits import carve, describe, merge, reshape, split, transfer
from gridmap.planning.evensplit import split_even
from gridmap.planning.grid import Grid
from gridmap.planning.plan import Plan
from gridmap.planning.refusal import RULES, EditRefusal, Violation
from gridmap.planning.replay import Past, Replay, replay
from gridmap.planning.rules import DrawingRules
from gridmap.planning.suggest import Proposal, suggest, trade_off

__all__ = [
    "RULES",
    "Change",
    "DrawingRules",
    "EditRefusal",
    "Grid",
    "Past",
    "Plan",
    "PlanMeasures",
    "Points",
    "Proposal",
    "Replay",
    "Violation",
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
