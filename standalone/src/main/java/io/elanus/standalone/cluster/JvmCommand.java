package io.elanus.standalone.cluster;

import io.elanus.servers.Programs;
import io.elanus.standalone.Elanus;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The command line of another process of this product: the JVM, the class path and the flags of this one,
/// so that it finds the same code and the same AOT cache; with a heap of its own.
///
/// @param flags of the JVM
/// @param classPath as this process was given it
record JvmCommand(List<String> flags, String classPath) {
  /// What a process chooses for itself, or what only one process can have.
  private static final Predicate<String> OWN =
      flag ->
          flag.startsWith("-Xm")
              || flag.startsWith("-XX:+Use") && flag.endsWith("GC")
              || flag.startsWith("-agentlib")
              || flag.startsWith("-XX:AOTCacheOutput")
              || flag.startsWith("-Delanus.log");

  JvmCommand {
    flags = List.copyOf(flags);
  }

  static JvmCommand ofThisProcess() {
    List<String> flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(OWN.negate())
            .toList();
    return new JvmCommand(flags, System.getProperty("java.class.path"));
  }

  /// @param arguments of `elanus`
  List<String> elanus(int heapMib, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Programs.java().toString());
    command.addAll(flags);
    command.addAll(List.of("-Xmx%dm".formatted(heapMib), "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", classPath, Elanus.class.getName()));
    command.addAll(arguments);
    return command;
  }
}
