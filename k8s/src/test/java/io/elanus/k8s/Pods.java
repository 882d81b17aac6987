package io.elanus.k8s;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The pods of rendered workloads, by the workload's name.
final class Pods {
  private Pods() {}

  static Map<String, PodTemplateSpec> of(List<HasMetadata> objects) {
    Map<String, PodTemplateSpec> pods = new LinkedHashMap<>();
    for (HasMetadata object : objects) {
      switch (object) {
        case Deployment d -> pods.put(d.getMetadata().getName(), d.getSpec().getTemplate());
        case StatefulSet s -> pods.put(s.getMetadata().getName(), s.getSpec().getTemplate());
        default -> {}
      }
    }
    return pods;
  }

  static boolean matches(Map<String, String> selector, PodTemplateSpec pod) {
    return pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
  }
}
