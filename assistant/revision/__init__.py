"""Two documents side by side: which clauses stayed, changed, moved, came or went."""
