"""What an office tells the program about itself, and what the program tells the office: its terms,
questions without an answer, answers that a person approved, counts of use, backups."""
