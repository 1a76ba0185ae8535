"""Chat tools in OpenAI's form: its own client, LangChain's, and what is refused."""

import json
from typing import Any

import httpx
import openai
import pytest
from langchain_openai import ChatOpenAI

from tests.assistant.api.forms.conftest import QUESTION, Citations, Endless, Office
from tests.attack.conftest import Site

MODEL = "policy-assistant"


def client_of(site: Site, key: str = "none") -> openai.OpenAI:
    http = httpx.Client(trust_env=False)
    return openai.OpenAI(
        base_url=f"{site.address}/v1", api_key=key, max_retries=0, http_client=http
    )


def asked(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def as_lists(value: Any) -> Any:
    return json.loads(json.dumps(value))


@pytest.fixture
def client(called: Site) -> openai.OpenAI:
    return client_of(called)


def test_an_answer_cites_what_the_command_line_cites(
    called: Site, client: openai.OpenAI, citations: Citations
) -> None:
    answer = client.chat.completions.create(model=MODEL, messages=asked(QUESTION))
    message = answer.choices[0].message
    assert answer.choices[0].finish_reason == "stop"
    assert message.content
    assert "覆盖率达到95%" in message.content
    expected = as_lists(citations(QUESTION))
    assert expected
    assert (message.model_extra or {})["citations"] == expected
    assert message.annotations
    for citation, annotation in zip(expected, message.annotations, strict=True):
        cited = annotation.url_citation
        mark = message.content[cited.start_index : cited.end_index]
        assert mark == f"[{citation['mark']}]"
        page = httpx.get(cited.url, trust_env=False)
        assert page.status_code == 200
        assert citation["title"] in page.text
        assert "<mark" in page.text
    assert answer.usage
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.usage.prompt_tokens > 5 < answer.usage.completion_tokens


def test_a_stream_is_the_answer_in_pieces_and_ends_with_its_sources(
    client: openai.OpenAI, citations: Citations
) -> None:
    whole = client.chat.completions.create(model=MODEL, messages=asked(QUESTION))
    chunks = list(
        client.chat.completions.create(
            model=MODEL,
            messages=asked(QUESTION),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    pieces = [
        c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content
    ]
    assert len(pieces) > 2
    assert "".join(pieces) == whole.choices[0].message.content
    *_, last, usage = chunks
    assert last.choices[0].finish_reason == "stop"
    assert (last.model_extra or {})["citations"] == as_lists(citations(QUESTION))
    annotations = (last.choices[0].delta.model_extra or {})["annotations"]
    told = [a.model_dump() for a in whole.choices[0].message.annotations or ()]
    assert annotations == told
    assert usage.choices == []
    assert usage.usage == whole.usage


def test_models_are_ways_of_answering(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names == [MODEL, f"{MODEL}-excerpt"]  # no model writes here
    assert client.models.retrieve(MODEL).id == MODEL
    answer = client.chat.completions.create(model=f"{MODEL}-excerpt", messages=asked(QUESTION))
    assert answer.model == f"{MODEL}-excerpt"
    for call in (
        lambda: client.models.retrieve("gpt"),
        lambda: client.chat.completions.create(model="gpt", messages=asked(QUESTION)),
        lambda: client.chat.completions.create(model=f"{MODEL}-written", messages=asked(QUESTION)),
    ):
        with pytest.raises(openai.NotFoundError) as found:
            call()
        assert found.value.code == "model_not_found"


def test_earlier_messages_are_what_a_question_leans_on(client: openai.OpenAI) -> None:
    talk: list[Any] = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "青禾市到2025年底要建成多少个老年助餐点？"},
        {"role": "assistant", "content": "不知道"},
        {"role": "user", "content": [{"type": "text", "text": "每餐补贴多少？"}]},
    ]
    more: Any = {"temperature": 0.3, "max_tokens": 5, "seed": 1, "metadata": {}, "x_new": [1]}
    answer = client.chat.completions.create(model=MODEL, messages=talk, extra_body=more)
    assert "2元" in (answer.choices[0].message.content or "")


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"tools": [], "tool_choice": "required"}, "tool_choice", "unsupported_parameter"),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice", "unsupported_parameter"),
        ({"function_call": {"name": "f"}}, "tool_choice", "unsupported_parameter"),
        ({"n": 2}, "n", "unsupported_parameter"),
        ({"response_format": {"type": "json_object"}}, "response_format", "unsupported_parameter"),
        ({"modalities": ["text", "audio"]}, "modalities", "unsupported_parameter"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]}, "messages", "unsupported_content"),
        ({"messages": [{"role": "user", "content": "### Task:\nGenerate a title"}]}, "messages", "not_a_question"),
        ({"messages": [{"role": "assistant", "content": "好"}]}, "messages", None),
        ({"messages": [{"role": "user", "content": "  "}]}, "messages", None),
        ({"messages": [{"role": "user", "content": "长" * 2001}]}, "messages", None),
        ({"messages": []}, "messages", None),
        ({"messages": [{"role": "king", "content": "问"}]}, "messages.0.role", None),
        ({"messages": "问"}, "messages", None),
        ({"model": 5}, "model", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_what_is_not_served_is_refused_in_openais_form(
    called: Site, change: dict[str, Any], param: str, code: str | None, stream: bool
) -> None:
    body = {"model": MODEL, "messages": asked(QUESTION), "stream": stream, **change}
    with called.client() as http:
        answer = http.post("/v1/chat/completions", json=body)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, code)
    assert error["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"model": "\xff"}'])
def test_a_body_that_is_no_request(called: Site, body: bytes) -> None:
    with called.client() as http:
        answer = http.post("/v1/chat/completions", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("more", [{}, {"tool_choice": "none"}, {"tool_choice": "auto"}])
def test_tools_that_need_not_be_called_are_passed_over(
    client: openai.OpenAI, more: dict[str, Any]
) -> None:
    """Chat tools offer their own with every question."""
    tools: Any = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    answer = client.chat.completions.create(
        model=MODEL, messages=asked(QUESTION), tools=tools, **more
    )
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"


def test_who_hangs_up_stops_the_work(called: Site, client: openai.OpenAI, endless: Endless) -> None:
    stream = client.chat.completions.create(model=MODEL, messages=asked(QUESTION), stream=True)
    assert next(iter(stream)).choices[0].delta.role == "assistant"
    assert endless.begun.wait(10)
    stream.close()
    assert endless.stopped.wait(10)


def test_who_hangs_up_before_a_whole_answer_stops_the_work(called: Site, endless: Endless) -> None:
    body = {"model": MODEL, "messages": asked(QUESTION)}
    with called.client() as http, pytest.raises(httpx.ReadTimeout):
        http.post("/v1/chat/completions", json=body, timeout=httpx.Timeout(10, read=1))
    assert endless.begun.is_set()
    assert endless.stopped.wait(10)


def test_who_asks_too_much_at_once_is_told_so(
    called: Site, client: openai.OpenAI, endless: Endless
) -> None:
    ask = {"model": MODEL, "messages": asked(QUESTION), "stream": True}
    first = client.chat.completions.create(**ask)  # type: ignore[call-overload]
    assert endless.begun.wait(10)
    second = client.chat.completions.create(**ask)  # type: ignore[call-overload]
    with pytest.raises(openai.RateLimitError) as found:
        client.chat.completions.create(**ask)  # type: ignore[call-overload]
    assert found.value.code == "crowded"
    assert found.value.response.headers["retry-after"]
    first.close()
    second.close()


def test_langchain_asks_and_streams(called: Site, client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model=MODEL, messages=asked(QUESTION))
    http = httpx.Client(trust_env=False)
    model = ChatOpenAI(model=MODEL, base_url=f"{called.address}/v1", api_key="none",  # type: ignore[arg-type]
                       max_retries=0, http_client=http)  # fmt: skip
    content = whole.choices[0].message.content
    assert model.invoke(QUESTION).content == content
    chunks = list(model.stream(QUESTION))
    assert len(chunks) > 2
    assert "".join(str(chunk.content) for chunk in chunks) == content
    with pytest.raises(openai.BadRequestError):
        model.invoke("长" * 2001)


# --- whose key it is ------------------------------------------------------------------------------


def test_a_key_is_asked_for(office: Office) -> None:
    for key in ("none", "pca_0123456789ab_x"):
        with pytest.raises(openai.AuthenticationError) as found:
            client_of(office.site, key).chat.completions.create(
                model=MODEL, messages=asked(QUESTION)
            )
        assert found.value.code == "invalid_api_key"
    only_search = client_of(office.site, office.key("甲", "search"))
    with pytest.raises(openai.PermissionDeniedError):
        only_search.chat.completions.create(model=MODEL, messages=asked(QUESTION))
    with pytest.raises(openai.PermissionDeniedError):
        only_search.models.list()


def test_what_the_owner_of_a_key_does_not_see_does_not_exist(office: Office) -> None:
    seen, unseen = (
        client_of(office.site, office.key(login))
        .chat.completions.create(model=MODEL, messages=asked(QUESTION))
        .choices[0]
        .message.model_dump_json()
        for login in ("甲", "乙")
    )
    assert office.hidden in seen
    assert office.hidden not in unseen
    assert "青禾市" not in unseen
    assert "4 份" not in unseen


def test_each_question_is_in_the_log_with_its_key(office: Office) -> None:
    secret = office.key("甲")
    before = len(office.log.entries)
    client_of(office.site, secret).chat.completions.create(model=MODEL, messages=asked(QUESTION))
    deeds = [(e.deed, e.who) for e in office.log.entries[before:]]
    owner = office.persons["甲"]
    assert deeds == [("call", owner), ("ask", owner), ("answer", owner)]
    keys = {e.details["key"] for e in office.log.entries[before:]}
    assert len(keys) == 1
    assert secret not in str(office.log.entries)
