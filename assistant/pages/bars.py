"""The bars of Gradio's pages, where people log in: those pages are built once for all, so each
bar is made when a page is opened."""

import gradio as gr

from assistant.pages.shell import bar
from assistant.people.person import NOBODY
from assistant.people.viewer import person_of


def own_bar(page: gr.Blocks, path: str) -> None:
    """Lets the bar (elem_id "bar") of the page that is being built say who is logged in, and show
    what is for them."""

    def own(request: gr.Request) -> str:
        return bar(path, person_of(request))

    for block in page.blocks.values():
        if block.elem_id == "bar" and f"/{block.page}" == path:
            block.value = bar(path, NOBODY)
            page.load(
                own, None, block, queue=False, show_progress="hidden", api_visibility="private"
            )
            return
    raise LookupError(f"no bar on {path}")
