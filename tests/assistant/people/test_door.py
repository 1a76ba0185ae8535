"""Who comes in by another system's word, and what of that is in the log."""

from dataclasses import dataclass, field

from assistant.people.door import Door, Outside
from assistant.people.log import Entry
from assistant.people.store import People


@dataclass
class Kept:
    entries: list[Entry] = field(default_factory=list)
    people: People | None = None
    seen: list[str] = field(default_factory=list)  # the department when the entry was made

    def record(self, entry: Entry) -> None:
        account = self.people.account(entry.on) if self.people else None
        self.seen.append(account.department if account else "")
        self.entries.append(entry)


def test_another_department_from_another_system_is_in_the_log_first(people: People) -> None:
    log = Kept(people=people)
    door = Door(people, log)
    first, second = (people.put_department(name).id for name in ("综合处", "财务处"))

    def come(name: str, department: str) -> None:
        door.known(Outside("zhang", name, department), "proxy", "10.0.0.1", may_add=True,
                   is_news=False)  # fmt: skip

    come("张三", "综合处")
    log.entries.clear()
    log.seen.clear()
    come("张三", "综合处")
    assert log.entries == []
    come("张三", "财务处")
    come("张三丰", "财务处")
    moved, renamed = log.entries
    assert (moved.deed, moved.details["before"], moved.details["after"]) == (
        "change departments", first, second,
    )  # fmt: skip
    assert log.seen[0] == first
    assert moved.who == moved.on == renamed.on
    assert (renamed.deed, renamed.name, renamed.details["target_name"]) == (
        "change person", "张三", "张三丰",
    )  # fmt: skip
    assert renamed.details["source"] == "proxy"
