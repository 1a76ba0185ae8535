"""Prompts are Markdown files with declared variables.

A file begins with a line `variables: a, b`, then a blank line, then the text of the system
message, a line `---`, and the text of the user message. Values are filled in as values: braces
in a document or a question are never read as a template.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from langchain_core.prompts import ChatPromptTemplate

_VARIABLE = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt: its name, what it needs, and the template for chains."""

    name: str
    variables: tuple[str, ...]
    template: ChatPromptTemplate


@cache
def load(name: str) -> Prompt:
    """The prompt in `prompts/{name}.md`.

    Raises ValueError when its variables are not those that it declares.
    """
    text = resources.files("prompts").joinpath(f"{name}.md").read_text("utf-8")
    head, _, body = text.partition("\n")
    if not head.startswith("variables:"):
        raise ValueError(f"prompts/{name}.md must begin with a line 'variables: …'")
    declared = tuple(filter(None, re.split(r"[,\s]+", head.removeprefix("variables:").strip())))
    used = set(_VARIABLE.findall(body))
    if used != set(declared):
        raise ValueError(f"prompts/{name}.md declares {sorted(declared)} and uses {sorted(used)}")
    system, found, user = body.partition("\n---\n")
    if not found:
        raise ValueError(f"prompts/{name}.md needs a line --- between system and user message")
    template = ChatPromptTemplate.from_messages(
        [("system", system.strip()), ("human", user.strip())]
    )
    return Prompt(name, declared, template)
