"""部门: the tree of departments, and the groups across it."""

from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.pages.admin.frame import (
    Admin,
    button,
    choice,
    field,
    folded,
    form,
    hidden,
    note,
)
from assistant.pages.admin.people_views import options, paths
from assistant.pages.markup import both, element, join, text
from assistant.people.permissions import may
from assistant.people.person import Department, Person
from assistant.people.store import People
from assistant.people.units import LONGEST_NAME, Group
from vectorstore.errors import PolicyError

PAGE = "/admin/departments"
_SAID = {"kept": "已保存。", "gone": "已删除。"}
Typed = Annotated[str, Form()]


def add_routes(site: FastAPI, admin: Admin, people: People) -> None:
    def answered(request: Request, error: str = "", said: str = "") -> HTMLResponse:
        person = admin.require(request, "set up people", "grant rights")
        return admin.page(request, PAGE, _body(people, person), error=error, said=said)

    @site.get(PAGE)
    def listed(request: Request, said: str = "") -> HTMLResponse:
        return answered(request, said=_SAID.get(said, ""))

    @site.post(f"{PAGE}/put")
    def put(request: Request, name: Typed = "", parent: Typed = "", id: Typed = "") -> Response:
        admin.require(request, "set up people")
        try:
            about = {"name": name[:60], "parent": parent[:80]}
            with admin.deed(request, "change departments", id[:80], **about):
                people.put_department(name, parent, id)
        except PolicyError as error:
            return answered(request, str(error))
        return RedirectResponse(f"{PAGE}?said=kept", 303)

    @site.post(f"{PAGE}/remove")
    def remove(request: Request, id: Typed = "") -> Response:
        admin.require(request, "set up people")
        try:
            with admin.deed(request, "change departments", id[:80], what="remove"):
                people.remove_department(id)
        except PolicyError as error:
            return answered(request, str(error))
        return RedirectResponse(f"{PAGE}?said=gone", 303)

    @site.post("/admin/groups/put")
    def put_group(request: Request, name: Typed = "", id: Typed = "") -> Response:
        """A new group, or another name of one; who is in it is chosen with the account."""
        admin.require(request, "grant rights")
        members = next((g.members for g in people.groups() if g.id == id), frozenset[str]())
        try:
            with admin.deed(request, "change groups", id[:80], name=name[:60]):
                people.put_group(name, members, id)
        except PolicyError as error:
            return answered(request, str(error))
        return RedirectResponse(f"{PAGE}?said=kept", 303)

    @site.post("/admin/groups/remove")
    def remove_group(request: Request, id: Typed = "") -> Response:
        admin.require(request, "grant rights")
        try:
            with admin.deed(request, "change groups", id[:80], what="remove"):
                people.remove_group(id)
        except PolicyError as error:
            return answered(request, str(error))
        return RedirectResponse(f"{PAGE}?said=gone", 303)


def _body(people: People, person: Person) -> str:
    departments, names = people.departments(), paths(people)
    sets_up, grants = may(person, "set up people"), may(person, "grant rights")
    count: dict[str, int] = {}
    for account in people.people():
        count[account.department] = count.get(account.department, 0) + 1
    adding = form(
        f"{PAGE}/put", _fields(departments, names) + button("添加", "Add", main=True), class_="line"
    )
    groups = join(_group(group, grants) for group in people.groups())
    new_group = form("/admin/groups/put", field(("群组名称", "Group"), "name", longest=LONGEST_NAME, required=True, class_="grow")
                     + button("添加群组", "Add a group", main=True), class_="line")  # fmt: skip
    return (
        note("文件可以只给一个部门及其下级看；人换了部门，看得到的文件跟着变。",
             "Documents can be for a department and all below it.")
        + (adding if sets_up else "")
        + _tree(departments, "", names, count, sets_up)
        + element("h2", both("群组", "Groups"))
        + note("跨部门的一组人；谁在组里，在人员页里选。", "People across departments.")
        + (new_group if grants else "")
        + (element("ul", groups, class_="tree") if groups else "")
    )  # fmt: skip


def _fields(
    departments: list[Department], names: dict[str, str], own: Department | None = None
) -> str:
    """Of a new department, or of one that is changed: never below itself."""
    others = [d for d in departments if own is None or d.id != own.id]
    above = [("", "（最上一级）"), *options(others, names)[1:]]
    return (
        hidden(id=own.id if own else "")
        + field(("部门名称", "Department"), "name", own.name if own else "", longest=LONGEST_NAME, required=True, class_="grow")
        + choice(("上级", "Above"), "parent", above, own.parent if own else "")
    )  # fmt: skip


def _tree(
    departments: list[Department], parent: str, names: dict[str, str], count: dict[str, int],
    sets_up: bool,
) -> str:  # fmt: skip
    items = []
    for own in (d for d in departments if d.parent == parent):
        said = element("span", text(f"{own.name}（{count.get(own.id, 0)} 人）"))
        change = ""
        if sets_up:
            save = form(
                f"{PAGE}/put",
                _fields(departments, names, own) + button("保存", "Save"),
                class_="line",
            )
            drop = form(f"{PAGE}/remove", hidden(id=own.id) + button("删除", "Remove"))
            change = folded("修改", "Change", save + drop)
        items.append(element("li", said + change + _tree(departments, own.id, names, count, sets_up)))  # fmt: skip
    return element("ul", join(items), class_="tree") if items else ""


def _group(group: Group, grants: bool) -> str:
    said = element("span", text(f"{group.name}（{len(group.members)} 人）"))
    if not grants:
        return element("li", said)
    save = form(
        "/admin/groups/put",
        hidden(id=group.id)
        + field(("群组名称", "Group"), "name", group.name, longest=LONGEST_NAME, required=True, class_="grow")
        + button("保存", "Save"),
        class_="line",
    )  # fmt: skip
    drop = form("/admin/groups/remove", hidden(id=group.id) + button("删除", "Remove"))
    return element("li", said + folded("修改", "Change", save + drop))
