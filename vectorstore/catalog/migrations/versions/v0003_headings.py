"""Bare headings get a keyword index of their own: they are never found by a search, yet whoever
asks which documents mention a term means them too."""

from alembic import op
from sqlalchemy import text

from vectorstore.keywords.tokens import index_text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE heading_words USING fts5 (body, content = '', "
        "tokenize = \"unicode61 remove_diacritics 0 tokenchars '.%‰'\")"
    )
    db = op.get_bind()
    headings = db.execute(
        text("SELECT number, text, context FROM passages WHERE embedding IS NULL")
    ).fetchall()
    for number, own, context in headings:
        db.execute(
            text("INSERT INTO heading_words (rowid, body) VALUES (:number, :body)"),
            {"number": number, "body": index_text(f"{own}\n{context}")},
        )
    op.execute("UPDATE meta SET value = '3' WHERE key = 'schema_version'")
