"""Rooms where matters move: taken in, routed, found, passed on, watched, told to others."""
