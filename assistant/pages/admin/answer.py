"""写回答: the editor of an approved answer. Its sentences must pass the check against passages of the
corpus before it is kept; /admin/answers lists what there is."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.answers.curated import NotSupported, reviewed, written
from assistant.cite.citation import address as words_at
from assistant.cite.citation import named
from assistant.cite.structure import Check
from assistant.find.evidence import Evidence
from assistant.office.curated import LONGEST_TEXT, Curated
from assistant.office.sight import Sight
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
)
from assistant.pages.admin.settling import settled_page
from assistant.pages.markup import both, element, join, text
from assistant.people.viewer import name_of
from vectorstore.errors import PolicyError
from vectorstore.library import View
from vectorstore.models import EVERYTHING, Passage

PAGE, LIST = "/admin/answer", "/admin/answers"
_LONGEST_QUESTION = 300
_OFFERED, _MOST = 6, 24  # passages of a search, of the whole editor
_SAID = {"kept": "已保存，检查通过；同样的问题从现在起给出这个回答。", "gone": "已删去。"}
Typed = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the editor. The passages have the numbers of their places, from 1."""

    question: str
    text: str = ""
    passages: tuple[str, ...] = ()  # ids
    words: str = ""  # that passages are searched with
    gaps: str = ""
    checks: tuple[Check, ...] = ()


def add_routes(site: FastAPI, admin: Admin) -> None:
    curated = admin.office.curated

    @site.get(PAGE)
    async def blank(request: Request, gaps: str = "", id: str = "") -> HTMLResponse:
        admin.require(request, "answer gaps")
        sight, view = admin.sight(request), admin.view(request).quotable
        sheet = await admin.in_line(
            request, lambda: _begun(admin, sight, view, gaps, number_of(id))
        )
        return admin.page(request, LIST, _editor(sheet, view))

    @site.post(PAGE)
    async def edit(
        request: Request, question: Typed = "", text: Typed = "", words: Typed = "",
        gaps: Typed = "", do: Typed = "find", passage: Annotated[list[str] | None, Form()] = None,
    ) -> Response:  # fmt: skip
        admin.require(request, "answer gaps")
        view = admin.view(request).quotable
        kept = tuple(i[:80] for i in (passage or [])[:_MOST])
        asked = " ".join(question.split())[:_LONGEST_QUESTION]
        sheet = Sheet(asked, text[: LONGEST_TEXT + 1], kept, words[:_LONGEST_QUESTION], gaps)
        try:
            if do != "save":
                sheet = await admin.in_line(request, lambda: _searched(admin, view, sheet))
                return admin.page(request, LIST, _editor(sheet, view))
            answer = await admin.in_line(request, lambda: _written(admin, view, sheet))
            await run_in_threadpool(_keep, admin, request, answer)
        except NotSupported as error:
            sheet = replace(sheet, checks=error.checks)
            return admin.page(request, LIST, _editor(sheet, view), error=str(error))
        except PolicyError as error:
            return admin.page(request, LIST, _editor(sheet, view), error=str(error))
        if waiting := ids_of(gaps):
            return await settled_page(admin, request, waiting, "回答", approved=True)
        return RedirectResponse(f"{LIST}?said=kept", 303)

    @site.get(LIST)
    def listed(request: Request, said: str = "") -> HTMLResponse:
        admin.require(request, "answer gaps")
        reviewed(admin.office, admin.services.assistant.view(EVERYTHING))
        body = _list(curated.seen(admin.sight(request)), admin.view(request))
        return admin.page(request, LIST, body, said=_SAID.get(said, ""))

    @site.post(f"{LIST}/remove")
    def remove(request: Request, id: Typed = "") -> Response:
        admin.require(request, "answer gaps")
        own = number_of(id)
        if own not in {c.id for c in curated.seen(admin.sight(request))}:
            return admin.page(
                request, LIST, "", error="没有这条回答，可能已被别人删去。", status=404
            )
        with admin.deed(request, "answer gap", id[:20], outcome="删去回答"):
            curated.remove(own)
        return RedirectResponse(f"{LIST}?said=gone", 303)


def _keep(admin: Admin, request: Request, answer: Curated) -> None:
    sources = [source.document_id for source in answer.sources]
    about: dict[str, Any] = {"question": answer.question, "sources": sources}
    with admin.deed(request, "answer gap", outcome="回答", **about):
        admin.office.curated.put(answer, name_of(request) or "", admin.sight(request))


def _begun(admin: Admin, sight: Sight, view: View, gaps: str, identifier: int) -> Sheet:
    """The editor as it opens, with passages: of an answer that is there, or of the question of a
    gap, made whole from what this viewer sees."""
    assistant = admin.services.assistant
    known = next((c for c in admin.office.curated.seen(sight) if c.id == identifier), None)
    if known:
        return _searched(admin, view, Sheet(known.question, words=known.question))
    question = ""
    for gap in admin.office.gaps.these(ids_of(gaps, 1), sight):
        question = gap.question
        if gap.before:
            question = assistant.question_of(gap.turns, assistant.evidence(view)).standalone
    question = question[:_LONGEST_QUESTION]
    return _searched(admin, view, Sheet(question, words=question, gaps=gaps))


def _searched(admin: Admin, view: View, sheet: Sheet) -> Sheet:
    """With the passages that are found by its words behind those that it has."""
    assistant = admin.services.assistant
    words = sheet.words.strip() or sheet.question
    if not words:
        return sheet
    evidence = assistant.evidence(view)
    question = assistant.question_of([words], evidence)
    found = [
        hit.passage.id
        for hit in evidence.search(question.query(question.where), question.where)
        if hit.document.audience.may_quote
    ]
    new = [i for i in dict.fromkeys(found) if i not in sheet.passages][:_OFFERED]
    return replace(sheet, passages=(*sheet.passages, *new)[:_MOST])


def _written(admin: Admin, view: View, sheet: Sheet) -> Curated:
    """Raises NotSupported, or PolicyError where the question is none."""
    assistant = admin.services.assistant
    evidence: Evidence = assistant.evidence(view)
    if not sheet.question:
        raise PolicyError("还没有写问题，没有保存。")
    question = assistant.question_of([sheet.question], evidence)
    return written(question, sheet.text, _passages(sheet, view), evidence)


def _passages(sheet: Sheet, view: View) -> dict[int, Passage]:
    """By number; of those that the view no longer shows there are none."""
    known = view.passages(list(sheet.passages))
    return {n: known[i] for n, i in enumerate(sheet.passages, 1) if i in known}


# --- the pages ------------------------------------------------------------------------------------


def _editor(sheet: Sheet, view: View) -> str:
    passages = _passages(sheet, view)
    kept = join(element("input", type="hidden", name="passage", value=i) for i in sheet.passages)
    content = (
        hidden(gaps=sheet.gaps)
        + kept
        + field(("问题", "Question"), "question", sheet.question, longest=_LONGEST_QUESTION,
                required=True, class_="wide")
        + area(("回答（每句话后面写所依据的段落编号，如 [1]）", "Answer, with marks [1]"), "text",
               sheet.text, rows=7, longest=LONGEST_TEXT)
        + element("div", button("检查并保存", "Check and save", main=True, name="do", value="save"), class_="line")
        + _checks(sheet.checks)
        + element("h2", both("可引用的段落", "Passages to cite"))
        + element(
            "div",
            field(("换个说法找", "Search in other words"), "words", sheet.words,
                  longest=_LONGEST_QUESTION, class_="grow")
            + button("找段落", "Search", name="do", value="find"),
            class_="line",
        )
    )  # fmt: skip
    items = join(_passage(n, passage, view) for n, passage in passages.items())
    return (
        note("写好后逐句检查：数字、文号、机关、引语都要在所引段落里有出处，通不过的不保存。",
             "Every sentence is checked against the passages it cites; what fails is not kept.")
        + form(PAGE, content, class_="stacked")
        + (element("ol", items, class_="offered-passages") if items else note("没有找到段落。", "No passages."))
    )  # fmt: skip


def _checks(checks: tuple[Check, ...]) -> str:
    items = join(
        element(
            "li",
            text(f"{'✓' if c.verdict == 'supported' else '✗'} {c.sentence}")
            + (element("span", text(f"　{c.reason}"), class_="doubt") if c.problems else ""),
        )
        for c in checks
    )
    return element("ul", items, class_="sentence-checks", role="alert") if items else ""


def _passage(number: int, passage: Passage, view: View) -> str:
    document = view.summary(passage.document_id)
    title = document.metadata.title if document else ""
    address = words_at(passage.document_id, passage.start, passage.end)
    head = (
        element("b", text(f"[{number}] "))
        + element("a", text(named(title)), href=address)
        + element("span", text(" " + " > ".join(passage.heading_path)), class_="about")
    )
    shown = passage.text[:600] + ("…" if len(passage.text) > 600 else "")
    return element("li", element("p", head) + element("blockquote", text(shown)), class_="entry")


def _list(answers: tuple[Curated, ...], view: View) -> str:
    waiting = sum(bool(c.review) for c in answers)
    told = f"共 {len(answers)} 条，其中待复核 {waiting} 条。所引文件有变化、到期或废止时自动转入待复核，不再给出。"
    return (
        element("p", text(told), class_="note")
        + element("p", link("写一条回答", "Write an answer", PAGE))
        + join(_entry(answer, view) for answer in answers)
    )


def _entry(answer: Curated, view: View) -> str:
    """Of an answer with a source that may not be quoted any more, only the question."""
    sources = [view.summary(source.document_id) for source in answer.sources]
    shown = all(d is None or d.audience.may_quote for d in sources)
    state = element("span", text("待复核" if answer.review else "在用"),
                    class_=f"state {'caution' if answer.review else 'good'}")  # fmt: skip
    about = element("span", text(f"{answer.by or '未署名'} {answer.at[:10]}"), class_="about")
    titles = join(element("li", text(f"[{s.mark}] {named(s.title)}")) for s in answer.sources)
    body = element("p", text(answer.text), class_="as-written") + element("ul", titles)
    again = link("改写", "Rewrite", PAGE, id=answer.id)
    drop = form(f"{LIST}/remove", hidden(id=answer.id) + button("删去", "Remove"))
    return element(
        "section",
        element("h2", text(answer.question))
        + element("p", state + " " + about)
        + (element("p", text(answer.review), class_="doubt") if answer.review else "")
        + (
            folded("回答和出处", "Answer and sources", body)
            if shown
            else note("所引文件不供引用，内容不显示。", "Its sources may not be quoted.")
        )
        + element("div", again + drop, class_="line"),
        class_="entry",
    )
