"""What documents do to each other, read from invented ones."""

from datetime import date
from pathlib import Path

import pytest

from ingest.facts.reading import read_stated
from ingest.prepare import Recipe, prepare_file
from tests.conftest import count_characters
from vectorstore.facts import Fact, Relation, Stated

NOTICE = """砚湖市人民政府关于印发《砚湖市渔船管理办法》的通知
砚湖政发〔2024〕12号

各县（区）人民政府：
　　现将《砚湖市渔船管理办法》印发给你们，请认真贯彻执行。

砚湖市人民政府
2024年3月5日

砚湖市渔船管理办法
"""


def read(tmp_path: Path, text: str, name: str = "document.txt") -> Stated:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    prepared = prepare_file(path, Recipe(count_characters, 400, 10**7))
    assert prepared.documents, prepared.error
    (item,) = prepared.documents
    stated = read_stated(item.document, item.passages)
    rows: tuple[Fact | Relation, ...] = (*stated.facts, *stated.relations)
    for row in rows:
        assert " ".join(item.document.text[row.start : row.end].split()) == row.quote
    return stated


def deeds(stated: Stated) -> set[tuple[str, str | None, str | None]]:
    return {(r.type, r.title, r.number) for r in stated.relations}


def only(stated: Stated, kind: str) -> Relation:
    (row,) = [r for r in stated.relations if r.type == kind]
    return row


def test_a_notice_hands_out_a_document_under_its_own_number(tmp_path: Path) -> None:
    stated = read(tmp_path, NOTICE + "\n　　第一条　为了管好渔船，制定本办法。\n")
    assert deeds(stated) == {("印发", "砚湖市渔船管理办法", "砚湖政发〔2024〕12号")}


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        (
            "根据《砚江省渔业条例》和《砚江省船舶检验办法》（砚江政发〔2020〕8号），制定本办法。",
            {
                ("依据", "砚江省渔业条例", None),
                ("依据", "砚江省船舶检验办法", "砚江政发〔2020〕8号"),
            },
        ),
        (
            "根据宪法和渔业法、渔港条例，结合本市实际，制定本办法。",
            {("依据", "宪法", None), ("依据", "渔业法", None), ("依据", "渔港条例", None)},
        ),
        ("根据有关法律、行政法规，制定本办法。", set()),
        ("依照《砚江省渔业条例》的规定处罚。", set()),
        (
            "2009年5月1日市政府发布的《砚湖市渔船检修规定》、《砚湖市渔港规定》同时废止。",
            {("废止", "砚湖市渔船检修规定", None), ("废止", "砚湖市渔港规定", None)},
        ),
        ("砚湖政发〔2011〕3号文件同时废止。", {("废止", None, "砚湖政发〔2011〕3号")}),
        ("实施《砚湖市改革方案》需要制定、修改、废止规章的，应当及时提出。", set()),
        ("加快修订《砚湖市渔港规定》。", set()),
        (
            "《砚湖市渔港规定》第三条、第七条停止执行。",
            {("部分废止", "砚湖市渔港规定", None)},
        ),
        ("原《砚湖市渔港规定》不再执行，由本办法替代。", {("替代", "砚湖市渔港规定", None)}),
        ("本标准代替DB88/ 2301—2016《渔船检修规程》。", {("替代", "渔船检修规程", "DB88/ 2301—2016")}),
        ("对《砚湖市渔港规定》作如下修改：", {("修订", "砚湖市渔港规定", None)}),
    ],
)  # fmt: skip
def test_sentences(
    tmp_path: Path, sentence: str, wanted: set[tuple[str, str | None, str | None]]
) -> None:
    stated = read(tmp_path, f"{NOTICE}\n　　第八条　{sentence}\n")
    assert {row for row in deeds(stated) if row[0] != "印发"} == wanted


def test_what_ends_with_a_start_ends_on_that_day(tmp_path: Path) -> None:
    text = NOTICE + "\n　　第九条　本办法自2024年6月1日起施行。《砚湖市渔港规定》同时废止。\n"
    assert only(read(tmp_path, text), "废止").effective == date(2024, 6, 1)


def test_an_extension_tells_the_new_last_day(tmp_path: Path) -> None:
    text = """砚湖市人民政府关于延长《砚湖市渔船管理办法》有效期的通知
砚湖政发〔2029〕2号

　　《砚湖市渔船管理办法》（砚湖政发〔2024〕12号）将于2029年5月31日到期。
　　一、《砚湖市渔船管理办法》有效期延长至2031年5月31日。
　　二、本通知自2029年6月1日起执行。

砚湖市人民政府
2029年4月2日
"""
    row = only(read(tmp_path, text), "延长有效期")
    assert (row.number, row.until) == ("砚湖政发〔2024〕12号", date(2031, 5, 31))


def test_an_amendment_names_articles_and_its_new_wording_states_nothing(tmp_path: Path) -> None:
    text = """砚湖市人民政府关于修改《砚湖市渔船管理办法》的决定
砚湖政发〔2026〕4号

　　市政府决定对《砚湖市渔船管理办法》（砚湖政发〔2024〕12号）作如下修改：
　　一、第四条修改为：“根据《砚江省渔业条例》，渔船每年检修一次。”
　　二、删去第六条。
　　本决定自2026年3月1日起施行。

砚湖市人民政府
2026年2月1日
"""
    stated = read(tmp_path, text)
    assert only(stated, "修订").articles == ("第四条", "第六条")
    assert len(stated.relations) == 1


def test_what_one_sentence_names_the_next_one_hands_out(tmp_path: Path) -> None:
    text = """砚湖市科学技术局关于印发砚湖市科技特派员管理办法的通知
砚湖科〔2026〕2号

　　我局制定了《砚湖市科技特派员管理办法（试行）》。现印发给你们，请遵照执行。

砚湖市科学技术局
2026年3月2日
"""
    row = only(read(tmp_path, text), "印发")
    assert (row.title, row.number) == ("砚湖市科技特派员管理办法（试行）", "砚湖科〔2026〕2号")


def test_a_decree_that_amends_and_ends_several(tmp_path: Path) -> None:
    text = """砚江省人民政府关于修改和废止部分规章的决定

　　为了推进简政放权，省人民政府决定：
　　一、将《砚江省渡口办法》第五条修改为：“渡口实行登记制度。”
　　第七条中的“许可证”修改为“登记证”。
　　二、删去《砚江省船检办法》第九条。
　　三、废止《砚江省航标规定》（1999年6月1日省政府令第50号公布）。
　　四、对《砚江省港口办法》、《砚江省航道办法》予以废止。
　　本决定自2026年5月1日起施行。
"""
    stated = read(tmp_path, text)
    assert {(r.type, r.title, r.number, r.articles) for r in stated.relations} == {
        ("修订", "砚江省渡口办法", None, ("第五条", "第七条")),
        ("修订", "砚江省船检办法", None, ("第九条",)),
        ("废止", "砚江省航标规定", "省政府令第50号", ()),
        ("废止", "砚江省港口办法", None, ()),
        ("废止", "砚江省航道办法", None, ()),
    }
    assert {r.effective for r in stated.relations} == {date(2026, 5, 1)}


def test_a_short_name_stands_for_the_document_so_called(tmp_path: Path) -> None:
    text = """砚湖市教育局转发砚江省教育厅关于做好近视防控工作的通知
砚湖教〔2025〕6号

　　现将《砚江省教育厅关于做好近视防控工作的通知》（砚江教〔2025〕2号，以下简称《通知》）转发给你们。
　　一、全面落实《通知》要求。

砚湖市教育局
2025年3月1日
"""
    found = deeds(read(tmp_path, text))
    assert ("转发", "砚江省教育厅关于做好近视防控工作的通知", "砚江教〔2025〕2号") in found
    assert not any(title == "通知" for _, title, _ in found)


CLEANUP = """砚湖市人民政府关于公布行政规范性文件清理结果的通知
砚湖政发〔2025〕18号

　　市政府对行政规范性文件进行了清理，现将结果公布如下：
　　一、列入附件1的文件继续有效，有效期重新计算，自2025年5月1日起5年。
　　二、列入附件2的文件自2025年5月1日起废止。

砚湖市人民政府
2025年4月30日

附件1
继续有效的文件目录
1．砚湖市渔船管理办法（砚湖政发〔2024〕12号）

附件2　废止的文件目录
{table}
"""
TABLES = {
    "tabs": "序号\t文件名称\t文号\t制定机关\n1\t砚湖市渔港规定\t砚湖政发〔2009〕3号\t市政府",
    "a cell a line": "序号\n文件名称\n文号\n制定机关\n1\n砚湖市渔港规定\n砚湖政发〔2009〕3号\n市政府",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_lists_of_a_cleanup(tmp_path: Path, table: str) -> None:
    stated = read(tmp_path, CLEANUP.format(table=table))
    kept, ended = only(stated, "清理_继续有效"), only(stated, "清理_废止")
    assert (kept.title, kept.until) == ("砚湖市渔船管理办法", date(2030, 4, 30))
    assert (ended.title, ended.number, ended.effective) == (
        "砚湖市渔港规定", "砚湖政发〔2009〕3号", date(2025, 5, 1),
    )  # fmt: skip
    assert len(stated.relations) == 2


def test_a_column_tells_the_result_of_each_row(tmp_path: Path) -> None:
    rows = [
        ("序号", "文件名称", "文号", "制定机关", "清理结果"),
        ("1", "砚湖市渔港规定", "砚湖政发〔2009〕3号", "市政府", "废止"),
        ("2", "砚湖市捕捞规划", "砚湖政发〔2016〕4号", "市政府", "失效"),
        ("3", "砚湖市渔船管理办法", "砚湖政发〔2024〕12号", "市政府", "修改"),
    ]
    table = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    html = (
        "<html><body><h1>砚湖市人民政府关于公布文件清理结果的通知</h1>"
        "<p>砚湖政发〔2025〕18号</p><p>现将废止、失效和修改的文件目录公布如下：</p>"
        f"<table>{table}</table><p>砚湖市人民政府</p><p>2025年4月30日</p></body></html>"
    )
    stated = read(tmp_path, html, "list.html")
    assert [(r.type, r.title, r.issuer) for r in stated.relations] == [
        ("清理_废止", "砚湖市渔港规定", "市政府"),
        ("清理_失效", "砚湖市捕捞规划", "市政府"),
        ("清理_修改", "砚湖市渔船管理办法", "市政府"),
    ]


@pytest.mark.parametrize(
    ("clause", "wanted"),
    [
        ("本办法自2024年6月1日起施行，有效期五年。", (date(2024, 6, 1), date(2029, 5, 31), 5)),
        ("本办法自印发之日起施行，有效期至2026年12月31日。", (date(2024, 3, 5), date(2026, 12, 31), None)),
        ("本办法自发布之日起30日后施行，试行两年。", (date(2024, 4, 4), date(2026, 4, 3), 2)),
        ("本办法由市农业农村局负责解释，自2024年6月1日起施行。", (date(2024, 6, 1), None, None)),
        ("本办法自2024年6月1日起至2026年5月31日止施行。", (date(2024, 6, 1), date(2026, 5, 31), None)),
        ("本办法自即日起施行。", (date(2024, 3, 5), None, None)),
        ("捕捞许可证有效期五年。", None),
        ("申请时间自2024年6月1日至2024年6月30日止。", None),
        ("《砚江省渔业条例》自2020年1月1日起施行。", None),
        ("自2024年6月1日起，渔船检修按新标准执行。", None),
        ("评估结果两年内有效。", None),
    ],
)  # fmt: skip
def test_when_a_document_holds(
    tmp_path: Path, clause: str, wanted: tuple[date, date | None, float | None] | None
) -> None:
    stated = read(tmp_path, f"{NOTICE}\n　　第九条　{clause}\n")
    found = [(f.since, f.until, f.value) for f in stated.facts if f.kind == "validity"]
    assert found == ([wanted] if wanted else [])


def test_a_day_below_the_title_says_when_a_law_takes_effect(tmp_path: Path) -> None:
    text = "砚湖市渔港条例\n\n2024年5月1日　公布\n\n2024年9月1日　施行\n\n第一条　为了管好渔港，制定本条例。\n"
    stated = read(tmp_path, text)
    (fact,) = [f for f in stated.facts if f.kind == "validity"]
    assert (fact.since, fact.quote) == (date(2024, 9, 1), "2024年9月1日 施行")
