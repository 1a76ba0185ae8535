"""The catalogue: documents, passages, and what changed. The system of record."""
