package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// A standalone server whose metastore is lost, rebuilt by the command line, and served again.
class RebuiltFolderTest {
  private final Run run = new SystemRun();

  @TempDir Path data;
  private String said = "";

  @Test
  void everythingAcknowledgedIsThereAgain() throws IOException {
    try (RoleProcess server = start();
        Birds birds = birds(server, "birds");
        Birds fresh = birds(server, "fresh")) {
      birds.create();
      birds.insert(0, 500);
      birds.flush();
      birds.insert(500, 100);
      fresh.create();
      fresh.insert(0, 50);
    }
    loseMetastore();

    assertThat(rebuild("--dry-run")).isZero();
    assertThat(rebuild()).isZero();
    assertThat(rowsInManifests()).as("the other 150 are in the log").isEqualTo(500);

    try (RoleProcess server = start();
        Birds birds = birds(server, "birds");
        Birds fresh = birds(server, "fresh")) {
      birds.load();
      fresh.load();
      assertThat(birds.count()).isEqualTo(600);
      assertThat(birds.nearest(17)).isEqualTo(17);
      assertThat(birds.nearest(599)).isEqualTo(599);
      assertThat(fresh.count()).isEqualTo(50);

      birds.insert(600, 100);
      birds.flush();
      fresh.insert(50, 10);
      try (Birds later = birds(server, "later")) {
        later.create();
        later.insert(0, 5);
      }
    }
    loseMetastore();

    assertThat(rebuild()).isZero();

    try (RoleProcess server = start();
        Birds birds = birds(server, "birds");
        Birds fresh = birds(server, "fresh");
        Birds later = birds(server, "later")) {
      birds.load();
      fresh.load();
      later.load();
      assertThat(birds.count()).isEqualTo(700);
      assertThat(birds.nearest(650)).isEqualTo(650);
      assertThat(fresh.count()).isEqualTo(60);
      assertThat(later.count()).isEqualTo(5);
    }
  }

  @Test
  void aFolderInUseAndAGoodMetastoreAreLeftAlone() {
    try (RoleProcess server = start();
        Birds birds = birds(server, "birds")) {
      birds.create();

      assertThat(rebuild()).isEqualTo(CommandLine.ExitCode.SOFTWARE);
      assertThat(said).contains("cannot rebuild").contains(data.toString());
    }
    assertThat(rebuild()).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(said).contains("not empty");
  }

  private long rowsInManifests() {
    return Pattern.compile("shard \\S+: (\\d+) rows in")
        .matcher(said)
        .results()
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }

  private int rebuild(String... options) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    List<String> args =
        Stream.concat(Stream.of("admin", "rebuild", "--data", data.toString()), Stream.of(options))
            .toList();
    int exit =
        Elanus.commandLine(args.toArray(String[]::new))
            .setOut(writer)
            .setErr(writer)
            .execute(args.toArray(String[]::new));
    said = text.toString();
    return exit;
  }

  private RoleProcess start() {
    ProcessConfig config = Configs.process("localStorage.path=" + data);
    return RoleProcess.start(config, Role.all(), ConfiguredBackends.of(config));
  }

  private Birds birds(RoleProcess server, String name) {
    return new Birds(run, server.publicPort().orElseThrow(), name);
  }

  private void loseMetastore() throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      List<Path> lost =
          files.filter(file -> file.getFileName().toString().startsWith("meta.db")).toList();
      assertThat(lost).isNotEmpty();
      for (Path file : lost) {
        Files.delete(file);
      }
    }
  }
}
