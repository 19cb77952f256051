"""Settings of the Teams channel; without `BOT_TEAMS_APP_ID` there is no such channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from bot.settings import SettingsError, secret

_GUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_HOST = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$")
ISSUER = "https://api.botframework.com"
OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"
# Where Teams' public cloud may ask us to answer.
SERVICE_HOSTS = ("smba.trafficmanager.net", "smba.infra.teams.microsoft.com")
BOT_FRAMEWORK_TENANT = "botframework.com"


class AppType(str, Enum):
    """How the bot is registered in Azure."""

    single_tenant = "single_tenant"
    multi_tenant = "multi_tenant"
    managed_identity = "managed_identity"


@dataclass(frozen=True)
class TeamsSettings:
    """One registered bot.

    `tenants` may write to it (lower case ids; empty: any, for a multi-tenant bot only);
    `service_hosts` are where answers, and with them the bot's token, may go.
    """

    app_id: str
    app_type: AppType = AppType.single_tenant
    tenant_id: str = ""
    password: str = ""
    tenants: frozenset[str] = frozenset()
    service_hosts: frozenset[str] = frozenset(SERVICE_HOSTS)
    issuer: str = ISSUER
    openid_url: str = OPENID

    def __repr__(self) -> str:
        """Without the password."""
        return f"TeamsSettings(app_id={self.app_id!r}, app_type={self.app_type.value!r})"


def _listed(env: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(p.strip().lower() for p in env.get(name, "").split(",") if p.strip())


def _guid(value: str, name: str) -> str:
    if not _GUID.match(value.lower()):
        raise SettingsError(
            f"B131 {name} is no id such as 00000000-0000-0000-0000-000000000000. "
            "Mend: copy it from the bot's page in Azure"
        )
    return value.lower()


def teams_settings(env: Mapping[str, str]) -> TeamsSettings | None:
    """The settings that an environment gives; None if Teams is not configured.

    Raises:
        SettingsError: B131, one of them is missing or wrong.
    """
    if not env.get("BOT_TEAMS_APP_ID"):
        return None
    app_id = _guid(env["BOT_TEAMS_APP_ID"], "BOT_TEAMS_APP_ID")
    try:
        app_type = AppType(env.get("BOT_TEAMS_APP_TYPE", AppType.single_tenant.value))
    except ValueError as error:
        kinds = ", ".join(kind.value for kind in AppType)
        raise SettingsError(f"B131 BOT_TEAMS_APP_TYPE is no type. Mend: {kinds}") from error
    tenant = env.get("BOT_TEAMS_TENANT_ID", "")
    if app_type is not AppType.multi_tenant or tenant:
        tenant = _guid(tenant, "BOT_TEAMS_TENANT_ID")
    password = secret(env, "BOT_TEAMS_APP_PASSWORD")
    if app_type is not AppType.managed_identity and not password:
        raise SettingsError(
            "B131 BOT_TEAMS_APP_PASSWORD is not set. Mend: set it, or BOT_TEAMS_APP_PASSWORD_FILE"
        )
    tenants = frozenset(_guid(t, "BOT_TEAMS_TENANTS") for t in _listed(env, "BOT_TEAMS_TENANTS"))
    hosts = _listed(env, "BOT_TEAMS_SERVICE_HOSTS") or frozenset(SERVICE_HOSTS)
    for host in hosts:
        if not _HOST.match(host):
            raise SettingsError(
                f"B131 BOT_TEAMS_SERVICE_HOSTS: `{host}` is no host. Mend: names alone, by commas"
            )
    return TeamsSettings(
        app_id=app_id,
        app_type=app_type,
        tenant_id=tenant,
        password=password,
        tenants=tenants or (frozenset({tenant}) if tenant else frozenset()),
        service_hosts=hosts,
    )
