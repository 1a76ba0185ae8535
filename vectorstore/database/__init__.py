"""A store of the data folder, in a SQLite file or in PostgreSQL: the port, and who opens it."""
