"""Truth in SQL and its columnar read model."""
