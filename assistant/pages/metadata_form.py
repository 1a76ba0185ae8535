"""The form in which a document's metadata are corrected, with the history below it; and the list
of documents of which something was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.cite.citation import named
from assistant.pages.by_hand import name_of_field, on_page, place, said_of, shown
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.shell import problem
from assistant.pages.typed_fields import CHOICES, LONGEST
from vectorstore.corrections import (
    DATES,
    FIELDS,
    LONGEST_NAME,
    LONGEST_REASON,
    Correction,
    standing,
    to_confirm,
    written,
)
from vectorstore.library import View
from vectorstore.models import DocumentSummary

TITLE = ("改正过的文件信息", "Corrected metadata")
EDITOR = ("改正文件信息", "Correct metadata")
_NONE_YET = (
    "还没有改正过。要改正一份文件：在文件库里点它的“详情”，再点“改正信息”。",
    "Nothing was corrected yet. To correct a document, open “More” beside it in the library, then “Correct”.",
)
_SAID = {
    "kept": (
        "已改正；筛选、引用、答案和时效状态从现在起按它。",
        "Corrected; it counts from now on.",
    ),
    "undone": ("已撤销，恢复为机器读到的。", "Undone; what was read counts again."),
    "confirmed": ("已沿用到新版。", "Confirmed for this version."),
}
_HINTS = {
    "document_number": ("如 国办发〔2021〕20号", "e.g. 国办发〔2021〕20号"),
    "issuer": ("几个机关用顿号隔开", "several organs apart by 、"),
    "region": ("从省写起，如 云南省/保山市", "from the province down, apart by /"),
    "period": ("如 2021—2025", "e.g. 2021—2025"),
}
_LISTED = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent, when it was not kept, and why; or what was done."""

    form: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    status: int = 200
    said: str = ""


def editor_body(
    view: View, document: DocumentSummary, sent: Sent, allowed: bool, english: bool
) -> str:
    """`allowed`: whoever may not correct sees what was."""
    history = view.corrections([document.id])
    waiting = to_confirm(document.metadata, standing(history))
    link = element("a", text(named(document.metadata.title)), href=f"/documents/{document.id}")
    more = element("a", both("改正过的全部文件", "All corrected documents"), href="/metadata")
    note = both(
        "机器读错或没有读到的，在这里改正并写明理由。改正后显示为“人工改正”，立即用于筛选、引用和答案；"
        "重新导入、更新版本都保留。",
        "Correct what was read wrongly or not at all, with a reason. It shows as corrected by hand, "
        "counts at once, and stays when the file is read again.",
    )  # fmt: skip
    return (
        element("h1", both(*EDITOR))
        + element("p", link + text("　") + more)
        + element("p", note, class_="note")
        + (element("p", both(*_SAID[sent.said]), class_="done", role="status")
           if sent.said in _SAID else "")
        + (problem(sent.error) if sent.error else "")
        + _form(document, standing(history), waiting, sent, allowed, english)
        + _history(history)
    )  # fmt: skip


def _form(
    document: DocumentSummary,
    counts: Mapping[str, Correction],
    waiting: Sequence[str],
    sent: Sent,
    allowed: bool,
    english: bool,
) -> str:
    rows = join(
        _row(document, name, counts.get(name) if name in waiting else None, sent, allowed, english)
        for name in FIELDS
    )
    if not allowed:
        return element("div", rows, class_="fields")
    reason = element(
        "label",
        both("改正的理由（必填）", "Reason (required)")
        + element("input", type="text", name="reason", maxlength=LONGEST_REASON, autocomplete="off",
                  value=sent.form.get("reason", "")[: 2 * LONGEST_REASON], required=True,
                  placeholder=pick(english, "如 依据纸质件首页", "e.g. the paper copy says so")),
        class_="reason",
    ) + element(
        "label",
        both("署名", "Your name")
        + element("input", type="text", name="who", maxlength=LONGEST_NAME, autocomplete="name",
                  value=sent.form.get("who", "")[:LONGEST_NAME]),
        class_="who",
    )  # fmt: skip
    save = element("button", both("保存改正", "Save"), type="submit", class_="tool main")
    # Enter in a box presses the first button; none of the fields' own buttons shall be meant.
    first = element("button", type="submit", disabled=True, hidden=True)
    inside = first + rows + element("div", reason + save, class_="keeping")
    return element(
        "form", inside, method="post", action=f"/metadata/{document.id}", class_="fields"
    )


def _row(
    document: DocumentSummary,
    name: str,
    asks: Correction | None,
    sent: Sent,
    allowed: bool,
    english: bool,
) -> str:
    """One field: its value, where it was read or who corrected it; `asks` is a correction of
    which something else is read by now."""
    metadata = document.metadata
    now, hand = written(metadata, name) or "", metadata.by_hand.get(name)
    told = element("span", said_of(hand), class_="told", id=f"told-{name}") if hand else ""
    told += place(metadata, name, on_page(document.id))
    if not now and not hand:
        told = element("span", both("未载明", "not stated"), class_="aside", id=f"told-{name}")
    if not allowed:
        return element("div", element("b", name_of_field(name)) + element("span", shown(now or None)) + told,
                       class_="field")  # fmt: skip
    label = element("label", name_of_field(name), for_=f"field-{name}")
    box = _box(name, sent.form.get(name, now), now, english, described=bool(told))
    kept = element("input", type="hidden", name=f"was.{name}", value=now)
    return element(
        "div",
        label + box + kept + element("p", told + _deeds(document.id, name, hand is not None, asks)),
        class_="field waits" if asks else "field",
    )


def _box(name: str, value: str, now: str, english: bool, *, described: bool) -> str:
    hint = pick(english, *_HINTS[name]) if name in _HINTS else None
    common = {"id": f"field-{name}", "name": name, "aria_describedby": f"told-{name}" if described else None}  # fmt: skip
    if name == "status":
        offered = dict.fromkeys(("", *CHOICES["status"], *filter(None, (now,))))
        options = join(
            element("option", text(o or pick(english, "未载明", "not stated")), value=o, selected=o == value)
            for o in offered
        )  # fmt: skip
        return element("select", options, **common)
    kind = "date" if name in DATES and (not value or _is_iso(value)) else "text"
    listed = "kinds" if name == "kind" else None
    box = element("input", type=kind, value=value, maxlength=None if kind == "date" else 2 * LONGEST.get(name, 40),
                  placeholder=hint, autocomplete="off", list=listed, **common)  # fmt: skip
    if listed:
        box += element("datalist", join(element("option", value=k) for k in CHOICES["kind"]), id="kinds")  # fmt: skip
    return box


def _is_iso(value: str) -> bool:
    return len(value) == 10 and value[4] == value[7] == "-"


def _deeds(document_id: str, name: str, is_corrected: bool, asks: Correction | None) -> str:
    """Buttons of one field; each sends the whole form elsewhere, with the field's name."""
    if not is_corrected:
        return ""
    undo = _deed(document_id, "undo", name, "撤销改正", "Undo the correction")
    if asks is None:
        return undo
    said = both(
        f"改正时机器读到的是“{asks.read or '未载明'}”，这一版读到的不同，请确认：",
        f"When it was corrected, “{asks.read or 'nothing'}” was read; this version reads otherwise: ",
    )
    use = _deed(document_id, "undo", name, "改用机器读到的", "Use what is read now")
    return element("span", said, class_="state caution") + _deed(
        document_id, "confirm", name, "沿用改正", "Keep the correction"
    ) + use  # fmt: skip


def _deed(document_id: str, deed: str, name: str, zh: str, en: str) -> str:
    return element("button", both(zh, en), type="submit", class_="tool", name="field", value=name,
                   formaction=f"/metadata/{document_id}/{deed}", formnovalidate=True,
                   aria_label=f"{zh}：{FIELDS[name]}")  # fmt: skip


def _history(history: Sequence[Correction]) -> str:
    if not history:
        return ""
    items = join(
        element(
            "li",
            element("b", name_of_field(c.field) if c.field in FIELDS else text(c.field))
            + both("　撤销，恢复为 " if c.undone else "　改为 ", " undone, back to " if c.undone else " became ")
            + shown(c.value)
            + element("span", both(f"（机器读到 {c.read or '未载明'}）", f" (read: {c.read or 'nothing'})"), class_="aside")
            + element("p", text(f"{c.reason}　{c.who}，{c.at[:16].replace('T', ' ')}"), class_="aside"),
        )
        for c in reversed(history)
    )  # fmt: skip
    head = element("h2", both(f"改正记录（{len(history)}）", f"History ({len(history)})"))
    return head + element("ol", items, class_="changes")


# --- all documents ------------------------------------------------------------------------------


def list_body(view: View) -> str:
    """Those that wait for somebody to confirm come first."""
    documents = [d for d in view.documents() if d.metadata.by_hand]
    history: dict[str, list[Correction]] = {}
    for correction in view.corrections([d.id for d in documents]):
        history.setdefault(correction.document_id, []).append(correction)
    waiting = {d.id: to_confirm(d.metadata, standing(history.get(d.id, ()))) for d in documents}
    ordered = sorted(documents, key=lambda d: not waiting[d.id])
    items = join(_item(d, waiting[d.id]) for d in ordered[:_LISTED])
    count = sum(map(bool, waiting.values()))
    note = both(
        f"共 {len(documents)} 份；{count} 份的新版读到的与改正时不同，请确认。",
        f"{len(documents)} documents; {count} read otherwise since they were corrected.",
    )
    return element("h1", both(*TITLE)) + (
        element("p", note, class_="note") + element("ul", items, class_="changes")
        if documents
        else element("p", both(*_NONE_YET), class_="note")
    )


def _item(document: DocumentSummary, waiting: Sequence[str]) -> str:
    names = join(
        element("span", name_of_field(n), class_="state caution" if n in waiting else "state plain")
        for n in document.metadata.by_hand
        if n in FIELDS
    )
    link = element("a", text(named(document.metadata.title)), href=f"/metadata/{document.id}")
    confirm = both(" 请确认", " please confirm") if waiting else ""
    return element("li", link + text(" ") + names + confirm)
