"""The web app: reads settings, builds the services once, mounts the pages."""

import logging
import os
import socket
import sys
import tempfile
from pathlib import Path

import vectorstore  # noqa: F401  (sets the environment before torch or Gradio are loaded)
from assistant.settings import WebSettings
from vectorstore.errors import PolicyError
from vectorstore.settings import load_settings

log = logging.getLogger("app")


def main() -> int:
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for name in ("httpx", "chromadb", "sentence_transformers", "transformers"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        web = load_settings(WebSettings)
        listener = listen(web)
        from assistant.services import build_services  # late: a taken port is told at once

        services = build_services()
        serve(web, services, listener)
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
    except OSError as error:
        raise PolicyError(
            f"端口 {web.host}:{web.port} 用不了（{error.strerror}）；"
            "请用 POLICY_WEB_PORT 换一个端口，或关掉占用它的程序"
        ) from error
    return listener


def serve(web: WebSettings, services, listener: socket.socket) -> None:  # type: ignore[no-untyped-def]
    """Runs until interrupted."""
    import uvicorn

    os.environ.setdefault("GRADIO_TEMP_DIR", str(_private_folder(services.index.settings.data_dir)))
    from assistant.pages.site import build_site

    site = build_site(services, web)
    server = uvicorn.Server(uvicorn.Config(site, log_level="warning"))
    host, port = listener.getsockname()
    print(f"政策文件助手已启动：http://{host}:{port}（按 Ctrl+C 停止）", flush=True)
    server.run(sockets=[listener])


def _private_folder(data: Path) -> Path:
    folder = data / "tmp"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(tempfile.mkdtemp(dir=folder))


if __name__ == "__main__":
    sys.exit(main())
