"""A store in PostgreSQL: opened, made, migrated, diagnosed. psycopg is named in this room alone."""
