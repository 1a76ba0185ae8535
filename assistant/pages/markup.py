"""HTML from values, with every text escaped.

Text of documents, questions and models is data: it never becomes markup, nor a template of
Gradio's HTML component, which reads ${…} and {{…}} in what it is given.
"""

import html
import re
from collections.abc import Iterable

_TEMPLATE = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})
_VOID = ("input", "br", "hr", "img", "link", "meta")  # nothing stands in these
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def text(value: object) -> str:
    """Any value as text that HTML shows literally."""
    cleaned = _CONTROL.sub("\ufffd", str(value)).encode("utf-8", "replace").decode("utf-8")
    return html.escape(cleaned, quote=True).translate(_TEMPLATE)


def both(zh: str, en: str) -> str:
    """A label in both languages; the page's language decides which one shows."""
    return (
        f'<span lang="zh" class="zh">{text(zh)}</span><span lang="en" class="en">{text(en)}</span>'
    )


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """`content` is markup already; attributes are escaped. `class_` gives class, `data_x`
    data-x; None and False are left out, True stands alone."""
    parts = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        parts.append(key if value is True else f'{key}="{text(value)}"')
    opening = f"<{' '.join(parts)}>"
    return opening if name in _VOID else f"{opening}{content}</{name}>"


def join(parts: Iterable[str]) -> str:
    return "".join(parts)
