"""/shared/…: a conversation that somebody lets colleagues read, each as far as they see its
sources. Where nobody logs in, only on this machine: nobody could be told from anybody."""

import ipaddress

from fastapi import FastAPI, Request, Response

from assistant.history.models import NotThere
from assistant.pages.conversation import conversation
from assistant.pages.history import require_asking
from assistant.pages.markup import both, element, text
from assistant.pages.shell import own_page
from assistant.pages.talk import reopened
from assistant.people.viewer import address_of, entry_of, person_of, viewer_of
from assistant.services import Services


def add_shared_routes(site: FastAPI, services: Services) -> None:
    @site.get("/shared/{link}")
    def shared(request: Request, link: str) -> Response:
        require_asking(request)
        if person_of(request).is_alone and not _is_here(address_of(request)):
            raise NotThere(
                "没有登录时，分享的链接只能在本机打开",
                "Without logging in, shared links open on this machine only",
            )
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
        title = stored.about.title
        return own_page(request, services.assistant, "/", (title, title), body, looks="history.css")


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
