{{- /*
elanus.yaml: what the chart knows, then extraConfigFiles."user.yaml" on top. Secrets come as environment
variables, so that they are in no ConfigMap.
*/ -}}
{{- define "elanus.config" -}}
{{- $config := dict
  "process" (dict "host" "0.0.0.0" "internalPort" 19531)
  "metrics" (dict "port" .Values.metrics.port)
  "localStorage" (dict "path" "/data")
  "log" (dict "level" .Values.log.level "format" .Values.log.format)
-}}
{{- if .Values.cluster.enabled -}}
{{- $_ := set $config "common" (dict "storageType" "remote") -}}
{{- with .Values.externalKafka -}}
{{- $kafka := dict
  "brokerList" (required "externalKafka.brokerList names the brokers" .brokerList)
  "topic" .topic "partitions" .partitions "replicationFactor" .replicationFactor
  "development" (eq (int .replicationFactor) 1)
  "securityProtocol" .securityProtocol -}}
{{- if hasPrefix "SASL" .securityProtocol -}}
{{- $_ := set $kafka "saslMechanisms" .sasl.mechanisms -}}
{{- end -}}
{{- $_ := set $config "mq" (dict "type" "kafka") -}}
{{- $_ := set $config "kafka" $kafka -}}
{{- end -}}
{{- $_ := set $config "metastore" (dict "type" .Values.metastore.type) -}}
{{- if eq .Values.metastore.type "mysql" -}}
{{- with .Values.externalMysql -}}
{{- $_ := set $config "mysql" (dict
  "address" (required "externalMysql.address names the server" .address)
  "port" .port "dbName" .dbName "username" .username "useIAM" .useIAM "useTLS" .tls) -}}
{{- end -}}
{{- else -}}
{{- with .Values.externalEtcd -}}
{{- $_ := set $config "etcd" (dict
  "endpoints" (join "," (required "externalEtcd.endpoints names the servers" .endpoints))
  "rootPath" .rootPath) -}}
{{- end -}}
{{- end -}}
{{- with .Values.externalS3 -}}
{{- $_ := set $config "minio" (dict
  "address" .host "port" .port "useSSL" .useSSL "useVirtualHost" .useVirtualHost "region" .region
  "bucketName" (required "externalS3.bucketName names the bucket" .bucketName)
  "rootPath" .rootPath "useIAM" .useIAM "sse" .sse "kmsKeyId" .kmsKeyId) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.cluster.enabled .Values.proxy.tls.enabled -}}
{{- $_ := set $config "common" (merge $config.common (dict "security" (dict "tlsMode" 1))) -}}
{{- $_ := set $config "tls" (dict
  "serverPemPath" "/etc/elanus-tls/tls.crt" "serverKeyPath" "/etc/elanus-tls/tls.key") -}}
{{- end -}}
{{- with index .Values.extraConfigFiles "user.yaml" -}}
{{- $config = mergeOverwrite $config (fromYaml .) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- /* Secrets, from secrets that exist. */ -}}
{{- define "elanus.secretEnv" -}}
{{- if .Values.cluster.enabled -}}
{{- if and (eq .Values.metastore.type "mysql") .Values.externalMysql.existingSecret }}
- name: ELANUS_MYSQL_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .Values.externalMysql.existingSecret }}, key: password}}
{{- end }}
{{- if and (eq .Values.metastore.type "etcd") .Values.externalEtcd.existingSecret }}
- name: ELANUS_ETCD_AUTH_USERNAME
  valueFrom: {secretKeyRef: {name: {{ .Values.externalEtcd.existingSecret }}, key: username}}
- name: ELANUS_ETCD_AUTH_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .Values.externalEtcd.existingSecret }}, key: password}}
{{- end }}
{{- if .Values.externalKafka.sasl.existingSecret }}
- name: ELANUS_KAFKA_SASLUSERNAME
  valueFrom: {secretKeyRef: {name: {{ .Values.externalKafka.sasl.existingSecret }}, key: username}}
- name: ELANUS_KAFKA_SASLPASSWORD
  valueFrom: {secretKeyRef: {name: {{ .Values.externalKafka.sasl.existingSecret }}, key: password}}
{{- end }}
{{- if .Values.externalS3.existingSecret }}
- name: ELANUS_MINIO_ACCESSKEYID
  valueFrom: {secretKeyRef: {name: {{ .Values.externalS3.existingSecret }}, key: accessKey}}
- name: ELANUS_MINIO_SECRETACCESSKEY
  valueFrom: {secretKeyRef: {name: {{ .Values.externalS3.existingSecret }}, key: secretKey}}
{{- end }}
{{- end -}}
{{- end -}}
