"""The assistant's tools for models of other programs (Model Context Protocol)."""
