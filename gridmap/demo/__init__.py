"""The demonstration city: real divisions, generated boundaries, people and reports."""

from gridmap.demo.build import CLOCK, build, make_world, write_reports_csv

__all__ = ["CLOCK", "build", "make_world", "write_reports_csv"]
