"""Who may do what. The one place for deeds; what somebody sees is decided by Viewer.sees."""

from typing import Literal

from assistant.people.person import Person, Role
from vectorstore.models import Audience

Action = Literal[
    "ask",  # questions, history, saved answers; reading what the view shows
    "draft",  # 起草, and 核对 of own texts
    "add documents",
    "change documents",  # metadata, audience, deleting
    "judge documents",  # 时效核对: confirm or reject proposed relations
    "answer gaps",  # unanswered and disliked questions, terms of the office
    "set up people",  # accounts and departments
    "grant rights",  # roles, groups, ending other people's sessions
    "look after the system",  # state, queue, backups
    "read the log",
]

_ROLES: dict[Action, frozenset[Role]] = {
    "ask": frozenset({"查阅", "起草", "资料管理"}),
    "draft": frozenset({"起草"}),
    "add documents": frozenset({"资料管理"}),
    "change documents": frozenset({"资料管理"}),
    "judge documents": frozenset({"资料管理"}),
    "answer gaps": frozenset({"资料管理"}),
    "set up people": frozenset({"系统管理"}),
    "grant rights": frozenset({"安全管理"}),
    "look after the system": frozenset({"系统管理"}),
    "read the log": frozenset({"审计"}),
}


def may(person: Person, action: Action, audience: Audience | None = None) -> bool:
    """Whether somebody may do something; with `audience`, to a document that is for it: nobody
    changes what they do not see."""
    if person.roles.isdisjoint(_ROLES[action]):
        return False
    return audience is None or person.viewer.admitted_by(audience)
