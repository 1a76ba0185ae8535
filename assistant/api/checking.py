"""/audits and /compare: a text against the corpus, and two documents against each other."""

import hashlib
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from assistant.api.calls import Calls
from assistant.api.problems import NotThere
from assistant.api.requests import AuditIn
from assistant.api.schemas import AuditOut, ComparedOut
from assistant.audit.audit import audit, summary
from assistant.events import Progress
from assistant.people.log import compared, recorded
from assistant.people.person import Person
from assistant.people.viewer import entry_of, who_of
from assistant.revision.choosing import compared_in
from assistant.revision.rendering import as_json
from vectorstore.files.surrogates import whole

Id = Annotated[str, Query(min_length=1, max_length=200, description="文件编号")]


def add_checking(router: APIRouter, calls: Calls) -> None:
    _add_audit(router, calls)
    _add_comparing(router, calls)


def _add_audit(router: APIRouter, calls: Calls) -> None:
    audits = calls.access.needs("audit")

    @router.post(
        "/audits",
        name="audit",
        summary="核对一段文字",
        response_model=AuditOut,
        tags=["核对、对照"],
    )
    async def check(
        request: Request, wanted: AuditIn, person: Annotated[Person, Depends(audits)]
    ) -> Response:
        """标题、文号、引文、数字逐处核对；claims 与 `python -m assistant audit --json` 相同。"""
        text = whole(wanted.text)
        fingerprint = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        entry = entry_of(request, "audit text", sha256=fingerprint, characters=len(text))

        def work(progress: Progress) -> dict[str, Any]:
            view = calls.view(request, wanted.scope.as_filter(), wanted.as_of)
            with recorded(calls.services.log, entry):
                claims = audit(text, calls.assistant.evidence(view, progress))
            return {"summary": summary(claims), "claims": [asdict(claim) for claim in claims]}

        return JSONResponse(await calls.in_line(request, work))


def _add_comparing(router: APIRouter, calls: Calls) -> None:
    reads = calls.access.needs("read")

    @router.get(
        "/compare", name="compare", summary="修订对照", response_model=ComparedOut,
        tags=["核对、对照"], dependencies=[Depends(reads)],
    )  # fmt: skip
    async def compare(request: Request, old: Id, new: Id) -> Response:
        """两份文件逐条对照；与 `python -m assistant compare --json` 相同。"""

        def work(_: Progress) -> dict[str, Any]:
            view = calls.view(request).quotable  # all of it is shown side by side
            before, after = view.summary(old), view.summary(new)
            if before is None or after is None:
                raise NotThere("没有这份文件，或您看不到它。", "There is no such document.")
            for entry in compared(who_of(request), before, after):
                calls.services.log.record(entry)
            return as_json(compared_in(view, before, after))

        return JSONResponse(await calls.in_line(request, work))
