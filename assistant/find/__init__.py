"""Passages that may answer, searched and read."""
