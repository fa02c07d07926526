"""What maps, lists and figures read: the columns derived from matters, layers, base maps."""
