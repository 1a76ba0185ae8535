"""Settings of answering, of the language model and of the web app. None needs a rebuild."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from vectorstore.settings import PREFIX, Settings


class AnswerSettings(Settings, env_prefix=PREFIX + "ANSWER_"):
    """How questions are answered."""

    home_region: str = Field(
        "", max_length=40, description="本单位所在地区（如 云南省保山市）；“我市”“我区”按它理解"
    )
    passages: int = Field(
        16, ge=4, le=64, description="每个问题最多细读多少个段落；速度不够时自动减少"
    )
    read_seconds: float = Field(
        0.6, gt=0, le=30, description="细读段落的时间预算（秒），按启动时测得的速度折算成段落数"
    )
    reader: Literal["auto", "off"] = Field(
        "auto", description="auto 使用随项目提供的阅读模型；off 只用检索分数和词面匹配"
    )
    rerank_model: str = Field(
        "", description="可选的 CrossEncoder 重排模型（本地目录或名称）；空表示不用"
    )
    max_question: int = Field(2000, ge=50, le=20000, description="问题的最大字数")


class WebSettings(Settings, env_prefix=PREFIX + "WEB_"):
    """The web app."""

    host: str = Field("127.0.0.1", description="监听地址；默认只有本机能访问")
    port: int = Field(7860, ge=0, le=65535, description="监听端口；0 表示任选一个空闲端口")
    concurrency: int = Field(4, ge=1, le=64, description="同时处理的问题数")
    samples: Path = Field(Path("corpus"), description="库为空时导入的示例文件夹")
