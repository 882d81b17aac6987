{{- define "elanus.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "elanus.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "elanus.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "elanus.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* What selects the pods of a component: (dict "root" $ "component" "proxy") */ -}}
{{- define "elanus.selector" -}}
app.kubernetes.io/name: {{ include "elanus.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "elanus.labels" -}}
{{ include "elanus.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* The service account of a component. */ -}}
{{- define "elanus.account" -}}
{{- if .root.Values.serviceAccount.create -}}
{{ include "elanus.fullname" .root }}-{{ .component }}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{- /* The components of this release and their values: what ranges over them reads this. */ -}}
{{- define "elanus.components" -}}
{{- if .Values.cluster.enabled -}}
{{- range $name, $key := dict "proxy" "proxy" "mixcoord" "mixCoordinator" "querynode" "queryNode" "datanode" "dataNode" "indexnode" "indexNode" }}
{{- if (index $.Values $key).enabled }}
{{ $name }}: {{ $key }}
{{- end }}
{{- end }}
{{- else -}}
standalone: standalone
{{- end -}}
{{- end -}}
