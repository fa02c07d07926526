"""What every room of records has in common."""
