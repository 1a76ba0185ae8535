"""待补问题: what was not answered or disliked, grouped by likeness, and what is done about it."""

from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.cite.citation import address as words_at
from assistant.cite.citation import named
from assistant.office.gaps import LONGEST_NOTE, OUTCOMES, Outcome, Wanted
from assistant.office.grouping import Group, grouped
from assistant.office.sight import Sight
from assistant.pages.admin.frame import (
    Admin,
    area,
    button,
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
from vectorstore.library import View

PAGE = "/admin/gaps"
_GROUPS = 20  # of a page
_IN_LINK = 60  # ids that a link carries
_SAID = {
    "wanted": "已记入待收集文件；文件入库后点“再问一次”。",
    "outside": "已标为范围外，不再列出。",
    "reopened": "已放回列表。",
    "dropped": "已从待收集文件里划去。",
}
Typed = Annotated[str, Form()]


def add_routes(site: FastAPI, admin: Admin) -> None:
    @site.get(PAGE)
    async def listed(request: Request, page: str = "1", said: str = "") -> HTMLResponse:
        admin.require(request, "answer gaps")
        sight, view = admin.sight(request), admin.view(request).quotable
        found = await admin.in_line(request, lambda: _groups(admin, sight))
        body = _list(admin, sight, view, found, max(1, number_of(page)))
        return admin.page(request, PAGE, body, said=_SAID.get(said, ""))

    _add_wanted(site, admin)
    _add_settled(site, admin)


def _add_wanted(site: FastAPI, admin: Admin) -> None:
    """Documents that would answer, and that are to be collected."""
    gaps = admin.office.gaps

    @site.post(f"{PAGE}/want")
    def want(request: Request, ids: Typed = "", what: Typed = "") -> Response:
        admin.require(request, "answer gaps")
        open_ = gaps.these(ids_of(ids), admin.sight(request))
        what = " ".join(what.split())
        if not open_ or not what:
            return _nothing(what)
        few = [gap.id for gap in open_][:50]
        with admin.deed(request, "answer gap", outcome="文件", gaps=few):
            gaps.want(what, open_, name_of(request) or "")
        return RedirectResponse(f"{PAGE}?said=wanted", 303)

    @site.post(f"{PAGE}/unwant")
    def unwant(request: Request, id: Typed = "") -> Response:
        admin.require(request, "answer gaps")
        known = {w.id for w in gaps.wanted(admin.sight(request))}
        if (wanted := number_of(id)) not in known:
            return _nothing(id)
        with admin.deed(request, "answer gap", id[:20], outcome="划去"):
            gaps.unwant(wanted)
        return RedirectResponse(f"{PAGE}?said=dropped", 303)


def _add_settled(site: FastAPI, admin: Admin) -> None:
    """Questions that need no answer, or that were answered."""
    gaps = admin.office.gaps

    @site.post(f"{PAGE}/outside")
    def outside(request: Request, ids: Typed = "") -> Response:
        """Out of scope: nothing is asked again, since nothing is to answer."""
        admin.require(request, "answer gaps")
        open_ = [gap.id for gap in gaps.these(ids_of(ids), admin.sight(request))]
        if not open_:
            return _nothing(ids)
        few = open_[:50]
        with admin.deed(request, "answer gap", outcome="范围外", gaps=few, count=len(open_)):
            gaps.settle(open_, "范围外", name_of(request) or "")
        return RedirectResponse(f"{PAGE}?said=outside", 303)

    @site.post(f"{PAGE}/reopen")
    def reopen(request: Request, ids: Typed = "") -> Response:
        """What was settled because something answered, which does not answer after all."""
        admin.require(request, "answer gaps")
        settled = [gap.id for gap in gaps.these(ids_of(ids), admin.sight(request))]
        if not settled:
            return _nothing(ids)
        with admin.deed(request, "answer gap", outcome="放回", gaps=settled[:50]):
            gaps.reopen(settled)
        return RedirectResponse(f"{PAGE}?said=reopened", 303)

    @site.post(f"{PAGE}/retest")
    async def retest(
        request: Request, gaps: Typed = "", outcome: Typed = "", approved: Typed = "",
        wanted: Typed = "",
    ) -> Response:  # fmt: skip
        admin.require(request, "answer gaps")
        known: Outcome = next((o for o in OUTCOMES if o == outcome and o != "范围外"), "文件")
        return await settled_page(
            admin, request, ids_of(gaps), known,
            approved=approved == "yes", wanted=number_of(wanted),
        )  # fmt: skip


def _nothing(what: str) -> Response:
    sentence = "没有找到，可能已被别人处理。" if what else "请写明需要什么文件。"
    return HTMLResponse(element("p", text(sentence)), 400)


def _groups(admin: Admin, sight: Sight) -> list[Group]:
    """Heavy: questions are embedded, all distinct wordings at once."""
    waiting = admin.office.gaps.waiting()
    found = [gap for gap in admin.office.gaps.open(sight) if gap.id not in waiting]
    if not found:
        return []
    wordings = list(dict.fromkeys(gap.said for gap in found))
    vectors = admin.office.embedded(wordings)
    place = {question: i for i, question in enumerate(wordings)}
    return grouped(found, vectors[[place[gap.said] for gap in found]])


# --- the page -------------------------------------------------------------------------------------


def _list(admin: Admin, sight: Sight, view: View, groups: list[Group], page: int) -> str:
    gaps, people = admin.office.gaps, admin.services.people
    names = {a.id: a.name for a in people.people()} if people and gaps.names else {}
    settled = "，".join(f"{outcome} {n}" for outcome, n in gaps.outcomes(sight).items())
    count = sum(len(group.gaps) for group in groups)
    told = f"未处理 {count} 条，合为 {len(groups)} 组（看最近 300 条）。" + (
        f"已处理：{settled}。" if settled else ""
    )
    shown = groups[(page - 1) * _GROUPS : page * _GROUPS]
    steps = [(page - 1, "上一页", "Previous"), (page + 1, "下一页", "Next")]
    last = -(-len(groups) // _GROUPS)
    pages = join(link(zh, en, PAGE, page=n) for n, zh, en in steps if 1 <= n <= last)
    off = "" if gaps.keeps else "现在不记没有回答的问题（POLICY_OFFICE_GAPS=off）。"
    return (
        element("p", text(told + off), class_="note", role="status")
        + (
            join(_card(group, view, names) for group in shown)
            or note("没有待补的问题。", "Nothing to do.")
        )
        + element("nav", pages, class_="pager", aria_label="分页")
        + _wanted(gaps.wanted(sight))
    )


def _card(group: Group, view: View, people: dict[str, str]) -> str:
    first, last = group.days
    days = first if first == last else f"{first} 至 {last}"
    disliked = sum(gap.reason == "不满意" for gap in group.gaps)
    about = f"{len(group.gaps)} 次 · {days}" + (f" · 其中不满意 {disliked} 次" if disliked else "")
    names = dict.fromkeys(people.get(gap.who, "") for gap in group.gaps)
    about += f" · {'、'.join(list(filter(None, names))[:5])}" if any(names) else ""
    others = [question for question in group.questions if question != group.question]
    whys = dict.fromkeys(gap.why for gap in group.gaps if gap.why)
    more = join(element("li", text(said)) for said in [*others[:20], *(f"意见：{w}" for w in whys)])
    return element(
        "section",
        element("h2", text(group.question))
        + element("p", text(about), class_="about")
        + (folded(f"其他问法和意见（{len(others) + len(whys)}）", "Other wordings", element("ul", more)) if more else "")
        + _near(group, view)
        + _outcomes(group),
        class_="entry",
    )  # fmt: skip


def _near(group: Group, view: View) -> str:
    """The nearest passage, for whom its document is."""
    near = group.near
    if near is None or view.summary(near.document_id) is None:
        return ""
    address = words_at(near.document_id, near.start, near.end)
    title = element("a", text(named(near.title)), href=address)
    return element("blockquote", both("最相近：", "Nearest: ") + title + " " + text(near.quote))


def _outcomes(group: Group) -> str:
    ids = ",".join(map(str, group.ids))
    few = ",".join(map(str, group.ids[:_IN_LINK]))
    want = form(
        f"{PAGE}/want",
        hidden(ids=ids)
        + area(("需要什么文件", "What is wanted"), "what", f"能回答“{group.question[:100]}”的文件",
               rows=2, longest=LONGEST_NOTE)
        + button("记入待收集文件", "Ask for it", main=True),
    )  # fmt: skip
    return element(
        "div",
        link("加用语", "Add a term", "/admin/terms", gaps=few)
        + link("写回答", "Write an answer", "/admin/answer", gaps=few)
        + form(f"{PAGE}/retest", hidden(gaps=ids) + button("再问一次", "Ask again"))
        + form(f"{PAGE}/outside", hidden(ids=ids) + button("范围外", "Out of scope")),
        class_="line",
    ) + folded("要文件…", "Ask for a document…", want)


def _wanted(wanted: list[Wanted]) -> str:
    if not wanted:
        return ""
    items = join(element("li", _wanted_item(item)) for item in wanted)
    open_ = sum(not item.done for item in wanted)
    title = element("h2", both(f"待收集文件（{open_}）", f"Documents wanted ({open_})"))
    return title + element("ul", items, class_="wanted")


def _wanted_item(item: Wanted) -> str:
    about = element("span", text(f"{item.by or '未署名'} {item.at[:10]}"), class_="about")
    said = element("p", text(item.what) + " " + about)
    if item.done:
        return said + element("p", text(f"✓ {item.done[:10]} 已有回答"), class_="about")
    ids = ",".join(map(str, item.gaps))
    again = form(
        f"{PAGE}/retest",
        hidden(gaps=ids, outcome="文件", wanted=item.id) + button("再问一次", "Ask again"),
    )
    drop = form(f"{PAGE}/unwant", hidden(id=item.id) + button("划去", "Strike out"))
    return said + element("div", again + drop, class_="line")
