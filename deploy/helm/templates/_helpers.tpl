{{- define "waac.labels" -}}
app.kubernetes.io/name: worried-about-a-child
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "waac.podSecurity" -}}
runAsNonRoot: true
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "waac.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "waac.env" -}}
- {name: BOT_TRACKER_URL_FILE, value: /run/secrets/database/url}
- {name: BOT_DATA_URL_FILE, value: /run/secrets/database/url}
- {name: BOT_KNOWLEDGE_URL_FILE, value: /run/secrets/database/url}
- {name: BOT_REDIS_URL_FILE, value: /run/secrets/redis/url}
- {name: BOT_STATISTICS_TOKEN_FILE, value: /run/secrets/statistics/token}
- {name: BOT_SECRET_FILE, value: /run/secrets/session/secret}
- {name: BOT_AUDIT_KEY_FILE, value: /run/secrets/audit/key}
- {name: BOT_TRAINING_URL_FILE, value: /run/secrets/database/url}
- {name: BOT_ACTION_URLS, value: "http://{{ .Release.Name }}-actions:5055/webhook"}
- {name: BOT_TURNS_A_MINUTE, value: {{ .Values.turnsAMinute | quote }}}
{{- if .Values.origins }}
- {name: BOT_ORIGINS, value: {{ join "," .Values.origins | quote }}}
{{- end }}
{{- if .Values.traceUrl }}
- {name: BOT_TRACE_URL, value: {{ .Values.traceUrl | quote }}}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "waac.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: database, mountPath: /run/secrets/database, readOnly: true}
- {name: redis, mountPath: /run/secrets/redis, readOnly: true}
- {name: statistics, mountPath: /run/secrets/statistics, readOnly: true}
- {name: session, mountPath: /run/secrets/session, readOnly: true}
- {name: audit, mountPath: /run/secrets/audit, readOnly: true}
- {name: written, mountPath: /app/build/var}
{{- end }}

{{- define "waac.volumes" -}}
- name: tmp
  emptyDir: {medium: Memory, sizeLimit: 256Mi}
- name: database
  secret:
    secretName: {{ .Values.secrets.database.name }}
    items: [{key: {{ .Values.secrets.database.key }}, path: url}]
- name: redis
  secret:
    secretName: {{ .Values.secrets.redis.name }}
    items: [{key: {{ .Values.secrets.redis.key }}, path: url}]
- name: statistics
  secret:
    secretName: {{ .Values.secrets.statistics.name }}
    items: [{key: {{ .Values.secrets.statistics.key }}, path: token}]
- name: session
  secret:
    secretName: {{ .Values.secrets.session.name }}
    items: [{key: {{ .Values.secrets.session.key }}, path: secret}]
- name: audit
  secret:
    secretName: {{ .Values.secrets.audit.name }}
    items: [{key: {{ .Values.secrets.audit.key }}, path: key}]
- name: written
  emptyDir: {sizeLimit: 64Mi}
{{- end }}
