"""What the reports say: pure functions from facts to figures."""
