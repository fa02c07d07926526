"""Who acts: users, offices, absences, hand-over, mergers of units, device keys."""
