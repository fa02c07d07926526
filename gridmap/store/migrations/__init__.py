"""The shapes a database went through."""
