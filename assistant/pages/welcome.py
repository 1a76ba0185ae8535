"""问答 before anything was asked: what the corpus holds, and questions that it answers."""

from assistant.chat import Assistant
from assistant.pages.markup import both, element, join, text
from assistant.pages.start import steps
from vectorstore.language.regions import short_name
from vectorstore.library import View
from vectorstore.models import Viewer


def examples(assistant: Assistant, viewer: Viewer) -> str:
    """Questions drawn from what somebody sees that do have answers."""
    items = join(
        element(
            "li",
            element("button", text(question), type="button", class_="example", data_ask=question),
        )
        for question in assistant.examples(viewer)
    )
    return element("div", element("ul", items), class_="offers") if items else ""


def welcome(view: View) -> str:
    """What the corpus holds."""
    documents = view.documents()
    if not documents:
        hint = both(
            "资料库还是空的。请到“文件库”上传文件，或在命令行运行 python -m ingest 文件夹。",
            "The corpus is empty. Upload documents in the library, or run python -m ingest FOLDER.",
        )
        return element(
            "div",
            element("h2", both("还没有文件", "No documents yet")) + element("p", hint) + steps(),
            class_="welcome",
        )
    places = list(
        dict.fromkeys(short_name(d.metadata.region[-1]) for d in documents if d.metadata.region)
    )
    years = sorted(
        {
            day.year
            for d in documents
            for day in (d.metadata.date_written, d.metadata.date_published)
            if day
        }
    )
    span = f"{years[0]}—{years[-1]} 年" if len(years) > 1 else f"{years[0]} 年" if years else ""
    facts = "，".join(filter(None, (f"{len(documents)} 份文件", "、".join(places[:8]), span)))
    return element(
        "div",
        element("h2", both("问政策文件", "Ask the policy documents"))
        + element("p", both(f"资料库现有 {facts}。回答的每句话都注明出处，点编号看原文。",
                            f"{len(documents)} documents. Every sentence cites its passage; click a number to see it."))
        + steps(),
        class_="welcome",
    )  # fmt: skip
