"""系统状态 and 使用情况: what the program is, and how much it is used, in numbers."""

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from assistant.office.counts import Use
from assistant.pages.admin.frame import Admin, folded, note, sheet
from assistant.pages.markup import both, element, join, text
from assistant.state import disk, index_state, models, settings_in_force, versions
from vectorstore.library import View

_DOCUMENTS = 20
Rows = list[tuple[str, str]]


def add_routes(site: FastAPI, admin: Admin) -> None:
    @site.get("/admin/state")
    def state(request: Request) -> HTMLResponse:
        admin.require(request, "look after the system")
        return admin.page(request, "/admin/state", _state(admin))

    @site.get("/admin/use")
    def use(request: Request) -> HTMLResponse:
        admin.require(request, "look after the system")
        return admin.page(request, "/admin/use", _use(admin, admin.view(request)))


def _state(admin: Admin) -> str:
    services, line = admin.services, admin.line
    index, space = index_state(services), disk(services)
    sound = ("✓ 与目录库一致" if index.is_sound else "✗ 与目录库不一致：正在更新，或运行 python -m ingest --rebuild")  # fmt: skip
    parts: list[tuple[tuple[str, str], Rows]] = [
        (("索引", "Index"), [
            ("文件", f"{index.documents} 份"), ("段落", f"{index.passages} 个"), ("向量", sound),
            ("索引代次", str(index.generation)), ("最近入库", index.last_ingest[:16].replace("T", " ") or "—"),
        ]),
        (("磁盘", "Disk"), [
            ("数据目录", space.folder), ("已用", size(space.own)),
            ("所在磁盘", f"剩 {size(space.free)}，共 {size(space.total)}"),
        ]),
        (("排队", "Queue"), [
            ("正在处理", f"{line.working} 个，最多 {line.at_once} 个"),
            ("等待", f"{line.waiting} 个，最多 {line.longest} 个，每人最多 {line.each} 个"),
        ]),
        (("模型", "Models"), models(services)),
        (("版本", "Versions"), versions()),
    ]  # fmt: skip
    shown = join(element("h2", both(*label)) + _pairs(rows) for label, rows in parts)
    settings = [
        [text(s.name), element("b", text(s.value)) if not s.is_default else text(s.value), text(s.what)]
        for s in settings_in_force(services)
    ]  # fmt: skip
    header = (("设置", "Setting"), ("现在的值", "Value"), ("说明", "Description"))
    table = note(
        "与默认不同的值加粗；密钥不显示。", "Values that differ from the default are bold."
    )
    return shown + folded(
        "现行设置", "Settings in force", table + sheet(header, settings, "现行设置")
    )


def _pairs(rows: Rows) -> str:
    items = join(
        element("div", element("dt", text(name)) + element("dd", text(value)))
        for name, value in rows
    )
    return element("dl", items, class_="pairs")


def size(count: int) -> str:
    """Bytes for people."""
    amount = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit in ("B", "KB") else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"


def _use(admin: Admin, view: View) -> str:
    counts = admin.office.counts
    total, (up, down) = counts.total, admin.office.votes.counts()
    told = (
        f"共 {total.times} 次提问，{total.refused} 次没有回答（{total.share}%）；"
        f"有用 {up} 次，无用 {down} 次。只记次数，不记问题和人。"
    )
    header = (("提问", "Asked"), ("没有回答", "Unanswered"), ("占比", "Share"))
    return (
        element("p", text(told), class_="note", role="status")
        + element("h2", both("按日", "By day"))
        + _table(("日期", "Day"), header, counts.by_day())
        + element("h2", both("按部门", "By department"))
        + _table(("部门", "Department"), header, _named(admin, counts.by_department()))
        + element("h2", both("按文件（被引用的次数）", "By document"))
        + _documents(counts.by_document(), view)
    )


def _named(admin: Admin, found: list[Use]) -> list[Use]:
    names = admin.department_names()
    return [Use(names.get(u.name, u.name) or "没有部门", u.times, u.refused) for u in found]


def _table(first: tuple[str, str], header: tuple[tuple[str, str], ...], found: list[Use]) -> str:
    if not found:
        return note("还没有人提问。", "Nothing asked yet.")
    rows = [[text(u.name), text(u.times), text(u.refused), text(f"{u.share}%")] for u in found]
    return sheet((first, *header), rows, first[0])


def _documents(found: list[tuple[str, int]], view: View) -> str:
    """Those that the viewer sees; of all others nothing, not even how many there are."""
    seen = [(summary, n) for i, n in found if (summary := view.summary(i)) is not None]
    if not seen:
        return note("还没有被引用的文件。", "None cited yet.")
    rows = [
        [element("a", text(s.metadata.title), href=f"/documents/{s.id}"), text(n)]
        for s, n in seen[:_DOCUMENTS]
    ]
    more = note(f"只列前 {_DOCUMENTS} 份，共 {len(seen)} 份被引用过。", f"The first {_DOCUMENTS} of {len(seen)}.")  # fmt: skip
    header = (("文件", "Document"), ("次数", "Times"))
    return sheet(header, rows, "按文件") + (more if len(seen) > _DOCUMENTS else "")
