package io.elanus.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the chart renders to, for every values file it ships.
final class ChartTest {
  private static final Set<String> OTHERS =
      Set.of("ScaledObject", "ServiceMonitor", "PrometheusRule");

  @Test
  void helmFindsNothingToComplainAbout() {
    LintResult result = new Helm(Chart.FOLDER).lint().strict().call();

    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "values-standalone.yaml", "values-dev.yaml", "values-eks.yaml"})
  void everyObjectIsOfAKnownKindAndHasOnlyKnownFields(String file) {
    for (HasMetadata object : render(file)) {
      if (object instanceof GenericKubernetesResource) {
        assertThat(object.getKind()).isIn(OTHERS);
      } else {
        assertThat(UnknownFields.in(object)).as(object.getFullResourceName()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "values-standalone.yaml", "values-dev.yaml", "values-eks.yaml"})
  void everyPodMayDoAsLittleAsPossible(String file) {
    pods(file)
        .forEach((name, pod) -> {
          var security = pod.getSpec().getSecurityContext();
          assertThat(security.getRunAsNonRoot()).as(name).isTrue();
          assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
          assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
          assertThat(pod.getSpec().getServiceAccountName()).isNotEqualTo("default");
          for (Container container : pod.getSpec().getContainers()) {
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop()).contains("ALL");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(container.getResources().getLimits().get("memory"))
                .isEqualTo(container.getResources().getRequests().get("memory"));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "values-standalone.yaml", "values-dev.yaml", "values-eks.yaml"})
  void everyPodIsProbedAndHasTimeToDrain(String file) {
    pods(file)
        .forEach((name, pod) -> {
          Container container = pod.getSpec().getContainers().getFirst();
          assertThat(container.getStartupProbe().getHttpGet().getPath())
              .as(name)
              .isEqualTo("/livez");
          assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
          assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
          String drain =
              container.getArgs().stream()
                  .filter(arg -> arg.startsWith("common.gracefulStopTimeout="))
                  .map(arg -> arg.substring(arg.indexOf('=') + 1))
                  .findFirst()
                  .orElseThrow();
          assertThat(pod.getSpec().getTerminationGracePeriodSeconds())
              .as("%s may take %s s to drain", name, drain)
              .isGreaterThan(Long.parseLong(drain) + 3);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "values-standalone.yaml", "values-dev.yaml", "values-eks.yaml"})
  void whatRefersToSomethingFindsIt(String file) {
    List<HasMetadata> objects = render(file);
    Map<String, PodTemplateSpec> pods = Pods.of(objects);
    Set<String> accounts = names(objects, ServiceAccount.class);
    Set<String> configs = names(objects, ConfigMap.class);

    objects.forEach(object -> {
      switch (object) {
        case Service service -> {
          List<PodTemplateSpec> chosen = chosen(service.getSpec().getSelector(), pods);
          assertThat(chosen).as(service.getMetadata().getName()).isNotEmpty();
          service
              .getSpec()
              .getPorts()
              .forEach(port ->
                  assertThat(chosen)
                      .allMatch(pod -> hasPort(pod, port.getTargetPort().getStrVal())));
        }
        case PodDisruptionBudget budget ->
            assertThat(chosen(budget.getSpec().getSelector().getMatchLabels(), pods)).hasSize(1);
        case NetworkPolicy policy ->
            assertThat(chosen(policy.getSpec().getPodSelector().getMatchLabels(), pods))
                .isNotEmpty();
        case Deployment deployment -> {
          Map<String, String> selector = deployment.getSpec().getSelector().getMatchLabels();
          assertThat(chosen(selector, pods)).hasSize(1);
        }
        default -> {}
      }
    });
    pods.forEach((name, pod) -> {
      assertThat(accounts).as(name).contains(pod.getSpec().getServiceAccountName());
      pod.getSpec().getVolumes().stream()
          .filter(volume -> volume.getConfigMap() != null)
          .forEach(volume -> assertThat(configs).contains(volume.getConfigMap().getName()));
      assertThat(volumes(objects, pod)).as(name).containsAll(mounts(pod));
    });
  }

  @Test
  void aClusterHasEveryRoleTwiceAndAStandby() {
    assertThat(pods("").keySet())
        .containsExactlyInAnyOrder(
            "test-elanus-proxy",
            "test-elanus-mixcoord",
            "test-elanus-querynode",
            "test-elanus-datanode",
            "test-elanus-indexnode");
    assertThat(replicas("test-elanus-mixcoord")).isEqualTo(2);
    assertThat(replicas("test-elanus-querynode")).isEqualTo(2);
  }

  @Test
  void autoscalingOwnsTheNumberOfReplicas() {
    Map<String, Object> values = with("proxy.hpa.enabled", "true");
    List<HasMetadata> objects = Chart.render("", values);

    assertThat(objects).hasAtLeastOneElementOfType(HorizontalPodAutoscaler.class);
    assertThat(objects)
        .anyMatch(o ->
            o instanceof Deployment d
                && d.getMetadata().getName().equals("test-elanus-proxy")
                && d.getSpec().getReplicas() == null);
  }

  @Test
  void indexNodesGoToZeroAndEveryRoleScalesOnItsOwnSignal() {
    Map<String, String> scaled =
        Chart.render("values-eks.yaml", Map.of()).stream()
            .filter(object -> object.getKind().equals("ScaledObject"))
            .collect(
                Collectors.toMap(
                    o -> o.getMetadata().getName(),
                    o -> ((GenericKubernetesResource) o).getAdditionalProperties().toString()));

    assertThat(scaled.get("test-elanus-indexnode"))
        .contains("minReplicaCount=0", "elanus_datacoord_waiting_jobs");
    assertThat(scaled.get("test-elanus-proxy")).contains("elanus_proxy_in_flight_requests");
    assertThat(scaled.get("test-elanus-datanode")).contains("elanus_datanode_lag_seconds");
    assertThat(scaled.get("test-elanus-querynode"))
        .contains(
            "elanus_querynode_queue_wait_seconds",
            "elanus_querynode_read_seconds",
            "elanus_querynode_memory_used_bytes",
            "type=cpu");
  }

  @Test
  void mistakesAreRefused() {
    assertThatThrownBy(() -> Chart.render("", with("proxy.replica", "3")))
        .hasMessageContaining("replica");
    assertThatThrownBy(() -> Chart.render("", Map.of())).hasMessageContaining("brokerList");
    Map<String, Object> both = with("proxy.hpa.enabled", "true");
    both.put("proxy.keda.enabled", "true");
    assertThatThrownBy(() -> Chart.render("", both)).hasMessageContaining("choose one");
  }

  @Test
  void noSecretIsInTheConfigMap() {
    String text = Chart.template("values-dev.yaml", Map.of());

    assertThat(text).contains("secretKeyRef");
    assertThat(text.substring(text.indexOf("elanus.yaml: |")))
        .doesNotContainIgnoringCase("password:");
  }

  private static List<HasMetadata> render(String file) {
    return Chart.render(file, file.isEmpty() ? Chart.ADDRESSES : Map.of());
  }

  private static Map<String, PodTemplateSpec> pods(String file) {
    return Pods.of(render(file));
  }

  private static Map<String, Object> with(String key, String value) {
    Map<String, Object> values = new HashMap<>(Chart.ADDRESSES);
    values.put(key, value);
    return values;
  }

  private static int replicas(String name) {
    return render("").stream()
        .filter(o -> o instanceof Deployment && o.getMetadata().getName().equals(name))
        .map(o -> ((Deployment) o).getSpec().getReplicas())
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> names(List<HasMetadata> objects, Class<?> kind) {
    return objects.stream()
        .filter(kind::isInstance)
        .map(object -> object.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  private static List<PodTemplateSpec> chosen(
      Map<String, String> selector, Map<String, PodTemplateSpec> pods) {
    return pods.values().stream().filter(pod -> Pods.matches(selector, pod)).toList();
  }

  private static boolean hasPort(PodTemplateSpec pod, String name) {
    return pod.getSpec().getContainers().getFirst().getPorts().stream()
        .anyMatch(port -> port.getName().equals(name));
  }

  private static Set<String> mounts(PodTemplateSpec pod) {
    return pod.getSpec().getContainers().getFirst().getVolumeMounts().stream()
        .map(VolumeMount::getName)
        .collect(Collectors.toSet());
  }

  private static Set<String> volumes(List<HasMetadata> objects, PodTemplateSpec pod) {
    Set<String> names =
        pod.getSpec().getVolumes().stream().map(v -> v.getName()).collect(Collectors.toSet());
    objects.stream()
        .filter(o -> o instanceof io.fabric8.kubernetes.api.model.apps.StatefulSet)
        .flatMap(o ->
            ((io.fabric8.kubernetes.api.model.apps.StatefulSet) o)
                .getSpec().getVolumeClaimTemplates().stream())
        .forEach(claim -> names.add(claim.getMetadata().getName()));
    return names;
  }
}
