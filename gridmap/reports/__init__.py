"""Printed pages: the morning briefing, the minutes of a session; each is made from what a
room of the city tells.
"""
