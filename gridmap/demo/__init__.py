"""The demonstration city: real divisions, generated boundaries, people and reports."""

from gridmap.demo.build import build, make_world, write_reports_csv
from gridmap.demo.clock import CLOCK

__all__ = ["CLOCK", "build", "make_world", "write_reports_csv"]
