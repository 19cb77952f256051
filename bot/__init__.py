"""Everything that runs the assistant.  Importing it sets what Rasa's parts must not do."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path

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


def _wide_registers() -> bool:
    """Whether this processor has what OpenBLAS's fastest kernels need (AVX-512)."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return False
    return {"avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"} <= set(flags)


# OpenBLAS knows this kernel for Intel's processors alone, and takes an older one on AMD's:
# embedding a message took a third longer.
if "numpy" not in sys.modules and _wide_registers():
    os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")

# Rasa logs each message's text at debug level through structlog: only what went wrong is kept.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

# Rasa's old pins warn about their own use of each other on every start.
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", message="Slot auto-fill has been removed")
