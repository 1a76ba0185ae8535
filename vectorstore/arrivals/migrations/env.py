"""Run by Alembic (see vectorstore/sqlite/migrating.py)."""

from alembic import context

from vectorstore.sqlite.migrating import run

run(context)
