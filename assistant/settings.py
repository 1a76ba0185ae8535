"""Settings of answering, of the language model and of the web app. None needs a rebuild."""

import ipaddress
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from vectorstore.settings import PREFIX, Settings

_SAFE_ISSUER = re.compile(r"https://|http://(?:127\.0\.0\.1|localhost)(?::\d+)?(?:/|$)")
_HEADER = r"^[A-Za-z0-9-]{1,60}$"
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
    remembered: int = Field(
        500,
        ge=0,
        le=100_000,
        description="记住最近多少个摘录的回答，问得一样、看得到的一样、库也没有变时直接给出；0 表示不记",
    )


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
    ai_label: bool = Field(
        True,
        description="导出时注明哪些是模型写的、哪些是原文摘录（开头一行、送审版各部分的标题下和文档属性，"
        "连同 GB 45438—2025 的 AIGC 元数据）",
    )
    aigc_producer: str = Field(
        "", max_length=200, description="AIGC 元数据里的 ContentProducer：本单位的名称或编码"
    )
    aigc_propagator: str = Field(
        "",
        max_length=200,
        description="AIGC 元数据里的 ContentPropagator：传播者的名称或编码；空表示不填",
    )
    bin_days: int = Field(
        30, ge=1, le=3650, description="删去的稿子在回收站里留多少天，过后连同各版本彻底删除"
    )
    template: Path | None = Field(
        None,
        description="本单位的 Word 模板（.docx、.dotx）：页面、样式和上面已有的内容照它；空表示用内置的 GB/T 9704 版式",
    )
    red_head_template: Path | None = Field(
        None, description="本单位的红头 Word 模板；空表示用内置的红头和版记"
    )
    pdf_seconds: int = Field(
        120, ge=10, le=600, description="导出 PDF 时 LibreOffice 最多转换多少秒"
    )
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
    history_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="问答记录保留多少天（从最后一问算起）；0 表示一直保留。删除的对话另在回收站留 30 天，收藏不受影响",
    )
    patience_seconds: float = Field(
        15,
        ge=1,
        le=600,
        description="等客户端发送的时限（秒）：请求头要在此时间内发完，请求内容不能停顿更久",
    )
    audience: Literal["公开", "部门"] = Field(
        "公开",
        description="上传的文件默认给谁看：公开，或上传人的部门及其下级（部门）；只在要登录时有区别，上传时可改",
    )
    login: Literal["none", "local", "oidc", "proxy"] = Field(
        "none",
        description="怎样登录：none 不登录（只供本机一人用），local 本系统的账号和密码，"
        "oidc 单位的统一登录（OpenID Connect），proxy 由前面的代理认人",
    )
    without_login: bool = Field(
        False,
        description="监听本机以外的地址时，不登录也照常启动：同一网络里的人都能提问、上传和删除文件",
    )
    idle_minutes: int = Field(60, ge=5, le=1440, description="多少分钟不用就要重新登录")
    session_hours: int = Field(12, ge=1, le=720, description="登录一次最多用多少小时")
    separate: bool = Field(
        False, description="三员分立：系统管理、安全管理、审计三种角色不能由一人兼任"
    )
    new_people: bool = Field(
        False,
        description="统一登录或代理认得、本系统还没有账号的人，第一次来时自动建账号（角色为查阅）；"
        "否则要管理员先建",
    )
    oidc_issuer: str = Field(
        "",
        max_length=300,
        description="统一登录的地址（issuer），如 https://login.example.gov.cn/realms/office",
    )
    oidc_client: str = Field("", max_length=200, description="本系统在统一登录处的客户端编号")
    oidc_secret: SecretStr = Field(
        SecretStr(""), description="客户端密钥；不写进日志和页面，空表示公开客户端（只用 PKCE）"
    )
    oidc_claim: str = Field(
        "preferred_username",
        min_length=1,
        max_length=80,
        description="哪一项（claim）是登录名；要选不会转给别人的那一项，如工号",
    )
    proxy_addresses: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        max_length=50,
        description="认人的代理的地址或网段，逗号分隔（如 127.0.0.1,10.1.2.0/28）；别处来的同名请求头一律不信",
    )
    proxy_login: str = Field("X-Remote-User", pattern=_HEADER, description="代理写登录名的请求头")
    proxy_name: str = Field("X-Remote-Name", pattern=_HEADER, description="代理写姓名的请求头")
    proxy_department: str = Field(
        "X-Remote-Department",
        pattern=_HEADER,
        description="代理写部门名称的请求头；只认本系统已有的部门，每次登录时更新",
    )

    monitors: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        max_length=50,
        description="哪些地址或网段可以读 /metrics（Prometheus 的监控数据，不含问题和文件的内容），逗号分隔；空表示谁都不能",
    )

    @property
    def is_local(self) -> bool:
        """Whether only users of this machine reach the site."""
        return is_local(self.host)

    @property
    def lists_people(self) -> bool:
        """Whether people log in, each with an account."""
        return self.login != "none"

    @field_validator("proxy_addresses", "monitors", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        names = _listed(value, "要写成用逗号分隔的地址")
        for name in names:
            try:
                ipaddress.ip_network(name)
            except ValueError:
                raise ValueError(f"{name} 不是 IP 地址或网段") from None
        return names

    @model_validator(mode="after")
    def _complete(self) -> "WebSettings":
        """Half a way of logging in is none: the program does not start with it."""
        if self.login == "oidc" and not (self.oidc_issuer and self.oidc_client):
            raise ValueError(
                "POLICY_WEB_LOGIN=oidc 还要设置 POLICY_WEB_OIDC_ISSUER 和 POLICY_WEB_OIDC_CLIENT"
            )
        if self.oidc_issuer and not _SAFE_ISSUER.match(self.oidc_issuer):
            raise ValueError(
                "POLICY_WEB_OIDC_ISSUER 要以 https:// 开头：经 http 来的回答谁都能改（只有本机可用 http）"
            )
        if self.login == "proxy" and not self.proxy_addresses:
            raise ValueError("POLICY_WEB_LOGIN=proxy 还要设置 POLICY_WEB_PROXY_ADDRESSES")
        return self

    @field_validator("hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """As JSON or with commas."""
        names = [name.lower() for name in _listed(value, "要写成用逗号分隔的域名")]
        for name in names:
            if not _HOST.fullmatch(name):
                raise ValueError(f"{name} 不是域名或地址（不带 http://，可带端口）")
        return tuple(names)


class ApiSettings(Settings, env_prefix=PREFIX + "API_"):
    """Programs that call, each with a key."""

    own_keys: bool = Field(
        True, description="有账号的人可以在“我的账号”给自己建密钥；false 时密钥只由管理员或命令行建"
    )
    key_days: int = Field(365, ge=1, le=3650, description="密钥最长有效多少天")
    per_minute: int = Field(
        120, ge=1, le=6000, description="新建的密钥默认每分钟最多调用多少次；建的时候可以另定"
    )
    sessions: int = Field(
        20,
        ge=1,
        le=1000,
        description="一个密钥同时最多有多少个 MCP 会话；满了再开，最久没用的那个结束",
    )


def is_local(host: str) -> bool:
    """Whether an address is for users of this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listed(value: object, wanted: str) -> tuple[str, ...]:
    if isinstance(value, str):
        value = json.loads(value) if value.lstrip().startswith("[") else value.split(",")
    if not isinstance(value, list | tuple):
        raise ValueError(wanted)
    return tuple(filter(None, (str(name).strip() for name in value)))
