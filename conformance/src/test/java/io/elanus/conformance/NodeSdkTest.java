package io.elanus.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The Node SDK: the suite in `src/test/node`, run beside the installed SDK.
@ExtendWith(SharedServer.class)
class NodeSdkTest {
  @Test
  void nodeSuitePasses(ElanusServer server) throws IOException {
    Interpreter.NODE.prepare();
    Path folder = Interpreter.NODE.folder();
    try (Stream<Path> scripts = Files.list(Path.of("src/test/node"))) {
      for (Path script : scripts.toList()) {
        Files.copy(
            script, folder.resolve(script.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Interpreter.NODE.run(
        folder,
        Map.of("MILVUS_ADDRESS", server.address(), "MILVUS_TOKEN", server.token()),
        "--test",
        "--test-reporter=spec",
        ".");
  }
}
