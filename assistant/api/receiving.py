"""Files in the body of a request, read after somebody has asked whether they may be sent: no file
larger than what is taken, and not more of them, comes to the disk."""

from pathlib import Path

import anyio
from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from vectorstore.errors import PolicyError
from vectorstore.files.labels import label_of

MOST_FILES = 100
_FIELD = "files"
_PIECE = 2**20
_FILE = {"type": "string", "format": "binary"}
_FILES = {"type": "array", "items": _FILE, "minItems": 1, "description": f"最多 {MOST_FILES} 个"}
# For the OpenAPI document: FastAPI would read the body before anything is asked.
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": [_FIELD], "properties": {_FIELD: _FILES}}
            }
        },
    }
}


async def received(request: Request, folder: Path, most: int) -> list[Path]:
    """The files under names of their own, each in a folder so that names may repeat. `most` bytes
    of one file. Raises PolicyError."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise PolicyError(
            "请用 multipart/form-data 上传，字段名 files",
            "Send the files as multipart/form-data, in the field files",
        )
    try:
        form = await _Files(request, most).parse()
    except MultiPartException as error:
        raise PolicyError(
            f"上传的内容不对，或多于 {MOST_FILES} 个文件",
            f"The form cannot be read, or holds more than {MOST_FILES} files",
        ) from error
    try:
        files = form.getlist(_FIELD)
        sent = [file for file in files if isinstance(file, UploadFile)]
        if not sent or len(sent) < len(files):
            raise PolicyError("字段 files 里没有文件", "There is no file in the field files")
        return await anyio.to_thread.run_sync(_stored, sent, folder)
    finally:
        await form.close()


class _Files(MultiPartParser):
    """Stops where a part grows too large, before it is written."""

    def __init__(self, request: Request, most: int):
        super().__init__(request.headers, request.stream(), max_files=MOST_FILES, max_fields=10)
        self._most, self._size = most, 0

    def on_part_begin(self) -> None:
        self._size = 0
        super().on_part_begin()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > self._most:
            most = self._most // 2**20
            raise PolicyError(
                f"有文件超过单个文件的上限（{most} MB）", f"A file is larger than {most} MB"
            )
        super().on_part_data(data, start, end)


def _stored(files: list[UploadFile], folder: Path) -> list[Path]:
    paths = []
    for number, file in enumerate(files):
        path = folder / str(number) / label_of(file.filename or "")
        path.parent.mkdir(mode=0o700)
        with path.open("wb") as out:
            while piece := file.file.read(_PIECE):
                out.write(piece)
        paths.append(path)
    return paths
