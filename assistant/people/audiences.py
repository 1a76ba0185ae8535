"""For whom somebody may make a document, and how that is called."""

from dataclasses import dataclass
from typing import Literal

from assistant.people.person import Person
from assistant.people.store import People
from vectorstore.models import PUBLIC, Audience

Usual = Literal["公开", "部门"]


def offered(person: Person) -> list[Audience]:
    """For whom somebody may make a document, the widest first: only for people they are among,
    as nobody changes what they do not see. For everybody where nobody logs in."""
    if person.is_alone:
        return [PUBLIC]
    departments = (Audience("部门", (d,)) for d in reversed(person.departments))
    groups = (Audience("群体", (g,)) for g in sorted(person.groups))
    return [PUBLIC, *departments, *groups, Audience("个人", (person.id,))]


def usual(person: Person, setting: Usual) -> Audience:
    """For whom an upload is when nobody chooses. Whoever has no department, in an office where
    that is what counts, keeps it to themselves rather than show it to all."""
    if person.is_alone or setting == "公开":
        return PUBLIC
    if person.department:
        return Audience("部门", (person.department,))
    return Audience("个人", (person.id,))


@dataclass(frozen=True, slots=True)
class Names:
    """What departments, groups and persons are called; an id where nobody knows it any more."""

    people: People | None

    def of(self, audience: Audience) -> str:
        """部门：财政局、教育局"""
        if audience.kind == "公开":
            return "公开"
        known = self._known(audience)
        named = "、".join(known.get(i, i) for i in audience.of)
        return f"{audience.kind}：{named}" if named else f"{audience.kind}：无"

    def _known(self, audience: Audience) -> dict[str, str]:
        if self.people is None:
            return {}
        if audience.kind == "部门":
            return {d.id: d.name for d in self.people.departments()}
        if audience.kind == "群体":
            return {g.id: g.name for g in self.people.groups()}
        accounts = (self.people.account(i) for i in audience.of)
        return {a.id: a.name or a.login for a in accounts if a}
