"""For whom a document is, on the page 文件库: the badge, what can be chosen, and the change.

Nothing of this shows where nobody logs in: every document is for everybody there.
"""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from assistant.pages.markup import element, text
from assistant.people.audiences import Names, Usual, offered, usual
from assistant.people.log import AuditLog, recorded
from assistant.people.permissions import may
from assistant.people.person import Person
from assistant.people.viewer import entry_of, person_of
from vectorstore.errors import PolicyError
from vectorstore.library import Library, View
from vectorstore.models import Audience, DocumentSummary

GONE = "这份文件已经不在库中。"
_NOT_YOURS = "您没有权限改这份文件；需要时请联系资料管理员。"
_NOT_OFFERED = "没有这个可见范围，请重新选择。"
_TONES = {"公开": "good", "部门": "plain", "群体": "plain", "个人": "caution"}


@dataclass(frozen=True, slots=True)
class Audiences:
    """What the page needs to know of people and rights. `usual` is the setting for uploads."""

    names: Names
    log: AuditLog
    usual: Usual = "公开"

    def badge(self, audience: Audience) -> str:
        """Who sees it, and what they may not do with it, in words."""
        said = [self.names.of(audience)]
        said += [] if audience.may_quote else ["不可引用"]
        said += [] if audience.may_download else ["不可下载"]
        return element("span", text("，".join(said)), class_=f"state {_TONES[audience.kind]}")

    def choices(self, person: Person, now: Audience | None = None) -> list[tuple[str, str]]:
        """Labels and values of what somebody may choose, and of what a document is now."""
        found = offered(person)
        if now and self.plain(now) not in found:
            found.append(self.plain(now))
        alone = Audience("个人", (person.id,))
        return [("仅自己" if a == alone else self.names.of(a), key(a)) for a in found]

    @staticmethod
    def plain(audience: Audience) -> Audience:
        """Who it is for, without what they may not do with it: as it is chosen."""
        return replace(audience, may_quote=True, may_download=True)

    def of_upload(self, person: Person, chosen: str | None) -> Audience:
        """What was chosen for an upload. Raises PolicyError for what is not theirs to choose."""
        if person.is_alone or not chosen:
            return usual(person, self.usual)
        return _chosen(chosen, offered(person))


def key(audience: Audience) -> str:
    """An audience as the value of a choice."""
    return json.dumps([audience.kind, *audience.of], ensure_ascii=False)


def may_change(person: Person, document: DocumentSummary) -> bool:
    return may(person, "change documents", document.audience)


def _chosen(chosen: str, among: list[Audience]) -> Audience:
    found = next((audience for audience in among if key(audience) == chosen), None)
    if found is None:
        raise PolicyError(_NOT_OFFERED)
    return found


# --- the change -----------------------------------------------------------------------------------

ALLOWED = (("may_quote", "quote"), ("may_download", "download"))


def change(
    library: Library,
    audiences: Audiences,
    view: View,
    request: Any,
    identifier: str,
    chosen: str,
    allowed: list[str],
) -> None:
    """Makes a document for others, once that is in the log. Raises PolicyError with a sentence."""
    document = authorised(view, request, identifier)
    now, person = document.audience, person_of(request)
    who = _chosen(chosen, [*offered(person), Audiences.plain(now)])
    new = replace(who, may_quote="may_quote" in allowed, may_download="may_download" in allowed)
    if new != now:
        about: dict[str, Any] = {"before": asdict(now), "after": asdict(new)}
        with recorded(audiences.log, entry_of(request, "change audience", identifier, **about)):
            library.admit(identifier, new)


def authorised(view: View, request: Any, identifier: str) -> DocumentSummary:
    """A document that the request's person may change. Raises PolicyError; what they do not see
    is not there."""
    document = view.summary(identifier)
    if document is None:
        raise PolicyError(GONE)
    if not may_change(person_of(request), document):
        raise PolicyError(_NOT_YOURS)
    return document
