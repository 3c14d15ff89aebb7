{{/* What Kubernetes calls "restricted", and no file system but its own folders to write to. */}}
{{- define "twiza.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "twiza.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* What every pod of the release says, jobs too. */}}
{{- define "twiza.podBasics" -}}
automountServiceAccountToken: false
# Else a Service becomes TWIZA_… in every pod's environment, and is taken for a setting.
enableServiceLinks: false
securityContext:
  {{- include "twiza.podSecurity" . | nindent 2 }}
{{- with .Values.images.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.scheduling.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with .Values.scheduling.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with .Values.scheduling.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* The pod of a role. Called with root, role, what the table says of it, and its values. */}}
{{- define "twiza.pod" -}}
{{- $spool := and .root.Values.door.spoolClaim (has .role (list "door" "worker" "smpp")) -}}
metadata:
  labels:
    {{- include "twiza.labels" . | nindent 4 }}
  annotations:
    # A changed setting starts the processes anew. Of the Secret nothing is known here: see docs/deploying.md.
    checksum/settings: {{ include "twiza.settings" .root | sha256sum }}
spec:
  {{- include "twiza.podBasics" .root | nindent 2 }}
  serviceAccountName: {{ include "twiza.name" .root }}
  terminationGracePeriodSeconds: {{ .values.graceSeconds }}
  {{- if ne .role "beat" }}
  topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - topologyKey: {{ . }}
      maxSkew: 1
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "twiza.selector" $ | nindent 10 }}
  {{- end }}
  {{- end }}
  containers:
    - name: {{ .role }}
      image: {{ .values.image | default (include "twiza.image" (dict "root" .root "image" .is.image)) }}
      imagePullPolicy: {{ .root.Values.images.pullPolicy }}
      {{- if eq .is.image "service" }}
      args: {{ concat (list .role) (.values.arguments | default list) | toJson }}
      {{- else }}
      args: {{ .values.arguments | default (list "--processes" "1") | toJson }}
      {{- end }}
      envFrom:
        - configMapRef: {name: {{ include "twiza.name" .root }}}
      env:
        {{- include "twiza.secretFiles" .is.secrets | nindent 8 }}
        {{- if $spool }}
        - name: TWIZA_SPOOL_FOLDER
          value: /var/lib/twiza/spool
        {{- end }}
      ports:
        - {name: http, containerPort: 8000}
        {{- if ne (int .is.metrics) 8000 }}
        - {name: metrics, containerPort: {{ .is.metrics }}}
        {{- end }}
      startupProbe:
        httpGet: {path: {{ .is.alive | default .is.ready }}, port: http}
        periodSeconds: 2
        failureThreshold: 60
        timeoutSeconds: 3
      livenessProbe:
        httpGet: {path: {{ .is.alive | default .is.ready }}, port: http}
        periodSeconds: 15
        failureThreshold: 4
        timeoutSeconds: 5
      readinessProbe:
        httpGet: {path: {{ .is.ready }}, port: http}
        periodSeconds: 5
        failureThreshold: 3
        timeoutSeconds: 3
      {{- if not (has .role (list "worker" "beat" "smpp")) }}
      # It is called until every node has heard that it ends.
      lifecycle: {preStop: {sleep: {seconds: 5}}}
      {{- end }}
      resources: {{ toJson .values.resources }}
      securityContext:
        {{- include "twiza.containerSecurity" . | nindent 8 }}
      volumeMounts:
        - {name: secrets, mountPath: /run/secrets/twiza, readOnly: true}
        - {name: tmp, mountPath: /tmp}
        {{- if $spool }}
        - {name: spool, mountPath: /var/lib/twiza}
        {{- end }}
  volumes:
    {{- include "twiza.secretVolume" (dict "root" .root "secrets" .is.secrets) | nindent 4 }}
    - name: tmp
      emptyDir: {medium: Memory, sizeLimit: 128Mi}
    {{- if $spool }}
    - name: spool
      persistentVolumeClaim: {claimName: {{ .root.Values.door.spoolClaim }}}
    {{- end }}
{{- end -}}
