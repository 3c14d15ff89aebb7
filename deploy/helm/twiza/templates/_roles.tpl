{{/*
What each role is: what it is shown of the Secret, which routes say how it is, whom it calls and who calls it.
The chart's only table; everything else goes through it.

  secrets   names of settings in the Secret
  ready     the route that says whether it takes work
  alive     the route that says whether to start it anew; none: the same
  metrics   the port at which Prometheus reads; none: nowhere
  calls     roles that it calls
  reaches   what it reaches outside the release, by the names under `network`
  entered   by whom it is reached from outside the release, by the names under `network`
*/}}
{{- define "twiza.roles" -}}
{{- $stores := list "TWIZA_REDIS_URL" "TWIZA_BROKER_URL" "TWIZA_RECORDS_URL" "TWIZA_VAULT_KEY" "TWIZA_PSEUDONYM_KEY" -}}
{{- $channels := list -}}
{{- range $channel := .Values.channels -}}
{{- range $channel.secrets -}}
{{- $channels = append $channels (printf "TWIZA_CHANNEL_%s_%s" (upper $channel.name) .) -}}
{{- end -}}
{{- end -}}
{{- $registry := append .Values.registry.secrets "TWIZA_REGISTRY_CLIENT_SECRET" -}}
door:
  image: service
  secrets: {{ concat $stores $channels | toJson }}
  ready: /health
  metrics: 8000
  calls: [engine]
  reaches: [redis, postgresql, traces]
  entered: [ingressController]
engine:
  image: engine
  secrets: [TWIZA_ACTIONS_TOKEN, TWIZA_ENGINE_REDIS_URL]
  ready: /health
  metrics: 8000
  calls: [actions]
  reaches: [redis, traces]
  entered: []
actions:
  image: service
  secrets: {{ concat $stores $registry (list "TWIZA_ACTIONS_TOKEN" "TWIZA_ENGINE_REDIS_URL") | toJson }}
  ready: /health
  metrics: 8000
  calls: []
  reaches: [redis, postgresql, registry, traces]
  entered: []
worker:
  image: service
  secrets: {{ concat $stores $channels $registry (list "TWIZA_TRANSCRIPTS_URL" "TWIZA_ENGINE_REDIS_URL") | toJson }}
  ready: /health
  alive: /alive
  metrics: 8001
  calls: [engine]
  reaches: [redis, postgresql, registry, providers, traces]
  entered: []
beat:
  image: service
  secrets: {{ concat $stores (list "TWIZA_TRANSCRIPTS_URL" "TWIZA_ENGINE_REDIS_URL") | toJson }}
  ready: /health
  alive: /alive
  metrics: 8001
  calls: []
  reaches: [redis, postgresql, traces]
  entered: []
{{- if .Values.intake.enabled }}
intake:
  image: service
  secrets: [TWIZA_REDIS_URL, TWIZA_BROKER_URL, TWIZA_VAULT_KEY, TWIZA_NOTIFY_TOKEN]
  ready: /health
  metrics: 8000
  calls: []
  reaches: [redis, traces]
  entered: [registryCallers]
{{- end }}
{{- if .Values.smpp.enabled }}
smpp:
  image: service
  secrets: {{ concat $stores $channels (list "TWIZA_SMPP_PASSWORD") | toJson }}
  ready: /health
  alive: /alive
  metrics: 8000
  calls: [engine]
  reaches: [redis, postgresql, smsc, traces]
  entered: []
{{- end }}
{{- if .Values.console.enabled }}
console:
  image: service
  secrets: {{ concat $stores .Values.console.secrets (list "TWIZA_TRANSCRIPTS_URL" "TWIZA_CONSOLE_SECRET") | toJson }}
  ready: /health
  metrics: 8000
  calls: []
  reaches: [redis, postgresql, identity, traces]
  entered: [ingressController]
{{- end }}
{{- end -}}

{{/* Where the secrets of a pod lie, and what names them there. Called with the list of names. */}}
{{- define "twiza.secretFiles" -}}
{{- range . }}
- name: {{ . }}_FILE
  value: /run/secrets/twiza/{{ . }}
{{- end }}
{{- end -}}

{{- define "twiza.secretVolume" -}}
- name: secrets
  secret:
    secretName: {{ .root.Values.secretName }}
    defaultMode: 0440
    items:
{{- range .secrets }}
      - {key: {{ . }}, path: {{ . }}}
{{- end }}
{{- end -}}
