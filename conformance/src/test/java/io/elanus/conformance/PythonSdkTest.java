package io.elanus.conformance;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// pymilvus: the suite in `src/test/python`.
@ExtendWith(SharedServer.class)
class PythonSdkTest {
  @Test
  void pymilvusSuitePasses(ElanusServer server) {
    Interpreter.PYTHON.run(
        Path.of("src/test/python"),
        Map.of("MILVUS_URI", server.uri(), "PYTHONDONTWRITEBYTECODE", "1"),
        "-m",
        "unittest",
        "--verbose");
  }
}
