"""/shared/…: a conversation that somebody lets colleagues read, each as far as they see its
sources. Where nobody logs in, only on this machine: nobody could be told from anybody."""

import ipaddress

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from assistant.history.models import NotThere
from assistant.pages.conversation import conversation
from assistant.pages.guard import WITH_FORM
from assistant.pages.history import require_asking
from assistant.pages.markup import both, element, text
from assistant.pages.plain import is_english
from assistant.pages.shell import bar, foot, plain_page
from assistant.pages.talk import reopened
from assistant.people.viewer import address_of, entry_of, person_of, viewer_of
from assistant.services import Services

# With the form of the bar that logs out.
_HEADERS = WITH_FORM | {
    "Referrer-Policy": "same-origin", "Vary": "Accept-Language, Cookie", "Cache-Control": "no-store",
}  # fmt: skip


def add_shared_routes(site: FastAPI, services: Services) -> None:
    @site.get("/shared/{link}")
    def shared(request: Request, link: str) -> Response:
        require_asking(request)
        if person_of(request).is_alone and not _is_here(address_of(request)):
            raise NotThere("没有登录时，分享的链接只能在本机打开")
        stored = services.history.conversations.shared(link[:64])
        services.log.record(entry_of(request, "open conversation", stored.about.id, what="shared"))
        view = services.assistant.view(viewer_of(request))
        talk = reopened(stored, view, is_owner=False)
        said = both(
            "同事分享的对话，只读。只显示您能看到的出处；没有出处的句子不显示。",
            "A conversation that a colleague shares. You see what rests on sources open to you.",
        )
        body = element("h1", text(stored.about.title)) + element("p", said, class_="note")
        body += conversation(talk.turns, talk.around)
        top, last = bar("/", person_of(request)), foot(services.assistant, viewer_of(request))
        whole = top + element("main", body) + last
        page = plain_page(stored.about.title, whole, class_="plain-page", script="plain.js",
                          looks="page.css facts.css history.css", english=is_english(request))  # fmt: skip
        return HTMLResponse(page, headers=_HEADERS)


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
