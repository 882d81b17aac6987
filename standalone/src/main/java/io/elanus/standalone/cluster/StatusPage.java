package io.elanus.standalone.cluster;

import io.elanus.rpc.http.JsonText;
import io.elanus.standalone.cluster.LocalCluster.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// The state of all processes, for people and for programs.
final class StatusPage {
  private static final String ROW = "%-14s %8s  %-10s %8s  %s%n";

  private StatusPage() {}

  static String text(List<ProcessStatus> processes) {
    StringBuilder text = new StringBuilder(ROW.formatted("PROCESS", "PID", "STATE", "RSS MiB", ""));
    long all = 0;
    for (ProcessStatus process : processes) {
      long mib = residentMib(process.pid()).orElse(0);
      all += mib;
      String more =
          process.says().isEmpty()
              ? process.addresses()
              : "%s (%s)".formatted(process.addresses(), process.says());
      text.append(
          ROW.formatted(
              process.name(), process.pid(), process.state(), mib == 0 ? "-" : mib, more));
    }
    return text.append(ROW.formatted("all", "", "", all, "")).toString();
  }

  static String json(List<ProcessStatus> processes) {
    return processes.stream().map(StatusPage::json).collect(Collectors.joining(",\n", "[", "]\n"));
  }

  private static String json(ProcessStatus process) {
    return "{\"name\":%s,\"pid\":%d,\"state\":%s,\"residentMib\":%d,\"says\":%s,\"addresses\":%s,\"output\":%s}"
        .formatted(
            JsonText.quote(process.name()),
            process.pid(),
            JsonText.quote(process.state()),
            residentMib(process.pid()).orElse(0),
            JsonText.quote(process.says()),
            JsonText.quote(process.addresses()),
            JsonText.quote(process.output().toString()));
  }

  /// Where the system tells: Linux does.
  private static OptionalLong residentMib(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/%d/status".formatted(pid))).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }
}
