"""What the ways share: where a quote begins and ends, and what it goes on to."""
