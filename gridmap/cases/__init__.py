"""The life of a matter: moves, who may make them, clocks, routing, whistles; rules alone,
nothing stored.
"""
