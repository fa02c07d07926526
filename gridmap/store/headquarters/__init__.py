"""What the headquarters counts and convenes: rules of lagging, tallies, sessions."""
