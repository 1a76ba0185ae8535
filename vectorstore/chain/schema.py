"""log.sqlite3: entries, what of them may be erased, and where the chain begins."""

from pathlib import Path

from vectorstore import stores
from vectorstore.stores import Store

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
_REFUSE = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'"
# The same triggers for PostgreSQL, whose conditions ask no other rows.
_POSTGRES = f"""
CREATE FUNCTION entry_follows() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.number IS DISTINCT FROM
        1 + coalesce((SELECT max(number) FROM entries), (SELECT number FROM anchor))
    THEN {_REFUSE.format("entries are only appended")}; END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION entry_leaves() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.number > (SELECT number FROM anchor)
    THEN {_REFUSE.format("entries are only pruned")}; END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION anchor_moves() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.number <= OLD.number
        OR NEW.hash IS DISTINCT FROM (SELECT hash FROM entries WHERE number = NEW.number)
    THEN {_REFUSE.format("the anchor is an entry, and moves on")}; END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_REFUSE.format("entries are never changed")}; END $$;
CREATE TRIGGER entries_follow BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entry_follows();
CREATE TRIGGER entries_last BEFORE DELETE ON entries FOR EACH ROW EXECUTE FUNCTION entry_leaves();
CREATE TRIGGER anchor_follows BEFORE UPDATE ON anchor FOR EACH ROW EXECUTE FUNCTION anchor_moves();
CREATE TRIGGER entries_stay BEFORE UPDATE OR TRUNCATE ON entries
FOR EACH STATEMENT EXECUTE FUNCTION stays();
CREATE TRIGGER personal_stays BEFORE UPDATE OR TRUNCATE ON personal
FOR EACH STATEMENT EXECUTE FUNCTION stays();
CREATE TRIGGER anchor_stays BEFORE DELETE OR TRUNCATE ON anchor
FOR EACH STATEMENT EXECUTE FUNCTION stays();
"""
LOG = Store(
    label=stores.LABELS[stores.LOG],
    schema=_SCHEMA,
    version=1,
    migrations=Path(__file__).parent / "migrations",
    tables=("entries", "personal", "anchor"),
    remedy="不要删改它：先复制一份留作证据，再把它和同名的 .id 移到别处，程序会另开一份新的",
    pragmas=("secure_delete = ON",),  # what is erased is overwritten
    postgres=_POSTGRES,
)
