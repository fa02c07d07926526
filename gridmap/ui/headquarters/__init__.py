"""Pages of the headquarters: clearing, sessions, supervision, whistles, indicators, the wall."""
