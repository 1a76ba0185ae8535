"""Keyword search: tokens and queries."""
