{{/* Peers of the release itself, by their roles. Called with root and roles. */}}
{{- define "twiza.rolePeer" -}}
- podSelector:
    matchLabels:
      app.kubernetes.io/name: twiza
      app.kubernetes.io/instance: {{ .root.Release.Name }}
    matchExpressions:
      - {key: app.kubernetes.io/component, operator: In, values: {{ toJson .roles }}}
{{- end -}}

{{- define "twiza.ports" -}}
{{- $ports := list -}}
{{- range . }}{{ $ports = append $ports (dict "protocol" "TCP" "port" (int .)) }}{{ end -}}
{{ toJson $ports }}
{{- end -}}

{{/* One of the ways out that have a name under `network`; nothing where it names nobody. */}}
{{- define "twiza.wayOut" -}}
{{- with .peers -}}
- to: {{ toJson . }}
  ports: {{ include "twiza.ports" $.ports }}
{{- end }}
{{- end -}}

{{- define "twiza.wayToNames" -}}
- to: {{ toJson .Values.network.dns.peers }}
  ports:
    - {protocol: UDP, port: 53}
    - {protocol: TCP, port: 53}
{{- end -}}
