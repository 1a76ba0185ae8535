"""Settings of answering, of the language model and of the web app. None needs a rebuild."""

import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from vectorstore.settings import PREFIX, Settings

_HOST = re.compile(r"(?:[a-z0-9._-]++|\[[0-9a-f:.]++\])(?::[0-9]{1,5})?")


class AnswerSettings(Settings, env_prefix=PREFIX + "ANSWER_"):
    """How questions are answered."""

    gone = {
        "read_seconds": "细读多少不再按速度定，请改用 POLICY_ANSWER_READ_TOKENS（原来的 0.45 秒约合 2000）"
    }
    mode: Literal["auto", "extractive"] = Field(
        "auto", description="auto 在设置了语言模型时由它作答；extractive 总是摘录作答"
    )
    home_region: str = Field(
        "", max_length=40, description="本单位所在地区（如 云南省保山市）；“我市”“我区”按它理解"
    )
    passages: int = Field(16, ge=4, le=64, description="每个问题最多细读多少个段落")
    read_tokens: int = Field(
        2000,
        ge=600,
        le=50_000,
        description="每个问题细读多少词元（问题连同段落，每段平均约 216）；一次回答里的几次细读分用它。"
        "读多少只看设置，不看机器忙闲：机器慢就调小，快就调大",
    )
    reader: Literal["auto", "off"] = Field(
        "auto", description="auto 使用随项目提供的阅读模型；off 只用检索分数和词面匹配"
    )
    rerank_model: str = Field(
        "", description="可选的 CrossEncoder 重排模型（本地目录或名称）；空表示不用"
    )
    late_interaction: bool = Field(
        False,
        description="没有阅读模型时，用向量模型的逐词向量（MaxSim）校正段落次序；实测没有提高，默认不用",
    )
    max_question: int = Field(2000, ge=50, le=20000, description="问题的最大字数")


class LlmSettings(Settings, env_prefix=PREFIX + "LLM_"):
    """An OpenAI-compatible language model; without base_url and model there is none."""

    base_url: str = Field(
        "", description="接口地址，如 http://127.0.0.1:8000/v1；空表示不用语言模型"
    )
    model: str = Field("", description="模型名称，如 qwen2.5-7b-instruct")
    api_key: SecretStr = Field(SecretStr("none"), description="接口密钥；不写进日志、页面和目录库")
    temperature: float = Field(0.0, ge=0, le=2, description="随机性；作答用 0")
    connect_seconds: float = Field(3, gt=0, le=60, description="连接时限（秒）")
    first_token_seconds: float = Field(30, gt=0, le=600, description="等第一个字的时限（秒）")
    token_seconds: float = Field(15, gt=0, le=600, description="两个字之间的时限（秒）")
    total_seconds: float = Field(120, gt=0, le=3600, description="一次回答的总时限（秒）")
    context_tokens: int = Field(8192, ge=1024, le=2_000_000, description="模型的上下文长度（词元）")
    answer_tokens: int = Field(1024, ge=64, le=32768, description="为回答预留的词元数")
    extra_body: dict[str, Any] = Field(
        default_factory=dict,
        description='随请求发送的其他参数（JSON），如 {"chat_template_kwargs": {"enable_thinking": false}}',
    )

    @property
    def is_configured(self) -> bool:
        return bool(self.base_url and self.model)


class DraftSettings(Settings, env_prefix=PREFIX + "DRAFT_"):
    """Drafts and their export."""

    unit: str = Field("", description="本单位名称，写进新稿子；空表示留空由起草人填")
    citation_style: Literal["2025", "2015"] = Field(
        "2025", description="脚注按 GB/T 7714 的哪一版著录"
    )
    marks: Literal["footnote", "number"] = Field(
        "footnote", description="送审版的出处：footnote 为 Word 脚注，number 为上标编号"
    )
    ai_label: bool = Field(True, description="导出时注明机器辅助起草（正文一行和文档属性）")
    bold_second_level: bool = Field(
        False, description="二级标题加粗（国家标准不要求，有的单位要求）"
    )


class OfficeSettings(Settings, env_prefix=PREFIX + "OFFICE_"):
    """What the program keeps for those who look after it (管理)."""

    gaps: Literal["questions", "named", "off"] = Field(
        "questions",
        description="没有回答和不满意的问题怎么记：questions 只记问题，named 连同是谁问的，off 不记",
    )
    backups: Path | None = Field(
        None, description="管理页做的备份放在哪里；默认是数据目录下的 backups，最好是另一块盘"
    )


class WebSettings(Settings, env_prefix=PREFIX + "WEB_"):
    """The web app."""

    host: str = Field("127.0.0.1", description="监听地址；默认只有本机能访问")
    port: int = Field(7860, ge=0, le=65535, description="监听端口；0 表示任选一个空闲端口")
    concurrency: int = Field(
        4, ge=1, le=64, description="同时处理的问题数（写稿按部分、核对按篇，也算在内）；其余的排队"
    )
    waiting: int = Field(300, ge=1, le=5000, description="最多多少个问题排队；再来的请稍后再试")
    waiting_each: int = Field(
        10, ge=1, le=500, description="一个人最多多少个问题排队；大家轮流，每人一次一个"
    )
    samples: Path = Field(Path("corpus"), description="库为空时导入的示例文件夹")
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        max_length=50,
        description="用户打开网页时用的域名或地址，逗号分隔（如 zhengce.example.gov.cn,10.1.2.3:8080）；"
        "监听地址和本机（localhost）总是允许，其他一律拒绝",
    )
    request_mb: int = Field(4, ge=1, le=64, description="一次请求的大小上限（MB），上传文件除外")
    upload_mb: int = Field(
        1024, ge=1, le=65536, description="一次上传（可有多个文件）的大小上限（MB）"
    )
    feedback_mb: int = Field(20, ge=1, le=1024, description="意见簿的大小上限（MB）")
    patience_seconds: float = Field(
        15,
        ge=1,
        le=600,
        description="等客户端发送的时限（秒）：请求头要在此时间内发完，请求内容不能停顿更久",
    )

    @field_validator("hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """As JSON or with commas."""
        if isinstance(value, str):
            value = json.loads(value) if value.lstrip().startswith("[") else value.split(",")
        if not isinstance(value, list | tuple):
            raise ValueError("要写成用逗号分隔的域名")
        names = [str(name).strip().lower() for name in value]
        for name in filter(None, names):
            if not _HOST.fullmatch(name):
                raise ValueError(f"{name} 不是域名或地址（不带 http://，可带端口）")
        return tuple(filter(None, names))
