"""The command line: one typer application, a module per group of commands."""

from gridmap.cli.root import app

__all__ = ["app"]
