{{/*
The settings of the release that are no secret, the same for every process: those that follow from other values,
then what `settings` says. Of one name the latter wins.
*/}}
{{- define "twiza.settings" -}}
{{- $name := include "twiza.name" . -}}
{{- $settings := dict
      "TWIZA_ENGINE_URL" (printf "http://%s-engine:8000" $name)
      "TWIZA_ACTIONS_URL" (printf "http://%s-actions:8000/webhook" $name)
      "TWIZA_DOOR_PUBLIC_URL" .Values.door.publicUrl
      "TWIZA_REGISTRY_URL" .Values.registry.url
      "TWIZA_REGISTRY_CLIENT_ID" .Values.registry.clientId
-}}
{{- $pairs := list -}}
{{- range $channel := .Values.channels -}}
{{- $pairs = append $pairs (printf "%s:%s" $channel.name $channel.provider) -}}
{{- range $key, $value := $channel.settings -}}
{{- $_ := set $settings (printf "TWIZA_CHANNEL_%s_%s" (upper $channel.name) $key) $value -}}
{{- end -}}
{{- end -}}
{{- $_ := set $settings "TWIZA_CHANNELS" (join "," $pairs) -}}
{{- if .Values.intake.enabled -}}
{{- $_ := set $settings "TWIZA_REGISTRY_SUBSCRIBER_URL" (printf "%s/registry/notify" .Values.intake.publicUrl) -}}
{{- $_ := set $settings "TWIZA_REGISTRY_ANSWER_URL" (printf "%s/registry/on-search" .Values.intake.publicUrl) -}}
{{- end -}}
{{- if .Values.console.enabled -}}
{{- $_ := set $settings "TWIZA_CONSOLE_PUBLIC_URL" .Values.console.publicUrl -}}
{{- end -}}
{{- if .Values.smpp.enabled -}}
{{- range $key, $value := .Values.smpp.settings -}}
{{- $_ := set $settings (printf "TWIZA_SMPP_%s" $key) $value -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := mergeOverwrite $settings .Values.settings }}
{{ $key }}: {{ $value | toString | quote }}
{{- end }}
{{- end -}}
