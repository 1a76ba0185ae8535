"""python -m assistant mcp: the tools for a program on this machine, over standard input."""

import argparse
from typing import Any

from assistant.services import Services
from assistant.settings import WebSettings
from vectorstore.settings import load_settings


def add_parser(commands: Any) -> None:
    """Adds the command to those that argparse knows."""
    text = "MCP 服务（标准输入输出）：给本机上的模型程序调用检索、问答、核对"
    commands.add_parser("mcp", help=text, description=text)


def run(services: Services, _: argparse.Namespace) -> None:
    """Until the program that started it closes the line."""
    from assistant.api.tools.transports import serve_on_stdin

    serve_on_stdin(services, load_settings(WebSettings).concurrency)
