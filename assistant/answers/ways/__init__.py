"""The ways to answer, one file each."""
