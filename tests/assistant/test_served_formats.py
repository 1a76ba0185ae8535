"""Stores in PostgreSQL that an older program made are brought to the present format by the very
steps that SQLite files take, and are then like new ones."""

from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from assistant.drafting.store import DRAFTS
from assistant.history.database import HISTORY
from assistant.office.schema import OFFICE
from assistant.people.schema import PEOPLE
from tests.postgres import Cluster
from vectorstore import stores
from vectorstore.arrivals.schema import ARRIVALS
from vectorstore.catalog.schema import CATALOG
from vectorstore.chain.schema import LOG
from vectorstore.moving.forward import _store_in
from vectorstore.postgres.connecting import connected
from vectorstore.postgres.database import PostgresDatabase
from vectorstore.sqlite.connecting import Connection, connect
from vectorstore.sqlite.core import core
from vectorstore.sqlite.database import statements
from vectorstore.sqlite.migrating import stamp
from vectorstore.stores import Remote, Store

STORES = {
    stores.CATALOG: CATALOG, stores.DRAFTS: DRAFTS, stores.PEOPLE: PEOPLE, stores.HISTORY: HISTORY,
    stores.OFFICE: OFFICE, stores.ARRIVALS: ARRIVALS, stores.LOG: LOG,
}  # fmt: skip
SHAPE = (
    "SELECT table_name, column_name, data_type, is_nullable, collation_name, is_identity, "
    "is_generated FROM information_schema.columns WHERE table_schema = current_schema() "
    "ORDER BY 1, 2"
)


def test_every_store_is_there() -> None:
    assert STORES.keys() == stores.LABELS.keys() == stores.FIRST_SERVED.keys()


def old_file(path: Path, store: Store, version: int) -> Connection:
    file = connect(f"{path.absolute().as_uri()}?mode=rwc")
    if version == store.version:  # no step has been added since
        for statement in statements(store.schema):
            file.execute(statement)
        stamp(file, version)
        return file
    config = Config()
    config.set_main_option("script_location", str(store.migrations))
    config.attributes["connection"] = core(file)
    command.upgrade(config, f"{version:04d}")
    return file


@pytest.mark.parametrize("name", STORES)
def test_an_older_store_becomes_like_a_new_one(
    name: str, postgres: Cluster, tmp_path: Path
) -> None:
    store, remote = STORES[name], postgres.remote(tmp_path, "old")
    with (
        closing(old_file(tmp_path / name, store, stores.FIRST_SERVED[name])) as file,
        closing(connected(Remote(postgres.url, "public", tmp_path))) as db,
    ):
        db.execute("BEGIN")
        _store_in(db, remote.schema, file, store.label, lambda *_: None)
        db.commit()
    with (
        closing(PostgresDatabase(remote, store)) as old,
        closing(PostgresDatabase(postgres.remote(tmp_path, "new"), store)) as new,
    ):
        assert [tuple(r) for r in old.rows(SHAPE)] == [tuple(r) for r in new.rows(SHAPE)]
