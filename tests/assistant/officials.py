"""People of an invented office, for tests."""

from assistant.people.person import Department, Person

OFFICE = Department("d-office", "办公室", "d-top")
RURAL = Department("d-rural", "农村科", "d-top")
TOP = Department("d-top", "砚湖市科协")


def person(name: str, department: Department | None = None, **more: object) -> Person:
    """Somebody of 起草 and 查阅."""
    above = (department.id, department.parent) if department and department.parent else ()
    own = above or ((department.id,) if department else ())
    given = {"roles": frozenset({"查阅", "起草"}), **more}
    return Person(f"user:{name}", login=name, name=name, departments=own, **given)  # type: ignore[arg-type]


ZHANG = person("张三", OFFICE)
LI = person("李四", RURAL)
WANG = person("王五", OFFICE)
CHIEF = person("陈主任", TOP)
READER = person("赵六", OFFICE, roles=frozenset({"查阅"}))
ADMIN = person("系统管理员", OFFICE, roles=frozenset({"系统管理"}))
