#!/usr/bin/env bash
# Prints the path of a CPython 3.10 that runs and can make an environment; otherwise says how to get one.
set -euo pipefail

runs() { # pyenv's shim exists even where it cannot run, so every candidate is tried
    [[ -n ${1:-} ]] && "$1" -c '
import ensurepip, sys, venv
sys.exit(sys.implementation.name != "cpython" or sys.version_info[:2] != (3, 10))' &>/dev/null
}

take() {
    if runs "$1"; then
        "$1" -c "import sys; print(sys.executable)" # behind a shim lies the true one
        exit 0
    fi
}

if [[ -n ${PYTHON:-} ]]; then
    take "$PYTHON"
    echo "setup: PYTHON=$PYTHON is no CPython 3.10 that runs; looking further" >&2
fi
take python3.10
for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python; do
    take "$candidate"
done
for uv in uv "$HOME/.local/bin/uv" .venv/bin/uv; do
    take "$("$uv" python find --system 3.10 2>/dev/null || true)"
done
echo 'setup: no CPython 3.10 found. Install it with "uv python install 3.10" or "pyenv install 3.10",' \
    'or name one: make setup PYTHON=/path/to/python3.10' >&2
exit 1
