"""Run by Alembic (see vectorstore/migrations)."""

from alembic import context

from vectorstore.migrations import run

run(context)
