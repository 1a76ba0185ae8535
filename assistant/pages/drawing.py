"""What the browser is sent to draw on 问答: a whole picture once, then only the turns that changed,
so that an event weighs the same however long the conversation is. chat.js puts it in its place."""

from assistant.pages.conversation import changed_turns, conversation
from assistant.pages.markup import element
from assistant.pages.shell import problem
from assistant.pages.talk import Conversation


def whole(picture: str, talk: Conversation) -> str:
    """Takes the place of all that is shown; from then on only pictures of this conversation are
    drawn."""
    return element("div", picture, data_whole=True, data_talk=talk.key)


def opened(talk: Conversation) -> str:
    talk.fresh.clear()
    return whole(conversation(talk.turns, talk.around, talk.id), talk)


def changes(talk: Conversation) -> str:
    """The turns that may differ from what the browser has, how many there are now, and why the
    conversation is not kept where it is not. Pictures may come in another order than they were
    made in; `data-change` tells which is the later one."""
    unsaved = problem(talk.unsaved) if talk.unsaved else ""
    turns = changed_turns(talk.turns, talk.fresh, talk.around, talk.id)
    return element("div", turns + unsaved, data_turns=len(talk.turns), data_change=talk.changes,
                   data_conversation=talk.id, data_talk=talk.key)  # fmt: skip
