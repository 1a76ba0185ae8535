"""The bars of Gradio's pages, each with the heading of its page. Those pages are built once for
all; where people log in, each bar is made when a page is opened."""

import gradio as gr

from assistant.pages.allowed import PAGES
from assistant.pages.markup import both, element
from assistant.pages.shell import bar
from assistant.people.person import NOBODY, Person
from assistant.people.viewer import HOME, person_of


def headed_bar(path: str, person: Person) -> str:
    """The bar of one of Gradio's pages and its heading, which is heard and not seen: on the
    screen the bar says where one is."""
    page = next(page for page in PAGES if page.path == path)
    return bar(path, person) + element("h1", both(page.zh, page.en), class_="unseen-label")


def own_bar(page: gr.Blocks, path: str, *, logs_in: bool) -> None:
    """Draws the bar (elem_id "bar") of the page that is being built. Where people log in it says
    who has, and shows what is for them."""

    def own(request: gr.Request) -> str:
        return headed_bar(path, person_of(request))

    for block in page.blocks.values():
        if block.elem_id == "bar" and f"/{block.page}" == path:
            block.value = headed_bar(path, NOBODY if logs_in else HOME)
            if logs_in:
                page.load(
                    own, None, block, queue=False, show_progress="hidden", api_visibility="private"
                )
            return
    raise LookupError(f"no bar on {path}")
