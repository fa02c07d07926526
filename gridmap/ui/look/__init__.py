"""Pages that look at the city: attention, gaps, one grid, loads, playback, data and its
faults, the wall.
"""
