"""管理: what those see who look after the program, each part for whom it is."""
