"""/api/v1/docs: the OpenAPI document as a page for people; nothing of it comes from elsewhere."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import pick
from assistant.pages.shell import NAME, OWN_HEADERS, language_switch, plain_page
from assistant.people.languages import is_english

_PAGE = "/api/v1/docs"


def add_interface_page(site: FastAPI, api: FastAPI) -> None:
    """It tells nothing of the office, and is open to whoever is to write a program."""

    @site.get(_PAGE)
    def page(request: Request) -> HTMLResponse:
        english = is_english(request)
        title = pick(english, f"接口 · {NAME[0]}", f"Interface · {NAME[1]}")
        body = element(
            "main",
            element("p", language_switch("tool"), class_="tools") + interface_body(api.openapi()),
        )
        shown = plain_page(title, body, class_="plain-page interface", script="plain.js",
                           looks="page.css facts.css interface.css", english=english)  # fmt: skip
        return HTMLResponse(shown, headers=OWN_HEADERS)


def interface_body(document: dict[str, Any]) -> str:
    """All calls of an OpenAPI document, by tag."""
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or [""])[0]
            groups.setdefault(tag, []).append(_operation(document, path, method, operation))
    index = join(element("li", element("a", text(tag), href=f"#{_anchor(tag)}")) for tag in groups)
    parts = (
        element("section", element("h2", text(tag), id=_anchor(tag)) + join(found))
        for tag, found in groups.items()
    )
    return (
        element("h1", both("接口", "Interface"))
        + element("p", text(document["info"].get("description", "")))
        + element("p", both("机器读的同一份：", "The same for machines: ")
                  + element("a", text("openapi.json"), href="/api/v1/openapi.json"))
        + element("nav", element("ul", index), aria_label="目录")
        + join(parts)
        + element("h2", both("数据", "Values"), id="values")
        + join(_value(document, name) for name in sorted(document["components"]["schemas"]))
    )  # fmt: skip


def _anchor(tag: str) -> str:
    return f"t-{tag}"


def _operation(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> str:
    server = document["servers"][0]["url"]
    head = element("code", text(f"{method.upper()} {server}{path}"))
    content = (
        (element("p", text(said)) if (said := operation.get("description")) else "")
        + _parameters(document, operation)
        + _body(document, operation)
        + _answers(document, operation)
        + element("h4", both("例子", "Example"))
        + element("pre", text(_example(server, path, method, operation)), tabindex="0")
    )
    title = head + " " + element("span", text(operation.get("summary", "")))
    return element("details", element("summary", title) + content, id=operation["operationId"])


def _parameters(document: dict[str, Any], operation: dict[str, Any]) -> str:
    found = operation.get("parameters", [])
    rows = (
        [p["name"], p["in"], _kind(document, p["schema"]), "是" if p.get("required") else "",
         p.get("description") or p["schema"].get("description", "")]
        for p in found
    )  # fmt: skip
    return (
        _table("参数", "Parameters", ("名称", "位置", "类型", "必需", "说明"), rows)
        if found
        else ""
    )


def _body(document: dict[str, Any], operation: dict[str, Any]) -> str:
    parts = []
    for media, said in operation.get("requestBody", {}).get("content", {}).items():
        schema = _resolved(document, said["schema"])
        needed = schema.get("required", [])
        rows = (
            [name, _kind(document, field), "是" if name in needed else "", field.get("description", "")]
            for name, field in schema.get("properties", {}).items()
        )  # fmt: skip
        parts.append(
            _table(f"请求内容 {media}", f"Body {media}", ("名称", "类型", "必需", "说明"), rows)
        )
    return join(parts)


def _answers(document: dict[str, Any], operation: dict[str, Any]) -> str:
    rows = []
    for status, said in sorted(operation["responses"].items()):
        said = _resolved(document, said)
        kinds = "；".join(
            f"{media} {_kind(document, content.get('schema', {}))}".strip()
            for media, content in said.get("content", {}).items()
        )
        rows.append([status, said.get("description", ""), kinds])
    return _table("回答", "Answers", ("状态", "说明", "内容"), rows)


def _value(document: dict[str, Any], name: str) -> str:
    """The fields of a value that calls take or give."""
    schema = document["components"]["schemas"][name]
    rows = (
        [field, _kind(document, said), said.get("description", "")]
        for field, said in schema.get("properties", {}).items()
    )
    short = _short(name)
    return element(
        "details",
        element("summary", element("code", text(short)))
        + (element("p", text(said)) if (said := schema.get("description")) else "")
        + _table("字段", "Fields", ("名称", "类型", "说明"), rows),
        id=f"v-{short}",
    )


def _short(name: str) -> str:
    """AnswerOut is an Answer; what goes in keeps its name, for the other may bear the same."""
    return name.removesuffix("Out")


def _table(zh: str, en: str, head: tuple[str, ...], rows: Any) -> str:
    top = element("tr", join(element("th", text(name), scope="col") for name in head))
    body = join(element("tr", join(element("td", text(cell)) for cell in row)) for row in rows)
    table = element("table", element("thead", top) + element("tbody", body))
    wrapped = element("div", table, class_="table-wrap", role="region", aria_label=zh, tabindex="0")
    return element("h4", both(zh, en)) + wrapped


def _resolved(document: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for."""
    while "$ref" in said:
        found: Any = document
        for part in said["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        said = found
    return said


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """A type in one line."""
    return " | ".join(dict.fromkeys(_kinds(document, schema)))


def _kinds(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield _short(schema["$ref"].rpartition("/")[2])
    for option in schema.get("anyOf", ()):
        yield from _kinds(document, option)
    if "enum" in schema:
        yield " · ".join(map(str, schema["enum"]))
    elif "const" in schema:
        yield str(schema["const"])
    elif schema.get("type") == "array":
        yield f"[{_kind(document, schema.get('items', {}))}]"
    elif "type" in schema:
        yield " ".join(filter(None, (schema["type"], schema.get("format", ""))))


_BODIES: dict[str, dict[str, Any]] = {
    "ask": {"question": "占道经营费每月多少元？"},
    "search": {"question": "占道经营费每月多少元？", "limit": 5},
    "audit": {"text": "根据《××办法》，占道经营费每月30元。"},
    "drafts_make": {"request": "起草《××市养老服务实施方案》"},
}


def _example(server: str, path: str, method: str, operation: dict[str, Any]) -> str:
    """A line for curl."""
    parts = [f"curl -H 'Authorization: Bearer pca_…' http://127.0.0.1:7860{server}{path}"]
    parts += [f"-X {method.upper()}"] if method not in ("get", "post") else []
    name = operation["operationId"]
    body = next((b for start, b in _BODIES.items() if name.startswith(f"{start}_")), None)
    if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
        parts.append("-F files=@通知.docx")
    elif body:
        parts.append(
            f"-H 'Content-Type: application/json' -d '{json.dumps(body, ensure_ascii=False)}'"
        )
    return " \\\n  ".join(parts)
