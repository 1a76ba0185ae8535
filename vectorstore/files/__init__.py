"""Files that people uploaded, and their names."""
