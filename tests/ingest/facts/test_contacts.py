"""Whom to ask."""

from ingest.facts.contacts import read_contacts
from tests.ingest.facts.texts import check_quotes, material


def contacts(text: str) -> list[tuple[str, str]]:
    found = material(text)
    facts = list(read_contacts(found))
    if facts:
        check_quotes(found, facts)
    return [(fact.subject, fact.text) for fact in facts]


def test_a_person_and_a_number_are_one_row() -> None:
    found = contacts("联系人：县水利局农水股 方晓，联系电话：0600-5510001。")
    assert found == [("县水利局农水股 方晓", "0600-5510001")]


def test_numbers_mail_address_and_site() -> None:
    text = (
        "咨询电话：0600-5510002，邮箱：water@example.gov.cn，地址：云溪县河滨路1号，"
        "网址：http://www.example.gov.cn/water"
    )
    assert contacts(text) == [
        ("咨询电话", "0600-5510002"),
        ("邮箱", "water@example.gov.cn"),
        ("地址", "云溪县河滨路1号"),
        ("网址", "http://www.example.gov.cn/water"),
    ]


def test_names_in_front_of_numbers() -> None:
    found = contacts("报修电话：东片老周：13800000001；西片老吴：13800000002。")
    assert found == [("东片老周", "13800000001"), ("西片老吴", "13800000002")]


def test_a_number_that_one_may_call() -> None:
    assert [number for _, number in contacts("群众可以拨打供水热线0600-5510003报修。")] == [
        "0600-5510003"
    ]


def test_other_numbers_are_none() -> None:
    assert contacts("全县安装水表5510002只，电话回访率达到98%。") == []


def test_a_postcode() -> None:
    assert contacts("邮寄地址：云溪县河滨路1号；邮编：310000。") == [
        ("邮寄地址", "云溪县河滨路1号"),
        ("邮编", "310000"),
    ]
