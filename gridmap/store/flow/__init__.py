"""Matters on their way: cases and their journal, boxes, limits, photos, messages."""
