"""From the outside to validated frames: one reader per kind of thing."""
