"""备份: made now, listed, checked. Restoring is done on the command line, with the program stopped."""

from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.office.backups import Backup, BackupDesk
from assistant.pages.admin.frame import Admin, button, form, hidden, note, sheet
from assistant.pages.admin.state import size
from assistant.pages.markup import both, element, text
from assistant.people.log import recorded
from assistant.people.viewer import who_of
from vectorstore.errors import PolicyError

PAGE = "/admin/backups"
Outcome = Callable[[bool, str], None]  # hears whether it went well, and what of it


def add_routes(site: FastAPI, admin: Admin, desk: BackupDesk) -> None:
    @site.get(PAGE)
    def listed(request: Request) -> HTMLResponse:
        admin.require(request, "look after the system")
        return admin.page(request, PAGE, _list(desk))

    def begun(request: Request, what: str, begin: Callable[[Outcome], bool]) -> Response:
        """What goes on in the background has its second entry, if it fails, when it ends."""
        log, who = admin.services.log, who_of(request)

        def ended(went_well: bool, said: str) -> None:
            if not went_well:
                log.record(who.did("back up", what, "failed", said=said))

        try:
            with recorded(log, who.did("back up", what)):
                is_begun = begin(ended)
            if not is_begun:
                ended(False, "已有一项正在进行")
        except PolicyError as error:
            return admin.page(request, PAGE, _list(desk), error=str(error))
        return RedirectResponse(PAGE, 303)

    @site.post(f"{PAGE}/make")
    def make(request: Request) -> Response:
        admin.require(request, "look after the system")
        return begun(request, "make", desk.start)

    @site.post(f"{PAGE}/check")
    def check(request: Request, name: Annotated[str, Form()] = "") -> Response:
        admin.require(request, "look after the system")
        return begun(request, "check", lambda ended: desk.check(name[:200], ended))


def _list(desk: BackupDesk) -> str:
    backups = desk.tools.listed()
    last = backups[0].made if backups else ""
    told = f"最近一次成功的备份：{last[:16].replace('T', ' ')}（UTC）" if last else "还没有备份。"
    return (
        element("p", text(told), class_="note")
        + _doing(desk)
        + note(f"放在 {desk.tools.folder}。包括目录库、稿件、人员、问答记录、审计日志、本单位设置和上传的文件；"
               "向量不备份，恢复后自动重建。恢复：停下程序，运行 python -m ingest restore 备份目录 --force。",
               "Kept in the folder above; restore on the command line.")
        + (sheet(_HEADER, map(_row, backups), "备份") if backups else "")
    )  # fmt: skip


def _doing(desk: BackupDesk) -> str:
    if desk.doing:
        again = element("a", both("看看完成没有", "Refresh"), class_="tool", href=PAGE)
        return element("p", text(f"{desk.doing}… ") + again, role="status")
    start = form(f"{PAGE}/make", button("现在备份", "Back up now", main=True))
    if desk.said is None:
        return start
    went_well, said = desk.said
    class_ = "done" if went_well else "problem"
    return element("p", text(said), class_=class_, role="status" if went_well else "alert") + start


_HEADER = (
    ("备份", "Backup"), ("时间（UTC）", "Made"), ("文件", "Documents"), ("大小", "Size"),
    ("程序版本", "Version"), ("", ""),
)  # fmt: skip


def _row(backup: Backup) -> list[str]:
    check = form(f"{PAGE}/check", hidden(name=backup.path.name) + button("检查", "Check"))
    made = backup.made[:16].replace("T", " ")
    return [text(backup.path.name), text(made), text(backup.documents), text(size(backup.bytes)),
            text(backup.program), check]  # fmt: skip
