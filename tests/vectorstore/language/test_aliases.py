"""Organs under the names that people and documents give them."""

import pytest

from vectorstore.language.aliases import organ_key, shortened


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("县卫生健康局", "卫健局"),
        ("市人力资源和社会保障局", "市人社局"),
        ("市人力资源社会保障局", "人社局"),
        ("市发展和改革委员会", "市发改委"),
        ("市住房城乡建设局", "住建局"),
        ("县妇女联合会", "县妇联"),
        ("市人民政府办公室", "市政府办"),
    ],
)
def test_one_organ_has_one_key(one: str, other: str) -> None:
    assert organ_key(one) == organ_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("市财政局", "市教育局"),
        ("市卫生健康委员会", "市医疗保障局"),
        ("市科学技术局", "市科学技术协会"),
    ],
)
def test_two_organs_have_two_keys(one: str, other: str) -> None:
    assert organ_key(one) != organ_key(other)


def test_what_names_no_organ_stays_as_it_is() -> None:
    assert shortened("修缮渡口三处") == "修缮渡口三处"
    assert shortened("") == ""
