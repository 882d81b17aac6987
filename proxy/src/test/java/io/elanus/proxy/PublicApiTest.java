package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.proto.milvus.ClientTelemetryServiceGrpc;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.rpc.call.PublicApi;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublicApiTest {
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          MilvusServiceGrpc.getServiceDescriptor(),
          ClientTelemetryServiceGrpc.getServiceDescriptor());

  private final MemoryCluster cluster = new MemoryCluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void everyMethodIsBoundToItsCall() {
    assertThat(PublicApi.open(cluster.run).serve(SERVICES, cluster.proxy.services())).hasSize(2);
  }

  @Test
  void everyPublicMethodIsACall() {
    Set<String> calls =
        SERVICES.stream()
            .flatMap(service -> service.getMethods().stream())
            .map(MethodDescriptor::getBareMethodName)
            .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
            .collect(Collectors.toSet());

    for (Object service : cluster.proxy.services()) {
      assertThat(service.getClass().getDeclaredMethods())
          .filteredOn(method -> Modifier.isPublic(method.getModifiers()))
          .extracting(Method::getName)
          .isSubsetOf(calls);
    }
  }

  @Test
  void theCallsOfAQuickStartAreServed() {
    Set<String> served =
        cluster.proxy.services().stream()
            .flatMap(service -> Arrays.stream(service.getClass().getDeclaredMethods()))
            .map(Method::getName)
            .collect(Collectors.toSet());

    assertThat(served)
        .contains(
            "createCollection",
            "dropCollection",
            "hasCollection",
            "describeCollection",
            "showCollections",
            "getCollectionStatistics",
            "loadCollection",
            "releaseCollection",
            "loadPartitions",
            "releasePartitions",
            "getLoadingProgress",
            "getLoadState",
            "createPartition",
            "dropPartition",
            "hasPartition",
            "showPartitions",
            "createIndex",
            "describeIndex",
            "dropIndex",
            "insert",
            "delete",
            "upsert",
            "search",
            "hybridSearch",
            "query",
            "flush",
            "getFlushState",
            "getVersion",
            "connect",
            "allocTimestamp",
            "listDatabases");
  }
}
