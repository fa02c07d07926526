"""Rooms that look at the city: places, figures, maps, reference layers, files to take along."""
