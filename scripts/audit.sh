#!/usr/bin/env bash
# Known faults of what runs, and a list of it (SBOM).  Its tools have a venv of their own.
# Silence is no result: what pip-audit could not look up is counted, and no look-up fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=$PWD/.venv/bin/python
tools=build/tools/audit
mkdir -p build/tools

if [[ ! -x $tools/bin/pip-audit ]]; then
    "$python" -m venv "$tools"
    "$tools/bin/pip" install --quiet pip-audit cyclonedx-python-lib[json-validation]
fi

PYTHONPATH=$PWD "$python" -m scripts.sbom docs/security/sbom.cdx.json
"$tools/bin/python" scripts/validate_sbom.py docs/security/sbom.cdx.json

report=build/pip-audit.json
status=0
"$tools/bin/pip-audit" --disable-pip --no-deps --require-hashes -r requirements/runtime.txt \
    --format json --output "$report" --progress-spinner off 2>build/pip-audit.log || status=$?
if [[ ! -s $report ]]; then
    echo "pip-audit gave no report: NOTHING was looked up. This is no clean bill." >&2
    tail -n 2 build/pip-audit.log >&2
    exit 3
fi
"$python" - "$report" "$status" <<'PYTHON'
import json, sys

found = json.load(open(sys.argv[1]))["dependencies"]
skipped = [d["name"] for d in found if "skip_reason" in d]
looked = [d for d in found if "vulns" in d]
faults = [(d["name"], d["version"], v["id"], v.get("fix_versions")) for d in looked for v in d["vulns"]]
print(f"{len(looked)} packages looked up, {len(skipped)} not, {len(faults)} known faults")
for name, version, key, fixed in faults:
    print(f"  {name} {version}: {key}, mended in {', '.join(fixed) or 'no version'}")
if not looked or skipped:
    print("what was not looked up is NOT known to be free of faults")
    sys.exit(3)
sys.exit(1 if faults else 0)
PYTHON
