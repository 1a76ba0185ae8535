"""The web app: reads settings, builds the services once, mounts the pages."""

import logging
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import vectorstore  # noqa: F401  (sets the environment before torch or Gradio are loaded)
from assistant.services import Services, build_services
from assistant.settings import WebSettings
from ingest.parse.limits import read_limits
from ingest.pipeline import FileResult, ingest
from ingest.workers import read_text, warm
from vectorstore.errors import IndexLocked, PolicyError
from vectorstore.settings import load_settings

log = logging.getLogger("app")


def main() -> int:
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for name in ("httpx", "chromadb", "sentence_transformers", "transformers", "pypdf"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        web = load_settings(WebSettings)
        with listen(web) as listener:
            services = build_services()
            ingest_samples(services, web.samples)
            serve(web, services, listener)
            services.close()
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def listen(web: WebSettings) -> socket.socket:
    """The socket to serve on. Raises PolicyError when the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((web.host, web.port))
        listener.listen(128)
    except OSError as error:
        raise PolicyError(
            f"端口 {web.host}:{web.port} 用不了（{error.strerror}）；"
            "请用 POLICY_WEB_PORT 换一个端口，或关掉占用它的程序"
        ) from error
    return listener


def ingest_samples(services: Services, folder: Path) -> None:
    """Fills an empty index with the sample documents, so that there is something to ask."""
    if services.index.catalog.count_documents() or not folder.is_dir():
        return
    print(f"资料库是空的，先导入示例文件（{folder}）…", flush=True)
    try:
        results = ingest(services.index, [folder])
    except IndexLocked:
        return  # somebody is filling it at this moment
    for result in results:
        if result.action == "failed":
            log.warning("%s: %s", result.path, result.reason)
    print(
        "示例已导入。导入自己的文件：python -m ingest 文件夹，或在网页的“文件库”上传。", flush=True
    )


def serve(web: WebSettings, services: Services, listener: socket.socket) -> None:
    """Runs until interrupted."""
    import uvicorn

    os.environ.setdefault("GRADIO_TEMP_DIR", private_folder(services.index.settings.data_dir))
    from assistant.pages.site import build_site  # Gradio reads its temp folder when imported

    def take_in(paths: Sequence[Path], on_progress: Callable[[int, int], None]) -> list[FileResult]:
        return ingest(services.index, paths, on_progress=lambda p: on_progress(p.files, p.total))

    def read_file(path: Path) -> str:
        settings = services.index.settings
        return read_text(path, settings.max_file_mb * 2**20, read_limits(settings))

    site = build_site(services, web, take_in, read_file)
    threading.Thread(target=warm, args=[services.index.embedder.count_tokens], daemon=True).start()
    # Draws the examples, and loads the models on the way, before somebody asks.
    threading.Thread(target=services.assistant.examples, daemon=True, name="warm-up").start()
    server = uvicorn.Server(uvicorn.Config(site, log_level="warning"))
    host, port = listener.getsockname()
    print(f"政策文件助手已启动：http://{host}:{port}（按 Ctrl+C 停止）", flush=True)
    server.run(sockets=[listener])


def private_folder(data: Path) -> str:
    folder = data / "tmp"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return tempfile.mkdtemp(dir=folder)


if __name__ == "__main__":
    sys.exit(main())
