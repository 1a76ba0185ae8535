"""Metadata by rule: the five real documents as labelled, and ten layouts of our own."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.clean import clean
from ingest.metadata import read_metadata
from ingest.parse.document import ParsedDocument
from tests.conftest import squeezed
from vectorstore.models import Metadata

LAYOUTS = json.loads(
    (Path(__file__).parents[1] / "data" / "layouts.json").read_text(encoding="utf-8")
)


def metadata(text: str, kind: str = "txt") -> Metadata:
    parsed = ParsedDocument(text, kind)
    return read_metadata(parsed, clean(parsed), "文件名")


def plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "/".join(value) or None
    return value


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout["name"] for layout in LAYOUTS])
def test_layouts(layout: dict[str, Any]) -> None:
    found = metadata("\n".join(layout["lines"]), "md" if layout["lines"][0][0] == "#" else "txt")
    assert {name: plain(getattr(found, name)) for name in layout["expected"]} == layout["expected"]


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout["name"] for layout in LAYOUTS])
def test_each_field_stands_where_its_span_says(layout: dict[str, Any]) -> None:
    text = "\n".join(layout["lines"])
    found = metadata(text)
    for name in ("title", "document_number", "issuer"):
        span = found.fields.get(name)
        if span:
            words = squeezed(text[span.start : span.end])
            value = squeezed(getattr(found, name))
            assert value[:3] in words or words[:3] in value


LABELLED = json.loads(
    (Path(__file__).parents[1] / "data" / "labelled_documents.json").read_text(encoding="utf-8")
)
FLOOR = 0.95


def test_fields_of_documents_of_many_kinds() -> None:
    """Written for this: portal furniture, run-together lines, joint issuers, reports."""
    wrong, total = [], 0
    for document in LABELLED:
        read = metadata("\n".join(document["lines"]))
        for name, value in document["fields"].items():
            total += 1
            own = plain(getattr(read, name))
            if squeezed(own or "") != squeezed(value or ""):
                wrong.append((document["name"], name, value, own))
    assert total == 10 * len(LABELLED)
    assert len(wrong) <= (1 - FLOOR) * total, wrong


TRUTH: dict[str, dict[str, Any]] = {
    "000": {
        "title": "保山市人民政府关于印发《保山市全民科学素质行动实施方案(2021—2025年)》的通知",
        "issuer": "保山市人民政府", "publisher": "保山市人民政府研究室", "document_number": "保政发〔2022〕5号",
        "date_written": "2022-03-14", "date_published": "2022-04-24", "date_effective": None, "date_printed": None,
        "region": "云南省/保山市", "period": "2021—2025", "status": None,
    },
    "001": {
        "title": "市政府关于印发徐州市全民科学素质行动规划实施方案的通知", "issuer": "徐州市人民政府",
        "document_number": "徐政发〔2022〕13号", "date_written": None, "date_printed": "2022-05-13",
        "date_published": None, "date_effective": None, "region": "江苏省/徐州市", "period": "2025、2035", "status": None,
    },
    "002": {
        "title": "贯彻落实关于新时代进一步加强科学技术普及工作的意见的实施方案",
        "issuer": "青海省科学技术厅、中共青海省委宣传部、青海省科学技术协会", "document_number": None,
        "date_written": None, "date_published": "2023-02-02", "date_effective": "2023-02-02", "region": "青海省",
        "period": "2025", "status": "现行有效",
    },
    "003": {
        "title": "重庆市黔江区人民政府办公室关于印发黔江区提升全民科学素质行动实施方案的通知",
        "issuer": "重庆市黔江区人民政府办公室", "document_number": None, "date_written": "2022-05-11",
        "date_published": None, "date_effective": None, "region": "重庆市/黔江区", "period": "十四五（2021—2025）", "status": None,
    },
    "004": {
        "title": "内蒙古自治区全民科学素质行动计划纲要实施方案(2016-2020年)", "issuer": None, "publisher": "包头市科协",
        "document_number": None, "date_written": None, "date_published": "2017-09-29", "date_effective": None,
        "region": "内蒙古自治区", "period": "2016—2020", "status": None,
    },
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("code", TRUTH)
def test_the_five_real_documents(seeds: dict[str, str], code: str) -> None:
    found = metadata(seeds[code])
    assert {name: plain(getattr(found, name)) for name in TRUTH[code]} == TRUTH[code]


@pytest.mark.shared
def test_a_period_that_is_over_is_flagged(seeds: dict[str, str]) -> None:
    assert metadata(seeds["004"]).is_expired(date(2021, 1, 1))
    assert not metadata(seeds["004"]).is_expired(date(2020, 12, 31))
    assert not metadata(seeds["002"]).is_expired(date(2099, 1, 1))  # a target year is no period


@pytest.mark.shared
def test_upstream_documents_are_read_with_their_numbers(seeds: dict[str, str]) -> None:
    cited = dict(metadata(seeds["000"]).cites)
    assert cited["国务院关于印发全民科学素质行动规划纲要(2021—2035年)的通知"] == "国发〔2021〕9号"
    numbers = {number for _, number in metadata(seeds["004"]).cites}
    assert {"国发〔2006〕7号", "国办发〔2016〕10号", "内政发〔2015〕61号"} <= numbers


@pytest.mark.shared
def test_fifteen_more_documents_drawn_at_random(shared: Path) -> None:
    """Eight laws and seven pages of 2020, drawn with seed 2026 and labelled by hand."""
    import tarfile

    labelled = [
        json.loads(line)
        for line in (Path(__file__).parents[1] / "data" / "labelled_metadata.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    pages = {
        row["docid"]: row["text"]
        for row in map(
            json.loads, (shared / "eval/ncp/documents.jsonl").read_text("utf-8").splitlines()
        )
    }
    wrong, total = [], 0
    with tarfile.open(shared / "eval/laws.tar.xz") as laws:
        for truth in labelled:
            source = truth.pop("source")
            if source in pages:
                found = metadata(pages[source])
            else:
                member = laws.extractfile(source)
                assert member is not None
                found = metadata(member.read().decode(), "md")
            for name, value in truth.items():
                total += 1
                read = plain(getattr(found, name))
                if squeezed(read or "") != squeezed(value or ""):
                    wrong.append((source, name, value, read))
    assert total == 105
    assert len(wrong) <= 0.05 * total, wrong
    print(f"{total - len(wrong)} of {total} fields right; wrong: {wrong}")


def test_a_number_stands_between_title_and_addressees_in_one_line() -> None:
    title = "石湾县人民政府办公室关于切实做好渡口安全管理工作的通知"
    text = f"{title} {title[:11]} {title[11:]}石政办函〔2021〕9号 各乡镇人民政府：\n一、明确责任。渡口由乡镇管理。\n"
    assert metadata(text).document_number == "石政办函〔2021〕9号"
