"""The drafting desk: from a request to a saved, checked draft. The whole flow on one screen."""

import secrets
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from assistant.answers.answer import Mode
from assistant.chat import Assistant
from assistant.cite.citation import Marks
from assistant.cite.markdown import parse
from assistant.cite.quote import Quote
from assistant.cite.splitting import line_of
from assistant.drafting.check import Finding, check_draft, findings_of
from assistant.drafting.composing import compose_section
from assistant.drafting.covering import Beyond, cover, covered_sections
from assistant.drafting.heard import heard_of
from assistant.drafting.holds import Aside, SectionHeld
from assistant.drafting.models import Draft, Section, Version
from assistant.drafting.numbering import renumbered_sections, stepped
from assistant.drafting.outline import make_outline
from assistant.drafting.request import understand_request
from assistant.drafting.sources import Found, lean_on, narrowed
from assistant.drafting.store import DraftStore
from assistant.drafting.write import write_section
from assistant.events import Progress
from assistant.find.evidence import Evidence
from assistant.labelling import after_editing
from assistant.people.person import Person
from assistant.people.viewer import HOME
from assistant.settings import DraftSettings
from vectorstore.errors import PolicyError
from vectorstore.language.regions import region_of_name
from vectorstore.library import View
from vectorstore.models import EVERYTHING, Viewer

MAX_REQUEST = 2000
MAX_SECTION = 20_000
CANDIDATES = 12


# Entered with a draft for each saving of it, and left with what became of that.
Around = Callable[[Draft], AbstractContextManager[None]]


def _nothing(_: Draft) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Written:
    """A draft after one more of its sections was written and saved."""

    draft: Draft
    section: Section
    note: str = ""


class DraftingDesk:
    """Everything that a user can do with drafts. Each change is saved as a version at once.

    It works for `person`, and draws on what they see; `seen_by` is the same desk for somebody
    else.
    """

    def __init__(
        self,
        assistant: Assistant,
        store: DraftStore,
        settings: DraftSettings,
        person: Person = HOME,
        viewer: Viewer | None = None,
        around: Around = _nothing,
    ):
        self.assistant = assistant
        self.store = store
        self.settings = settings
        self.person = person
        self.viewer = viewer or person.viewer
        self.around = around

    def seen_by(
        self, person: Person, viewer: Viewer | None = None, *, around: Around = _nothing
    ) -> "DraftingDesk":
        """The desk of somebody else; with `viewer` they see less of the library, and what they
        save is saved within `around`."""
        return DraftingDesk(self.assistant, self.store, self.settings, person, viewer, around)

    def evidence(self, progress: Progress | None = None) -> Evidence:
        """What drafts are written from and checked against."""
        return self.assistant.evidence(self.assistant.view(self.viewer), progress)

    # --- request → outline → sections -----------------------------------------------------

    def begin(self, text: str, *, unit: str = "", region: str = "") -> Draft:
        """A draft with its outline, nothing written yet. Raises PolicyError for a bad request."""
        if not text.strip():
            raise PolicyError(
                "请写明要起草什么，例如：起草《××县农民科学素质提升实施方案》",
                "Say what to draft, e.g. 起草《××县农民科学素质提升实施方案》",
            )
        if len(text) > MAX_REQUEST:
            raise PolicyError(
                f"写作要求有 {len(text)} 字，最多 {MAX_REQUEST} 字",
                f"The request has {len(text)} characters, at most {MAX_REQUEST}",
            )
        evidence = self.evidence()
        if not evidence.corpus.documents:
            raise PolicyError(
                "资料库是空的，先到“文件库”导入文件", "The library is empty; add documents first"
            )
        home = region_of_name(region) if region else self.assistant.home
        if region and not home:
            raise PolicyError(
                f"没有认出“{region}”是哪个地区，请写全称，如 云南省保山市",
                f"“{region}” is no known place; write its full name, e.g. 云南省保山市",
            )
        heard = heard_of(text.strip(), self.assistant.requests)
        request = understand_request(
            text.strip(), evidence.corpus, home, unit or self.settings.unit, heard
        )
        request = narrowed(request, evidence)
        outline = make_outline(request, evidence)
        draft = Draft(uuid.uuid4().hex, self.person.id, request, outline)
        return self.keep(draft, "提纲")

    def write(
        self, draft: Draft, mode: Mode | None = None, progress: Progress | None = None
    ) -> Iterator[Written]:
        """Writes the sections that are not written yet, one after the other, each saved."""
        for identifier in self.unwritten(draft):
            written = self.write_one(draft, identifier, mode, progress)
            draft = written.draft
            yield written

    def unwritten(self, draft: Draft) -> list[str]:
        """The sections that are still to be written, and that nobody else is typing in; a mere
        heading has no text."""
        held = self.store.holds.others(draft.id, self.person)
        todo = (s for s in draft.sections if s.state == "待写" and s.purpose != "heading")
        return [s.id for s in todo if s.id not in held]

    def write_one(
        self,
        draft: Draft,
        identifier: str,
        mode: Mode | None = None,
        progress: Progress | None = None,
    ) -> Written:
        """Writes one section anew; no other section is touched."""
        self.require_free(draft, identifier)
        progress = progress or Progress()
        section = draft.section(identifier)
        progress.stage(f"写 {section.name}")
        evidence = self.evidence(progress)
        note = ""
        if (mode or self.assistant.mode) == "model" and self.assistant.model:
            draft, note = compose_section(draft, section, evidence, self.assistant.model, progress)
        else:
            draft = write_section(draft, section, evidence)
        saved = self.keep(draft, f"写成：{section.name}")
        section = next((s for s in saved.sections if s.id == identifier), section)
        return Written(saved, section, note)

    # --- editing --------------------------------------------------------------------------

    def edit(self, draft: Draft, identifier: str, *, heading: str, text: str) -> Draft:
        """Saves what the author typed. Marks that no source bears stay, and are found by 核对."""
        if len(text) > MAX_SECTION:
            raise PolicyError(
                f"这一部分有 {len(text)} 字，最多 {MAX_SECTION} 字；请分成几部分",
                f"This section has {len(text)} characters, at most {MAX_SECTION}; divide it",
            )
        section = draft.section(identifier)
        if (heading, text) == (section.heading, section.text):
            return draft
        changed = replace(section, heading=heading.strip())
        if text != section.text:
            origin = after_editing(section.origin, not section.text.strip())
            changed = replace(changed, body=parse(text), state="已写", origin=origin)
        return self.keep(draft.with_section(changed), f"修改：{changed.name}")

    def add_section(self, draft: Draft, heading: str, after: str | None = None) -> Draft:
        """A new section behind another one, or at the end."""
        if not heading.strip():
            raise PolicyError("请写新部分的标题", "Write the heading of the new section")
        new = Section(f"s{secrets.token_hex(6)}", heading.strip(), focus=heading.strip())
        at = next((i for i, s in enumerate(draft.sections, 1) if s.id == after), None)
        sections = list(draft.sections)
        sections.insert(len(sections) if at is None else at, new)
        return self.keep(replace(draft, sections=tuple(sections)), f"增加：{new.heading}")

    def remove_section(self, draft: Draft, identifier: str) -> Draft:
        self.require_free(draft, identifier)
        gone = draft.section(identifier)
        left = renumbered_sections(draft, [s.id for s in draft.sections if s.id != identifier])
        return self.keep(left, f"删除：{gone.name}")

    def move_section(self, draft: Draft, identifier: str, by: int) -> Draft:
        """One place up (-1) or down (1), with the sections below it."""
        return self.reorder(draft, stepped(draft.sections, identifier, by))

    def reorder(self, draft: Draft, order: Sequence[str]) -> Draft:
        """The sections in another order, numbered anew; words that name a section by its number
        follow it. Raises PolicyError unless each section is named once."""
        if sorted(order) != sorted(s.id for s in draft.sections):
            raise PolicyError(
                "提纲已被别人改动，没有调整顺序；请载入最新后再试",
                "Somebody changed the outline; load the latest and try again",
            )
        if list(order) == [s.id for s in draft.sections]:
            return draft
        return self.keep(renumbered_sections(draft, order), "调整顺序")

    def want_length(self, draft: Draft, identifier: str, wanted: int) -> Draft:
        """How many characters a section should have; 0 for no aim. Raises PolicyError."""
        section = next((s for s in draft.sections if s.id == identifier), None)
        if section is None:
            raise PolicyError("这一部分已被删除", "This section was deleted")
        if section.wanted == wanted:
            return draft
        return self._with(draft, replace(section, wanted=wanted), "字数目标")

    # --- sources --------------------------------------------------------------------------

    def candidates(self, draft: Draft, identifier: str) -> list[Found]:
        """Sentences that the section could lean on, those already pinned first."""
        section = draft.section(identifier)
        return lean_on(draft, section, self.evidence(), count=CANDIDATES)

    def pin(self, draft: Draft, identifier: str, passage_id: str) -> Draft:
        section = draft.section(identifier)
        pinned = tuple(dict.fromkeys((*section.pinned, passage_id)))
        dropped = tuple(p for p in section.dropped if p != passage_id)
        return self._with(draft, replace(section, pinned=pinned, dropped=dropped), "选定出处")

    def drop(self, draft: Draft, identifier: str, passage_id: str) -> Draft:
        """The section is not to lean on a passage any more."""
        section = draft.section(identifier)
        dropped = tuple(dict.fromkeys((*section.dropped, passage_id)))
        pinned = tuple(p for p in section.pinned if p != passage_id)
        return self._with(draft, replace(section, pinned=pinned, dropped=dropped), "不用出处")

    def insert(self, draft: Draft, identifier: str, found: Found) -> Draft:
        """Adds a quotation with its citation at the end of a section."""
        return self.insert_quote(draft, identifier, found.quote(self.evidence()))

    def insert_quote(
        self, draft: Draft, identifier: str, quote: Quote, after: int | None = None
    ) -> Draft:
        """Adds a quotation with its citation behind the block `after` of a section's body, or at
        its end."""
        marks = Marks(draft.sources)
        title, words = quote.document.metadata.title, "".join(quote.text.split())
        line = line_of(f"《{title}》提出：“{words}”", marks.of(quote))
        section = draft.section(identifier)
        at = len(section.body) if after is None else max(0, after + 1)
        body = (*section.body[:at], line, *section.body[at:]) if section.text.strip() else (line,)
        draft = replace(draft, sources=marks.sources)
        origin = after_editing(section.origin, was_empty=False)
        if section.origin == "extract" or not section.text.strip():
            origin = "extract"
        return self._with(
            draft, replace(section, body=body, state="已写", origin=origin), "插入引文"
        )

    def _with(self, draft: Draft, section: Section, what: str) -> Draft:
        heading = section.name
        return self.keep(draft.with_section(section), f"{what}：{heading}")

    def keep(self, draft: Draft, what: str) -> Draft:
        """Saves a draft as its next version; `what` says what was done."""
        with self.around(draft):
            return self.store.save(draft, what, self.person)

    # --- with others ----------------------------------------------------------------------

    def open(self, draft_id: str) -> Draft:
        """A draft as it is now. Raises PolicyError."""
        return self.store.load(draft_id, self.person)

    def held_by(self, draft: Draft, identifier: str) -> str:
        """Who else is at work on a section, as a sentence; '' where nobody is."""
        hold = self.store.holds.others(draft.id, self.person).get(identifier)
        return hold.sentence if hold else ""

    def require_free(self, draft: Draft, identifier: str) -> None:
        """Before long work, what saving would refuse after it."""
        self.store.require_write(draft.id, self.person)
        if sentence := self.held_by(draft, identifier):
            raise SectionHeld(f"{sentence}，请等一等再改")
        if self.is_covered(draft, identifier):
            raise PolicyError(
                "这一部分有您无权查看的内容，您不能重写或删除它",
                "This section holds what you may not see; you cannot rewrite or delete it",
            )

    def aside(self, draft: Draft, identifier: str) -> Aside | None:
        """The latest words of theirs that stand beside a section."""
        found = self.store.holds.asides(draft.id, self.person)
        return next((a for a in reversed(found) if a.section == identifier), None)

    def take_aside(self, draft: Draft, identifier: str) -> Draft:
        """The draft with the words that stand beside a section in it. Raises PolicyError."""
        self.require_free(draft, identifier)
        aside = self.aside(draft, identifier)
        now = self.open(draft.id)
        if aside is None or all(s.id != identifier for s in now.sections):
            raise PolicyError(
                "没有放在一边的文字，或者这一部分已经删除",
                "Nothing stands beside it, or the section was deleted",
            )
        section = replace(
            now.section(identifier), heading=aside.heading, body=parse(aside.text), state="已写",
            origin=aside.origin,
        )  # fmt: skip
        saved = self._with(now, section, "采用放在一边的文字")
        self.store.holds.drop_aside(draft.id, self.person, aside)
        return saved

    def covered(self, draft: Draft) -> Draft:
        """A draft as they may see it: what it takes from documents that they may not see is
        covered, on the page and in files."""
        view = self.assistant.view(self.viewer)
        return cover(draft, self.person, view, self._beyond())

    def is_covered(self, draft: Draft, identifier: str) -> bool:
        """Whether something of a section is covered; then they cannot edit it."""
        view = self.assistant.view(self.viewer)
        return identifier in covered_sections(draft, self.person, view, self._beyond())

    def _beyond(self) -> Beyond:
        return Beyond(self._everything, self.assistant.library.audience)

    def _everything(self) -> View:
        """The whole library: only to tell what is gone from what may not be seen."""
        return self.assistant.view(EVERYTHING)

    # --- checking and reopening -----------------------------------------------------------

    def check(self, draft: Draft) -> tuple[Draft, list[Finding]]:
        """核对: a finding for each sentence; the sections' states are saved."""
        evidence = self.evidence()
        checked, _ = check_draft(draft, evidence)
        for identifier in covered_sections(draft, self.person, evidence.view, self._beyond()):
            checked = checked.with_section(draft.section(identifier))  # they cannot judge it
        findings = findings_of(checked)
        if checked != draft:
            checked = self.keep(checked, "核对")
        return checked, findings

    def restore(self, draft: Draft, version: Version) -> Draft:
        """An earlier version, as the newest one; nothing in between is lost."""
        old = self.store.load(draft.id, self.person, version.number)
        return self.keep(replace(old, version=draft.version), f"恢复第 {version.number} 版")
