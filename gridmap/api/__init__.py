"""HTTP routes beside the pages: map assets, map data, health."""
