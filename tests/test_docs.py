"""The documentation is true of the code: settings, commands, files that it names."""

import re
from pathlib import Path

import pytest

from assistant.settings import (
    AnswerSettings,
    ApiSettings,
    DraftSettings,
    LlmSettings,
    OfficeSettings,
    WebSettings,
)
from tests.conftest import ROOT
from vectorstore.settings import IndexSettings, LogSettings, Settings, WatchSettings

CLASSES: tuple[type[Settings], ...] = (
    IndexSettings,
    AnswerSettings,
    LlmSettings,
    DraftSettings,
    OfficeSettings,
    WebSettings,
    ApiSettings,
    LogSettings,
    WatchSettings,
)
DOCS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def setting_rows() -> list[str]:
    """The table of docs/settings.md, made from the code."""
    rows = ["| 设置 | 默认 | 改后需重建 | 说明 |", "| --- | --- | --- | --- |"]
    for cls in CLASSES:
        prefix = cls.model_config["env_prefix"]
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            default = field.get_default(call_default_factory=True)
            shown = "" if str(default) in ("", "None", "**********") else f"`{default}`"
            rebuild = "是" if extra.get("rebuild") else ""
            rows.append(f"| `{prefix}{name.upper()}` | {shown} | {rebuild} | {field.description} |")
    return rows


def test_every_setting_is_documented_as_it_is() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert table == setting_rows(), "run: python -m tests.test_docs"


def test_every_command_line_option_is_described() -> None:
    import ingest.__main__
    from assistant.__main__ import _parser

    for parser in (ingest.__main__._parser(), _parser()):
        for action in parser._actions:
            assert action.help or action.dest == "command"


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_files_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in re.findall(
        r"`((?:assistant|ingest|vectorstore|prompts|tests|corpus|docs)/[\w./]+)`", text
    ):
        assert (ROOT / name).exists(), name


def test_every_package_is_explained() -> None:
    explained = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for file in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            if match := re.match(r"([A-Za-z][\w\-]*)==", line):
                assert match[1] in explained, match[1]


if __name__ == "__main__":
    HEAD = """# 设置

从环境变量或项目目录下的 `.env` 读取，前缀 `POLICY_`。写错的名称会被拒绝，超出范围的值会说明。“改后需重建”的设置影响已入库的内容：改向量模型后运行 `python -m ingest --rebuild`；改段落大小后运行 `python -m ingest 文件夹 --rebuild` 重新读取文件。

Settings are read from the environment or `.env`; unknown names are refused.

"""
    (ROOT / "docs" / "settings.md").write_text(
        HEAD + "\n".join(setting_rows()) + "\n", encoding="utf-8"
    )
