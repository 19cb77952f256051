#!/usr/bin/env bash
# The checks, in the order in which they fail fastest. Without an argument all of them,
# otherwise the named group: lint, content, faults, chaos or unit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH=$PWD/.venv/bin:$PATH

stage() { # stage HEADING COMMAND...
    local heading=$1 began=$SECONDS
    shift
    printf '\n=== %s\n' "$heading"
    if ! "$@"; then
        printf '\n*** FAILED: %s (%s)\n' "$heading" "$*" >&2
        exit 1
    fi
    printf '    %ss\n' $((SECONDS - began))
}

compiled() { # where Python writes no bytecode, every process of every test would compile anew
    [[ -z ${PYTHONDONTWRITEBYTECODE:-} || -e .venv/.compiled ]] && return
    python -m compileall -q -j 2 .venv/lib >/dev/null 2>&1 || true # some packages carry old syntax
    touch .venv/.compiled
}

lint() {
    stage "Lint" ruff check .
    stage "Format (make fmt mends it)" ruff format --check .
    stage "Types" mypy
    stage "Layers" lint-imports --no-cache
}

content() {
    stage "Knowledge base" bot knowledge check
    stage "Training" bot train
    stage "Dialogue data" rasa data validate --data data/nlu data/rules
}

twice() { # twice PYTEST-ARGUMENT...: those that fail are run once more, alone, before it counts
    pytest "$@" && return
    printf '\n--- What failed is run once more: browsers and servers are at the mercy of the machine\n'
    pytest --last-failed --last-failed-no-failures none "$@"
}

faults() { # a part of a real cluster fails; a run of its own, so that its processes end with it
    stage "Faults" twice tests/chaos -m "not heavy"
}

chaos() { # and those that need the machine for themselves
    stage "All faults" pytest tests/chaos
}

unit() { # pytest's summary stays the last line
    printf '\n=== Tests\n'
    twice --ignore=tests/chaos || {
        printf '*** FAILED: Tests (pytest)\n' >&2
        exit 1
    }
}

compiled
case ${1:-all} in
all) lint; content; faults; unit ;;
lint | content | faults | chaos | unit) "$1" ;;
*) echo "usage: scripts/test.sh [lint|content|faults|chaos|unit]" >&2 && exit 2 ;;
esac
