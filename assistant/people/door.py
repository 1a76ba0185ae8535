"""Who is let in by a password, and how one changes it. Each try is noted in the log."""

from dataclasses import dataclass, replace

from assistant.people import passwords
from assistant.people.log import AuditLog, Deed, Entry, Result, recorded
from assistant.people.person import Person
from assistant.people.sessions import TooManyTries
from assistant.people.store import Account, People, Source, new_identifier, plain_login
from assistant.people.units import Refused

# One sentence for a wrong password and a login that there is not: it tells nobody which.
_WRONG = "登录名或密码不对"
_UNKNOWN = "（没有这个账号）"  # what was typed may be a password: it is not kept


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody as another system names them."""

    login: str
    name: str = ""
    department: str = ""  # its name


class Door:
    """Lets people in. Raises Refused or TooManyTries with a sentence."""

    def __init__(self, people: People, log: AuditLog):
        self.people, self.log = people, log

    def log_in(self, login: str, password: str, address: str, browser: str) -> str:
        """The token of a new session, for whoever knows the password."""
        login = plain_login(login)
        account = self.people.by_login(login)
        try:
            is_last = self.people.tries.begin(login, address)
        except TooManyTries:
            self._note(account, address, "locked out", "refused")
            raise
        kept = self.people.password_of(account.id) if account and account.source == "local" else ""
        if not passwords.matches(kept, password) or account is None or account.is_disabled:
            self._note(account, address, "failed log in", "refused")
            if is_last:
                self._note(account, address, "locked out", "refused")
            raise Refused(_WRONG, "Wrong login or password")
        self.people.tries.succeeded(login, address)
        if passwords.is_outdated(kept):
            stronger = passwords.hashed(password)
            self.people.hash_again(account.id, kept, stronger)
            kept = stronger
        return self.admit(account, address, browser, kept)

    def admit(self, account: Account, address: str, browser: str, kept: str | None = None) -> str:
        """The token of a new session, for somebody who has shown who they are; `kept` is the hash
        of their password, where it was by one."""
        with recorded(self.log, _entry(account, address, "log in")):
            return self.people.sessions.begin(account.id, address, browser, kept)

    def known(
        self,
        outside: Outside,
        source: Source,
        address: str,
        *,
        may_add: bool,
        is_news: bool | None = None,
    ) -> Account:
        """The account of somebody whom another system knows, by login. Name and department follow
        that system; roles are given here. Where each request names somebody (`is_news` is not
        None) only what is news is noted."""
        login = plain_login(outside.login)
        account = self.people.by_login(login) if login else None
        if account is None and login and may_add:
            new = new_identifier()
            with recorded(self.log, Entry(new, outside.name, address, "add person", new)):
                account = self.people.add(login, outside.name, source=source, identifier=new)
        if account is None or account.is_disabled or account.source != source:
            if is_news is not False:
                self._note(account, address, "failed log in", "refused")
            raise Refused(_why_not(account, login or outside.login))
        if is_news:
            self._note(account, address, "log in", "done")
        named = [d.id for d in self.people.departments() if d.name == outside.department]
        department = named[0] if len(named) == 1 else account.department
        name = outside.name or account.name
        if (name, department) != (account.name, account.department):
            with recorded(self.log, _moved(account, name, department, address)):
                account = self.people.change(account.id, name=name, department=department)
        return account

    def change_password(self, person: Person, old: str, new: str, again: str, address: str) -> None:
        """Their own; all their sessions end. The old one is asked for: whoever finds an open
        browser must not take the account over."""
        account = self.people.account(person.id)
        if account is None or account.source != "local":
            raise Refused(
                "这个账号的密码不在本系统，请到单位的统一登录处修改",
                "The password of this account is not kept here; change it where your office logs in",
            )
        self.people.tries.begin(account.login, address)
        kept = self.people.password_of(account.id)
        if not passwords.matches(kept, old):
            self._note(account, address, "change password", "refused")
            raise Refused(
                "现在的密码不对，没有修改", "The present password is wrong; nothing was changed"
            )
        self.people.tries.succeeded(account.login, address)
        if new != again:
            raise Refused(
                "两次输入的新密码不一样，没有修改",
                "The two new passwords differ; nothing was changed",
            )
        if new == old:
            raise Refused(
                "新密码要与现在的不同，没有修改",
                "The new password must differ from the present one; nothing was changed",
            )
        passwords.require_good(new, account.login, account.name)
        hashed = passwords.hashed(new)
        with recorded(self.log, _entry(account, address, "change password")):
            self.people.set_password(account.id, hashed, must_change=False, instead_of=kept)

    def _note(self, account: Account | None, address: str, deed: Deed, result: Result) -> None:
        self.log.record(_entry(account, address, deed, result))


def _entry(account: Account | None, address: str, deed: Deed, result: Result = "done") -> Entry:
    who, name = (account.id, account.name) if account else ("", _UNKNOWN)
    return Entry(who, name, address, deed, who, result)


def _moved(account: Account, name: str, department: str, address: str) -> Entry:
    """Another system calls somebody another name, or says that they work elsewhere: with the
    department changes what they see."""
    entry = _entry(account, address, "change person")
    details = {"target_name": name, "source": account.source}
    if department == account.department:
        return replace(entry, details=details)
    details |= {"before": account.department, "after": department}
    return replace(entry, deed="change departments", details=details)


def _why_not(account: Account | None, login: str) -> str:
    if account is None:
        return f"“{login[:80]}”在本系统还没有账号，请管理员先建"
    if account.is_disabled:
        return "这个账号已停用，请找管理员"
    return f"“{account.login}”不是统一登录的账号，请找管理员"
