package io.elanus.chaos.figure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The commit of the sources that are tested.
final class Commit {
  private Commit() {}

  /// Short hash, with a `+` when sources differ from it; `unknown` outside a checkout.
  static String current(Path home) {
    String hash = git(home, "rev-parse", "--short", "HEAD");
    if (hash.isEmpty()) {
      return "unknown";
    }
    String changes = git(home, "status", "--porcelain", "--", ".", ":!docs/results");
    return changes.isEmpty() ? hash : hash + "+";
  }

  private static String git(Path home, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", home.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? out.strip() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
