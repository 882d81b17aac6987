package io.elanus.conformance;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// pymilvus against a server with authorization on: what its suite asks of data and catalog, as root, and users, roles and
/// grants.
@ExtendWith(SharedServer.class)
@WithAuthorization
class SecuredPythonSdkTest {
  @Test
  void pymilvusSuitePasses(ElanusServer server) {
    run(server, "test_first_light", "test_catalog");
  }

  @Test
  void usersRolesAndGrants(ElanusServer server) {
    run(server, "security_suite");
  }

  private static void run(ElanusServer server, String... modules) {
    String[] arguments = new String[modules.length + 3];
    System.arraycopy(new String[] {"-m", "unittest", "--verbose"}, 0, arguments, 0, 3);
    System.arraycopy(modules, 0, arguments, 3, modules.length);
    Interpreter.PYTHON.run(
        Path.of("src/test/python"),
        Map.of(
            "MILVUS_URI", server.uri(),
            "MILVUS_TOKEN", server.token(),
            "PYTHONDONTWRITEBYTECODE", "1"),
        arguments);
  }
}
