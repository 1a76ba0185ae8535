"""Every Pattern of the program is found in the texts it is for, and not in the others."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

import pytest

from tests.test_patterns import imported
from vectorstore.language.pattern import Pattern

PACKAGES = ("vectorstore", "ingest", "assistant")


def patterns() -> dict[str, Pattern]:
    """All values of this kind that modules hold, tables of them included, by where they stand."""
    found: dict[int, tuple[str, Pattern]] = {}
    for package in PACKAGES:
        root = importlib.import_module(package)
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            if info.name.endswith("migrations.env"):  # Alembic runs these, nobody imports them
                continue
            module = imported(info.name)
            for name, value in vars(module).items() if module else ():
                for i, pattern in enumerate(held_in(value)):
                    found.setdefault(id(pattern), (f"{info.name}.{name}[{i}]", pattern))
    return dict(found.values())


def held_in(value: object) -> Iterator[Pattern]:
    if isinstance(value, Pattern):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from held_in(entry)
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from held_in(entry)


ALL = patterns()
EXAMPLES = [
    pytest.param(pattern, example, id=f"{name}:{example}")
    for name, pattern in ALL.items()
    for example in pattern.yes
]
OTHERS = [
    pytest.param(pattern, text, id=f"{name}:{text}")
    for name, pattern in ALL.items()
    for text in pattern.no
]


def test_the_language_has_patterns() -> None:
    assert len([name for name in ALL if name.startswith("vectorstore.language.")]) > 40


@pytest.mark.parametrize("pattern", ALL.values(), ids=ALL.keys())
def test_each_pattern_says_what_it_is_for(pattern: Pattern) -> None:
    assert pattern.yes
    assert pattern.no


@pytest.mark.parametrize(("pattern", "example"), EXAMPLES)
def test_a_pattern_is_found(pattern: Pattern, example: str | tuple[str, str]) -> None:
    """In the whole of an example, or as the stretch that the example names."""
    text, wanted = example if isinstance(example, tuple) else (example, example)
    match = pattern.search(text)
    assert match is not None
    assert match[0] == wanted


@pytest.mark.parametrize(("pattern", "text"), OTHERS)
def test_a_pattern_is_not_found(pattern: Pattern, text: str) -> None:
    assert pattern.search(text) is None
