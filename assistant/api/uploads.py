"""Uploads: stored at once, taken in beside, and how far they are."""

import secrets
import shutil
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

import anyio
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from assistant.api.access import Access
from assistant.api.calls import Calls
from assistant.api.problems import NotThere
from assistant.api.receiving import FORM, received
from assistant.api.schemas import JobOut
from assistant.failing import ticketed
from assistant.intake import UploadResult
from assistant.people.log import Entry, failures_recorded
from assistant.people.person import Person
from assistant.people.viewer import entry_of
from vectorstore.errors import PolicyError
from vectorstore.pace import Pace

MOST_AT_WORK = 4  # uploads of one person that wait or are at work
_MOST_JOBS, _DAY = 2000, 24 * 3600


@dataclass(frozen=True, slots=True)
class Job:
    """One upload of `owner`'s, as it is now."""

    id: str
    owner: str
    total: int = 0  # files, once they are received
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

    def begin(self, owner: str) -> Job:
        """Raises PolicyError when too much of theirs is at work."""
        with self._lock:
            own = [j for j in self._jobs.values() if j.owner == owner]
            if sum(j.state in ("waiting", "working") for j in own) >= MOST_AT_WORK:
                raise PolicyError(f"您已有 {MOST_AT_WORK} 批上传在入库，请等它们完成")
            job = Job(f"job-{secrets.token_hex(8)}", owner)
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
        status_code=202, tags=["文件"], openapi_extra=FORM,
    )  # fmt: skip
    async def upload(request: Request, person: Annotated[Person, Depends(uploads)]) -> Response:
        """multipart/form-data，字段名 files。先存下，再入库；进度用返回的 job 查。可见范围按设置
        POLICY_WEB_AUDIENCE，之后可在文件库改。"""
        job = jobs.begin(person.id)
        try:
            folder = await anyio.to_thread.run_sync(calls.scratch)
            taken = _Taken(calls, jobs, job.id, person, folder)
            await taken.receive(request)
        except BaseException as error:
            said = calls.access.said(error)[0] if isinstance(error, PolicyError) else ""
            jobs.change(job.id, state="failed", problem=said or "没有收完整")
            raise
        threading.Thread(target=taken.work, daemon=True, name="upload-call").start()
        headers = {"Location": f"/api/v1/jobs/{job.id}"}
        return JSONResponse(_row(jobs.of(person.id, job.id) or job, calls.access), 202, headers)

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
        return JSONResponse(_row(job, calls.access))


class _Taken:
    """Files on their way from a request to the index, in a `folder` that goes with them."""

    def __init__(self, calls: Calls, jobs: Jobs, job: str, person: Person, folder: Path):
        self._calls, self._jobs, self._job = calls, jobs, job
        self._person, self._folder = person, folder
        self._audience = calls.audience_of(person)
        self._paths: list[Path] = []
        self._entry: Entry

    async def receive(self, request: Request) -> None:
        """Reads the files, and puts the deed in the log before anything of them is kept."""
        most = self._calls.services.library.settings.max_file_mb * 2**20
        try:
            self._paths = await received(request, self._folder, most)
            self._entry = entry_of(
                request, "upload", files=len(self._paths), audience=self._audience.kind
            )
            await anyio.to_thread.run_sync(self._calls.services.log.record, self._entry)
        except BaseException:
            self._forget()
            raise
        self._jobs.change(self._job, total=len(self._paths))

    def work(self) -> None:
        """Takes them in, in a thread of its own."""
        try:
            with failures_recorded(self._calls.services.log, self._entry):
                results = self._calls.ingest(
                    self._paths, self._tell, audience=self._audience, viewer=self._person.viewer
                )
            done = {"done": len(self._paths), "left": None, "results": tuple(results)}
            self._jobs.change(self._job, state="done", **done)
        except PolicyError as error:
            self._jobs.change(self._job, state="failed", problem=self._calls.access.said(error)[0])
        except Exception as error:  # the edge: the job says why
            ticket = ticketed("an upload failed", error)
            said = f"入库时出错，日志编号 {ticket}；没入库的稍后自动补入"
            self._jobs.change(self._job, state="failed", problem=said)
        finally:
            self._forget()

    def _tell(self, done: int, total: int, *, waits: bool = False, pace: Pace = Pace()) -> None:
        state = "waiting" if waits else "working"
        self._jobs.change(self._job, done=done, state=state, left=pace.left)

    def _forget(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _row(job: Job, access: Access) -> dict[str, Any]:
    results = [
        {"name": PurePosixPath(r.path).name, "action": r.action,
         "reason": access.without_folders(r.reason), "passages": r.passages}
        for r in job.results
    ]  # fmt: skip
    return {
        "seconds_left": None if job.left is None else round(job.left, 1),
        "job": job.id, "state": job.state, "done": job.done, "total": job.total,
        "problem": job.problem or None, "results": results,
    }  # fmt: skip
