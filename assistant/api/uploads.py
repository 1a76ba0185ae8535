"""Uploads: stored at once, taken in beside, and how far they are."""

import logging
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from assistant.api.calls import Calls, UploadResult
from assistant.api.problems import NotThere
from assistant.api.schemas import JobOut
from assistant.people.log import failures_recorded
from assistant.people.person import Person
from assistant.people.viewer import entry_of
from vectorstore.errors import PolicyError
from vectorstore.files.labels import label_of
from vectorstore.pace import Pace

log = logging.getLogger(__name__)

MOST_FILES = 100
MOST_AT_WORK = 4  # uploads of one person that wait or are at work
_MOST_JOBS, _DAY = 2000, 24 * 3600
_PIECE = 2**20


@dataclass(frozen=True, slots=True)
class Job:
    """One upload of `owner`'s, as it is now."""

    id: str
    owner: str
    total: int
    done: int = 0
    state: Literal["waiting", "working", "done", "failed"] = "working"
    problem: str = ""
    left: float | None = None
    results: tuple[UploadResult, ...] = ()
    began: float = field(default_factory=time.monotonic)


class Jobs:
    """Those of this run; the oldest go. Safe for several threads."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, owner: str, files: int) -> Job:
        """Raises PolicyError when too much of theirs is at work."""
        with self._lock:
            own = [j for j in self._jobs.values() if j.owner == owner]
            if sum(j.state in ("waiting", "working") for j in own) >= MOST_AT_WORK:
                raise PolicyError(f"您已有 {MOST_AT_WORK} 批上传在入库，请等它们完成")
            job = Job(f"job-{secrets.token_hex(8)}", owner, files)
            self._jobs[job.id] = job
            old = time.monotonic() - _DAY
            for key, known in list(self._jobs.items()):
                is_over = known.state in ("done", "failed")
                if is_over and (known.began < old or len(self._jobs) > _MOST_JOBS):
                    del self._jobs[key]
            return job

    def change(self, job_id: str, **to: Any) -> None:
        with self._lock:
            if job := self._jobs.get(job_id):
                self._jobs[job_id] = replace(job, **to)

    def of(self, owner: str, job_id: str) -> Job | None:
        with self._lock:
            job = self._jobs.get(job_id)
        return job if job and job.owner == owner else None


def add_uploads(router: APIRouter, calls: Calls) -> None:
    uploads, jobs = calls.access.needs("upload"), Jobs()

    @router.post(
        "/documents", name="documents.upload", summary="上传文件", response_model=JobOut,
        status_code=202, tags=["文件"],
    )  # fmt: skip
    def upload(
        request: Request, person: Annotated[Person, Depends(uploads)],
        files: Annotated[list[UploadFile], File(description=f"最多 {MOST_FILES} 个")],
    ) -> Response:  # fmt: skip
        """multipart/form-data，字段名 files。先存下，再入库；进度用返回的 job 查。可见范围按设置
        POLICY_WEB_AUDIENCE，之后可在文件库改。"""
        if len(files) > MOST_FILES:
            raise PolicyError(f"一次最多上传 {MOST_FILES} 个文件")
        job = jobs.begin(person.id, len(files))
        folder = calls.scratch()
        try:
            paths = _stored(files, folder, calls.services.library.settings.max_file_mb * 2**20)
            audience = calls.audience_of(person)
            entry = entry_of(request, "upload", files=len(paths), audience=audience.kind)
            calls.services.log.record(entry)  # before anything is kept
        except BaseException as error:
            jobs.change(job.id, state="failed", problem=str(error))
            shutil.rmtree(folder, ignore_errors=True)
            raise

        def tell(done: int, total: int, *, waits: bool = False, pace: Pace = Pace()) -> None:
            jobs.change(job.id, done=done, state="waiting" if waits else "working", left=pace.left)

        def work() -> None:
            try:
                with failures_recorded(calls.services.log, entry):
                    results = calls.ingest(paths, tell, audience=audience, viewer=person.viewer)
                jobs.change(
                    job.id, state="done", done=len(paths), left=None, results=tuple(results)
                )
            except Exception as error:  # the edge: the job says why
                jobs.change(job.id, state="failed", problem=_said(error))
            finally:
                shutil.rmtree(folder, ignore_errors=True)

        threading.Thread(target=work, daemon=True, name="upload-call").start()
        headers = {"Location": f"/api/v1/jobs/{job.id}"}
        return JSONResponse(_row(jobs.of(person.id, job.id) or job), 202, headers)

    @router.get(
        "/jobs/{job_id}",
        name="jobs.get",
        summary="上传的进度",
        response_model=JobOut,
        tags=["文件"],
    )
    def progress(job_id: str, person: Annotated[Person, Depends(uploads)]) -> Response:
        """state：waiting 等另一项导入，working 正在入库，done，failed。程序重启后查不到，已存下的
        文件由启动时补入库。"""
        job = jobs.of(person.id, job_id)
        if job is None:
            raise NotThere("没有这批上传，或已过一天。", "There is no such job.")
        return JSONResponse(_row(job))


def _stored(files: Sequence[UploadFile], folder: Path, most: int) -> list[Path]:
    """The files under names of their own, each in a folder so that names may repeat."""
    paths = []
    for number, file in enumerate(files):
        path = folder / str(number) / label_of(file.filename or "")
        path.parent.mkdir(mode=0o700)
        size = 0
        with path.open("wb") as out:
            while piece := file.file.read(_PIECE):
                size += len(piece)
                if size > most:
                    raise PolicyError(f"“{path.name[:60]}”超过单个文件的上限（{most // 2**20} MB）")
                out.write(piece)
        paths.append(path)
    return paths


def _said(error: Exception) -> str:
    if isinstance(error, PolicyError):
        return str(error)
    ticket = secrets.token_hex(4)
    log.error("[%s] an upload failed", ticket, exc_info=error)
    return f"入库时出错，日志编号 {ticket}；没入库的下次启动时补入"


def _row(job: Job) -> dict[str, Any]:
    results = [
        {"name": PurePosixPath(r.path).name, "action": r.action, "reason": r.reason, "passages": r.passages}
        for r in job.results
    ]  # fmt: skip
    return {
        "seconds_left": None if job.left is None else round(job.left, 1),
        "job": job.id, "state": job.state, "done": job.done, "total": job.total,
        "problem": job.problem or None, "results": results,
    }  # fmt: skip
