"""Who may do what with a draft: its owner, its department, and those it is shared with."""

from dataclasses import dataclass
from typing import Literal

from assistant.people.person import Person

Right = Literal["write", "read"]
Permission = Literal["owner", "write", "read", "none"]
WRITES: tuple[Permission, ...] = ("owner", "write")


@dataclass(frozen=True, slots=True)
class Share:
    """A draft given to a person, or to a department and all below it (as with documents)."""

    kind: Literal["person", "department"]
    to: str  # id
    right: Right
    name: str = ""  # as it was chosen, for the list of those who have it

    def reaches(self, person: Person) -> bool:
        return self.to == person.id if self.kind == "person" else self.to in person.departments


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose a draft is. `department` is '' where it belongs to nobody but its owner."""

    owner: str
    department: str = ""
    shares: tuple[Share, ...] = ()


def permission(person: Person, ownership: Ownership) -> Permission:
    """The one place that decides. What belongs to a department its own people write; moving,
    sharing and deleting stay with the owner."""
    if ownership.owner == person.id:
        return "owner"
    rights = {share.right for share in ownership.shares if share.reaches(person)}
    if ownership.department and ownership.department == person.department:
        rights.add("write")
    return "write" if "write" in rights else "read" if rights else "none"
