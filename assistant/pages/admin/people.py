"""人员: accounts as those see them who set them up (系统管理) and who grant rights (安全管理)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.pages.admin.frame import Admin
from assistant.pages.admin.people_views import detail, listing
from assistant.pages.admin.service_keys import keys_section, make_key
from assistant.pages.key_forms import whole
from assistant.pages.refusals import deny
from assistant.people import passwords
from assistant.people.log import Deed
from assistant.people.permissions import Action, may
from assistant.people.person import APART, Person, rights_of
from assistant.people.store import Account, People, Source, new_identifier, plain_login
from assistant.people.units import Refused
from assistant.people.viewer import who_of
from vectorstore.errors import PolicyError

PAGE = "/admin/people"
_SAID = {
    "changed": "已保存。", "added": "已建账号。", "disabled": "已停用，这个人的登录都已结束。",
    "enabled": "已恢复使用。", "roles": "角色已保存；角色有变的，登录已结束。", "groups": "群组已保存。",
    "ended": "登录已结束。", "released": "已确认，这个账号的权限从现在起有效。",
    "held": "已设新密码；这个账号的权限暂停，等本人改过密码，由安全管理员确认后恢复。",
    "handed": "稿子已转交。", "erased": "个人数据和账号已删除。",
}  # fmt: skip
Typed = Annotated[str, Form()]
Several = Annotated[list[str] | None, Form()]


def require_equal(actor: Person, account: Account) -> None:
    """Who sets up accounts takes over no one who watches them: whoever has one of 三员 that the
    actor has not is touched only by who grants rights. Raises Refused."""
    foreign = (account.roles & APART) - actor.roles
    if foreign and not may(actor, "grant rights"):
        raise Refused(
            f"“{account.name}”有{'、'.join(sorted(foreign))}的角色，由安全管理员办理，没有改动。"
        )


def has_more(actor: Person, account: Account, people: People) -> bool:
    """Whether somebody who comes in with an account could do or see what the actor cannot."""
    return not people.rights(account) <= rights_of(actor)


def who_places(people: People) -> Action:
    """Of whom departments are: they open documents, so where 三员 are apart they are a right."""
    return "grant rights" if people.separate else "set up people"


def heir_of(people: People, actor: Person, account: Account, login: str) -> Account:
    """Who gets the drafts of somebody who left: not who hands them over, who would read them so,
    and not who could not open them. Raises Refused."""
    heir = people.by_login(login)
    if not account.is_disabled:
        raise Refused("先停用这个账号，再转交稿子；还在用的账号，由本人转交。")
    if heir is None or heir.is_disabled:
        raise Refused("没有这个登录名，或已停用，稿子没有转交。")
    if heir.id in (actor.id, account.id):
        raise Refused("稿子转给另一位同事，不能转给自己，没有转交。")
    if not may(people.as_person(heir), "draft"):
        raise Refused(f"“{heir.name}”没有起草的角色，打不开稿子，没有转交。")
    return heir


@dataclass(frozen=True)
class Accounts:
    """What the deeds on one account share."""

    admin: Admin
    people: People

    def known(self, identifier: str) -> Account:
        account = self.people.account(identifier)
        if account is None:
            raise HTTPException(404)
        return account

    def shown(
        self, request: Request, account: Account, *, said: str = "", error: str = "",
        secret: str = "",
    ) -> HTMLResponse:  # fmt: skip
        actor = self.admin.require(request, "set up people", "grant rights")
        body = detail(
            self.people, account, actor, self.admin.services.desk.store.leaving.count(account.id)
        ) + keys_section(self.people, account, actor, secret)
        return self.admin.page(request, PAGE, body, said=said, error=error)

    def done(
        self, request: Request, account: Account, said: str, deed: Deed, work: Callable[[], object],
        **details: object,
    ) -> Response:  # fmt: skip
        """Notes a deed and does it. What cannot be is said on the account's page."""
        try:
            with self.admin.deed(request, deed, account.id, target_name=account.name, **details):
                work()
        except PolicyError as error:
            return self.shown(request, account, error=str(error))
        return RedirectResponse(f"{PAGE}/{account.id}?said={said}", 303)

    def refused(self, request: Request, account: Account, action: Action) -> Response | None:
        """What to answer where the actor may not touch this account."""
        actor = self.admin.require(request, action)
        try:
            if action == "set up people":
                require_equal(actor, account)
            if self.people.separate and account.id == actor.id:
                raise Refused("三员分立：自己的账号和权限由别的管理员改，没有改动。")
        except Refused as error:
            deny(request.scope)
            return self.shown(request, account, error=str(error))
        return None


def add_routes(site: FastAPI, admin: Admin, people: People) -> None:
    accounts = Accounts(admin, people)
    _add_list(site, admin, people)
    _add_deeds(site, accounts)
    _add_last_deeds(site, accounts)
    _add_rights(site, accounts)
    _add_placing(site, accounts)
    _add_keys(site, accounts)


def _add_list(site: FastAPI, admin: Admin, people: People) -> None:
    @site.get(PAGE)
    def listed(request: Request, q: str = "", page: str = "1", said: str = "") -> HTMLResponse:
        actor = admin.require(request, "set up people", "grant rights")
        body = listing(people, actor, q[:80], page)
        return admin.page(request, PAGE, body, said=_SAID.get(said, ""))

    @site.post(f"{PAGE}/add")
    def add(
        request: Request, login: Typed = "", name: Typed = "", department: Typed = "",
        password: Typed = "", service: Typed = "",
    ) -> Response:  # fmt: skip
        """With no role but reading: rights are granted by who grants them. Where 三员 are apart it
        has no department either, and may nothing before it is released."""
        actor = admin.require(request, "set up people")
        try:
            if department and not may(actor, who_places(people)):
                raise Refused("三员分立：部门由安全管理员决定，请不填部门。")
            hashed = ""
            source: Source = "service" if service else "local"
            if not service:
                passwords.require_good(password, login, name)
                hashed = passwords.hashed(password)
            new = new_identifier()
            about = {"target_name": name[:60], "department": department[:80]}
            with admin.deed(request, "add person", new, login=login[:80], source=source, **about):
                people.add(login, name, department=department, password=hashed, identifier=new,
                           source=source, held=people.separate)  # fmt: skip
        except PolicyError as error:
            body = listing(people, actor, "", "1", typed=(login[:80], name[:60], department))
            return admin.page(request, PAGE, body, error=str(error))
        return RedirectResponse(f"{PAGE}/{new}?said=added", 303)


def _add_deeds(site: FastAPI, accounts: Accounts) -> None:
    """Of who sets up accounts."""
    admin, people = accounts.admin, accounts.people

    @site.get(PAGE + "/{identifier}")
    def one(request: Request, identifier: str, said: str = "") -> HTMLResponse:
        admin.require(request, "set up people", "grant rights")
        return accounts.shown(request, accounts.known(identifier), said=_SAID.get(said, ""))

    @site.post(PAGE + "/{identifier}/change")
    def change(
        request: Request, identifier: str, name: Typed = "", department: Typed = ""
    ) -> Response:
        admin.require(request, "set up people")
        account = accounts.known(identifier)
        if answer := accounts.refused(request, account, "set up people"):
            return answer
        if people.separate:  # the form below has the department
            if department not in ("", account.department):
                return accounts.shown(
                    request, account, error="三员分立：部门由安全管理员决定，没有改动。"
                )
            department = account.department
        deed: Deed = "change person" if department == account.department else "change departments"
        return accounts.done(
            request, account, "changed", deed,
            lambda: people.change(account.id, name=name, department=department),
            department=department,
        )  # fmt: skip

    @site.post(PAGE + "/{identifier}/password")
    def password(request: Request, identifier: str, password: Typed = "") -> Response:
        """Another password, good for one login: then its owner chooses one. Whoever set it may log
        in first, so rights that they have not got rest until somebody who grants them has asked."""
        actor = admin.require(request, "set up people")
        account = accounts.known(identifier)
        if answer := accounts.refused(request, account, "set up people"):
            return answer

        held = not may(actor, "grant rights") and has_more(actor, account, people)

        def work() -> None:
            people.set_password(account.id, passwords.hashed(password), must_change=True, held=held)
            people.tries.forget(account.login)

        try:
            if account.source != "local":
                raise Refused("这个账号在单位的统一登录处改密码。")
            passwords.require_good(password, account.login, account.name)
        except PolicyError as error:
            return accounts.shown(request, account, error=str(error))
        return accounts.done(request, account, "held" if held else "changed", "change password",
                             work, held=held)  # fmt: skip


def _add_last_deeds(site: FastAPI, accounts: Accounts) -> None:
    """Shutting out, and erasing."""
    admin, people = accounts.admin, accounts.people

    @site.post(PAGE + "/{identifier}/use")
    def use(request: Request, identifier: str, to: Typed = "") -> Response:
        """Shuts somebody out, or lets them in again."""
        admin.require(request, "set up people")
        account = accounts.known(identifier)
        if answer := accounts.refused(request, account, "set up people"):
            return answer
        is_on = to == "enabled"
        work = people.enable if is_on else people.disable
        said = "enabled" if is_on else "disabled"
        return accounts.done(
            request, account, said, "change person", lambda: work(account.id), to=said
        )

    @site.post(PAGE + "/{identifier}/drafts")
    def hand_over(request: Request, identifier: str, to: Typed = "") -> Response:
        """All drafts of somebody who was shut out, to somebody else."""
        actor = admin.require(request, "set up people")
        account = accounts.known(identifier)
        if answer := accounts.refused(request, account, "set up people"):
            return answer
        try:
            heir = heir_of(people, actor, account, to)
        except Refused as error:
            return accounts.shown(request, account, error=str(error))
        leaving = admin.services.desk.store.leaving
        return accounts.done(
            request, account, "handed", "share draft",
            lambda: leaving.hand_over(actor, account.id, heir.id), owner=heir.id,
        )  # fmt: skip

    @site.post(PAGE + "/{identifier}/erase")
    def erase(request: Request, identifier: str, login: Typed = "") -> Response:
        """All that is kept of somebody, and then the account. The login is typed once more."""
        admin.require(request, "set up people")
        account = accounts.known(identifier)
        if answer := accounts.refused(request, account, "set up people"):
            return answer
        if plain_login(login) != account.login:
            return accounts.shown(request, account, error="登录名与这个账号不同，没有删除。")
        try:
            admin.services.erase(account.id, who_of(request))
        except PolicyError as error:
            return accounts.shown(request, people.account(account.id) or account, error=str(error))
        return RedirectResponse(f"{PAGE}?said=erased", 303)


def _add_rights(site: FastAPI, accounts: Accounts) -> None:
    """Of who grants rights."""
    admin, people = accounts.admin, accounts.people

    @site.post(PAGE + "/{identifier}/roles")
    def roles(request: Request, identifier: str, role: Several = None) -> Response:
        admin.require(request, "grant rights")
        account = accounts.known(identifier)
        if answer := accounts.refused(request, account, "grant rights"):
            return answer
        wanted = sorted(role or [])
        before = sorted(account.roles)
        return accounts.done(
            request, account, "roles", "change roles",
            lambda: people.set_roles(account.id, wanted), roles=wanted[:10], before=before,
        )  # fmt: skip

    @site.post(PAGE + "/{identifier}/groups")
    def groups(request: Request, identifier: str, group: Several = None) -> Response:
        admin.require(request, "grant rights")
        account = accounts.known(identifier)
        if answer := accounts.refused(request, account, "grant rights"):
            return answer
        wanted = sorted(group or [])
        return accounts.done(
            request, account, "groups", "change groups",
            lambda: people.set_groups(account.id, wanted), groups=wanted[:50],
        )  # fmt: skip

    @site.post(PAGE + "/{identifier}/sessions")
    def sessions(request: Request, identifier: str, session: Typed = "") -> Response:
        """Ends one session, or all."""
        admin.require(request, "grant rights")
        account = accounts.known(identifier)

        def work() -> None:
            if session:
                people.sessions.end(account.id, session)
            else:
                people.sessions.end_all(account.id)

        return accounts.done(request, account, "ended", "log out", work, by="administrator")


def _add_placing(site: FastAPI, accounts: Accounts) -> None:
    """Of who grants rights, where departments are one; and releasing what is held."""
    admin, people = accounts.admin, accounts.people

    @site.post(PAGE + "/{identifier}/department")
    def place(request: Request, identifier: str, department: Typed = "") -> Response:
        whose = who_places(people)
        admin.require(request, whose)
        account = accounts.known(identifier)
        if answer := accounts.refused(request, account, whose):
            return answer
        return accounts.done(
            request, account, "changed", "change departments",
            lambda: people.change(account.id, department=department),
            department=department, before=account.department,
        )  # fmt: skip

    @site.post(PAGE + "/{identifier}/release")
    def release(request: Request, identifier: str) -> Response:
        admin.require(request, "grant rights")
        account = accounts.known(identifier)
        if answer := accounts.refused(request, account, "grant rights"):
            return answer
        return accounts.done(
            request, account, "released", "change roles",
            lambda: people.release(account.id), roles=sorted(account.roles), what="release",
        )  # fmt: skip


def _add_keys(site: FastAPI, accounts: Accounts) -> None:
    """Keys of a service, and revoking anybody's."""
    admin, people = accounts.admin, accounts.people

    @site.post(PAGE + "/{identifier}/keys")
    def keys(
        request: Request, identifier: str, deed: Typed = "", key: Typed = "", name: Typed = "",
        scope: Several = None, days: Typed = "", per_minute: Typed = "",
    ) -> Response:  # fmt: skip
        """`deed` is release (whose right it is to grant), revoke, or none to make one."""
        needed: tuple[Action, ...] = {"release": ("grant rights",), "revoke": ("set up people", "grant rights")}.get(deed, ("set up people",))  # type: ignore[assignment]  # fmt: skip
        actor = admin.require(request, *needed)
        account = accounts.known(identifier)
        if deed in ("release", "revoke"):
            if key not in {known.id for known in people.keys.of(account.id)}:
                return accounts.shown(request, account, error="没有这个密钥。")
            done: Deed = "release key" if deed == "release" else "revoke key"
            with admin.deed(request, done, key, owner=account.id):
                if deed == "release":
                    people.keys.release(key, people.rights(account))
                else:
                    people.keys.revoke(key)
            return RedirectResponse(f"{PAGE}/{account.id}?said=changed", 303)
        if answer := accounts.refused(request, account, "set up people"):
            return answer
        try:
            secret = make_key(admin, request, actor, people, account, name, sorted(scope or []),
                              whole(days), whole(per_minute))  # fmt: skip
        except PolicyError as error:
            return accounts.shown(request, account, error=str(error))
        return accounts.shown(request, account, secret=secret)
