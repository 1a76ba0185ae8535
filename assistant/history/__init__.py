"""What people asked and were answered, kept per person."""
