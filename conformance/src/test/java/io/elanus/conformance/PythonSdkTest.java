package io.elanus.conformance;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// pymilvus: the suite in `src/test/python`. It waits more than it works, so it runs beside the others.
@ExtendWith(SharedServer.class)
@OwnServer
@Execution(ExecutionMode.CONCURRENT)
class PythonSdkTest {
  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void pymilvusSuitePasses(ElanusServer server) {
    Interpreter.PYTHON.run(
        Path.of("src/test/python"),
        Map.of("MILVUS_URI", server.uri(), "PYTHONDONTWRITEBYTECODE", "1"),
        "-m",
        "unittest",
        "--verbose");
  }
}
