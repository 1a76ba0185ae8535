"""What Gradio's pages say when one of their functions fails in a way that nobody foresaw.

Gradio shows the one word "Error". Here it is a sentence: what happened, what was kept, what to
do, and under which number the log has the rest.
"""

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing
from typing import Any

import gradio as gr

from assistant.pages.markup import both, text
from assistant.pages.running import ticketed
from vectorstore.errors import PolicyError
from vectorstore.files.labels import without_folders

_TITLE = "没有做成 · Not done"


def said_of(error: Exception) -> gr.Error:
    """The message for an error that a function of a page let through."""
    if isinstance(error, gr.Error):
        return error
    if isinstance(error, PolicyError):
        return gr.Error(
            text(without_folders(str(error))), duration=None, title=_TITLE, print_exception=False
        )
    ticket = ticketed("a function of a page failed", error)
    sentence = both(
        f"程序出了错，这一步没有做成。已经保存的都在，页面上的文字也还在。请再试一次；"
        f"还是不行，请把日志编号 {ticket} 告诉管理员。",
        "Something failed and this step was not done. What was saved is kept, and so is what "
        f"stands on the page. Please try again; if it fails again, tell your administrator "
        f"number {ticket} of the log.",
    )
    return gr.Error(sentence, duration=None, title=_TITLE, print_exception=False)


def in_words(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, of the same kind, whose errors are sentences."""
    kinds = (
        (inspect.isasyncgenfunction, _async_generator),
        (inspect.iscoroutinefunction, _coroutine),
        (inspect.isgeneratorfunction, _generator),
    )
    wrap = next((wrap for is_kind, wrap in kinds if is_kind(function)), _plain)
    return functools.wraps(function)(wrap(function))


def all_in_words(pages: gr.Blocks) -> None:
    """Every function that these pages call."""
    for function in pages.fns.values():
        if function.fn is not None:
            function.fn = in_words(function.fn)


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    def act(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except Exception as error:  # the edge: the page says it
            raise said_of(error) from None

    return act


def _generator(function: Callable[..., Any]) -> Callable[..., Any]:
    def act(*given: Any, **named: Any) -> Generator[Any, None, None]:
        try:
            yield from function(*given, **named)
        except Exception as error:  # the edge: the page says it
            raise said_of(error) from None

    return act


def _coroutine(function: Callable[..., Any]) -> Callable[..., Any]:
    async def act(*given: Any, **named: Any) -> Any:
        try:
            return await function(*given, **named)
        except Exception as error:  # the edge: the page says it
            raise said_of(error) from None

    return act


def _async_generator(function: Callable[..., Any]) -> Callable[..., Any]:
    async def act(*given: Any, **named: Any) -> AsyncGenerator[Any, None]:
        try:
            async with aclosing(function(*given, **named)) as steps:
                async for step in steps:
                    yield step
        except Exception as error:  # the edge: the page says it
            raise said_of(error) from None

    return act
