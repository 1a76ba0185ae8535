"""The drafting desk: cited drafts that survive editing, audits of other people's texts, Word."""
