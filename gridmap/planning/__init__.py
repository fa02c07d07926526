"""Redrawing the grids: plans, edits and their rules, replay of past reports, measures and proposals."""

from gridmap.planning.change import Change, difference
from gridmap.planning.constraints import warnings
from gridmap.planning.edits import carve, describe, merge, reshape, split, transfer
from gridmap.planning.even import split_even
from gridmap.planning.people import Points
from gridmap.planning.plan import Grid, Plan
from gridmap.planning.refusal import RULES, Problem, Refusal
from gridmap.planning.rules import Rules
from gridmap.planning.suggest import Proposal, suggest

__all__ = [
    "RULES", "Change", "Grid", "Plan", "Points", "Problem", "Proposal", "Refusal", "Rules",
    "carve", "describe", "difference", "merge", "reshape", "split", "split_even", "suggest", "transfer", "warnings",
]  # fmt: skip
