"""Keys of programs. Before them there were none."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE keys (
            id TEXT PRIMARY KEY, hash TEXT NOT NULL,
            person TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, name TEXT NOT NULL,
            scopes TEXT NOT NULL, per_minute INTEGER NOT NULL, created INTEGER NOT NULL,
            expires INTEGER NOT NULL, used INTEGER NOT NULL, revoked INTEGER NOT NULL,
            held INTEGER NOT NULL
        ) WITHOUT ROWID
        """
    )
    op.execute("CREATE INDEX keys_person ON keys (person)")
