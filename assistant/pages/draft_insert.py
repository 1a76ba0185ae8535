"""/drafts/…/insert: passages and rows of facts looked for, and put into a section with their
citation."""

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from assistant.cite.citation import named
from assistant.cite.structure import Line
from assistant.drafting.inserting import MAX_WORDS, Insertable, facts_for, passages_for, quote_of
from assistant.drafting.models import Draft, Section
from assistant.pages.draft_desks import DraftDesks, Field
from assistant.pages.markup import both, element, join, text
from assistant.pages.shell import problem
from vectorstore.errors import PolicyError
from vectorstore.language.text import squeeze

TITLE = ("插入原文或指标", "Insert a passage or a figure")
_SHOWN = 24  # characters of a paragraph that stand for it in a list


def add_insert_routes(site: FastAPI, at: DraftDesks) -> None:
    @site.get("/drafts/{draft_id}/insert")
    def looked_for(
        request: Request, draft_id: str, section: str = "", words: str = "", said: str = ""
    ) -> Response:
        return _page(at, request, draft_id, section, words, said=said)

    @site.post("/drafts/{draft_id}/insert")
    def insert(
        request: Request, draft_id: str, section: Field = "", words: Field = "", key: Field = "",
        after: Field = "",
    ) -> Response:  # fmt: skip
        desk, draft = at.whole(request, draft_id)
        try:
            if all(s.id != section for s in draft.sections):
                raise PolicyError("请先选一个部分", "Choose a section first")
            desk.require_free(draft, section)
            quote = quote_of(key, desk.evidence())
            if quote is None:
                raise PolicyError(
                    "没有这一段，文件可能已更新，请再查一次", "It is not there any more"
                )
            place = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else None
            desk.insert_quote(draft, section, quote, place)
        except PolicyError as error:
            return _page(at, request, draft_id, section, words, error=error)
        query = urlencode({"section": section, "words": words, "said": "inserted"})
        return RedirectResponse(f"/drafts/{draft.id}/insert?{query}", 303)


def _page(
    at: DraftDesks, request: Request, draft_id: str, section: str, words: str, *,
    said: str = "", error: PolicyError | None = None,
) -> Response:  # fmt: skip
    desk, draft = at.opened(request, draft_id)
    chosen = next((s for s in draft.sections if s.id == section), None)
    into = chosen if at.may_write(desk, draft) else None
    words = words[:MAX_WORDS]
    evidence = desk.evidence()
    passages = passages_for(words, evidence) if words.strip() else []
    facts = facts_for(words, evidence) if words.strip() else []
    place = f"/draft?draft={draft.id}" + (f"&section={section}" if chosen else "")
    back = element("a", both("回到稿子", "Back"), href=place, class_="tool")
    done = element("p", both("已插入，出处编了号。", "Inserted with its source."), role="status", class_="done")  # fmt: skip
    body = (
        element("h1", both(*TITLE)) + element("p", text(f"{named(draft.title)} ") + back)
        + (done if said == "inserted" else "") + (problem(error) if error else "")
        + _form(draft, section, words)
        + (_group(("原文", "Passages"), passages, draft, into, words) if words.strip() else "")
        + (_group(("指标与分工", "Figures and duties"), facts, draft, into, words) if words.strip() else "")
    )  # fmt: skip
    return at.page(request, TITLE, body, 400 if error else 200)


def _form(draft: Draft, section: str, words: str) -> str:
    options = join(
        element("option", text(s.name), value=s.id, selected=s.id == section)
        for s in draft.sections
    )
    to = element("label", both("插到哪一部分", "Into") + element("select", options, name="section"))
    box = element("input", type="text", name="words", value=words, maxlength=MAX_WORDS,
                  required=True, autofocus=not words)  # fmt: skip
    button = element("button", both("查资料库", "Search"), type="submit", class_="tool")
    return element("form", to + element("label", both("找什么", "Look for") + box) + button,
                   method="get", action=f"/drafts/{draft.id}/insert", class_="row")  # fmt: skip


def _group(
    name: tuple[str, str], found: Sequence[Insertable], draft: Draft, section: Section | None,
    words: str,
) -> str:  # fmt: skip
    head = element("h2", both(f"{name[0]}（{len(found)}）", f"{name[1]} ({len(found)})"))
    if not found:
        return head + element("p", both("没有找到。", "Nothing found."), class_="note")
    return head + join(_one(one, draft, section, words) for one in found)


def _one(one: Insertable, draft: Draft, section: Section | None, words: str) -> str:
    path = " › ".join((named(one.document.metadata.title), *one.path[-2:]))
    state = element("span", text(one.document.state), class_="state plain")
    quote = element("blockquote", text(squeeze(one.text)))
    form = _insert_form(one, draft, section, words) if section else ""
    return element("div", element("p", text(path) + " " + state, class_="note") + quote + form,
                   class_="own-note")  # fmt: skip


def _insert_form(one: Insertable, draft: Draft, section: Section, words: str) -> str:
    kept = {"section": section.id, "words": words, "key": one.key}
    hidden = join(element("input", type="hidden", name=k, value=v) for k, v in kept.items())
    places = element("option", text("末尾 · the end"), value="") + join(
        element("option", text(f"{_start(block.text)}…"), value=number)
        for number, block in enumerate(section.body)
        if isinstance(block, Line) and block.text.strip()
    )
    after = element(
        "label", both("放在哪一段后面", "Behind") + element("select", places, name="after")
    )
    button = element("button", both("插入", "Insert"), type="submit", class_="tool")
    return element("form", hidden + after + button, method="post",
                   action=f"/drafts/{draft.id}/insert", class_="row")  # fmt: skip


def _start(words: str) -> str:
    return words.strip()[:_SHOWN]
