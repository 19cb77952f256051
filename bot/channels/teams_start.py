"""The Teams channel as the environment configures it."""

from __future__ import annotations

import logging
import os

from rasa.core.channels.channel import InputChannel

from bot.channels.teams_settings import teams_settings
from bot.settings import Settings

logger = logging.getLogger(__name__)


def teams_channels(now: Settings) -> list[InputChannel]:
    """The channel in a list, or none where `BOT_TEAMS_APP_ID` is not set.

    Starts without network: keys and tokens are read when the first activity comes.

    Raises:
        SettingsError: B131, it is configured wrongly.
    """
    configured = teams_settings(os.environ)
    if configured is None:
        return []
    from bot.channels.teams import TeamsChannel
    from bot.channels.teams_reminders import Reminders
    from bot.channels.teams_store import RedisClaims, SqlClaims
    from bot.channels.teams_tokens import MsalTokens
    from bot.stores.engines import engine_for

    engine = engine_for(now.data_url)
    claims = RedisClaims(now.redis_url) if now.redis_url else SqlClaims(engine)
    logger.warning("B130 Teams is on for bot %s (%s)", configured.app_id, configured.app_type.value)
    return [
        TeamsChannel(
            configured, MsalTokens(configured), claims=claims, reminders=Reminders(engine, claims)
        )
    ]
