"""Offices, users, workers and their keys, and who stands in for whom."""
