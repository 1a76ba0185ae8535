"""What each app server keeps beside a catalogue in PostgreSQL: a copy that is searched."""
