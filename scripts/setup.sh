#!/usr/bin/env bash
# Makes .venv: CPython 3.10, every package of requirements/dev.txt, and the `bot` command.
# A stamp of what went in makes the next run immediate.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=.venv/bin/python
log=.venv/setup.log
inputs=(requirements/uv.txt requirements/dev.txt pyproject.toml .python-version scripts/setup.sh)
stamp=.venv/.stamp-$({ pwd; cat "${inputs[@]}"; } | sha256sum | cut -c1-16)

if [[ -e $stamp && -x $python && -x .venv/bin/bot ]]; then
    exit 0
fi

run() { # run WHAT COMMAND...: quiet unless it fails, and then one line
    local what=$1 reason
    shift
    if ! "$@" >>"$log" 2>&1; then
        reason=$(grep -iE 'error|failed|caused|no space' "$log" | tail -n 1 | sed 's/^[^[:alnum:]]*//' || true)
        echo "setup: could not $what (${reason:-no reason given}). Check the network, the package" \
            "index and the disk, then run \"make setup\" again; the whole story is in $log" >&2
        exit 1
    fi
}

if ! "$python" -c 'import pip, sys; sys.exit(sys.version_info[:2] != (3, 10))' &>/dev/null; then
    base=$(scripts/find-python.sh)
    echo "setup: making .venv with $base"
    "$base" -m venv --clear .venv
fi
rm -f .venv/.stamp-* .venv/.compiled
: >"$log"

echo "setup: installing $(grep -c == requirements/dev.txt) packages (3.5 GB; a minute or more the first time)"
run "install uv" "$python" -m pip install --quiet --no-deps --require-hashes -r requirements/uv.txt
# The list is whole, and Rasa's own pins contradict it (requirements/overrides.txt): no dependencies.
run "install the packages" .venv/bin/uv pip install --python "$python" \
    --no-deps --require-hashes -r requirements/dev.txt
run "install the project" .venv/bin/uv pip install --python "$python" \
    --no-deps --no-build-isolation -e .
rm -rf worried_about_a_child.egg-info

touch "$stamp"
echo "setup: ready; .venv/bin/bot --help shows what it can do"
