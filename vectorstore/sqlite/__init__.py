"""One SQLite file of the data folder: opened, migrated, diagnosed."""
