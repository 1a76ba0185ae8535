"""本单位用语: everyday wordings and renamed organs, with a preview before anything is kept."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.office.term_store import TermStore
from assistant.office.terms import (
    LONGEST,
    LONGEST_ORGAN,
    BadTerm,
    Renamed,
    Term,
    Terms,
    read_renamed,
    read_terms,
    refuse_contradiction,
)
from assistant.pages.admin.frame import (
    Admin,
    area,
    button,
    field,
    folded,
    form,
    hidden,
    ids_of,
    link,
    note,
    number_of,
    sheet,
)
from assistant.pages.admin.settling import settled_page
from assistant.pages.admin.trying import SHOWN, TRIED, Difference, Understanding, differences
from assistant.pages.markup import both, element, join, text
from assistant.people.viewer import name_of
from vectorstore.errors import PolicyError

PAGE = "/admin/terms"
_EXAMPLES = 2000  # characters of questions that somebody types to try
_SAID = {"kept": "已保存，从下一个问题起生效。", "gone": "已删去，从下一个问题起生效。"}
Typed = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to do: as it was typed, and as it is carried through the preview."""

    what: str  # term | renamed, with an id: changed; drop term | drop renamed: removed
    id: int = 0
    wordings: str = ""
    term: str = ""
    old: str = ""
    new: str = ""
    since: str = ""
    until: str = ""

    def hidden(self) -> str:
        return hidden(
            what=self.what, id=self.id, wordings=self.wordings, term=self.term, old=self.old,
            new=self.new, since=self.since, until=self.until,
        )  # fmt: skip

    @property
    def terms(self) -> list[Term]:
        """Raises BadTerm; of a term that is changed there is one."""
        found = read_terms(self.wordings, self.term)
        if self.id and len(found) > 1:
            raise BadTerm("修改一条时只写一个口头说法，没有保存。")
        return found

    @property
    def renamed(self) -> Renamed:
        """Raises BadTerm."""
        return read_renamed(self.old, self.new, self.since, self.until)

    def after(self, known: Terms) -> Terms:
        """The terms as they would be. Raises BadTerm."""
        if self.what == "drop term":
            return known.without(term=self.id)
        if self.what == "drop renamed":
            return known.without(renamed=self.id)
        if self.what == "renamed":
            base = known.without(renamed=self.id) if self.id else known
            return base.with_renamed(self.renamed)
        base = known.without(term=self.id) if self.id else known
        refuse_contradiction(self.terms, base)
        return base.with_term(*self.terms)

    def apply(self, store: TermStore, by: str) -> None:
        """Raises BadTerm."""
        if self.what == "drop term":
            store.remove(self.id)
        elif self.what == "drop renamed":
            store.remove_renamed(self.id)
        elif self.what == "renamed":
            store.add_renamed(self.renamed, by, instead_of=self.id)
        elif self.id:
            store.change(self.id, self.terms[0], by)
        else:
            store.add(self.terms, by)

    def said(self, known: Terms) -> str:
        """In a few words, for the preview and the log."""
        if self.what == "drop term":
            gone = next((t for t in known.terms if t.id == self.id), None)
            return f"删去：{gone.wording} → {gone.term}" if gone else "删去"
        if self.what == "drop renamed":
            organ = next((r for r in known.renamed if r.id == self.id), None)
            return f"删去：{organ.old} → {organ.new}" if organ else "删去"
        if self.what == "renamed":
            return self.renamed.said
        return "、".join(t.wording for t in self.terms) + f" → {self.terms[0].term}"


def add_routes(site: FastAPI, admin: Admin) -> None:
    store = admin.office.terms

    @site.get(PAGE)
    def listed(request: Request, gaps: str = "", said: str = "") -> HTMLResponse:
        admin.require(request, "answer gaps")
        change = Change("term", wordings=_matter(admin, request, gaps))
        return admin.page(request, PAGE, _list(store.now(), change, gaps), said=_SAID.get(said, ""))

    @site.post(f"{PAGE}/preview")
    async def preview(
        request: Request, what: Typed = "term", id: Typed = "", wordings: Typed = "",
        term: Typed = "", old: Typed = "", new: Typed = "", since: Typed = "", until: Typed = "",
        examples: Typed = "", gaps: Typed = "",
    ) -> HTMLResponse:  # fmt: skip
        admin.require(request, "answer gaps")
        change = _change(what, id, wordings, term, old, new, since, until)
        known = store.now()
        try:
            after = change.after(known)
        except BadTerm as error:
            return admin.page(request, PAGE, _list(known, change, gaps), error=str(error))
        tried = _tried(examples, admin, request)
        view = admin.view(request)
        found = await admin.in_line(
            request, lambda: differences(admin.services.assistant, view, tried, known, after)
        )
        body = _preview(change, known, found, len(tried[:TRIED]), examples, gaps)
        return admin.page(request, PAGE, body)

    @site.post(f"{PAGE}/save")
    async def save(
        request: Request, what: Typed = "term", id: Typed = "", wordings: Typed = "",
        term: Typed = "", old: Typed = "", new: Typed = "", since: Typed = "", until: Typed = "",
        gaps: Typed = "",
    ) -> Response:  # fmt: skip
        admin.require(request, "answer gaps")
        change = _change(what, id, wordings, term, old, new, since, until)
        known = store.now()
        try:
            change.after(known)  # nothing is noted of what cannot be kept
            await run_in_threadpool(_apply, admin, request, change, known)
        except PolicyError as error:
            return admin.page(request, PAGE, _list(known, change, gaps), error=str(error))
        if waiting := ids_of(gaps):
            return await settled_page(admin, request, waiting, "用语")
        done = "gone" if change.what.startswith("drop") else "kept"
        return RedirectResponse(f"{PAGE}?said={done}", 303)


def _apply(admin: Admin, request: Request, change: Change, known: Terms) -> None:
    about = {"what": change.what, "said": change.said(known)}
    with admin.deed(request, "change terms", str(change.id), **about):
        change.apply(admin.office.terms, name_of(request) or "")


def _change(what: str, id_: str, *typed: str) -> Change:
    known = what if what in ("renamed", "drop term", "drop renamed") else "term"
    return Change(known, number_of(id_), *(words[:400] for words in typed))


def _matter(admin: Admin, request: Request, gaps: str) -> str:
    """What the first of some questions is about: the wording that may stand for a term."""
    asked = admin.office.gaps.these(ids_of(gaps, 1), admin.sight(request))
    if not asked:
        return ""
    assistant = admin.services.assistant
    question = assistant.question_of(asked[0].turns, assistant.evidence(admin.view(request)))
    return (question.matter or question.about)[:LONGEST]


def _tried(examples: str, admin: Admin, request: Request) -> list[tuple[str, ...]]:
    """What somebody typed, or else the last questions that are known and for them."""
    typed = [line.strip()[:300] for line in examples[:_EXAMPLES].splitlines() if line.strip()]
    return [(t,) for t in typed] or admin.office.gaps.questions(admin.sight(request), TRIED)


# --- the page -------------------------------------------------------------------------------------


def _list(known: Terms, typed: Change, gaps: str) -> str:
    is_organ = typed.what == "renamed"
    empty = Change("term")
    return (
        note("大家平时怎么说、文件里怎么写，登记在这里：提问里出现口头说法时，按规范用语查找，页面上会显示“理解为”。"
             "用语只是文字，不是通配符；先预览，再保存。",
             "Everyday wordings and the official terms they stand for. Preview first, then save.")
        + element("h2", both("添加用语", "Add a term"))
        + _term_form(empty if is_organ else typed, gaps)
        + element("h2", both(f"用语（{len(known.terms)}）", f"Terms ({len(known.terms)})"))
        + (join(map(_term_row, known.terms)) or note("还没有登记。", "None yet."))
        + element("h2", both("机关更名", "Renamed organs"))
        + note("用旧名称提问，也查新名称的文件；反过来一样。回答下面会说明。",
               "A question with one name finds documents of the other, and says so.")
        + _organ_form(typed if is_organ else Change("renamed"))
        + join(map(_organ_row, known.renamed))
    )  # fmt: skip


def _term_form(typed: Change, gaps: str = "") -> str:
    content = (
        hidden(what="term", id=typed.id, gaps=gaps)
        + field(("口头说法（几个用、隔开）", "Wordings"), "wordings", typed.wordings, longest=200,
                required=True, class_="grow")
        + field(("规范用语", "Official term"), "term", typed.term, longest=LONGEST, required=True, class_="grow")
        + button("预览", "Preview", main=True)
    )  # fmt: skip
    return form(f"{PAGE}/preview", content, class_="line")


def _organ_form(typed: Change) -> str:
    content = (
        hidden(what="renamed", id=typed.id)
        + field(("旧名称", "Old name"), "old", typed.old, longest=LONGEST_ORGAN, required=True, class_="grow")
        + field(("新名称", "New name"), "new", typed.new, longest=LONGEST_ORGAN, required=True, class_="grow")
        + field(("从哪天起", "Since"), "since", typed.since, kind="date", required=True)
        + field(("新名称用到（可空）", "Until"), "until", typed.until, kind="date")
        + button("预览", "Preview", main=True)
    )  # fmt: skip
    return form(f"{PAGE}/preview", content, class_="line")


def _term_row(term: Term) -> str:
    change = Change("term", term.id, term.wording, term.term)
    return _row(
        element("b", text(term.wording)) + " → " + element("b", text(term.term)),
        term.by, term.at, _term_form(change), Change("drop term", term.id),
    )  # fmt: skip


def _organ_row(organ: Renamed) -> str:
    until = organ.until.isoformat() if organ.until else ""
    change = Change("renamed", organ.id, old=organ.old, new=organ.new,
                    since=organ.since.isoformat(), until=until)  # fmt: skip
    return _row(text(organ.said), organ.by, organ.at, _organ_form(change),
                Change("drop renamed", organ.id))  # fmt: skip


def _row(said: str, by: str, at: str, edit: str, drop: Change) -> str:
    who = element("span", text(f"{by or '未署名'} {at[:10]}"), class_="about")
    dropping = form(f"{PAGE}/preview", drop.hidden() + button("删去…", "Remove…"))
    content = element("p", f"{said} {who}") + folded("修改", "Change", edit + dropping)
    return element("div", content, class_="entry")


def _preview(
    change: Change, known: Terms, found: list[Difference], tried: int, examples: str, gaps: str
) -> str:
    more = f"（只列 {SHOWN} 个，可能还有）" if len(found) == SHOWN else ""
    count = both(
        f"试了 {tried} 个问题，其中 {len(found)} 个的理解会变{more}。",
        f"{tried} questions tried, {len(found)} understood otherwise.",
    )
    saving = form(
        f"{PAGE}/save",
        change.hidden() + hidden(gaps=gaps) + button("保存", "Save", main=True),
    )
    again = form(
        f"{PAGE}/preview",
        change.hidden()
        + hidden(gaps=gaps)
        + area(("换几个问题试（一行一个）", "Try other questions"), "examples", examples, rows=3, longest=_EXAMPLES)
        + button("再预览", "Preview again"),
    )  # fmt: skip
    return (
        element("h2", both("预览", "Preview"))
        + element("p", element("b", text(change.said(known))))
        + element("p", count, role="status")
        + (sheet(_HEADER, map(_difference, found), "预览") if found else "")
        + element("div", saving + link("不保存", "Cancel", PAGE), class_="line")
        + again
    )


_HEADER = (("问题", "Question"), ("现在", "Now"), ("保存后", "After"))


def _difference(difference: Difference) -> list[str]:
    return [
        text(difference.question),
        _side(difference.before),
        _side(difference.after),
    ]


def _side(side: Understanding) -> str:
    added = f"同时查找：{'、'.join(side.added)}" if side.added else ""
    lines = [text(f"理解为：{side.read_as}"), text(added)]
    titles = join(element("li", text(title)) for title in side.documents)
    lines.append(element("ol", titles) if titles else text("没有找到文件"))
    return join(element("div", line) for line in lines if line)
