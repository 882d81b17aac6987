{{- /* A component that keeps nothing: arguments as "elanus.pod". */ -}}
{{- define "elanus.deployment" -}}
{{- $name := printf "%s-%s" (include "elanus.fullname" .root) .component -}}
{{- if and .values.hpa .values.keda -}}
{{- if and .values.hpa.enabled .values.keda.enabled -}}
{{- fail (printf "%s: hpa and keda are both enabled, choose one" .component) -}}
{{- end -}}
{{- end -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "elanus.labels" . | nindent 4 }}
spec:
  {{- if and (ge (int .values.replicas) 0) (not (dig "hpa" "enabled" false .values)) (not (dig "keda" "enabled" false .values)) }}
  replicas: {{ .values.replicas }}
  {{- end }}
  strategy:
    {{- with .values.strategy }}
    {{- toYaml . | nindent 4 }}
    {{- else }}
    # The new one is ready before an old one goes.
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
    {{- end }}
  selector:
    matchLabels:
      {{- include "elanus.selector" . | nindent 6 }}
  template:
    {{- include "elanus.pod" . | nindent 4 }}
{{- end -}}
