"""文件库: the page around the list of documents (library_routes.py makes the list), and uploading."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.chat import Assistant
from assistant.intake import Ingest
from assistant.pages import audiences as whose
from assistant.pages.audiences import Audiences
from assistant.pages.labels import LABELS
from assistant.pages.markup import element
from assistant.pages.received import SessionFiles
from assistant.pages.shell import bar, foot, problem
from assistant.pages.uploading import news, upload
from assistant.people.log import recorded
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, owner_of, person_of, viewer_of
from vectorstore.errors import PolicyError

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_NO_UPLOADS = "您没有上传文件的权限；需要时请联系资料管理员。"
# In the browser: library.js asks for the list anew.
_CHANGED = "() => { document.dispatchEvent(new Event('library-changed')); }"


def frame() -> str:
    """Where library.js puts the list, and what was done."""
    said = element("p", "", id="shelf-said", role="status", tabindex="-1")
    return said + element("div", "", id="shelf", aria_busy="true")


def build(
    page: gr.Blocks,
    assistant: Assistant,
    ingest: Ingest,
    received: SessionFiles,
    audiences: Audiences,
) -> None:
    """Adds 文件库 to the Blocks that is being built."""
    gr.HTML(bar("/library"), elem_id="bar")
    gr.HTML(frame(), elem_id="library")
    with gr.Accordion(LABELS("upload"), open=True, elem_id="uploading") as uploading:
        audience = gr.Dropdown(
            [], label=LABELS("audience"), visible=False, elem_id="upload-audience"
        )
        files = gr.File(label=LABELS("drop"), file_count="multiple", elem_id="upload", height=140)
        report = gr.HTML(elem_id="report")
    recovered, line = gr.HTML(elem_id="recovered"), gr.HTML()

    def reload(request: gr.Request) -> tuple[str, str]:
        viewer = viewer_of(request)
        return news(ingest.notice(viewer), person_of(request)), foot(assistant, viewer)

    page.load(reload, None, [recovered, line], queue=False, **_QUIET)
    again = (reload, None, [recovered, line])
    _wire_uploads(page, audiences, ingest, received, (uploading, audience, files, report), again)


def _wire_uploads(
    page: gr.Blocks,
    audiences: Audiences,
    ingest: Ingest,
    received: SessionFiles,
    parts: tuple[Any, ...],
    again: tuple[Any, ...],
) -> None:
    """Uploads, for whoever may; `again` tells what changed with them."""
    uploading, audience, files, report = parts

    def ready(request: gr.Request) -> tuple[object, object]:
        """Who may upload, and for whom: nothing to choose where nobody logs in."""
        person = person_of(request)
        usual = whose.key(audiences.of_upload(person, None))
        return (
            gr.update(visible=may(person, "add documents")),
            gr.update(visible=False)
            if person.is_alone
            else gr.update(visible=True, choices=audiences.choices(person), value=usual),
        )

    def take_in(
        request: gr.Request, paths: list[str] | None, chosen: str | None
    ) -> Iterator[tuple[object, object]]:
        person = person_of(request)
        try:
            received.check(owner_of(request), paths or ())
            if not may(person, "add documents"):
                raise PolicyError(_NO_UPLOADS)
            for_whom = audiences.of_upload(person, chosen)
        except PolicyError as error:
            yield problem(str(error)), gr.update(value=None)
            return
        told = audiences.names.of(for_whom)
        entry = entry_of(request, "upload", files=len(paths or ()), audience=told)
        noted = recorded(audiences.log, entry)
        yield from upload(paths, ingest, for_whom, person.viewer, noted)

    page.load(ready, None, [uploading, audience], queue=False, **_QUIET)
    files.upload(take_in, [files, audience], [report, files], **_QUIET).then(*again, **_QUIET).then(
        None, None, None, js=_CHANGED
    )
