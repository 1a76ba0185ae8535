<<<<<<< HEAD
"""Commands of `python -m assistant` that have a file of their own.

Each has `add(commands)`, which adds its parser and sets `run`, what is called with the services
and the arguments.
"""
=======
"""Commands of python -m assistant that have a file of their own."""
>>>>>>> main
