"""What Gradio's pages show before their script has drawn anything, and without a script at all.

Gradio sends an empty page in English and names its own website in it. Its template is given a
frame here: the words come from the server, Chinese first.
"""

import re
from collections.abc import Callable

from gradio import routes
from jinja2 import BaseLoader, Environment

from assistant.pages.markup import both, element, text

_TEMPLATE = "frontend/index.html"
# What chat programs would show of a link: Gradio's name, its website's picture. And the manifest of
# an installed app, an address that is closed here (doorway.py): browsers would report an error.
_FOREIGN = re.compile(r'<meta\s[^<>]*?"(?:og|twitter):[^<>]*+>|<link\s[^<>]*?"manifest"[^<>]*+>')
# Before Gradio's script: what `head=` names it loads only later, by its script.
_LOOK = '<link rel="stylesheet" href="/look/shell.css"><script src="/look/common.js"></script>'
_WITHOUT_SCRIPT = (("/facts", "指标与分工", "Figures"), ("/compare", "对照", "Compare"),
                   ("/saved", "收藏", "Saved answers"), ("/help", "帮助", "Help"))  # fmt: skip


def framed(page: str) -> str:
    """Gradio's template with our first picture in it."""
    page = page.replace('lang="en"', 'lang="zh-CN"', 1)
    page = _FOREIGN.sub("", page).replace("</head>", f"{_LOOK}</head>", 1)
    return page.replace("<gradio-app", _picture() + "<gradio-app", 1)


def _picture() -> str:
    """Hidden by shell.css as soon as the page itself is there."""
    opening = element("p", both("正在打开…", "Opening…"), id="opening", role="status")
    links = "，".join(element("a", text(zh), href=path) for path, zh, _ in _WITHOUT_SCRIPT)
    links_en = ", ".join(element("a", text(en), href=path) for path, _, en in _WITHOUT_SCRIPT)
    without = (
        "<style>#opening { display: none; }</style>"
        + element(
            "p",
            "这一页要用 JavaScript 才能提问和上传；浏览器现在没有运行它，请在浏览器设置里允许本站的脚本。"
            f"不用脚本也能看的页面：{links}。",
        )
        + element(
            "p",
            "This page needs JavaScript, which the browser does not run now; please allow it for "
            f"this site. Pages that work without: {links_en}.",
            lang="en",
        )
    )
    return opening + element("noscript", element("div", without, id="without-script"))


class _Framing(BaseLoader):
    """The loader that Gradio came with; its page comes framed."""

    def __init__(self, own: BaseLoader) -> None:
        self.own = own

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, is_current = self.own.get_source(environment, template)
        return (framed(source) if template == _TEMPLATE else source), name, is_current


def put_first_picture() -> None:
    """Frames Gradio's template, for every site of this process. Again changes nothing."""
    environment = routes.templates.env
    if environment.loader is not None and not isinstance(environment.loader, _Framing):
        environment.loader = _Framing(environment.loader)
