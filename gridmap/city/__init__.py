"""The front desk: every question and command of a user goes through a room here."""

from gridmap.city.city import City

__all__ = ["City"]
