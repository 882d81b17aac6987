package io.elanus.conformance;

/// The Java SDK's suite against a cluster of processes. The other suites run there by hand, and in CI as far as
/// time permits: docs/operations/cluster.md.
@OnTarget(Target.CLUSTER_MARIADB)
class ClusterJavaSdkTest extends JavaSdkTest {
  ClusterJavaSdkTest(ElanusServer server) {
    super(server);
  }
}
