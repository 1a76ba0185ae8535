"""What PostgreSQL notes of the catalogue's changes, for app servers that follow them.

A row for each document that was ever written, under the number of its last change; a document
that is gone keeps its row. Triggers write it in the transaction that makes the change, whoever
makes it; one transaction writes at a time, so numbers are committed in their order. A grown
generation is told to whoever listens.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, column, select, table

NOTES = """
CREATE SEQUENCE changes_number;
CREATE TABLE changes (
    document_id text COLLATE "C" PRIMARY KEY, number bigint NOT NULL, made xid8 NOT NULL
);
CREATE INDEX changes_by_number ON changes (number);
INSERT INTO changes SELECT id, nextval('changes_number'), pg_current_xact_id() FROM documents;
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    seen record;
    changed text;
BEGIN
    IF TG_OP = 'DELETE' THEN seen := OLD; ELSE seen := NEW; END IF;
    IF TG_TABLE_NAME = 'documents' THEN changed := seen.id; ELSE changed := seen.document_id; END IF;
    INSERT INTO changes VALUES (changed, nextval('changes_number'), pg_current_xact_id())
    ON CONFLICT (document_id) DO UPDATE SET number = excluded.number, made = excluded.made
    WHERE changes.made <> excluded.made;
    RETURN NULL;
END $$;
CREATE TRIGGER documents_change AFTER INSERT OR UPDATE OR DELETE ON documents
FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER facts_change AFTER INSERT OR UPDATE OR DELETE ON facts
FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER passages_change AFTER UPDATE ON passages
FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE FUNCTION tell_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('policy', TG_TABLE_SCHEMA || ' ' || NEW.value);
    RETURN NULL;
END $$;
CREATE TRIGGER generation_grows AFTER UPDATE ON meta
FOR EACH ROW WHEN (NEW.key = 'generation') EXECUTE FUNCTION tell_generation();
"""

_changes = table("changes", column("document_id"), column("number"))
_AFTER = (
    select(_changes.c.number, _changes.c.document_id)
    .where(_changes.c.number > bindparam("after"))
    .order_by(_changes.c.number)
    .limit(bindparam("most"))
)


def changed_after(db: Connection, after: int, most: int) -> list[tuple[int, str]]:
    """(number, document id) of the first changes after one."""
    rows: Any = db.execute(_AFTER, {"after": after, "most": most})
    return [(int(number), str(document)) for number, document in rows]
