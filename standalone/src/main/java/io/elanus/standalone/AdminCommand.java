package io.elanus.standalone;

import io.elanus.common.error.DbException;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.standalone.config.Keys;
import io.elanus.standalone.config.Setting;
import io.elanus.standalone.rebuild.Rebuild;
import io.elanus.standalone.rebuild.RebuildPorts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `elanus admin rebuild`: work on a cluster that stands still.
@Command(
    name = "admin",
    mixinStandardHelpOptions = true,
    description = "Works on a cluster that stands still.")
final class AdminCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// What a rebuild is allowed.
  static final class RebuildOptions {
    @Option(
        names = "--data",
        paramLabel = "<folder>",
        description = "Of a standalone server (localStorage.path).")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--dry-run", description = "Says what it would do and writes nothing.")
    private boolean dryRun;

    @Option(names = "--force", description = "Replaces what is in the metastore.")
    private boolean force;

    @Option(names = "--accept-loss", description = "Goes on although rows of some shards are lost.")
    private boolean acceptLoss;

    @Option(
        names = "--sizes-only",
        description = "Compares the sizes of objects instead of reading them.")
    private boolean sizesOnly;

    private Rebuild.Options options() {
      return new Rebuild.Options(force, acceptLoss, dryRun, sizesOnly);
    }

    private List<Setting> settings() {
      return data
          .map(folder ->
              new Setting(
                  Keys.LOCAL_STORAGE.name(), folder.toString(), ConfigOptions.option("--data")))
          .stream()
          .toList();
    }
  }

  @Command(
      name = "rebuild",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Makes a lost metastore anew from the bucket and the log, which it leaves as they are.",
        "Stop every process of the cluster first, and start them afterwards; collections have to be",
        "loaded again. Exit code 1 when nothing was written."
      })
  int rebuild(@Mixin RebuildOptions rebuild, @Mixin ConfigOptions config) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Run run = new SystemRun();
    try (Backends backends =
        ConfiguredBackends.of(ProcessConfig.of(config.read(rebuild.settings())))
            .open(new Backends.Opening.Context(run, new SimpleMeterRegistry(), err::println))) {
      RebuildPorts ports =
          new RebuildPorts(run, backends.meta(), backends.wal(), backends.objects());
      boolean written = Rebuild.run(ports, rebuild.options(), out::println);
      return written || rebuild.dryRun ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (DbException e) {
      err.println("cannot rebuild: " + e.text());
      return CommandLine.ExitCode.SOFTWARE;
    } finally {
      out.flush();
    }
  }
}
