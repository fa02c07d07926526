"""gridmap: the platform on which a city governs itself grid by grid."""

__version__ = "0.1.0"
