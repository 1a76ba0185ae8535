"""Drafts and their versions, in a SQLite file of their own: losing the index loses no draft."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.drafting.models import Draft, Version, from_json, to_json
from vectorstore.errors import PolicyError
from vectorstore.sqlite.database import Database, Store

# A change here is also a step in migrations/versions/, and a test compares the two.
_SCHEMA = """
CREATE TABLE drafts (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL,
    version INTEGER NOT NULL, content TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE versions (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, at TEXT NOT NULL, what TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (draft_id, number)
) WITHOUT ROWID;
CREATE INDEX drafts_owner ON drafts (owner, updated);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('schema_version', '3'), ('library', lower(hex(randomblob(16))))
"""
DRAFTS = Store(
    label="稿件库",
    schema=_SCHEMA,
    version=3,
    migrations=Path(__file__).parent / "migrations",
    tables=("drafts", "versions"),
    remedy="有备份时运行 python -m ingest restore 备份目录 --force；没有备份时把它和同名的 .id "
    "移到别处，其余功能照常",
)
KEPT_VERSIONS = 200


class DraftChanged(PolicyError):
    """Somebody, or another tab, has saved the draft since it was opened."""


class DraftStore:
    """Each save is one transaction, and one version. Only the owner sees a draft."""

    def __init__(self, path: Path):
        self._database = Database(path, DRAFTS)

    def close(self) -> None:
        self._database.close()

    def save(self, draft: Draft, what: str) -> Draft:
        """Writes the next version. Raises DraftChanged when `draft` is not the latest one."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        saved = replace(draft, version=draft.version + 1)
        content = json.dumps(to_json(saved), ensure_ascii=False)
        with self._database.transaction() as db:
            row = db.execute(
                "SELECT version, owner FROM drafts WHERE id = ?", (draft.id,)
            ).fetchone()
            if row and (row[0] != draft.version or row[1] != draft.owner):
                raise DraftChanged(
                    "这份稿子已在别处保存过新版本；请重新打开后再改，刚才的修改没有保存"
                )
            db.execute(
                "INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "title = excluded.title, updated = excluded.updated, version = excluded.version, "
                "content = excluded.content",
                (saved.id, saved.owner, saved.title, now, saved.version, content),
            )
            db.execute(
                "INSERT INTO versions VALUES (?, ?, ?, ?, ?)",
                (saved.id, saved.version, now, what, content),
            )
            db.execute(
                "DELETE FROM versions WHERE draft_id = ? AND number <= ?",
                (saved.id, saved.version - KEPT_VERSIONS),
            )
        return saved

    def load(self, draft_id: str, owner: str, number: int | None = None) -> Draft:
        """A draft as it is, or as it was in version `number`. Raises PolicyError."""
        with self._database.connection() as db:
            row = db.execute(
                "SELECT content, version FROM drafts WHERE id = ? AND owner = ?", (draft_id, owner)
            ).fetchone()
            if row and number is not None:
                old = db.execute(
                    "SELECT content FROM versions WHERE draft_id = ? AND number = ?",
                    (draft_id, number),
                ).fetchone()
                if old is None:
                    raise PolicyError(f"没有第 {number} 版")
                return replace(from_json(json.loads(old[0])), version=row[1])
        if row is None:
            raise PolicyError("没有这份稿子，可能已删除")
        return from_json(json.loads(row[0]))

    def titles(self, owner: str) -> list[tuple[str, str, str]]:
        """(id, title, time of the last change), the latest first."""
        with self._database.connection() as db:
            rows = db.execute(
                "SELECT id, title, updated FROM drafts WHERE owner = ? ORDER BY updated DESC",
                (owner,),
            )
            return [tuple(row) for row in rows.fetchall()]

    def versions(self, draft_id: str, owner: str) -> list[Version]:
        """The latest first."""
        self.load(draft_id, owner)
        with self._database.connection() as db:
            rows = db.execute(
                "SELECT number, at, what FROM versions WHERE draft_id = ? ORDER BY number DESC",
                (draft_id,),
            )
            return [Version(*row) for row in rows.fetchall()]

    def delete(self, draft_id: str, owner: str) -> None:
        with self._database.transaction() as db:
            db.execute("DELETE FROM drafts WHERE id = ? AND owner = ?", (draft_id, owner))
