"""The demonstration city, built through the floors below like any city."""
