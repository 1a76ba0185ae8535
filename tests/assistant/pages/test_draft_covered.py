"""Pages about a draft that holds what a reader may not see: nothing of it shows, or is told by
asking."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from assistant.cite.markdown import parse
from assistant.drafting.access import Share
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from tests.assistant.export.drafts import source
from tests.assistant.officials import LI, ZHANG
from tests.assistant.pages.test_draft_routes import become, client, desk, log  # noqa: F401

SECRET = "机密数字为七百二十一"


@pytest.fixture
def draft(desk: DraftingDesk) -> Draft:  # noqa: F811
    """Shared with Li to be edited; its first section quotes a document that is not there for
    Li."""
    begun = desk.begin("起草《松湖县社区养老服务实施方案》")
    first, *others = begun.sections
    first = replace(first, body=parse(f"{SECRET}[本地数据]，特此说明[7]。"), state="已写")
    whole = replace(begun, sections=(first, *others), sources=(source(7, "看不到的文件"),))
    saved = desk.keep(whole, "写成")
    desk.store.share(saved.id, ZHANG, Share("person", LI.id, "write", "李四"))
    quote = f"{SECRET}[本地数据]，特此说明。"
    desk.store.comments.add(saved.id, ZHANG, first.id, quote, "请核实")
    return saved


def test_no_page_shows_what_is_covered(client: TestClient, draft: Draft) -> None:  # noqa: F811
    become(client, LI)
    base = f"/drafts/{draft.id}"
    paths = ("own", "export", "versions?from=1", f"find?what={SECRET[:4]}", "style", "insert",
             "review.md", "final.docx")  # fmt: skip
    for path in paths:
        answer = client.get(f"{base}/{path}")
        assert answer.status_code == 200
        assert SECRET[4:] not in answer.text, path


def test_asking_tells_nothing(client: TestClient, draft: Draft) -> None:  # noqa: F811
    become(client, LI)
    base, first = f"/drafts/{draft.id}", draft.sections[0].id
    answers = [
        client.post(f"{base}/find", data={"what": what, "to": "x", "place": f"{first}.0.0"})
        for what in ("机密数字", "公开数字")
    ]
    assert [a.status_code for a in answers] == [400, 400]
    assert all("没有选中" in a.text for a in answers)
    filled = client.post(f"{base}/own/fill", data={
        "place": "0.0.10.16", "clause": f"{SECRET}[本地数据]", "value": "1"})  # fmt: skip
    assert "已经改动" in filled.text


def test_the_page_shows_no_comments_words_of_what_is_covered(
    desk: DraftingDesk, draft: Draft  # noqa: F811
) -> None:  # fmt: skip
    from assistant.pages.draft_shown import Opened, show

    shown = show(desk.seen_by(LI), Opened(draft, draft.sections[0].id), "")
    assert SECRET[4:] not in str(shown[1:])
    assert "请核实" in str(shown[1])
    assert SECRET in str(show(desk, Opened(draft, draft.sections[0].id), "")[1])
