"""Rooms where grids are redrawn: drafts, edits, proposals, what they come to, review and
publishing.
"""
