"""Checks a CycloneDX file against the official schema; run by scripts/audit.sh."""

from __future__ import annotations

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = Path(sys.argv[1]).read_text(encoding="utf-8")
fault = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
if fault:
    sys.exit(f"{sys.argv[1]} is not valid: {fault}")
print(f"{sys.argv[1]} follows the schema of CycloneDX 1.5")
