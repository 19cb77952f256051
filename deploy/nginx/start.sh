#!/bin/sh
# Fills in the proxy's configuration from the environment and starts it; nothing else of the
# file system is written than RUN_DIR, which is in memory.
set -eu
: "${RASA_HOST:=rasa}" "${RASA_PORT:=5005}" "${TURNS_A_SECOND:=200}" "${TLS:=off}"
RUN_DIR=${RUN_DIR:-/tmp/nginx} STATIC_DIR=${STATIC_DIR:-/srv/static} ACCESS_LOG=/dev/stdout
CONF_DIR=$RUN_DIR
mkdir -p "$RUN_DIR"

# A name that stands for several workers is looked up again every five seconds.
resolver=$(awk '/^nameserver/ { print $2; exit }' /etc/resolv.conf)
cat >"$CONF_DIR/upstream.conf" <<UPSTREAM
resolver $resolver valid=5s ipv6=off;
upstream rasa {
    zone rasa 64k;
    least_conn;
    server $RASA_HOST:$RASA_PORT resolve max_fails=1 fail_timeout=2s;
    keepalive 64;
}
upstream talks {
    zone talks 64k;
    hash \$remote_addr\$http_user_agent consistent;
    server $RASA_HOST:$RASA_PORT resolve max_fails=1 fail_timeout=2s;
}
server {
    listen 127.0.0.1:8081;
    location = /alive { return 200 "alive"; }
}
UPSTREAM

if [ "$TLS" = on ]; then
    cat >"$CONF_DIR/listen.conf" <<LISTEN
listen 8443 ssl;
http2 on;
ssl_certificate /run/secrets/tls.crt;
ssl_certificate_key /run/secrets/tls.key;
ssl_protocols TLSv1.2 TLSv1.3;
ssl_prefer_server_ciphers off;
ssl_session_tickets off;
add_header Strict-Transport-Security "max-age=63072000" always;
LISTEN
else
    echo "listen 8080;" >"$CONF_DIR/listen.conf" # TLS ends before this, at the ingress
fi

# Only these names are filled in: nginx has variables of its own.
sed -e "s|\${RUN_DIR}|$RUN_DIR|g" -e "s|\${CONF_DIR}|$CONF_DIR|g" \
    -e "s|\${STATIC_DIR}|$STATIC_DIR|g" -e "s|\${ACCESS_LOG}|$ACCESS_LOG|g" \
    -e "s|\${TURNS_A_SECOND}|$TURNS_A_SECOND|g" \
    <"${TEMPLATE:-/etc/nginx/nginx.conf.template}" >"$CONF_DIR/nginx.conf"
exec nginx -e stderr -c "$CONF_DIR/nginx.conf" -g "daemon off;"
