"""What the page 起草 sends from within the text (desk.js): the order of the outline, lengths, and
comments. Answers are sentences in JSON; the page then shows the draft as it is."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from assistant.drafting.numbering import moved_before
from assistant.pages.draft_desks import DraftDesks, Field, NotHere
from vectorstore.errors import PolicyError

MAX_LENGTH = 100_000


def add_inline_routes(site: FastAPI, at: DraftDesks) -> None:
    _add_outline(site, at)
    _add_comments(site, at)


def _said(sentence: str, english: str, status: int = 200) -> JSONResponse:
    return JSONResponse({"said": sentence, "english": english}, status)


def _refused(error: PolicyError) -> JSONResponse:
    return _said(str(error), error.english or str(error), 409)


def _add_outline(site: FastAPI, at: DraftDesks) -> None:
    @site.post("/drafts/{draft_id}/order")
    def order(
        request: Request, draft_id: str, section: Field = "", before: Field = ""
    ) -> JSONResponse:
        """A section with those below it, before another; '' is the end."""
        desk, draft = at.whole(request, draft_id)
        try:
            if all(s.id != section for s in draft.sections):
                raise PolicyError("这一部分已被删除", "This section was deleted")
            desk.reorder(draft, moved_before(draft.sections, section, before))
        except PolicyError as error:
            return _refused(error)
        return _said("已移动，编号已按新的顺序改好。", "Moved; headings are numbered anew.")

    @site.post("/drafts/{draft_id}/length")
    def length(
        request: Request, draft_id: str, section: Field = "", wanted: Field = ""
    ) -> JSONResponse:
        desk, draft = at.whole(request, draft_id)
        typed = wanted.strip() or "0"
        try:
            if not (typed.isascii() and typed.isdigit()) or int(typed[:9]) > MAX_LENGTH:
                raise PolicyError(
                    "字数请写 0 到 100000 的整数", "Write a whole number up to 100000"
                )
            desk.want_length(draft, section, int(typed))
        except PolicyError as error:
            return _refused(error)
        return _said("字数目标已记下。", "Noted.")


def _add_comments(site: FastAPI, at: DraftDesks) -> None:
    """Whoever sees a draft may comment on it, as a reviewer does."""

    @site.post("/drafts/{draft_id}/comments")
    def add(
        request: Request, draft_id: str, section: Field = "", quote: Field = "", said: Field = ""
    ) -> JSONResponse:
        desk, draft = at.whole(request, draft_id)
        try:
            if all(s.id != section for s in draft.sections):
                raise PolicyError("这一部分已被删除", "This section was deleted")
            with at.deed(request, "write draft", draft_id, what="comment", section=section):
                desk.store.comments.add(draft_id, desk.person, section, quote, said)
        except PolicyError as error:
            return _refused(error)
        return _said("批注已加。", "Comment added.")

    @site.post("/drafts/{draft_id}/comments/{comment}/{deed}")
    def change(request: Request, draft_id: str, comment: str, deed: str) -> JSONResponse:
        desk, draft = at.whole(request, draft_id)
        found = next((c for c in desk.store.comments.of(draft_id) if c.id == comment), None)
        own = found is not None and found.person == desk.person.id
        if found is None or deed not in ("settle", "reopen", "remove"):
            raise NotHere("没有这条批注")
        if not own and (deed == "remove" or not at.may_write(desk, draft)):
            return _said("这条批注是别人的，您不能改", "It is somebody else's comment", 409)
        with at.deed(request, "write draft", draft_id, what=f"comment: {deed}"):
            if deed == "remove":
                desk.store.comments.remove(draft_id, comment, desk.person)
            else:
                desk.store.comments.settle(
                    draft_id, comment, desk.person, is_settled=deed == "settle"
                )
        return _said("批注已改。", "Done.")
