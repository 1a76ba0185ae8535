"""Trains what ships with the project; never imported by the app."""
