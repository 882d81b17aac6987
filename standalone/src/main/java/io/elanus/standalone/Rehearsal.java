package io.elanus.standalone;

import io.elanus.common.error.DbException;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.standalone.config.Configuration;
import io.elanus.standalone.config.Setting;
import io.elanus.standalone.config.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Opens shared backends that are not there and gives up soon: the JVM meets the classes of their clients, and
/// keeps them in the AOT cache that a training run makes. Role processes start in less time with it.
final class Rehearsal {
  /// Nobody listens there.
  private static final String NOWHERE = "127.0.0.1:1";

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Rehearsal() {}

  static void of(Run run) {
    SharedConfig config = SharedConfig.of(configuration());
    Backends.Opening.Context context =
        new Backends.Opening.Context(run, new SimpleMeterRegistry(), _ -> {});
    List<Task> tries =
        SharedStores.parts(config, context).stream()
            .map(part -> run.fork("rehearsal", () -> attempt(part)))
            .toList();
    Deadline deadline = Deadline.after(run, PATIENCE);
    tries.forEach(task -> task.join(deadline));
    tries.forEach(Task::cancel);
  }

  private static void attempt(Runnable part) {
    try {
      part.run();
    } catch (DbException _) {
      // nobody is there, as was to be expected
    }
  }

  private static Configuration configuration() {
    List<Setting> settings =
        Stream.of(
                "mysql.address=127.0.0.1",
                "mysql.port=1",
                "kafka.brokerList=" + NOWHERE,
                "minio.address=" + NOWHERE,
                "minio.region=nowhere",
                "minio.accessKeyID=nobody",
                "minio.secretAccessKey=none")
            .map(text -> text.split("=", 2))
            .map(pair -> new Setting(pair[0], pair[1], new Source.CommandLine("rehearsal")))
            .toList();
    return Configuration.read(new Configuration.Input(Optional.empty(), Map.of(), settings));
  }
}
