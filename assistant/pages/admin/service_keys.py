"""Keys on an account's page of 管理: made for services, revoked for anybody."""

from fastapi import Request

from assistant.pages.admin.frame import Admin, note
from assistant.pages.key_forms import fresh_key, key_form, key_list
from assistant.pages.markup import both, element
from assistant.people.keys import new_key_id
from assistant.people.permissions import may
from assistant.people.person import Person, rights_of
from assistant.people.store import Account, People
from assistant.people.units import Refused
from assistant.settings import ApiSettings
from vectorstore.settings import load_settings


def keys_section(people: People, account: Account, actor: Person, secret: str) -> str:
    """Nothing where somebody has no keys and is no service. `secret` is of one just made."""
    keys, is_service = people.keys.of(account.id), account.source == "service"
    if not keys and not is_service:
        return ""
    action = f"/admin/people/{account.id}/keys"
    is_adding = is_service and may(actor, "set up people")
    form = key_form(action, people.as_person(account), load_settings(ApiSettings))
    hint = note(
        "建密钥的人自己没有的权限，密钥要由安全管理员确认后才有；服务账号以后多得的权限也一样。",
        "Rights that whoever makes a key has not got, and those that the service gains later, wait "
        "until somebody who grants rights confirms the key.",
    )
    return (
        element("h2", both("密钥", "Keys"))
        + (fresh_key(secret) if secret else "")
        + key_list(
            keys, action, rights=people.rights(account), can_release=may(actor, "grant rights")
        )
        + (form + hint if is_adding else "")
    )


def make_key(
    admin: Admin, request: Request, actor: Person, people: People, account: Account, name: str,
    scopes: list[str], days: int, per_minute: int,
) -> str:  # fmt: skip
    """The secret of a new key of a service: it has of the service's rights those of whoever makes
    it. Raises Refused; a person's keys are their own."""
    most = load_settings(ApiSettings).key_days
    if account.source != "service":
        raise Refused("本人的密钥由本人在“我的账号”建。")
    if days > most:
        raise Refused(f"密钥最长有效 {most} 天")
    vouched = None
    if not may(actor, "grant rights"):
        vouched = people.rights(account) & rights_of(actor)
    new = new_key_id()
    details = {"scopes": scopes[:10], "days": days, "per_minute": per_minute, "owner": account.id}
    with admin.deed(request, "add key", new, **details):
        return people.keys.add(account.id, name, scopes, days=days, per_minute=per_minute,
                               vouched=vouched, identifier=new)[1]  # fmt: skip
