"""The part of the configuration that says where the broker is, and how it is trusted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from controller.core.config_table import ConfigTable

MQTT_TLS_PORT = 8883
"""As IANA has it for `secure-mqtt`."""


class TlsConfig(ConfigTable):
    """What the kiosk shows to the broker, and whom it believes; beside the configuration file.

    `platform` is the address of the platform's API, where the certificate is renewed at two
    thirds of its life; without one somebody else has to bring a new one in time.
    """

    key: str = "tls.key"
    certificate: str = "tls.crt"
    authority: str = "ca.crt"
    platform: str = ""


class UplinkConfig(ConfigTable):
    """Where the broker is; the topics follow from city, district and kiosk.

    `version` is of MQTT. With `tls`, an empty table as well, the broker is spoken to in TLS 1.3,
    and its port is 8883 unless another one is named.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 1883
    version: Literal["3.1.1", "5"] = "3.1.1"
    tls: TlsConfig | None = None

    @model_validator(mode="before")
    @classmethod
    def _port_of_tls(cls, given: object) -> object:
        if isinstance(given, dict) and "tls" in given:
            return {"port": MQTT_TLS_PORT} | given
        return given
