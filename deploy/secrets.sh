#!/usr/bin/env bash
# Makes the secrets of deploy/compose.yml, each in a file that only the owner and the
# containers' users read.  Never writes over one that is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 022
mkdir -p secrets
chmod 711 secrets

put() { # put NAME VALUE
    [[ -e secrets/$1 ]] || printf '%s' "$2" >"secrets/$1"
}

put postgres_password "$(openssl rand -hex 24)"
put redis_password "$(openssl rand -hex 24)"
put session_secret "$(openssl rand -hex 32)"
put audit_key "$(openssl rand -hex 32)"
put statistics_token "$(openssl rand -hex 32)"
put database_url "postgresql://assistant:$(cat secrets/postgres_password)@postgres:5432/assistant"
put redis_url "redis://:$(cat secrets/redis_password)@redis:6379/0"
if [[ ! -e secrets/tls.crt ]]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
        -subj "/CN=${1:-localhost}" -addext "subjectAltName=DNS:${1:-localhost}" \
        -keyout secrets/tls.key -out secrets/tls.crt 2>/dev/null
    chmod 644 secrets/tls.key
    echo "secrets/tls.crt is signed by itself: put the council's certificate in its place"
fi
echo "secrets are in $PWD/secrets"
