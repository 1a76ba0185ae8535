"""The reader that ships with the project."""
