"""Pages of centres, townships and villages: windows, mediation, tasks, village work."""
