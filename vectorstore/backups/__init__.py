"""Backups of a data folder: made, checked, restored."""
