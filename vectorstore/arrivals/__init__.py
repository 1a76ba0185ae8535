"""What came in: a report of each upload or import, and what is known of files that are gone."""
