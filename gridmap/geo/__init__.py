"""Pure geometry on arrays and frames: where a point lies, how grids fit together."""
