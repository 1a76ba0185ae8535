"""How officials write: text, numberings, figures, roles, places. Pure."""
