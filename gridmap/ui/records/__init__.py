"""How records of any kind are drawn: the form of a move, and the journal."""
