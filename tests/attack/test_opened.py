"""What somebody opens on Gradio's pages, and how often they say what they think, in the log."""

import json
import re
from typing import Any

import httpx

from assistant.drafting.models import Draft, Request, Section
from tests.attack.conftest import call
from tests.attack.test_accounts import Office, office  # noqa: F401  (the fixture)


def arrive(client: httpx.Client, address: str) -> None:
    """Runs what a page runs when it is loaded."""
    page = client.get(address).text
    found = re.search(r"window\.gradio_config\s*=\s*(\{.*?\});\s*</script>", page, re.S)
    assert found
    config = json.loads(found[1])
    query = address.partition("?")[2]
    for function in config["dependencies"]:
        if any(event == "load" for _, event in function["targets"]):
            body: dict[str, Any] = {
                "data": [None] * len(function["inputs"]), "fn_index": function["id"],
                "session_hash": "opened",
            }  # fmt: skip
            client.post(f"/gradio_api/run/predict?{query}", json=body)


def test_a_draft_and_a_conversation_that_are_opened(office: Office) -> None:  # noqa: F811
    person = office.people.as_person(office.accounts["writer"])
    request = Request("起草《市容方案》", "方案", "市容方案", "市容")
    draft = Draft("d" * 32, person.id, request, (Section("s1", "一"),))
    office.site.services.desk.store.save(draft, "新建", person)
    begun = office.site.services.history.conversations.ask(person.id, "", "多少？")
    with office.client("writer") as client:
        office.log.entries.clear()
        call(client, "/", "where", begun.conversation)
        arrive(client, f"/draft?draft={draft.id}")
        arrive(client, "/draft?draft=" + "0" * 32)
    opened = [(e.deed, e.on) for e in office.log.entries if e.deed.startswith("open")]
    assert opened == [("open conversation", begun.conversation), ("open draft", draft.id)]


def test_votes_beyond_the_limit_have_no_entry(office: Office) -> None:  # noqa: F811
    vote = {"question": "问", "mode": "extractive", "vote": "up"}
    with office.client("reader") as client:
        office.log.entries.clear()
        answers = [client.post("/feedback", json=vote).status_code for _ in range(25)]
    assert answers == [204] * 20 + [429] * 5
    assert len(office.log.entries) == 20
