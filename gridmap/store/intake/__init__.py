"""An import of reports: read, judged, staged, committed."""
