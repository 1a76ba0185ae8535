"""An outcome of a gap counts only if its questions are answered now: they are asked again, and the
page shows what came of it."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from assistant.office.gaps import Gap, Outcome, in_one_line
from assistant.pages.admin.frame import Admin, button, form, hidden, link, sheet
from assistant.pages.admin.trying import ASKED, Again, asked_again
from assistant.pages.markup import both, element, text
from assistant.people.viewer import name_of, viewer_of

PAGE = "/admin/gaps"


async def settled_page(
    admin: Admin,
    request: Request,
    ids: Sequence[int],
    outcome: Outcome,
    *,
    approved: bool = False,
    wanted: int = 0,
) -> HTMLResponse:
    """Asks the questions again, settles those that are answered, and shows each.

    Where somebody was not content with an answer, that there is one says nothing: such a question
    is settled by a person who has read the new one (`approved`). `wanted` is the document that
    they waited for: it has come when all are answered.
    """
    sight = admin.sight(request)
    gaps = admin.office.gaps.these(ids, sight)
    viewer = viewer_of(request)
    questions = list(dict.fromkeys(gap.turns for gap in gaps))
    again = await admin.in_line(
        request, lambda: asked_again(admin.services.assistant, viewer, questions)
    )
    answered = {a.turns for a in again if a.is_answered}
    good = [g for g in gaps if g.turns in answered and (approved or g.reason == "没有回答")]
    doubtful = [g for g in gaps if g.turns in answered and g not in good]
    seen = wanted in {w.id for w in admin.office.gaps.wanted(sight)}
    come = wanted if seen and again and len(answered) == len(questions) else 0
    if good or come:
        settled = [gap.id for gap in good]
        await run_in_threadpool(_settle, admin, request, settled, outcome, come)
    return admin.page(request, PAGE, _result(again, len(questions), good, doubtful, outcome))


def _settle(
    admin: Admin, request: Request, settled: Sequence[int], outcome: Outcome, come: int
) -> None:
    """`come` is the document that was waited for and has come, 0 for none."""
    about: dict[str, Any] = {"gaps": settled[:50], "count": len(settled), "came": come}
    with admin.deed(request, "answer gap", outcome=outcome, **about):
        admin.office.gaps.settle(settled, outcome, name_of(request) or "")
        if come:
            admin.office.gaps.came(come)


def _result(
    again: Sequence[Again], asked: int, good: Sequence[Gap], doubtful: Sequence[Gap], outcome: str
) -> str:
    rows = [
        [text(in_one_line(a.turns)), both(*(_YES if a.is_answered else _NO)), text(a.said)]
        for a in again
    ]
    header = (("问题", "Question"), ("现在", "Now"), ("回答", "Answer"))
    told = f"重新问了 {len(again)} 个问题，{len(good)} 条记为已解决（{outcome}）。"
    if asked > ASKED:
        told += f"这一组共 {asked} 种问法，其余的仍留在列表里。"
    confirm = ""
    if good:
        back = hidden(ids=",".join(str(gap.id) for gap in good))
        confirm = form(f"{PAGE}/reopen", back + button("没有答对，放回列表", "Not right: put back"))
    if doubtful:
        ids = ",".join(str(gap.id) for gap in doubtful)
        confirm += element("p", text("有人对这里的回答不满意。看过上面的新回答，确认答对了再记为已解决：")) + form(
            f"{PAGE}/retest", hidden(gaps=ids, outcome=outcome, approved="yes")
            + button("答对了，记为已解决", "It is right", main=True))  # fmt: skip
    return (
        element("h2", both("重新提问的结果", "Asked again"))
        + element("p", text(told), role="status", class_="done" if good else "note")
        + sheet(header, rows, "重新提问的结果")
        + confirm
        + element("p", link("回到待补问题", "Back to the gaps", PAGE))
    )


_YES = ("✓ 有回答", "✓ answered")
_NO = ("✗ 仍没有回答", "✗ not answered")
