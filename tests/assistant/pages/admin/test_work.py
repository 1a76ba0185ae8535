"""What is done in 管理, and what it does to answers."""

import html
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.drafting.models import Draft, Request
from assistant.noting import note_answer
from assistant.office.sight import ALL
from assistant.people import passwords
from assistant.settings import LlmSettings
from tests.assistant.pages.admin.conftest import HOSTILE, Site
from vectorstore.models import Viewer
from vectorstore.settings import load_settings

SLANG = "摊位钱每月多少元？"


def ask(site: Site, question: str, viewer: Viewer | None = None) -> Any:
    """As somebody asks on the page."""
    answer = site.services.assistant.ask([question], viewer=viewer or site.person.viewer)
    note_answer(site.services.assistant, site.person, [question], answer)
    return answer


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


# --- terms ----------------------------------------------------------------------------------------


def test_a_gap_is_closed_by_a_term_that_answers(site: Site) -> None:
    assert ask(site, SLANG).refused
    assert ask(site, "河湖保洁每年投入多少万元？").refused is False
    page = site.get("/admin/gaps")
    assert SLANG in page
    (gap,) = site.gaps()
    prefilled = site.get("/admin/terms", gaps=str(gap.id))
    assert "摊位钱" in hidden(prefilled, "wordings")
    term = {"what": "term", "wordings": "摊位钱", "term": "占道经营费", "gaps": str(gap.id)}
    preview = site.post("/admin/terms/preview", **term).text
    assert "其中 1 个的理解会变" in preview
    assert "理解为：占道经营费每月多少元？" in preview
    assert site.office.terms.now().terms == ()  # nothing is kept by looking
    saved = site.post("/admin/terms/save", **term).text
    assert "1 条记为已解决（用语）" in saved
    assert site.gaps() == []
    answer = ask(site, SLANG)
    assert "30元" in answer.text
    assert answer.standalone_question == "占道经营费每月多少元？"
    assert ("change terms", "done") in site.log.deeds


def test_a_term_that_answers_nothing_leaves_the_gap_open(site: Site) -> None:
    ask(site, SLANG)
    (gap,) = site.gaps()
    term = {"what": "term", "wordings": "摊位钱", "term": "月球基地费", "gaps": str(gap.id)}
    saved = site.post("/admin/terms/save", **term).text
    assert "0 条记为已解决" in saved
    assert [g.id for g in site.gaps()] == [gap.id]


def test_a_renamed_organ_is_told_under_the_answer(site: Site) -> None:
    organ = {"what": "renamed", "old": "青禾市卫生局", "new": "青禾市卫健委", "since": "2019-03-01"}
    assert "更名为" in site.post("/admin/terms/preview", **organ).text
    assert site.post("/admin/terms/save", **organ).status_code == 303
    answer = ask(site, "青禾市卫健委印发的办法里河湖保洁每年投入多少万元？")
    assert any("更名为“青禾市卫健委”" in note for note in answer.notes)
    renamed = site.office.terms.now().renamed[0]
    site.post("/admin/terms/save", what="drop renamed", id=renamed.id)
    assert site.office.terms.now().renamed == ()


@pytest.mark.parametrize("wording", ["摊", HOSTILE, "《摊位钱》", "长" * 31])
def test_what_is_no_term_is_said_and_not_kept(site: Site, wording: str) -> None:
    for step in ("preview", "save"):
        answer = site.post(f"/admin/terms/{step}", wordings=wording, term="占道经营费")
        assert answer.status_code == 400
        assert "没有保存" in answer.text
        assert "<img" not in answer.text
    assert site.office.terms.now().terms == ()
    assert ("change terms", "done") not in site.log.deeds


# --- gaps -----------------------------------------------------------------------------------------


def test_like_questions_are_one_card_and_hostile_ones_stay_text(site: Site) -> None:
    for question in (SLANG, SLANG, "摊位钱每月是多少元？"):
        site.office.gaps.add([question], "没有回答", who="user:me", sources=())
    site.office.gaps.add([HOSTILE], "不满意", why=HOSTILE, sources=())
    page = site.get("/admin/gaps")
    assert "未处理 4 条" in page
    assert page.count('<section class="entry">') in (2, 3)
    assert "<img" not in page
    assert "${7" not in page


def test_a_wanted_document_is_struck_off_when_it_answers(site: Site) -> None:
    site.office.gaps.add(["河湖保洁每年投入多少万元？"], "没有回答", sources=())
    (gap,) = site.gaps()
    assert site.post("/admin/gaps/want", ids=gap.id, what="保洁办法").status_code == 303
    page = site.get("/admin/gaps", said="wanted")
    assert "待收集文件（1）" in page
    assert page.count('<section class="entry">') == 0  # it waits in the other list
    wanted = site.office.gaps.wanted(ALL)[0]
    form = {"gaps": gap.id, "outcome": "文件", "wanted": wanted.id}
    page = site.post("/admin/gaps/retest", **form).text
    assert "1 条记为已解决" in page
    assert site.office.gaps.wanted(ALL)[0].done
    assert site.gaps() == []
    site.post("/admin/gaps/reopen", ids=hidden(page, "ids"))  # whoever reads it may say no
    assert site.gaps() == [gap]


def test_a_disliked_answer_is_settled_by_who_read_the_new_one(site: Site) -> None:
    site.office.gaps.add(["河湖保洁每年投入多少万元？"], "不满意", why="不对", sources=())
    (gap,) = site.gaps()
    page = site.post("/admin/gaps/retest", gaps=gap.id, outcome="用语").text
    assert "答对了，记为已解决" in page
    assert site.gaps() == [gap]
    site.post("/admin/gaps/retest", gaps=gap.id, outcome="用语", approved="yes")
    assert site.gaps() == []


def test_out_of_scope_is_not_listed_again(site: Site) -> None:
    site.office.gaps.add(["今天天气怎么样？"], "没有回答", sources=())
    site.post("/admin/gaps/outside", ids=site.gaps()[0].id)
    assert "没有待补的问题" in site.get("/admin/gaps")
    assert site.log.deeds == [("answer gap", "done")]


# --- approved answers -----------------------------------------------------------------------------


def test_an_answer_is_written_from_passages_and_given(site: Site) -> None:
    question = "市里一年花多少钱清理河道？"
    site.office.gaps.add([question], "没有回答", sources=())
    (gap,) = site.gaps()
    editor = site.get("/admin/answer", gaps=str(gap.id))
    form = {
        "question": question,
        "passage": [hidden(editor, "passage")],
        "gaps": str(gap.id),
        "do": "save",
    }
    wrong = site.post("/admin/answer", **form, text="每年投入260万元[1]。")
    assert wrong.status_code == 400
    assert "✗ 每年投入260万元" in wrong.text
    assert site.office.curated.all() == ()
    saved = site.post("/admin/answer", **form, text="青禾市河湖保洁每年投入240万元[1]。").text
    assert "1 条记为已解决（回答）" in saved
    assert "240万元" in ask(site, question).text
    assert "240万元" in site.get("/admin/answers")
    site.post("/admin/answers/remove", id=site.office.curated.all()[0].id)
    assert site.office.curated.all() == ()


# --- state, use, backups --------------------------------------------------------------------------


def test_the_state_shows_the_index_and_no_secret(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICY_LLM_API_KEY", "sk-very-secret")
    monkeypatch.setenv("POLICY_LLM_EXTRA_BODY", '{"token": "hush"}')
    monkeypatch.setenv("POLICY_LLM_MODEL", "qwen")
    monkeypatch.setenv("POLICY_LLM_BASE_URL", "http://li:pass@word@model.example/v1")
    model = SimpleNamespace(settings=load_settings(LlmSettings))
    monkeypatch.setattr(site.services.assistant, "model", model)
    page = site.get("/admin/state")
    for said in ("1 份", "✓ 与目录库一致", "POLICY_LLM_API_KEY", "••••（已设置）", "Python"):
        assert said in page
    assert "sk-very-secret" not in page
    assert "hush" not in page
    assert page.count("http://••••@model.example/v1") == 2
    assert "pass@" not in page
    assert "word@" not in page


def test_use_counts_without_texts_and_names_only_documents_in_view(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(site, "河湖保洁每年投入多少万元？")
    ask(site, SLANG)
    page = site.get("/admin/use")
    assert "共 2 次提问，1 次没有回答（50%）" in page
    assert "青禾市河湖和市容办法" in page
    assert "摊位钱" not in page
    blind = Viewer("user:me", may_see=frozenset())
    monkeypatch.setattr("assistant.pages.admin.frame.viewer_of", lambda _: blind)
    assert "青禾市" not in site.get("/admin/use")


def test_a_backup_is_made_checked_and_listed(site: Site) -> None:
    site.office.gaps.add(["甲"], "没有回答")
    site.people.add("li", "李某")
    assert site.post("/admin/backups/make").status_code == 303
    desk = site.services.backups
    assert desk is not None
    desk.wait(60)
    page = site.get("/admin/backups")
    assert "已写成，检查通过" in page
    (backup,) = desk.tools.listed()
    held = {path.name for path in Path(backup.path).iterdir()}
    assert {"catalog.sqlite3", "office.sqlite3", "people.sqlite3", "drafts.sqlite3"} <= held
    (backup.path / "office.sqlite3").write_bytes(b"broken")
    site.post("/admin/backups/check", name=backup.path.name)
    desk.wait(60)
    assert "没有通过" in site.get("/admin/backups")
    assert site.post("/admin/backups/check", name="../../etc").status_code == 400
    tried = [("back up", "done"), ("back up", "failed")]
    assert site.log.deeds == [("back up", "done"), *tried, *tried]


# --- people ---------------------------------------------------------------------------------------


def test_an_account_is_added_found_changed_and_shut_out(site: Site) -> None:
    site.post("/admin/departments/put", name=f"民政局{HOSTILE}")
    (department,) = site.people.departments()
    form = {"login": "zhang", "name": f"张{HOSTILE}", "department": department.id}
    assert site.post("/admin/people/add", **form, password="短").status_code == 400
    answer = site.post("/admin/people/add", **form, password="三棵树 下午 四点半 见")
    account = site.people.by_login("zhang")
    assert account
    assert (answer.status_code, account.roles, account.must_change) == (
        303,
        frozenset({"查阅"}),
        True,
    )
    for page in (site.get("/admin/people", q="ZHANG"), site.get(f"/admin/people/{account.id}"),
                 site.get("/admin/departments")):  # fmt: skip
        assert "<img" not in page
        assert "${7" not in page
    assert "的 0 个" in site.get("/admin/people", q="nobody")
    own = f"/admin/people/{account.id}"
    site.post(f"{own}/change", name="张某", department="")
    site.post(f"{own}/roles", role=["起草", "资料管理"])
    site.post("/admin/groups/put", name="专班")
    (group,) = site.people.groups()
    site.post(f"{own}/groups", group=[group.id])
    changed = site.people.account(account.id)
    assert changed
    assert (changed.name, changed.department) == ("张某", "")
    assert (changed.roles, changed.groups) == ({"起草", "资料管理"}, {group.id})
    site.people.sessions.begin(account.id, "127.0.0.1", "浏览器")
    site.post(f"{own}/sessions")
    assert site.people.sessions.of(account.id) == []
    site.post(f"{own}/password", password="另外 一个 很好的 密码")
    assert passwords.matches(site.people.password_of(account.id), "另外 一个 很好的 密码")
    site.post(f"{own}/use", to="disabled")
    disabled = site.people.account(account.id)
    assert disabled
    assert disabled.is_disabled
    assert {deed for deed, _ in site.log.deeds} == {
        "change departments", "add person", "change person", "change roles", "change groups",
        "log out", "change password",
    }  # fmt: skip


def test_erasing_takes_the_name_off_what_was_asked_and_the_account(site: Site) -> None:
    account = site.people.add("zhang", "张某")
    site.office.gaps.add(["甲"], "没有回答", who=account.id)
    own = f"/admin/people/{account.id}/erase"
    assert site.post(own, login="wang").status_code == 400
    assert site.people.account(account.id)
    assert site.post(own, login="zhang").status_code == 303
    assert site.people.account(account.id) is None
    assert site.gaps()[0].who == ""
    assert site.client.get(f"/admin/people/{account.id}").status_code == 404


def test_drafts_of_who_left_go_to_a_colleague_who_can_open_them(site: Site) -> None:
    left = site.people.add("zhang", "张某", roles=["起草"])
    heir = site.people.add("li", "李某", roles=["起草"])
    site.people.add("wang", "王某", roles=["审计"])
    me = site.people.add("me", "我", roles=["起草", "系统管理"])
    site.become("系统管理", "起草", identifier=me.id)
    store, author = site.services.desk.store, site.people.as_person(left)
    store.save(Draft("d1", left.id, Request("写", "方案", "秘密的题目", "题")), "新建", author)
    own = f"/admin/people/{left.id}"
    assert "先停用" in site.post(f"{own}/drafts", to="li").text
    site.people.disable(left.id)
    page = site.get(own)
    assert (f'action="{own}/drafts"' in page, "秘密的题目" in page) == (True, False)
    for to, said in (("me", "不能转给自己"), ("wang", "没有起草的角色"), ("x", "没有这个登录名")):
        refused = site.post(f"{own}/drafts", to=to)
        assert (refused.status_code, said in refused.text) == (400, True), to
    assert store.leaving.count(left.id) == 1
    assert site.log.deeds == []
    assert site.post(f"{own}/drafts", to="LI").status_code == 303
    assert (store.leaving.count(heir.id), store.leaving.count(left.id)) == (1, 0)
    assert (site.log.entries[-1].deed, site.log.entries[-1].details["owner"]) == (
        "share draft", heir.id,
    )  # fmt: skip
    assert f'action="{own}/drafts"' not in site.get(own)


def test_a_department_with_people_stays(site: Site) -> None:
    top = site.people.put_department("市民政局")
    site.people.put_department("办公室", top.id)
    page = site.post("/admin/departments/remove", id=top.id)
    assert (page.status_code, "下级部门" in page.text) == (400, True)
    assert len(site.people.departments()) == 2


def test_a_service_is_made_and_given_a_key(site: Site) -> None:
    """What whoever makes the key has not got, somebody who grants rights confirms."""
    site.become("系统管理")
    form = {"login": "oa", "name": "OA 系统", "service": "1"}
    assert site.post("/admin/people/add", **form).status_code == 303
    account = site.people.by_login("oa")
    assert account is not None
    assert (account.source, account.has_password, account.must_change) == ("service", False, False)
    own = f"/admin/people/{account.id}"
    make = {"name": "门户", "scope": "ask", "days": "30", "per_minute": "60"}
    assert "服务账号" in site.get(own)
    page = site.post(f"{own}/keys", **make)
    secret = page.text.partition('value="pca_')[2].partition('"')[0]
    assert "pca_" not in site.get(own)
    key = site.people.keys.find(f"pca_{secret}")
    assert key is not None
    # 查阅, which an administrator of the system has not got
    assert key.waiting(site.people.rights(account)) == {"role 查阅"}
    assert 'value="release"' not in site.get(own)
    release = {"deed": "release", "key": key.id}
    assert site.post(f"{own}/keys", **release).status_code == 404
    site.become("安全管理")
    assert 'value="release"' in site.get(own)
    assert site.post(f"{own}/keys", **make).status_code == 404
    assert site.post(f"{own}/keys", **release).status_code == 303
    found = site.people.keys.find(f"pca_{secret}")
    assert found
    assert not found.waiting(site.people.rights(account))
    assert 'value="release"' not in site.get(own)
    assert site.post(f"{own}/roles", role=["查阅", "资料管理"]).status_code == 303
    assert "部分权限待安全管理员确认" in site.get(own)  # what it gained, until it is confirmed
    assert site.post(f"{own}/keys", **release).status_code == 303
    assert 'value="release"' not in site.get(own)
    assert site.post(f"{own}/keys", deed="revoke", key="key:none").status_code == 400
    assert site.post(f"{own}/keys", deed="revoke", key=key.id).status_code == 303
    assert site.people.keys.find(f"pca_{secret}") is None
    deeds = [deed for deed, _ in site.log.deeds]
    assert deeds == ["add person", "add key", "refused", "refused", "release key", "change roles",
                     "release key", "revoke key"]  # fmt: skip


def test_nobody_makes_a_key_for_a_person(site: Site) -> None:
    person = site.people.add("zhang", "张某")
    make = {"name": "x", "scope": "ask", "days": "30", "per_minute": "60"}
    assert site.post(f"/admin/people/{person.id}/keys", **make).status_code == 400
    assert site.people.keys.of(person.id) == []
