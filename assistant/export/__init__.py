"""Word and Markdown."""
