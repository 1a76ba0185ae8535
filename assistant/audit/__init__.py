"""Other people's texts against the corpus."""
