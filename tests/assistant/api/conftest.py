"""A served office with a key that may do everything, and others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from assistant.people.keys import SCOPES
from assistant.people.store import Account, People
from tests.api_cases.calling import Entries, served
from tests.attack.conftest import Site


@dataclass
class Served:
    """`client` calls with the key of `person`, who may do everything but administer."""

    site: Site
    key: str
    log: Entries
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.with_key(self.key)

    @property
    def people(self) -> People:
        assert self.site.services.people is not None
        return self.site.services.people

    @property
    def person(self) -> Account:
        account = self.people.by_login("program")
        assert account is not None
        return account

    def with_key(self, key: str) -> httpx.Client:
        return self.site.client(headers={"Authorization": f"Bearer {key}"})

    def other(
        self, *scopes: str, roles: tuple[str, ...] = ("查阅", "起草", "资料管理")
    ) -> httpx.Client:
        """Somebody else's key."""
        login = f"other{len(self.people.people())}"
        account = self.people.add(login, roles=roles)
        _, key = self.people.keys.add(account.id, "x", scopes or SCOPES, days=1, per_minute=1000)
        return self.with_key(key)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(f"/api/v1{path}", params=query)
        assert answer.status_code == 200, answer.text[:500]
        return answer.json()

    def document(self) -> str:
        return str(self.get("/documents", limit=1)["documents"][0]["document_id"])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("api")) as (site, key, log):
        made = Served(site, key, log)
        yield made
        made.client.close()
