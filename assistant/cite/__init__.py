"""Quotes, citations, marks, and the check of a sentence."""
