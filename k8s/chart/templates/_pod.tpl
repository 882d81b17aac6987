{{- /*
The pod of a component: (dict "root" $ "component" "querynode" "values" .Values.queryNode "command" "querynode").
All roles of the image run alike; what differs is the command and the disk.
*/ -}}
{{- define "elanus.pod" -}}
{{- $root := .root -}}
{{- $values := .values -}}
metadata:
  labels:
    {{- include "elanus.labels" . | nindent 4 }}
  annotations:
    checksum/config: {{ include "elanus.config" $root | sha256sum }}
    {{- with merge (deepCopy $values.annotations) $root.Values.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "elanus.account" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
  {{- with $root.Values.image.all.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    {{- toYaml $root.Values.securityContext | nindent 4 }}
  {{- with default $root.Values.nodeSelector $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with default $root.Values.tolerations $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with default $root.Values.affinity $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- with default $root.Values.topologySpreadConstraints $values.topologySpreadConstraints }}
    {{- toYaml . | nindent 4 }}
    {{- else }}
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "elanus.selector" $ | nindent 10 }}
    {{- end }}
    {{- end }}
  containers:
    - name: {{ .component }}
      image: {{ printf "%s:%s" $root.Values.image.all.repository (default $root.Chart.AppVersion $root.Values.image.all.tag) | quote }}
      imagePullPolicy: {{ $root.Values.image.all.pullPolicy }}
      args:
        - {{ .command }}
        - --config
        - /etc/elanus/elanus.yaml
        - --set
        - common.gracefulStopTimeout={{ $values.gracefulStopSeconds }}
        {{- if eq .component "querynode" }}
        # A pod that fills its volume is evicted: files under way need the tenth that is left.
        # Half of a pod's memory is heap, a tenth is for all else; what may be loaded is the rest.
        {{- range $name, $size := dict "disk.sizeLimit" $values.disk.sizeLimit "resources.limits.memory" $values.resources.limits.memory }}
        {{- if not (hasSuffix "Gi" $size) }}
        {{- fail (printf "queryNode.%s is %s: say it in Gi" $name $size) }}
        {{- end }}
        {{- end }}
        - --set
        - queryNode.cache.diskBytes={{ div (mul (trimSuffix "Gi" $values.disk.sizeLimit | int) 1024 9) 10 }}MiB
        - --set
        - queryNode.cache.memoryBytes={{ div (mul (trimSuffix "Gi" $values.resources.limits.memory | int) 1024 4) 10 }}MiB
        {{- end }}
      env:
        - name: ELANUS_PROCESS_ADVERTISEDHOST
          valueFrom:
            fieldRef:
              fieldPath: status.podIP
        - name: ELANUS_PROCESS_ZONE  # a label that Kubernetes gives to pods; empty before 1.33
          valueFrom:
            fieldRef:
              fieldPath: metadata.labels['topology.kubernetes.io/zone']
        {{- include "elanus.secretEnv" $root | nindent 8 }}
        {{- with concat $root.Values.extraEnv $values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        {{- if has .component (list "proxy" "standalone") }}
        - name: milvus
          containerPort: 19530
        {{- end }}
        {{- if ne .component "standalone" }}
        - name: internal
          containerPort: 19531
        {{- end }}
        - name: metrics
          containerPort: {{ $root.Values.metrics.port }}
      # Started once it is registered; alive while it answers at all, whatever it depends on; ready when it
      # does its role's work. Plain HTTP on the management port: the clients' port may speak TLS.
      startupProbe:
        httpGet: {path: /livez, port: metrics}
        {{- toYaml $root.Values.startupProbe | nindent 8 }}
      livenessProbe:
        httpGet: {path: /livez, port: metrics}
        {{- toYaml $root.Values.livenessProbe | nindent 8 }}
      readinessProbe:
        httpGet: {path: /readyz, port: metrics}
        {{- toYaml $root.Values.readinessProbe | nindent 8 }}
      # SIGTERM starts the drain. Endpoints forget the pod meanwhile, which takes them a moment.
      lifecycle:
        preStop:
          exec:
            command: [sleep, "3"]
      securityContext:
        {{- toYaml $root.Values.containerSecurityContext | nindent 8 }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/elanus
          readOnly: true
        - name: tmp
          mountPath: /tmp
        - name: data
          mountPath: /data
        {{- if and (eq .component "proxy") $values.tls.enabled }}
        - name: tls
          mountPath: /etc/elanus-tls
          readOnly: true
        {{- end }}
        {{- with $root.Values.volumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "elanus.fullname" $root }}
    - name: tmp
      emptyDir:
        sizeLimit: 512Mi
    {{- if ne .component "standalone" }}
    - name: data
      emptyDir:
        {{- if $values.disk }}
        sizeLimit: {{ $values.disk.sizeLimit }}
        {{- else }}
        sizeLimit: 1Gi
        {{- end }}
    {{- else if not $values.persistence.enabled }}
    - name: data
      emptyDir: {}
    {{- else if $values.persistence.persistentVolumeClaim.existingClaim }}
    - name: data
      persistentVolumeClaim:
        claimName: {{ $values.persistence.persistentVolumeClaim.existingClaim }}
    {{- end }}
    {{- if and (eq .component "proxy") $values.tls.enabled }}
    - name: tls
      secret:
        secretName: {{ required "proxy.tls.secretName names the secret with tls.crt and tls.key" $values.tls.secretName }}
    {{- end }}
    {{- with $root.Values.volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
