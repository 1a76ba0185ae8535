"""/drafts/…/export: the forms that a draft leaves in, what is still open in it, and the files."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from assistant.cite.citation import named
from assistant.drafting.models import Draft
from assistant.export.final import OpenPoint, open_points
from assistant.export.pdf import PDF, NoPdf, can_make_pdf, to_pdf
from assistant.export.samples import sample_template
from assistant.export.template import BadTemplate
from assistant.export.word import WORD, Form, to_docx, to_markdown
from assistant.pages.draft_desks import DraftDesks, NotHere
from assistant.pages.markup import both, element, join, text
from assistant.pages.shell import problem
from assistant.sending import as_download
from assistant.settings import DraftSettings
from vectorstore.errors import PolicyError

TITLE = ("导出", "Export")
_MARKDOWN = "text/markdown; charset=utf-8"
_SHOWN = 60  # points that are named; a longer list says how many there are


@dataclass(frozen=True, slots=True)
class File:
    """One way out: the file's name in the address, and what it is."""

    name: str
    form: Form
    kind: str
    red_head: bool = False

    @property
    def label(self) -> tuple[str, str]:
        return {WORD: ("Word", "Word"), PDF: ("PDF", "PDF"), _MARKDOWN: ("Markdown", "Markdown")}[
            self.kind
        ]


FILES = (
    File("review.docx", "送审版", WORD),
    File("review.pdf", "送审版", PDF),
    File("review.md", "送审版", _MARKDOWN),
    File("final.docx", "定稿版", WORD),
    File("final.pdf", "定稿版", PDF),
    File("red-head.docx", "定稿版", WORD, red_head=True),
    File("red-head.pdf", "定稿版", PDF, red_head=True),
)
_GROUPS = (
    ("送审版", "For review", "每处出处一条脚注，文末附依据清单；存疑的句子划去并写明原因。",
     "With footnotes, a list of sources, and doubts.", FILES[:3]),
    ("定稿版", "Final", "不带出处、核对结论和起草用的说明；没填的空仍是黄色。",
     "Without sources, verdicts and notes; gaps stay yellow.", FILES[3:5]),
    ("红头", "With the red head", "定稿版加发文机关标志、发文字号、红色分隔线和版记；可换成本单位的红头模板。",
     "The final form under the office's head.", FILES[5:]),
)  # fmt: skip


def add_export_routes(site: FastAPI, at: DraftDesks) -> None:
    @site.get("/drafts/templates/{name}")
    def template(request: Request, name: str) -> Response:
        """The built-in forms, for an office to change and to name in its settings."""
        at.of(request)
        if name not in ("plain.docx", "red-head.docx"):
            raise NotHere("没有这个模板。")
        red_head = name == "red-head.docx"
        shown = "红头模板.docx" if red_head else "公文模板.docx"
        return as_download(sample_template(red_head=red_head), shown, WORD)

    @site.get("/drafts/{draft_id}/export")
    def choose(request: Request, draft_id: str) -> Response:
        desk, draft = at.opened(request, draft_id)
        return at.page(request, TITLE, export_body(draft, desk.settings))

    @site.get("/drafts/{draft_id}/{name}")
    def export(request: Request, draft_id: str, name: str) -> Response:
        """A draft as a file, as whoever asks may see it."""
        file = next((f for f in FILES if f.name == name), None)
        if file is None:
            raise NotHere("没有这种导出格式。")
        desk, draft = at.opened(request, draft_id)
        try:
            with at.deed(request, "export", draft_id, file=name, version=str(draft.version)):
                content = _content(draft, file, desk.settings)
        except (NoPdf, BadTemplate) as error:
            body = export_body(draft, desk.settings, error)
            return at.page(request, TITLE, body, 503 if isinstance(error, NoPdf) else 409)
        suffix = name.rpartition(".")[2]
        form = "红头" if file.red_head else file.form
        return as_download(content, f"{draft.title[:60]}（{form}）.{suffix}", file.kind)


def _content(draft: Draft, file: File, settings: DraftSettings) -> bytes:
    if file.kind == _MARKDOWN:
        return to_markdown(draft, file.form, settings).encode()
    word = to_docx(draft, file.form, settings, red_head=file.red_head)
    return word if file.kind == WORD else to_pdf(word, settings.pdf_seconds)


# --- the page -----------------------------------------------------------------------------------


def export_body(draft: Draft, settings: DraftSettings, error: PolicyError | None = None) -> str:
    back = element("a", both("回到稿子", "Back"), href=f"/draft?draft={draft.id}", class_="tool")
    points = open_points(draft)
    return (
        element("h1", both(*TITLE)) + element("p", text(f"{named(draft.title)} ") + back)
        + (problem(error) if error else "")
        + _warning(draft, points)
        + join(_group(draft, group, bool(points)) for group in _GROUPS)
        + ("" if can_make_pdf() else element("p", both(
            "这台机器上没有 LibreOffice，导不出 PDF；可以先导出 Word，再另存为 PDF。",
            "LibreOffice is not installed here, so there is no PDF; export Word instead.",
        ), class_="note"))
        + _templates(settings)
    )  # fmt: skip


def _group(
    draft: Draft, group: tuple[str, str, str, str, Sequence[File]], is_open: bool
) -> str:  # fmt: skip
    zh, en, about, about_en, files = group
    still = is_open and files[0].form == "定稿版"
    links = join(
        element("a", both(f"{'仍要导出 ' if still else ''}{f.label[0]}", f.label[1]), class_="tool",
                href=f"/drafts/{draft.id}/{f.name}", download=True,
                aria_label=f"{zh} {f.label[0]}")
        for f in files if f.kind != PDF or can_make_pdf()
    )  # fmt: skip
    return (
        element("h2", both(zh, en)) + element("p", both(about, about_en), class_="note")
        + element("div", links, class_="tools")
    )  # fmt: skip


def counted(points: Sequence[OpenPoint]) -> tuple[str, str]:
    """How many of each kind, in words."""
    counts = Counter(point.label for point in points)
    zh = "，".join(f"{name} {n} 处" for (name, _), n in counts.items())
    return zh, ", ".join(f"{name}: {n}" for (_, name), n in counts.items())


def _warning(draft: Draft, points: Sequence[OpenPoint]) -> str:
    if not points:
        done = both("没有存疑和未填的地方。", "Nothing is open.")
        return element("p", done, class_="note", role="status")
    zh, en = counted(points)
    said = both(
        f"还有 {len(points)} 处没有定：{zh}。定稿前请逐条处理。",
        f"{len(points)} points are open ({en}). Settle them before it goes out.",
    )
    items = join(_point(draft, point) for point in points[:_SHOWN])
    more = len(points) - _SHOWN
    rest = element("p", both(f"另有 {more} 处", f"{more} more"), class_="note") if more > 0 else ""
    listed = element("details", element("summary", both("逐条看", "Show them"))
                     + element("ol", items, class_="points") + rest, open=len(points) <= 12)  # fmt: skip
    return element("p", said, class_="problem", role="alert") + listed


def _point(draft: Draft, point: OpenPoint) -> str:
    place = f"/draft?draft={draft.id}&section={quote(point.section, safe='')}"
    name = element("a", text(point.heading), href=place)
    kind = element("span", both(*point.label), class_="state caution")
    words = element("span", text(point.text)) if point.text else ""
    why = element("small", text(point.why)) if point.why else ""
    return element("li", f"{kind} {name} {words} {why}")


def _templates(settings: DraftSettings) -> str:
    own = [p.name for p in (settings.template, settings.red_head_template) if p]
    used = (
        both(f"现在用的模板：{'、'.join(own)}。", f"Templates in use: {', '.join(own)}.")
        if own
        else ""
    )
    about = both(
        "要用本单位的版式：下载内置模板，在 Word 或 WPS 里改好样式和已有的文字，请管理员把文件写进设置 "
        "POLICY_DRAFT_TEMPLATE（红头为 POLICY_DRAFT_RED_HEAD_TEMPLATE）。",
        "For the office's own look change these and name them in the settings.",
    )
    links = join(
        element("a", both(zh, en), class_="tool", href=f"/drafts/templates/{name}", download=True)
        for zh, en, name in (("内置模板", "Built-in template", "plain.docx"),
                             ("内置红头模板", "Built-in red head", "red-head.docx"))
    )  # fmt: skip
    body = element("p", used + about, class_="note") + element("div", links, class_="tools")
    return element("details", element("summary", both("换成本单位的模板", "The office's own template")) + body)  # fmt: skip
