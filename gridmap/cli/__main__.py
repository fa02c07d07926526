"""`python -m gridmap.cli` is `gridmap`."""

from gridmap.cli import app

app()
