"""Who uses the program."""
