"""What is asked before something is done on 文件库: one form for each deed, shown in a dialog."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.cite.citation import numbered
from assistant.office.collecting import LONGEST_CLASS, LONGEST_NAME, Collection
from assistant.pages.audiences import Audiences, key, may_change
from assistant.pages.library_list import Shelf
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.people.person import Person
from vectorstore.errors import PolicyError
from vectorstore.models import DocumentSummary

_NAMED = 15  # titles in a question
_SHOWN = (
    ("own", "仅自己", "Only me"),
    ("department", "本部门及下级", "My department and below"),
    ("all", "所有人", "Everybody"),
)


@dataclass(frozen=True)
class Asked:
    """Who is asked, and about what: the documents that were chosen, as far as they see them."""

    shelf: Shelf
    person: Person
    audiences: Audiences
    documents: tuple[DocumentSummary, ...]
    collection: Collection | None
    english: bool

    @property
    def changeable(self) -> tuple[DocumentSummary, ...]:
        return tuple(d for d in self.documents if may_change(self.person, d))


def question(deed: str, asked: Asked) -> str:
    """The form of a deed. Raises PolicyError with a sentence where it cannot be done."""
    made = _QUESTIONS.get(deed)
    if made is None:
        raise PolicyError("没有这个操作")
    return made(asked)


def _form(
    deed: str, title: tuple[str, str], inside: str, do: tuple[str, str], done: tuple[str, str],
    *, keep: tuple[str, str] = ("取消", "Cancel"),
) -> str:  # fmt: skip
    """`done` says with {n} what was done. The first field, or else 取消, has the focus."""
    buttons = element("button", both(*do), type="submit", class_="tool main") + element(
        "button", both(*keep), type="button", class_="tool", data_close=True
    )
    return element(
        "form",
        element("h2", both(*title), id="shelf-question")
        + inside
        + element("p", "", class_="said", role="status")
        + element("div", buttons, class_="buttons"),
        method="post", action=f"/library/do/{deed}", data_done_zh=done[0], data_done_en=done[1],
    )  # fmt: skip


def _require(documents: Sequence[DocumentSummary]) -> None:
    if not documents:
        raise PolicyError("请先选中文件；您没有权限改的不算")


def _titles(documents: Sequence[DocumentSummary]) -> str:
    """With their numbers: several may bear one title."""
    named = (numbered(d.metadata.title, d.metadata.document_number) for d in documents[:_NAMED])
    items = join(element("li", text(name)) for name in named)
    left = len(documents) - _NAMED
    more = element(
        "p", both(f"……共 {len(documents)} 份", f"… {len(documents)} in all"), class_="note"
    )
    return element("ul", items, class_="titles") + (more if left > 0 else "")


def _left_out(asked: Asked) -> str:
    """Those that one may only read stay as they are, and that is said."""
    left = len(asked.documents) - len(asked.changeable)
    said = both(f"另有 {left} 份您没有权限改，不动。", f"{left} more are not yours to change.")
    return element("p", said, class_="note") if left else ""


def _delete(asked: Asked) -> str:
    own = asked.changeable
    _require(own)
    passages = sum(d.passages for d in own)
    zh = (
        f"要从资料库删除这 {len(own)} 份文件吗？它们的 {passages} 个段落和向量会一起删除，"
        "引用它们的回答将打不开原文。磁盘上导入时的文件不动，上传的副本会删除。"
    )
    en = (
        f"Delete these {len(own)} documents with their {passages} passages? Uploaded copies go too."
    )
    inside = element("p", both(zh, en), class_="problem") + _titles(own) + _left_out(asked)
    return _form(
        "delete", ("删除文件", "Delete documents"), inside, ("确认删除", "Delete"),
        ("已删除 {n} 份文件。", "{n} deleted."), keep=("不删", "Keep"),
    )  # fmt: skip


def _move(asked: Asked) -> str:
    own = asked.changeable
    _require(own)
    if asked.person.is_alone:
        raise PolicyError("没有登录时，文件给所有人看")
    now = own[0].audience if len({d.audience for d in own}) == 1 else None
    choices = asked.audiences.choices(asked.person, now)
    value = key(asked.audiences.plain(now)) if now else ""
    options = element("option", text(pick(asked.english, "不变", "as it is")), value="") + join(
        element("option", text(label), value=v, selected=v == value) for label, v in choices
    )
    boxes = _labelled(
        "who", ("给谁看", "For whom"), element("select", options, name="who", id="shelf-who")
    )
    for name, zh, en in (
        ("quote", "在答案和稿子里引用", "Quote it in answers and drafts"),
        ("download", "下载原文件", "Download the file"),
    ):
        kinds = (("", "不变", "as it is"), ("1", "可以", "may"), ("0", "不可以", "may not"))
        inside = join(
            element("option", text(pick(asked.english, a, b)), value=v) for v, a, b in kinds
        )
        boxes += _labelled(name, (zh, en), element("select", inside, name=name, id=f"shelf-{name}"))
    return _form(
        "move", ("可见范围", "For whom"), _titles(own) + boxes + _left_out(asked), ("保存", "Save"),
        ("{n} 份文件的可见范围已改，从现在起生效。", "Changed for {n} documents."),
    )  # fmt: skip


def _class(asked: Asked) -> str:
    own = asked.changeable
    _require(own)
    now = {asked.shelf.classes.get(d.id, "") for d in own}
    known = join(element("option", value=c) for c in sorted(set(asked.shelf.classes.values())))
    box = element(
        "input", type="text", name="class", id="shelf-class", maxlength=LONGEST_CLASS,
        list="shelf-classes", autocomplete="off", value=next(iter(now)) if len(now) == 1 else "",
    ) + element("datalist", known, id="shelf-classes")  # fmt: skip
    hint = element(
        "p",
        both("写一个词，如 水务、养老；空着就去掉分类。", "One word; empty takes it away."),
        class_="note",
    )
    return _form(
        "class", ("分类", "Class"), _titles(own) + _labelled("class", ("分类", "Class"), box) + hint
        + _left_out(asked), ("保存", "Save"), ("{n} 份文件的分类已改。", "Changed for {n} documents."),
    )  # fmt: skip


def _collect(asked: Asked) -> str:
    _require(asked.documents)
    fillable = [c for c in asked.shelf.collections if c.is_filled_by(asked.shelf.holder)]
    new = pick(asked.english, "新建一个 ↓", "A new one ↓")
    options = join(
        element("option", text(c.name), value=c.id) for c in fillable
    ) + element("option", text(new), value="")  # fmt: skip
    box = element("select", options, name="into", id="shelf-into")
    fresh = element("fieldset", element("legend", both("新资料夹", "A new collection")) + _about(asked, None),
                    id="shelf-fresh")  # fmt: skip
    return _form(
        "collect", ("放入资料夹", "Put into a collection"),
        _titles(asked.documents) + _labelled("into", ("资料夹", "Collection"), box) + fresh,
        ("放入", "Put in"), ("已放入 {n} 份；原来就在里面的不重复。", "{n} put in."),
    )  # fmt: skip


def _take(asked: Asked) -> str:
    _require(asked.documents)
    held = _its(asked)
    zh = f"把这 {len(asked.documents)} 份文件移出“{held.name}”？文件仍在库里。"
    en = f"Take these {len(asked.documents)} out of “{held.name}”? They stay in the library."
    return _form(
        "take", ("移出资料夹", "Take out"), element("p", both(zh, en)) + _titles(asked.documents),
        ("移出", "Take out"), ("已移出 {n} 份。", "{n} taken out."),
    )  # fmt: skip


def _new(asked: Asked) -> str:
    """With the documents that are chosen in it."""
    title = ("新建资料夹", "New collection")
    if not asked.documents:
        return _form(
            "new", title, _about(asked, None), ("新建", "Make it"),
            ("资料夹已建好；选中文件后点“放入资料夹”。", "Made."),
        )  # fmt: skip
    count = len(asked.documents)
    said = element("p", both(f"选中的 {count} 份文件会放进去：", f"With the {count} chosen in it:"))
    go = element("input", type="hidden", name="go", value="1")
    return _form(
        "collect", title, _about(asked, None) + go + said + _titles(asked.documents),
        ("新建并放入", "Make it"), ("资料夹已建好，里面有选中的 {n} 份文件。", "Made, with {n} in it."),
    )  # fmt: skip


def _rename(asked: Asked) -> str:
    return _form(
        "rename", ("改名、共享", "Rename, share"), _about(asked, _its(asked)), ("保存", "Save"),
        ("资料夹已改。", "Changed."),
    )  # fmt: skip


def _drop(asked: Asked) -> str:
    held = _its(asked)
    count = len(asked.shelf.held_by(held.id))
    zh = f"删除资料夹“{held.name}”？里面的 {count} 份文件仍在库里，资料夹不能再恢复。"
    en = f"Delete the collection “{held.name}”? Its {count} documents stay in the library."
    return _form(
        "drop", ("删除资料夹", "Delete collection"), element("p", both(zh, en), class_="problem"),
        ("确认删除", "Delete"), ("资料夹已删除。", "Deleted."), keep=("不删", "Keep"),
    )  # fmt: skip


def _its(asked: Asked) -> Collection:
    if asked.collection is None:
        raise PolicyError("没有这个资料夹，可能已删除")
    return asked.collection


def _about(asked: Asked, held: Collection | None) -> str:
    """The name of a collection, and who sees it."""
    name = element("input", type="text", name="name", id="shelf-name", maxlength=LONGEST_NAME,
                   value=held.name if held else "", autocomplete="off")  # fmt: skip
    has_department = bool(asked.person.departments)
    kinds = [k for k in _SHOWN if k[0] != "department" or has_department]
    options = join(
        element("option", text(pick(asked.english, zh, en)), value=v,
                selected=v == (held.shown if held else "own"))
        for v, zh, en in kinds
    )  # fmt: skip
    shown = element("select", options, name="shown", id="shelf-shown")
    return _labelled("name", ("名称", "Name"), name) + _labelled(
        "shown", ("谁看得到", "Who sees it"), shown
    )


def _labelled(name: str, labels: tuple[str, str], box: str) -> str:
    return element(
        "div", element("label", both(*labels), for_=f"shelf-{name}") + box, class_="field"
    )


_QUESTIONS = {
    "delete": _delete, "move": _move, "class": _class, "collect": _collect, "take": _take,
    "new": _new, "rename": _rename, "drop": _drop,
}  # fmt: skip
