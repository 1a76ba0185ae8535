"""The web app: reads settings, builds the services once, mounts the pages."""

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import vectorstore  # noqa: F401  (sets the environment before torch or Gradio are loaded)
from assistant.pages.received import SessionFiles
from assistant.pages.scratch import every, run_folder
from assistant.people.viewer import LOCAL
from assistant.services import Services, build_services
from assistant.settings import WebSettings, is_local
from ingest.audience import audience_of
from ingest.originals import draw_original
from ingest.parse.limits import read_limits
from ingest.pipeline import ingest
from ingest.uploads import NOBODY, Uploads
from ingest.watching import Follower
from ingest.workers import read_text, warm
from vectorstore.errors import IndexLocked, PolicyError
from vectorstore.files.pages import Asked, Drawn
from vectorstore.models import PUBLIC
from vectorstore.settings import WatchSettings, load_settings

if TYPE_CHECKING:
    import uvicorn

log = logging.getLogger("app")


def main() -> int:
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for name in ("httpx", "mcp", "chromadb", "sentence_transformers", "transformers", "pypdf"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        web = load_settings(WebSettings)
        if refused := open_to_strangers(web):
            raise PolicyError(refused)
        with listen(web) as listener:
            services = build_services(web)
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
        listener.listen(1024)
    except OSError as error:
        raise PolicyError(
            f"端口 {web.host}:{web.port} 用不了（{error.strerror}）；"
            "请用 POLICY_WEB_PORT 换一个端口，或关掉占用它的程序"
        ) from error
    return listener


def ingest_samples(services: Services, folder: Path) -> None:
    """Fills an empty index with the sample documents, so that there is something to ask."""
    if services.library.index.catalog.count_documents() or not folder.is_dir():
        return
    print(f"资料库是空的，先导入示例文件（{folder}）…", flush=True)
    try:
        results = ingest(services.library.index, [folder])
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
    # So that the folder goes; uvicorn raises the signal again when it has shut down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with run_folder(services.library.settings.data_dir) as folder:
        os.environ["GRADIO_TEMP_DIR"] = str(folder)
        files = SessionFiles(folder)
        server = build_server(web, services, files)
        # Draws the examples, and loads the models on the way, before somebody asks.
        draw = services.assistant.examples
        threading.Thread(target=draw, args=[LOCAL], daemon=True, name="warm-up").start()
        host, port = listener.getsockname()
        if warning := public_warning(web, host):
            print(warning, file=sys.stderr, flush=True)
        print(f"政策文件助手已启动：http://{host}:{port}（按 Ctrl+C 停止）", flush=True)
        with (
            every(3600, files.tidy),
            every(3600, services.tidy),
            following(services),
            contextlib.suppress(KeyboardInterrupt),
        ):
            server.run(sockets=[listener])


def following(services: Services) -> contextlib.AbstractContextManager[None]:
    """Follows the folder that the settings name, if any."""
    settings = load_settings(WatchSettings)
    if settings.folder is None:
        return contextlib.nullcontext()
    audience_of(settings.audience)  # what is wrong with it is said at the start
    follower = Follower(services.library.index, services.arrivals, settings)
    return every(settings.every, follower.look)


def build_server(web: WebSettings, services: Services, files: SessionFiles) -> "uvicorn.Server":
    """The site behind uvicorn. Gradio reads its folder for files when it is imported."""
    import uvicorn
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    from assistant.pages.connections import HEAD_BYTES, allow_open_files, patient
    from assistant.pages.identity import NotedPeer
    from assistant.pages.site import build_site

    def read_file(path: Path) -> str:
        settings = services.library.settings
        return read_text(path, settings.max_file_mb * 2**20, read_limits(settings))

    def draw(source_path: str, asked: Asked) -> Drawn:
        settings = services.library.settings
        return draw_original(
            source_path, asked, settings.max_file_mb * 2**20, read_limits(settings)
        )

    strays = NOBODY if services.people else PUBLIC
    uploads = Uploads(services.library.index, strays, services.arrivals)
    threading.Thread(target=uploads.recover, daemon=True, name="recover").start()
    site = build_site(services, web, uploads, read_file, files, draw)
    threading.Thread(
        target=warm, args=[services.library.index.embedder.count_tokens], daemon=True
    ).start()
    allow_open_files()
    return uvicorn.Server(
        uvicorn.Config(
            # What uvicorn would do itself, but for the note of who is at the other end.
            NotedPeer(
                ProxyHeadersMiddleware(site, os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1"))
            ),
            proxy_headers=False,
            log_level="warning",
            http=patient(web.patience_seconds),
            ws="none",  # Gradio streams over HTTP
            h11_max_incomplete_event_size=HEAD_BYTES,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=3,  # open pages hold a connection for ever
            server_header=False,
        )
    )


def open_to_strangers(web: WebSettings) -> str:
    """Why the site is not served: others than this machine's users would reach it without logging
    in, and nobody said that this is wanted. Else empty."""
    if web.lists_people or web.without_login or is_local(web.host):
        return ""
    return (
        f"没有启动：监听 {web.host} 时同一网络里的人都能打开，而没有登录——谁都能提问、上传和删除文件。"
        "请设置登录方式 POLICY_WEB_LOGIN（local、oidc 或 proxy，先用 python -m assistant people add 建账号）；"
        "确实要不登录就开放，设置 POLICY_WEB_WITHOUT_LOGIN=true。见 docs/security.md"
    )


def public_warning(web: WebSettings, host: str) -> str:
    """A sentence when others than this machine's users reach the site; else empty."""
    if is_local(host):
        return ""
    hosts = "用域名打开时要设置 POLICY_WEB_HOSTS。见 docs/security.md"
    if web.lists_people:
        return f"本服务监听 {host}；密码和文件会经网络传送，请在前面加 https。{hosts}"
    return (
        f"注意：本服务监听 {host}，同一网络里的人都能打开，且没有登录——谁都能提问、上传和删除文件。"
        f"只在可信的内网这样用；{hosts}"
    )


if __name__ == "__main__":
    sys.exit(main())
