"""From SQLite files to PostgreSQL and back: copied in one piece, compared row by row."""
