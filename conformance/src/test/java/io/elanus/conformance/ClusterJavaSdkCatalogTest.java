package io.elanus.conformance;

/// [JavaSdkCatalogTest] against a cluster of processes.
@OnTarget(Target.CLUSTER_MARIADB)
class ClusterJavaSdkCatalogTest extends JavaSdkCatalogTest {
  ClusterJavaSdkCatalogTest(ElanusServer server) {
    super(server);
  }
}
