"""What is asked: scope, kind, and what a follow-up leaves unsaid."""
