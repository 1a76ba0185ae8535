"""Commands of python -m assistant that have a file of their own."""
