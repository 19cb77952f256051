"""Everything that runs the assistant.  Importing it sets what Rasa's parts must not do."""

from __future__ import annotations

import logging
import os
import warnings

import structlog

_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
for _name, _value in _QUIET.items():
    os.environ.setdefault(_name, _value)

# Rasa logs each message's text at debug level through structlog: only what went wrong is kept.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

# Rasa's old pins warn about their own use of each other on every start.
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", message="Slot auto-fill has been removed")
