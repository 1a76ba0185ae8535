"""The stores of a data folder: what each is called on the disk and by people, where it lies and
what it is meant to hold, for whoever opens one and for whoever copies all of them."""

from dataclasses import dataclass, field
from pathlib import Path

CATALOG = "catalog.sqlite3"
DRAFTS = "drafts.sqlite3"
PEOPLE = "people.sqlite3"
HISTORY = "history.sqlite3"
OFFICE = "office.sqlite3"
ARRIVALS = "arrivals.sqlite3"
LOG = "log.sqlite3"
# In the order in which they are copied. The log is last: it tells of all that the others hold.
LABELS = {
    CATALOG: "目录库",
    DRAFTS: "稿件库",
    PEOPLE: "账号库",
    HISTORY: "对话库",
    OFFICE: "单位库",
    ARRIVALS: "入库记录",
    LOG: "审计日志",
}
# The formats with which a store may come into PostgreSQL; older files are opened once before.
FIRST_SERVED = {CATALOG: 7, DRAFTS: 5, PEOPLE: 4, HISTORY: 3, OFFICE: 3, ARRIVALS: 2, LOG: 1}
# The way back for what people keep here, and the program does without.
REMEDY = (
    "有备份时运行 python -m ingest restore 备份目录 --force；没有备份时把它和同名的 .id "
    "移到别处，其余功能照常"
)


def meta(version: int) -> str:
    """SQL for the table that each of them has: the format, and a name of its own."""
    return (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;\n"
        f"INSERT INTO meta VALUES ('schema_version', '{version}'), "
        "('library', lower(hex(randomblob(16))))"
    )


@dataclass(frozen=True, slots=True)
class Store:
    """What a store is meant to hold.

    `schema` makes a fresh SQLite file of format `version`; `migrations` is the folder with the
    steps from older formats. `tables` are those that must be there in any format. `traces` are
    glob patterns of what lies beside the file only when there was one. `remedy` is the way back
    from damage, `pragmas` are set on each connection. In PostgreSQL the tables are derived from
    `schema`; `postgres` is what cannot be: the triggers, run once after the tables are made.
    """

    label: str
    schema: str
    version: int
    migrations: Path
    tables: tuple[str, ...]
    remedy: str
    traces: tuple[str, ...] = ()
    pragmas: tuple[str, ...] = ()
    postgres: str = ""


@dataclass(frozen=True, slots=True)
class Remote:
    """A store in a PostgreSQL database, in a schema of its own. `folder` is this server's data
    folder, for what lies beside a store. The address holds a password: it is never printed."""

    url: str = field(repr=False)
    schema: str
    folder: Path


Place = Path | Remote


@dataclass(frozen=True, slots=True)
class Home:
    """Where the stores of a data folder lie: in it, or with an address in a database."""

    folder: Path
    url: str = field(default="", repr=False)


def place(home: Home | Path, name: str) -> Place:
    """Where a store lies; a folder alone holds it as a file.

    >>> place(Home(Path("data"), "postgresql+psycopg://host/policy"), LOG).schema
    'policy_log'
    """
    if isinstance(home, Path):
        return home / name
    if not home.url:
        return home.folder / name
    return Remote(home.url, f"policy_{name.removesuffix('.sqlite3')}", home.folder)


def beside(where: Place, name: str) -> Path:
    """A file in the data folder of a store."""
    return where.folder / name if isinstance(where, Remote) else where.with_name(name)
