"""The front desk: every question and command of a user goes through a room here."""
