"""Boards: declared figures on a page."""

from gridmap.ui.board.board import Board, show_matters

__all__ = ["Board", "show_matters"]
