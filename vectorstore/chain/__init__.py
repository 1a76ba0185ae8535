"""A log whose entries hang together: each holds the hash of the one before it."""
