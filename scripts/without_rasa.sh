#!/usr/bin/env bash
# The parts that outlive Rasa, on every Python from 3.10 on that is at hand, without Rasa
# installed: scripts/without_rasa.sh [3.11 3.12 ...].  Each has a venv of its own in build/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
versions=("${@:-}")
[[ -n ${versions[0]} ]] || versions=(3.10 3.11 3.12 3.13)
status=0

find_python() { # find_python VERSION: the path of one that runs
    local candidate
    for candidate in "python$1" /usr/bin/"python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
        if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

for version in "${versions[@]}"; do
    if ! base=$(find_python "$version"); then
        echo "Python $version: NOT TESTED, it is not on this machine"
        continue
    fi
    venv=build/without-rasa/$version
    if [[ ! -e $venv/.ready ]]; then
        "$base" -m venv --clear "$venv"
        "$venv/bin/pip" install --quiet -r requirements/portable.in
        touch "$venv/.ready"
    fi
    if "$venv/bin/python" -c 'import rasa' 2>/dev/null; then
        echo "Rasa is installed in $venv" >&2
        exit 1
    fi
    echo "Python $("$venv/bin/python" -V | cut -d' ' -f2), without Rasa"
    "$venv/bin/python" -m pytest -q -p no:cacheprovider -o addopts= tests/knowledge tests/portable ||
        status=1
done
exit "$status"
