"""Who somebody is: a department, roles, groups. Frozen values; kept by people/store.py."""

from dataclasses import dataclass
from typing import Literal, get_args

from vectorstore.models import Viewer

Role = Literal["查阅", "起草", "资料管理", "系统管理", "安全管理", "审计"]
ROLES: tuple[Role, ...] = get_args(Role)
# 三员: who sets up accounts, who grants rights, and who watches both. An office may forbid that
# one person has two of them (POLICY_WEB_SEPARATE).
APART: frozenset[Role] = frozenset({"系统管理", "安全管理", "审计"})


@dataclass(frozen=True, slots=True)
class Department:
    """One node of the tree; `parent` is '' at the top."""

    id: str
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the program.

    `departments` are their own department first and then all above it, by id; `groups` by id.
    `is_alone`: nobody logs in, and whoever reaches the page works for themselves and sees all.
    """

    id: str  # 'user:…' for an account, 'browser:…' for a cookie, 'local' for the command line
    login: str = ""
    name: str = ""
    departments: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    groups: frozenset[str] = frozenset()
    is_alone: bool = False

    @property
    def department(self) -> str:
        """Their own, '' without one."""
        return self.departments[0] if self.departments else ""

    @property
    def viewer(self) -> Viewer:
        """What they see of the corpus."""
        if self.is_alone:
            return Viewer(self.id)
        return Viewer(self.id, departments=frozenset(self.departments), groups=self.groups)


def rights_of(person: Person) -> frozenset[str]:
    """All that somebody has of an office, as one set: roles, departments, groups."""
    return frozenset(
        (
            *(f"role {role}" for role in person.roles),
            *(f"department {department}" for department in person.departments),
            *(f"group {group}" for group in person.groups),
        )
    )


def alone(identifier: str) -> Person:
    """Somebody at a machine that nobody logs in to: every role, every document."""
    return Person(identifier, roles=frozenset(ROLES), is_alone=True)


# Somebody who has not logged in where one must: no role, and of the corpus what is for all.
NOBODY = Person("nobody")
