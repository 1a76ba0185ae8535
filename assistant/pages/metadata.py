"""/metadata: what was read of documents, corrected by hand with a reason; what was corrected so
far, and what a newer version reads otherwise. What somebody corrects counts at once."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.chat import Assistant
from assistant.intake import Ingest
from assistant.pages.metadata_form import EDITOR, TITLE, Sent, editor_body, list_body
from assistant.pages.refusals import deny
from assistant.pages.shell import gone, own_page
from assistant.pages.typed_fields import Refused, checked_value
from assistant.people.languages import is_english
from assistant.people.log import AuditLog, NoLog, recorded
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, name_of, person_of
from vectorstore.corrections import (
    FIELDS,
    LONGEST_NAME,
    LONGEST_REASON,
    Correction,
    as_read,
    standing,
    written,
)
from vectorstore.errors import PolicyError
from vectorstore.language.text import INVISIBLE
from vectorstore.library import View
from vectorstore.models import DocumentSummary

GONE = "没有这份文件：它可能已被更新或移除。"
_LONGEST_VALUE = 2000  # characters of a field that is looked at at all


async def _sent(request: Request) -> Mapping[str, str]:
    """The fields of the form, as text."""
    form = await request.form(max_files=0, max_fields=60)
    return {name: str(value)[:_LONGEST_VALUE] for name, value in form.items()}


Form = Annotated[Mapping[str, str], Depends(_sent)]


def add_metadata_routes(
    site: FastAPI,
    assistant: Assistant,
    seen_by: Callable[[Request], View],
    ingest: Ingest,
    log: AuditLog = NoLog(),
) -> None:
    """The page of one document, its deeds, and the list of what was corrected."""

    def page(request: Request, document: DocumentSummary, sent: Sent) -> HTMLResponse:
        allowed = may(person_of(request), "change documents", document.audience)
        body = editor_body(seen_by(request), document, sent, allowed, is_english(request))
        return own_page(
            request, assistant, "/library", EDITOR, body, looks="metadata.css", status=sent.status
        )

    def required(request: Request, document_id: str) -> DocumentSummary:
        """One that the request's person sees and may correct; what they do not see is not there."""
        document = seen_by(request).summary(document_id)
        person = person_of(request)
        if document is None or not may(person, "change documents", document.audience):
            deny(request.scope)
            raise HTTPException(404)
        return document

    def keep(request: Request, document: DocumentSummary, made: list[Correction]) -> None:
        """Recorded first, then done."""
        now = document.metadata
        changes = {c.field: [written(now, c.field), c.value] for c in made}
        about: dict[str, Any] = {"changes": changes, "reason": made[0].reason}
        about["undone"] = made[0].undone
        with recorded(log, entry_of(request, "correct metadata", document.id, **about)):
            ingest.correct(made)

    def done(
        request: Request,
        document: DocumentSummary,
        form: Mapping[str, str],
        make: Callable[[str, str], tuple[str, list[Correction]]],
    ) -> Response:
        """Does what `make` (given who and when) says; what was typed is not lost when it fails."""
        who = _line(name_of(request) or form.get("who", ""))[:LONGEST_NAME] or "未署名"
        try:
            said, made = make(who, datetime.now(UTC).isoformat(timespec="seconds"))
            keep(request, document, made)
        except PolicyError as error:
            status = 400 if isinstance(error, Refused) else 503
            return page(request, document, Sent(form, str(error), status))
        return RedirectResponse(f"/metadata/{document.id}?said={said}", 303)

    @site.get("/metadata")
    def listed(request: Request) -> HTMLResponse:
        body = list_body(seen_by(request))
        return own_page(request, assistant, "/library", TITLE, body, looks="metadata.css")

    @site.get("/metadata/{document_id}")
    def editor(request: Request, document_id: str, said: str = "") -> HTMLResponse:
        document = seen_by(request).summary(document_id)
        return page(request, document, Sent(said=said)) if document else gone(GONE)

    @site.post("/metadata/{document_id}")
    def save(request: Request, document_id: str, form: Form) -> Response:
        document = required(request, document_id)
        view = seen_by(request)
        return done(
            request, document, form, lambda who, at: ("kept", typed(view, document, form, who, at))
        )

    @site.post("/metadata/{document_id}/undo")
    def undo(request: Request, document_id: str, form: Form) -> Response:
        document = required(request, document_id)
        return done(
            request,
            document,
            form,
            lambda who, at: ("undone", [undoing(document, form, who, at)]),
        )

    @site.post("/metadata/{document_id}/confirm")
    def confirm(request: Request, document_id: str, form: Form) -> Response:
        document = required(request, document_id)
        view = seen_by(request)
        return done(
            request,
            document,
            form,
            lambda who, at: ("confirmed", [confirming(view, document, form, who, at)]),
        )


# --- what was sent ------------------------------------------------------------------------------


def typed(
    view: View, document: DocumentSummary, form: Mapping[str, str], who: str, at: str
) -> list[Correction]:
    """The fields that somebody changed, checked. Raises Refused with a sentence."""
    now, read = document.metadata, as_read(document.metadata)
    made = []
    for name in FIELDS:
        shown, said = form.get(f"was.{name}", ""), form.get(name)
        if said is None or said.strip() == shown:
            continue
        if shown != (written(now, name) or ""):
            raise Refused(f"没有保存：{FIELDS[name]}刚被别人改过；请刷新后再看。")
        value = checked_value(name, said, view.as_of)
        if value != written(now, name):
            before = written(read, name)
            made.append((name, value, before))
    if not made:
        raise Refused("没有保存：没有改动。")
    reason = _reason(form)
    return [
        Correction(document.id, name, value, before, reason, who, at, undone=value == before)
        for name, value, before in made
    ]


def undoing(document: DocumentSummary, form: Mapping[str, str], who: str, at: str) -> Correction:
    """What was read counts again."""
    name = form.get("field", "")
    hand = document.metadata.by_hand.get(name)
    if hand is None:
        raise Refused("这一项没有改正，可能已被撤销；请刷新后再看。")
    reason = _line(form.get("reason", ""))[:LONGEST_REASON] or "撤销改正"
    return Correction(document.id, name, hand.read, hand.read, reason, who, at, undone=True)


def confirming(
    view: View, document: DocumentSummary, form: Mapping[str, str], who: str, at: str
) -> Correction:
    """The same correction again, against what is read now."""
    name = form.get("field", "")
    hand = document.metadata.by_hand.get(name)
    held = standing(view.corrections([document.id])).get(name)
    if hand is None or held is None:
        raise Refused("这一项没有改正，可能已被撤销；请刷新后再看。")
    reason = _line(form.get("reason", ""))[:LONGEST_REASON] or f"新版沿用：{held.reason}"
    return Correction(document.id, name, held.value, hand.read, reason[:LONGEST_REASON], who, at)


def _reason(form: Mapping[str, str]) -> str:
    reason = _line(form.get("reason", ""))
    if not reason:
        raise Refused("没有保存：请写明理由（如 依据纸质件首页）。")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"没有保存：理由请不超过 {LONGEST_REASON} 个字（现在 {len(reason)} 个）。")
    return reason


def _line(said: str) -> str:
    return " ".join(INVISIBLE.remove_from(said).split())
