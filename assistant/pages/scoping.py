"""资料夹 as a filter of 问答: what is asked is looked for in their documents only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.chat import Assistant
from assistant.office.collecting import Collection
from assistant.pages.library_list import Shelf, holder_of
from assistant.people.person import Person
from assistant.people.viewer import person_of
from vectorstore.errors import PolicyError
from vectorstore.models import SearchFilter

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}


def labelled(assistant: Assistant, person: Person) -> dict[str, Collection]:
    """The collections open to somebody, as the filter names them: each name once."""
    if assistant.office is None:
        return {}
    found = assistant.office.collections.seen_by(holder_of(person))
    named = Counter(collection.name for collection in found)
    labels: dict[str, Collection] = {}
    for collection in found:
        label = f"资料夹：{collection.name}"
        if named[collection.name] > 1:
            label += f"（{collection.owner_name or collection.id[:4]}）"
        labels[label if label not in labels else f"{label} {collection.id[:4]}"] = collection
    return labels


def within(
    assistant: Assistant, person: Person, scope: SearchFilter, labels: Sequence[str]
) -> SearchFilter:
    """A scope, for the documents of these collections only. Raises PolicyError where one of them
    is not there any more: an answer from the whole library would pass for one from it."""
    if not labels:
        return scope
    known = labelled(assistant, person)
    if gone := next((label for label in labels if label not in known), ""):
        raise PolicyError(f"“{gone}”已改名或删除，没有回答；请去掉这个筛选，或重新选一个再问")
    shelf = Shelf.of(assistant.view(person.viewer), person, assistant.office)
    held = frozenset().union(*(shelf.held_by(known[label].id) for label in labels))
    one = scope.document_ids
    return replace(scope, document_ids=held if one is None else held & one)


def offer_collections(
    page: gr.Blocks, assistant: Assistant, box: gr.Dropdown, chips: gr.CheckboxGroup
) -> None:
    """Fills the filter when the page is opened, and sets the one that the address names."""

    def offered(request: gr.Request) -> tuple[object, object]:
        known = labelled(assistant, person_of(request))
        wanted = request.query_params.get("collection", "")
        chosen = [label for label, collection in known.items() if collection.id == wanted]
        first = gr.update(choices=list(known), value=chosen, visible=bool(known))
        shown = gr.update(choices=chosen, value=chosen, visible=True) if chosen else gr.skip()
        return first, shown

    page.load(offered, None, [box, chips], **_QUIET)
