"""What a chat tool sends in OpenAI's form: which question, which turns before it, which mode.

Whatever chooses how a model writes (temperature, max_tokens, stop, seed, a system message) has
nothing to act on here and is passed over, and so are tools that it may call: it need not, and
chat tools offer theirs with every question. What asks for something that the answer would lack
(a picture read, a tool that must be called, JSON, several answers) is refused with a sentence.
"""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answers.answer import Mode

MODEL = "policy-assistant"
# Names of models, and how each answers; None is what the program is set to.
MODES: dict[str, Mode | None] = {
    MODEL: None,
    f"{MODEL}-excerpt": "extractive",
    f"{MODEL}-written": "model",
}
_TURNS = 20  # questions before the one asked; older ones say nothing of it any more
# How Open WebUI begins what it asks a model for itself: a title, tags, further questions.
_CHORE = "### Task:"


class Unfit(Exception):
    """A request that is not served, in the words of OpenAI's errors."""

    def __init__(
        self, message: str, *, param: str | None = None, code: str | None = None, status: int = 400
    ):
        super().__init__(message)
        self.param, self.code, self.status = param, code, status


class _Part(BaseModel):
    type: str
    text: str = ""


class Message(BaseModel):
    """One message; other fields (name, an earlier answer's annotations) say nothing here."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[_Part] | None = None

    @property
    def text(self) -> str:
        """The text parts together. Raises Unfit for a part that is no text."""
        if isinstance(self.content, str) or self.content is None:
            return self.content or ""
        for part in self.content:
            if part.type not in ("text", "refusal"):
                raise Unfit(
                    f"这里只读文字，不看图片、音频和附件（{part.type[:40]}）；请把要问的写成文字，"
                    "文件请先导入文件库。Only text is read here.",
                    param="messages",
                    code="unsupported_content",
                )
        return "\n".join(part.text for part in self.content if part.text)


class _StreamOptions(BaseModel):
    include_usage: bool = False


class Completion(BaseModel):
    """A request for /v1/chat/completions: the fields that are looked at."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(max_length=200)
    messages: list[Message] = Field(min_length=1, max_length=2000)
    stream: bool | None = False
    stream_options: _StreamOptions | None = None
    n: int | None = 1
    tool_choice: Any = None
    function_call: Any = None  # what it was called before
    response_format: dict[str, Any] | None = None
    modalities: list[str] | None = None

    @property
    def mode(self) -> Mode | None:
        return MODES[self.model]

    @property
    def wants_usage(self) -> bool:
        """Whether a stream ends with what it counts; a whole answer always says."""
        return self.stream_options is not None and self.stream_options.include_usage


def read(body: bytes, names: Sequence[str]) -> Completion:
    """The request in a body; `names` are the models that there are. Raises Unfit."""
    try:
        asked = Completion.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Unfit(f"请求的格式不对：{where} {first['msg']}", param=where or None) from error
    if asked.model not in names:
        known = "、".join(names)
        raise Unfit(
            f"没有名为“{asked.model[:80]}”的模型；有：{known}。No such model.",
            param="model", code="model_not_found", status=404,
        )  # fmt: skip
    _require_only_text(asked)
    return asked


def _require_only_text(asked: Completion) -> None:
    unfit = {
        "n": (asked.n not in (None, 1), "一次只给一个回答，n 应为 1"),
        "tool_choice": (
            any(c not in (None, "auto", "none") for c in (asked.tool_choice, asked.function_call)),
            "这里不调用工具，tool_choice 只能是 auto 或 none；要让别的模型调用本系统，请用 MCP（/mcp）",
        ),
        "response_format": (
            (asked.response_format or {}).get("type", "text") != "text",
            "回答是带出处的文字，不按 JSON 格式写；要结构化的回答请用 /api/v1/ask",
        ),
        "modalities": (
            any(kind != "text" for kind in asked.modalities or ()),
            "只有文字，没有语音",
        ),
    }
    for name, (is_unfit, why) in unfit.items():
        if is_unfit:
            raise Unfit(f"{why}。Not supported: {name}.", param=name, code="unsupported_parameter")


def turns_of(asked: Completion, longest: int) -> tuple[str, ...]:
    """The user's messages; the last is what is asked, and those before it say what it leans on.
    What was answered is not read: it is looked up anew. Raises Unfit."""
    if asked.messages[-1].role != "user":
        raise Unfit("最后一条消息应是用户的问题。The last message must be the user's.", param="messages")  # fmt: skip
    turns = [message.text for message in asked.messages if message.role == "user"]
    *before, question = turns
    if question.lstrip().startswith(_CHORE):
        raise Unfit(
            "这里只回答关于文件的问题，不起标题、不打标签、不读附件；请在聊天工具里关掉这些功能，或给它们另选模型。"
            "Only questions about the documents are answered here.",
            param="messages",
            code="not_a_question",
        )
    kept = [turn[:longest] for turn in before if turn.strip()][-_TURNS:]
    return (*kept, question)
