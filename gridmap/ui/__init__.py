"""What the pages are made of: maps, charts, tables, words, session."""
