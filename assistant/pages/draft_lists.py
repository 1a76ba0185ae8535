"""The list of somebody's drafts with its bin, and the page that shares one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.cite.citation import named
from assistant.drafting.access import Ownership, Share
from assistant.drafting.models import Draft
from assistant.drafting.store import Listed, Shelf
from assistant.pages.draft_times import when
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.shell import problem
from assistant.people.person import Department, Person
from assistant.people.store import People

TITLE = ("稿子", "Drafts")
SHARE = ("共享与归属", "Share and move")
_SHELVES: tuple[tuple[Shelf, str, str], ...] = (
    ("own", "我的稿子", "My drafts"),
    ("shared", "共享给我的", "Shared with me"),
    ("department", "部门的稿子", "My department's"),
    ("bin", "回收站", "Bin"),
)
_SAID = {
    "deleted": ("已移到回收站。", "Moved to the bin."),
    "restored": ("已恢复。", "Restored."),
    "moved": ("已转给新的起草人。", "Moved to the new owner."),
    "shared": ("已共享。", "Shared."),
    "unshared": ("已取消共享。", "No longer shared."),
    "placed": ("归属已改。", "Moved."),
}
RIGHTS = (("read", "只读", "may read"), ("write", "可以修改", "may edit"))


@dataclass(frozen=True)
class Directory:
    """Whom one may share a draft with: (id, name, department's name) of each person, and the
    departments. Nobody where nobody logs in."""

    list_people: Callable[[], Sequence[tuple[str, str, str]]] = field(default=tuple)
    list_departments: Callable[[], Sequence[Department]] = field(default=tuple)

    def names(self) -> dict[str, str]:
        """Names of persons and departments by id."""
        people = {identifier: name for identifier, name, _ in self.list_people()}
        return people | {d.id: d.name for d in self.list_departments()}

    def labelled(self) -> dict[str, tuple[str, str, str]]:
        """What is typed or chosen → (kind, id, name). A label that two have is left out of it
        without their departments."""
        found: dict[str, tuple[str, str, str]] = {}
        for identifier, name, place in self.list_people():
            label = f"{name}（{place}）" if place else name
            found[label if label not in found else f"{label} {identifier}"] = (
                "person", identifier, name,
            )  # fmt: skip
        for department in self.list_departments():
            label = f"部门：{department.name}"
            found[label if label not in found else f"{label} {department.id}"] = (
                "department", department.id, department.name,
            )  # fmt: skip
        return found

    def find(self, typed: str) -> tuple[str, str, str] | None:
        """Whom a typed name means: a label, or a name that only one has."""
        labelled = self.labelled()
        if typed in labelled:
            return labelled[typed]
        named = [one for one in labelled.values() if one[2] == typed]
        return named[0] if len(named) == 1 else None


def directory_of(people: People | None) -> Directory:
    """Those who have an account that is in use."""
    if people is None:
        return Directory()

    def everybody() -> list[tuple[str, str, str]]:
        places = {d.id: d.name for d in people.departments()}
        return [
            (account.id, account.name or account.login, places.get(account.department, ""))
            for account in people.people()
            if not account.is_disabled
        ]

    return Directory(everybody, people.departments)


def list_body(
    person: Person, drafts: Sequence[Listed], names: Mapping[str, str], bin_days: int,
    said: str, undo: str,
) -> str:  # fmt: skip
    """Drafts on their shelves. Where nobody logs in there are only one's own, and the bin."""
    shelves = [s for s in _SHELVES if not person.is_alone or s[0] in ("own", "bin")]
    parts = [element("h1", both(*TITLE)), _said(said, undo)]
    for shelf, zh, en in shelves:
        own = [d for d in drafts if d.shelf == shelf]
        items = join(_item(d, person, names, bin_days) for d in own)
        empty = element("p", both("没有稿子。", "No drafts."), class_="note")
        note = ""
        if shelf == "bin":
            note = element("p", both(
                f"删去的稿子在这里留 {bin_days} 天，过后连同各版本彻底删除。",
                f"Deleted drafts stay here for {bin_days} days.",
            ), class_="note")  # fmt: skip
        parts.append(element("h2", both(f"{zh}（{len(own)}）", f"{en} ({len(own)})")) + note)
        parts.append(element("ul", items, class_="draft-list") if own else empty)
    new = element("a", both("起草新稿", "New draft"), href="/draft", class_="tool")
    return join([*parts, element("p", new)])


def _said(said: str, undo: str) -> str:
    if said not in _SAID:
        return ""
    again = _button(f"/drafts/{undo}/restore", "撤销", "Undo") if undo else ""
    return element("div", element("p", both(*_SAID[said]), role="status") + again, class_="done")


def _item(draft: Listed, person: Person, names: Mapping[str, str], bin_days: int) -> str:
    title = text(draft.title)
    if draft.shelf != "bin":
        title = element("a", title, href=f"/draft?draft={draft.id}")
    facts = [element("span", text(when(draft.updated)))]
    if who := draft.name or names.get(draft.who, ""):
        facts.insert(0, element("span", both(f"{who} 最后修改", f"last changed by {who}")))
    if draft.owner != person.id:
        owner = names.get(draft.owner, "同事")
        facts.append(element("span", both(f"起草人 {owner}", f"owner {owner}")))
        zh, en = next((zh, en) for right, zh, en in RIGHTS if right == draft.permission)
        facts.append(element("span", both(zh, en), class_="state plain"))
    if draft.department:
        name = names.get(draft.department, "部门")
        facts.append(element("span", both(f"归 {name}", f"of {name}")))
    if draft.shelf == "bin":
        ends = datetime.fromisoformat(draft.deleted) + timedelta(days=bin_days)
        day = ends.astimezone().date().isoformat()
        facts.append(element("span", both(f"留到 {day}", f"kept until {day}")))
    head = element("p", title, class_="title") + element("p", join(facts), class_="facts")
    return element("li", element("div", head) + _deeds(draft, person))


def _deeds(draft: Listed, person: Person) -> str:
    if draft.permission != "owner":
        return ""
    if draft.shelf == "bin":
        return element(
            "div", _button(f"/drafts/{draft.id}/restore", "恢复", "Restore"), class_="tools"
        )
    share = element("a", both(*SHARE), class_="tool", href=f"/drafts/{draft.id}")
    delete = _button(f"/drafts/{draft.id}/delete", "移到回收站", "Delete", draft.title)
    return element("div", ("" if person.is_alone else share) + delete, class_="tools")


def _button(action: str, zh: str, en: str, of: str = "", hidden: str = "") -> str:
    """A form of one button; `of` tells those who do not see the row what it is about."""
    label = f"{zh}：{of}" if of else None
    button = element("button", both(zh, en), type="submit", class_="tool", aria_label=label)
    return element("form", hidden + button, method="post", action=action)


# --- sharing --------------------------------------------------------------------------------------


def share_body(
    draft: Draft, ownership: Ownership, directory: Directory, said: str, error: str, english: bool
) -> str:
    """Who has the draft, whom to give it to, and whose it is."""
    back = element("a", both("回到稿子", "Back"), href=f"/draft?draft={draft.id}", class_="tool")
    base = f"/drafts/{draft.id}"
    items = join(_shared(base, share) for share in ownership.shares)
    none = element("p", both("只有您能看到它。", "Only you see it."), class_="note")
    labelled = directory.labelled()
    options = join(element("option", value=label) for label in labelled)
    people = join(element("option", value=x) for x, one in labelled.items() if one[0] == "person")
    return (
        element("h1", both(*SHARE)) + element("p", text(f"{named(draft.title)} ") + back)
        + _said(said, "") + (problem(error) if error else "")
        + element("h2", both("谁能看到", "Who has it"))
        + (element("ul", items, class_="draft-list") if items else none)
        + element("h2", both("共享给同事或部门", "Share"))
        + element("datalist", options, id="known") + element("datalist", people, id="people")
        + _share_form(base, english)
        + element("h2", both("归属", "Whose it is"))
        + _move_forms(base, ownership, directory, english)
    )  # fmt: skip


def _shared(base: str, share: Share) -> str:
    zh, en = next((zh, en) for right, zh, en in RIGHTS if right == share.right)
    kind = "部门：" if share.kind == "department" else ""
    hidden = element("input", type="hidden", name="kind", value=share.kind) + element(
        "input", type="hidden", name="to", value=share.to
    )
    who = text(f"{kind}{share.name} ") + element("span", both(zh, en), class_="state plain")
    end = _button(f"{base}/unshare", "取消共享", "Stop sharing", share.name, hidden)
    return element("li", element("p", who, class_="title") + element("div", end, class_="tools"))


def _share_form(base: str, english: bool) -> str:
    choices = join(
        element("option", text(pick(english, zh, en)), value=right) for right, zh, en in RIGHTS
    )
    right = element("label", both("权限", "Right") + element("select", choices, name="right"))
    button = element("button", both("共享", "Share"), type="submit", class_="tool")
    hint = pick(english, "姓名，或“部门：…”", "a name, or 部门：…")
    box = _name_box("who", "known", "姓名或部门", "Person or department", hint)
    return element("form", box + right + button, method="post",
                   action=f"{base}/share", class_="row")  # fmt: skip


def _name_box(name: str, known: str, zh: str, en: str, hint: str = "") -> str:
    """`known` is the datalist to choose from."""
    box = element("input", type="text", name=name, list=known, maxlength=200, required=True,
                  autocomplete="off", placeholder=hint or None)  # fmt: skip
    return element("label", both(zh, en) + box)


def _move_forms(base: str, ownership: Ownership, directory: Directory, english: bool) -> str:
    none = element("option", text(pick(english, "只归我", "only mine")), value="")
    departments = none + join(
        element("option", text(d.name), value=d.id, selected=d.id == ownership.department)
        for d in directory.list_departments()
    )
    place = element(
        "label", both("归哪个部门（本部门的人都能修改）", "Department (its people may edit)")
        + element("select", departments, name="department"),
    )  # fmt: skip
    keep = element("button", both("保存归属", "Save"), type="submit", class_="tool")
    give = element("button", both("转给这个人", "Hand over"), type="submit", class_="tool")
    note = both(
        "转给别人以后，您就不再是起草人；要继续修改，请对方共享给您。",
        "Once handed over it is no longer yours.",
    )
    return (
        element("form", place + keep, method="post", action=f"{base}/move", class_="row")
        + element("form", _name_box("owner", "people", "换起草人（姓名）", "Another owner") + give, method="post",
                  action=f"{base}/move", class_="row")
        + element("p", note, class_="note")
    )  # fmt: skip
