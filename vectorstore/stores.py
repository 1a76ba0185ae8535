"""The SQLite files of a data folder: what each is called on the disk and by people, for whoever
opens one and for whoever copies all of them (backups)."""

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
