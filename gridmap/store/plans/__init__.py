"""Plans of grids: versions, drafts, and putting one in force with what follows from it."""
