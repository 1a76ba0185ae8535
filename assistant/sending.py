"""A file that is sent to be saved."""

from urllib.parse import quote

from starlette.responses import Response

BINARY = "application/octet-stream"


def as_download(content: bytes, name: str, kind: str = BINARY) -> Response:
    """A file that whoever asked saves under its `name`; `kind` is its media type."""
    saved = quote(name.replace("/", "／"))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{saved}"}
    return Response(content, media_type=kind, headers=headers | {"Cache-Control": "no-store"})
