"""The settings as frozen models: one class per section, one field per option of ``example.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config import menu
from config.values import (
    AesKey,
    Appid,
    Count,
    Folder,
    OptionalAesKey,
    OptionalSecret,
    OptionalWebAddress,
    OriginalId,
    Port,
    Present,
    Proxy,
    RedisUrl,
    ReplyText,
    RoleName,
    Seconds,
    Secret,
    WebAddress,
    Zone,
)

# TOML's lists arrive as list; strict models would refuse them where a tuple is wanted.
_LIST = Field(default=(), strict=False)


class Section(BaseModel):
    """What all sections share: immutable, no unknown option, no silent conversion (``"8888"`` is not a number)."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, validate_default=True
    )


class Server(Section):
    """Where the web endpoint listens."""

    host: Present = "127.0.0.1"
    port: Port = 8888
    processes: Annotated[int, Field(ge=1, le=64)] = 1
    public_url: OptionalWebAddress = ""
    trusted_proxies: tuple[Proxy, ...] = _LIST
    metrics_token: OptionalSecret = ""


class Data(Section):
    """Where files are kept."""

    dir: Folder = Field(default="var")  # type: ignore[assignment]  # validate_default makes it a Path


class RedisSettings(Section):
    """Which Redis; an empty ``url`` is the embedded one. ``wait_for_replicas``: how many must have a write."""

    url: RedisUrl = ""
    wait_for_replicas: Count = 0

    @model_validator(mode="after")
    def _has_replicas(self) -> Self:
        if self.wait_for_replicas and not self.url:
            raise ValueError(
                f".wait_for_replicas is {self.wait_for_replicas}, expected 0: the embedded Redis has no replica"
            )
        return self


class WeChatSettings(Section):
    """WeChat's addresses and how long we wait for them. Times in seconds."""

    api_base_url: WebAddress = "https://api.weixin.qq.com"
    fallback_base_url: WebAddress = "https://api2.weixin.qq.com"
    mp_base_url: WebAddress = "https://mp.weixin.qq.com"
    open_base_url: WebAddress = "https://open.weixin.qq.com"
    connect_timeout: Seconds = 3.0
    total_timeout: Seconds = 60.0
    max_age: Annotated[int, Field(ge=1)] = 300


class ReplySettings(Section):
    """Passive replies. WeChat waits five seconds for one."""

    deadline: Annotated[float, Field(gt=0, lt=5, allow_inf_nan=False)] = 4.0


class Limits(Section):
    """What one person may do; ``stock_per_day`` maps a role to vouchers, a role that is absent has no limit."""

    messages_per_minute: Count = 60
    stock_per_day: Mapping[RoleName, Count] = Field(default_factory=dict)


class FourEyes(Section):
    """Commands that need a second person's yes, by their English word."""

    commands: tuple[Present, ...] = _LIST


class AccountSettings(Section):
    """One official account."""

    appid: Appid
    original_id: OriginalId
    name: Present = Field(default_factory=lambda given: str(given.get("appid", "")))
    secret: Secret
    token: Secret
    encoding_aes_key: OptionalAesKey = ""
    previous_token: OptionalSecret = ""
    previous_encoding_aes_key: OptionalAesKey = ""
    mode: Literal["plain", "compatible", "safe"] = "safe"
    language: Literal["zh_CN", "en"] = "zh_CN"
    timezone: Zone = "Asia/Shanghai"
    customer_service: bool = True
    notice_template_id: str = ""
    menu_links: bool = True
    operators_menu: tuple[Present, ...] = _LIST
    customers: Literal["nothing", "text", "transfer"] = "nothing"
    customers_text: ReplyText = ""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.mode != "plain" and not self.encoding_aes_key:
            raise ValueError(f'.encoding_aes_key is missing, expected 43 characters for mode = "{self.mode}"')
        try:
            menu.parse(self.operators_menu)
        except ValueError as error:
            raise ValueError(f".operators_menu {error}") from error
        if self.customers == "text" and not self.customers_text.strip():
            raise ValueError('.customers_text is empty, expected the text that customers = "text" sends')
        return self


class ComponentSettings(Section):
    """The third-party platform, if this is one."""

    appid: Appid
    secret: Secret
    token: Secret
    encoding_aes_key: AesKey
    previous_token: OptionalSecret = ""
    previous_encoding_aes_key: OptionalAesKey = ""


class Settings(Section):
    """Everything that can be set."""

    server: Server = Field(default_factory=Server)
    data: Data = Field(default_factory=Data)
    redis: RedisSettings = Field(default_factory=RedisSettings)
    wechat: WeChatSettings = Field(default_factory=WeChatSettings)
    reply: ReplySettings = Field(default_factory=ReplySettings)
    limits: Limits = Field(default_factory=Limits)
    four_eyes: FourEyes = Field(default_factory=FourEyes)
    accounts: tuple[AccountSettings, ...] = _LIST
    component: ComponentSettings | None = None

    @model_validator(mode="after")
    def _accounts_differ(self) -> Self:
        for key in ("appid", "original_id"):
            seen: dict[Any, int] = {}
            for index, account in enumerate(self.accounts):
                value = getattr(account, key)
                if (first := seen.setdefault(value, index)) != index:
                    raise ValueError(
                        f'accounts[{index}].{key} is "{value}", which accounts[{first}] has already, '
                        "expected one entry per account"
                    )
        return self
