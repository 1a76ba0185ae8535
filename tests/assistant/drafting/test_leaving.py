"""Drafts of somebody who leaves: handed over unread, or forgotten."""

from dataclasses import replace

import pytest

from assistant.drafting.store import DraftStore
from tests.assistant.drafting.test_store import Clock, clock, draft, edited, store, to  # noqa: F401
from tests.assistant.officials import ADMIN, LI, OFFICE, WANG, ZHANG
from vectorstore.errors import PolicyError


def test_what_somebody_leaves_is_handed_over_unread(store: DraftStore) -> None:  # noqa: F811
    store.save(draft(), "新建", ZHANG)
    with pytest.raises(PolicyError, match="系统管理"):
        store.leaving.hand_over(LI, ZHANG.id, LI.id)
    assert store.leaving.count(ZHANG.id) == 1
    assert store.leaving.hand_over(ADMIN, ZHANG.id, LI.id) == 1
    assert [row.id for row in store.listed(LI)] == ["d1"]
    assert store.listed(ADMIN) == []
    assert store.leaving.count(ZHANG.id) == 0


def test_what_only_they_can_open_is_forgotten_and_the_rest_stays(
    store: DraftStore,  # noqa: F811
) -> None:
    for identifier in ("own", "shared", "office", "binned"):
        store.save(replace(draft(), id=identifier), "新建", ZHANG)
    store.share("shared", ZHANG, to(LI))
    store.share("binned", ZHANG, to(LI))
    store.delete("binned", ZHANG)
    store.move("office", ZHANG, department=OFFICE.id)
    assert store.leaving.forget(ZHANG.id) == 2
    assert [row.id for row in store.listed(LI)] == ["shared"]
    assert [row.id for row in store.listed(WANG)] == ["office"]
    assert [version.name for version in store.versions("shared", LI)] == [""]
    assert store._database.rows("SELECT 1 FROM versions WHERE draft_id IN ('own', 'binned')") == []


def test_nothing_of_theirs_stays_in_the_drafts_of_others(store: DraftStore) -> None:  # noqa: F811
    saved = store.save(draft(), "新建", ZHANG)
    store.share(saved.id, ZHANG, to(LI))
    store.save(edited(saved, "s1", "张三改。"), "改", ZHANG)
    store.save(edited(saved, "s1", "李四的原话。"), "改", LI)  # set aside
    store.save(edited(saved, "s2", "李四改。"), "改", LI)
    store.hold(saved.id, "s3", LI)
    assert store.leaving.forget(LI.id) == 0
    for table in ("shares", "holds", "asides"):
        assert store._database.rows(f"SELECT * FROM {table}") == []
    assert [version.name for version in store.versions(saved.id, ZHANG)] == ["", ZHANG.name, ZHANG.name]  # fmt: skip
    path = store._database.path
    content = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert "李四的原话".encode() not in content
