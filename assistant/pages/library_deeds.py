"""What is done on 文件库 with the documents that were chosen, and with collections. Each deed is in
the log before it is done; a document that cannot be changed holds up no other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from assistant.cite.citation import named
from assistant.intake import Ingest
from assistant.office.office import Office
from assistant.pages import audiences as whose
from assistant.pages.library_questions import Asked
from assistant.people.log import recorded
from assistant.people.viewer import entry_of, person_of
from vectorstore.errors import PolicyError
from vectorstore.files.labels import shown_name
from vectorstore.library import Library
from vectorstore.models import DocumentSummary

_MOST_SAID = 5  # sentences about what was not done


@dataclass
class Outcome:
    """What became of a deed; `go` is an address to open, `into` the collection that
    was filled, `said` what else there is to tell."""

    done: int = 0
    problems: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    go: str = ""
    into: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "done": self.done, "problems": self.problems[:_MOST_SAID],
            "said": self.said[:_MOST_SAID], "go": self.go, "into": self.into,
        }  # fmt: skip


@dataclass(frozen=True)
class Deeds:
    """What deeds need beside what was asked."""

    library: Library
    ingest: Ingest
    audiences: whose.Audiences
    office: Office | None

    def do(self, deed: str, request: Request, asked: Asked, typed: Mapping[str, str]) -> Outcome:
        """Raises PolicyError with a sentence where nothing can be done at all."""
        if deed == "delete":
            return self._each(asked, lambda d: deleted(self, request, asked, d))
        if deed == "move":
            return self._each(asked, lambda d: self._moved(request, asked, d, typed))
        if self.office is None:
            raise PolicyError("这里没有资料夹和分类")
        if deed == "class":
            return self._classed(self.office, request, asked, typed)
        made = {
            "collect": self._collected, "take": self._taken, "new": self._made,
            "rename": self._renamed, "drop": self._dropped,
        }.get(deed)  # fmt: skip
        if made is None:
            raise PolicyError("没有这个操作")
        return made(self.office, request, asked, typed)

    def _each(self, asked: Asked, do: Callable[[DocumentSummary], str]) -> Outcome:
        outcome = Outcome()
        for document in asked.documents:
            try:
                said = do(document)
            except PolicyError as error:
                outcome.problems.append(f"{named(document.metadata.title)}：{error}")
                continue
            outcome.done += 1
            outcome.said += [said] if said else []
        return outcome

    def _moved(
        self, request: Request, asked: Asked, document: DocumentSummary, typed: Mapping[str, str]
    ) -> str:
        may = {"quote": document.audience.may_quote, "download": document.audience.may_download}
        for name in may:
            if typed.get(name) in ("0", "1"):
                may[name] = typed[name] == "1"
        allowed = [name for name, label in whose.ALLOWED if may[label]]
        who = typed.get("who") or whose.key(whose.Audiences.plain(document.audience))
        whose.change(
            self.library, self.audiences, asked.shelf.view, request, document.id, who, allowed
        )
        return ""

    def _classed(
        self, office: Office, request: Request, asked: Asked, typed: Mapping[str, str]
    ) -> Outcome:
        own, name = asked.changeable, typed.get("class", "")
        left = len(asked.documents) - len(own)
        outcome = Outcome(problems=[f"{left} 份您没有权限改，没有动。"] if left else [])
        if own:
            about: dict[str, Any] = {"documents": [d.id for d in own], "after": name}
            with recorded(
                self.audiences.log, entry_of(request, "change class", own[0].id, **about)
            ):
                office.classes.put(own, name)
            outcome.done = len(own)
        return outcome

    # --- collections ------------------------------------------------------------------------------

    def _noted(self, request: Request, on: str, what: str, **about: Any) -> Any:
        return recorded(
            self.audiences.log, entry_of(request, "change collection", on, what=what, **about)
        )

    def _collected(
        self, office: Office, request: Request, asked: Asked, typed: Mapping[str, str]
    ) -> Outcome:
        """Into one that is there, or into a new one."""
        holder, ids = asked.shelf.holder, [d.id for d in asked.documents]
        into = typed.get("into", "")
        if not into:
            into = self._made(office, request, asked, typed).into
        office.collections.require_filled(into, holder)
        with self._noted(request, into, "put", documents=ids):
            done = office.collections.put(into, asked.documents, holder)
        go = f"/library?collection={into}" if typed.get("go") else ""
        return Outcome(done, go=go, into=into)

    def _taken(
        self, office: Office, request: Request, asked: Asked, typed: Mapping[str, str]
    ) -> Outcome:
        held, holder = self._its(asked), asked.shelf.holder
        office.collections.require_filled(held, holder)
        with self._noted(request, held, "take", documents=[d.id for d in asked.documents]):
            return Outcome(office.collections.take(held, asked.documents, holder))

    def _made(
        self, office: Office, request: Request, asked: Asked, typed: Mapping[str, str]
    ) -> Outcome:
        name, shown = typed.get("name", ""), typed.get("shown", "")
        with self._noted(request, "", "make", target_name=name, shown=shown):
            made = office.collections.make(name, shown, asked.shelf.holder)
        return Outcome(1, go=f"/library?collection={made.id}", into=made.id)

    def _renamed(
        self, office: Office, request: Request, asked: Asked, typed: Mapping[str, str]
    ) -> Outcome:
        held, name, shown = self._its(asked), typed.get("name", ""), typed.get("shown", "")
        with self._noted(request, held, "change", target_name=name, shown=shown):
            office.collections.change(held, name, shown, asked.shelf.holder)
        return Outcome(1)

    def _dropped(
        self, office: Office, request: Request, asked: Asked, typed: Mapping[str, str]
    ) -> Outcome:
        held = self._its(asked)
        name = asked.collection.name if asked.collection else ""
        with self._noted(request, held, "delete", target_name=name):
            office.collections.remove(held, asked.shelf.holder)
        return Outcome(1, go="/library")

    def _its(self, asked: Asked) -> str:
        if asked.collection is None:
            raise PolicyError("没有这个资料夹，可能已删除")
        return asked.collection.id


def deleted(deeds: Deeds, request: Request, asked: Asked, document: DocumentSummary) -> str:
    """Deletes a document, once that is in the log; what stays on the disk, in a sentence."""
    found = whose.authorised(asked.shelf.view, request, document.id)
    title = found.metadata.title
    entry = entry_of(request, "delete document", found.id, title=title)
    with recorded(deeds.audiences.log, entry):
        stay = deeds.ingest.delete(found.id)
    if not stay:
        return ""
    # Where things lie on the server is for whoever sits at it.
    where = stay[0] if person_of(request).is_alone else shown_name(stay[0])
    return f"{named(title)}导入时的文件“{where}”没有动，再次导入它所在的文件夹会重新入库。"
