"""Opens a store where it lies."""

from contextlib import closing
from pathlib import Path

from vectorstore.database.port import Database
from vectorstore.sqlite import database as sqlite
from vectorstore.stores import Place, Remote, Store


def open_database(place: Place, store: Store) -> Database:
    """Makes it where there is none. Raises PolicyError when it cannot be used."""
    if isinstance(place, Remote):
        from vectorstore.postgres.database import PostgresDatabase  # half a second, and a library

        return PostgresDatabase(place, store)
    return sqlite.Database(place, store)


def is_there(place: Place) -> bool:
    """`exists`, or was there once: a file that is lost leaves a marker."""
    return exists(place) or (
        isinstance(place, Path) and place.with_name(f"{place.name}.id").exists()
    )


def exists(place: Place) -> bool:
    """Whether the store was made; nothing is made by asking."""
    if isinstance(place, Remote):
        from vectorstore.postgres.connecting import connected
        from vectorstore.postgres.making import is_made

        with closing(connected(place)) as db:
            return is_made(db, place.schema)
    return place.exists()
