"""Documents and passages as resources of the Model Context Protocol.

A list is cut into pages; a page's end is told by the document it ends with, so that nothing is
left out or given twice when the library changes in between.
"""

import re

import mcp_types as types
from mcp.shared.exceptions import MCPError

from assistant.api.problems import NotThere
from assistant.api.tools.asked import GetPassage
from assistant.api.tools.deeds import Caller, Deeds
from assistant.events import Progress
from vectorstore.library import View
from vectorstore.models import DocumentSummary

PAGE = 100
_TEXT = "text/plain"
_ADDRESS = re.compile(r"policy://(documents|passages)/([A-Za-z0-9_.:#-]{1,100})")
TEMPLATES = (
    types.ResourceTemplate(
        uri_template="policy://documents/{document_id}",
        name="document",
        title="一份文件的全文",
        description="文字与各处出处的 start、end 所指一致",
        mime_type=_TEXT,
    ),
    types.ResourceTemplate(
        uri_template="policy://passages/{passage_id}",
        name="passage",
        title="一个段落",
        mime_type=_TEXT,
    ),
)


def page(view: View, cursor: str | None) -> types.ListResourcesResult:
    """Documents that may be quoted, in the order of their ids, from the one behind the cursor."""
    documents = sorted(view.quotable.documents(), key=lambda d: d.id)
    if cursor is not None and len(cursor) > 100:
        raise MCPError(types.INVALID_PARAMS, "没有这一页")
    left = [d for d in documents if cursor is None or d.id > cursor]
    more = left[PAGE - 1].id if len(left) > PAGE else None
    return types.ListResourcesResult(
        resources=[_resource(d) for d in left[:PAGE]], next_cursor=more
    )


def _resource(document: DocumentSummary) -> types.Resource:
    m = document.metadata
    known = "，".join(filter(None, (m.document_number, m.issuer, document.state)))
    return types.Resource(
        uri=f"policy://documents/{document.id}",
        name=document.id,
        title=m.title,
        description=known,
        mime_type=_TEXT,
    )


def read(deeds: Deeds, caller: Caller, uri: str) -> types.ReadResourceResult:
    """The text of a document or a passage. Raises NotThere, alike for what the caller does not
    see."""
    if not (found := _ADDRESS.fullmatch(uri)):
        raise NotThere("没有这个资源")
    kind, identifier = found.groups()
    if kind == "documents":
        text = deeds.text(caller, identifier)
    else:
        text = deeds.get_passage(caller, GetPassage(passage_id=identifier), Progress()).text
    return types.ReadResourceResult(
        contents=[types.TextResourceContents(uri=uri, text=text, mime_type=_TEXT)]
    )
