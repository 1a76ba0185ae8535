"""What documents state, as lists and tables: chosen, compared, with the state of each document."""
