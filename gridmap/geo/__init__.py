"""Pure geometry on arrays and frames: where a point lies, how grids fit together."""

from gridmap.geo.locate import GridIndex

__all__ = ["GridIndex"]
