"""What a document states, read when it comes in: rows with the span that says each."""
