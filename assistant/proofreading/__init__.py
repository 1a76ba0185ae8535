"""文字校对: slips of the pen in official writing, found by rules, each with its repair."""
