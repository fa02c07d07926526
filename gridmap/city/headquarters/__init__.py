"""Rooms of the headquarters: daily clearing, the morning briefing, sessions, supervision,
whistles, indicators.
"""
