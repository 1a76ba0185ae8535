"""log.sqlite3: entries, what of them may be erased, and where the chain begins."""

from pathlib import Path

from vectorstore import stores
from vectorstore.sqlite.database import Store

# Columns that are searched are read from `body` by SQLite itself: what is shown is what the hash
# is over. The triggers keep honest programs from mistakes; whoever writes to the file with other
# tools can drop them, and is found by the hashes.
_FIELD = "TEXT AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.{}') END) VIRTUAL"
_SCHEMA = f"""
CREATE TABLE entries (
    number INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL,
    at {_FIELD.format("at")}, who {_FIELD.format("who")}, deed {_FIELD.format("deed")},
    object {_FIELD.format("on")}, result {_FIELD.format("result")}
);
CREATE TABLE personal (
    number INTEGER PRIMARY KEY REFERENCES entries (number), content TEXT NOT NULL
);
CREATE TABLE anchor (number INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE INDEX entries_at ON entries (at);
CREATE INDEX entries_who ON entries (who, number);
CREATE INDEX entries_deed ON entries (deed, number);
INSERT INTO anchor VALUES (0, '{"0" * 64}');
{stores.meta(1)};
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
WHEN NEW.number IS NOT 1 + (SELECT coalesce(max(number), (SELECT number FROM anchor)) FROM entries)
BEGIN SELECT RAISE(ABORT, 'entries are only appended'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entries_last BEFORE DELETE ON entries
WHEN OLD.number > (SELECT number FROM anchor)
BEGIN SELECT RAISE(ABORT, 'entries are only pruned'); END;
CREATE TRIGGER personal_stays BEFORE UPDATE ON personal
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER anchor_follows BEFORE UPDATE ON anchor
WHEN NEW.number <= OLD.number
    OR NEW.hash IS NOT (SELECT hash FROM entries WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the anchor is an entry, and moves on'); END;
CREATE TRIGGER anchor_stays BEFORE DELETE ON anchor
BEGIN SELECT RAISE(ABORT, 'the anchor stays'); END
"""
LOG = Store(
    label=stores.LABELS[stores.LOG],
    schema=_SCHEMA,
    version=1,
    migrations=Path(__file__).parent / "migrations",
    tables=("entries", "personal", "anchor"),
    remedy="不要删改它：先复制一份留作证据，再把它和同名的 .id 移到别处，程序会另开一份新的",
    pragmas=("secure_delete = ON",),  # what is erased is overwritten
)
