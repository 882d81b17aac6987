package io.elanus.standalone.cluster;

import io.elanus.servers.Programs;
import io.elanus.standalone.Elanus;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

  /// A heap that is not asked for is not filled: many processes share the machine.
  private static final String SMALL_HEAP = "24m";

  JvmCommand {
    flags = List.copyOf(flags);
  }

  static JvmCommand ofThisProcess() {
    List<String> flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(OWN.negate())
            .toList();
    return new JvmCommand(flags, classPath(System.getProperty("java.class.path")));
  }

  /// As short as it was typed: `lib/*` for jars that all lie in one folder.
  private static String classPath(String expanded) {
    List<Path> folders =
        Stream.of(expanded.split(File.pathSeparator))
            .map(Path::of)
            .map(Path::getParent)
            .distinct()
            .toList();
    boolean jars = Stream.of(expanded.split(File.pathSeparator)).allMatch(e -> e.endsWith(".jar"));
    return folders.size() == 1 && jars && expanded.contains(File.pathSeparator)
        ? folders.getFirst() + File.separator + "*"
        : expanded;
  }

  /// @param arguments of `elanus`
  List<String> elanus(int heapMib, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Programs.java().toString());
    command.addAll(flags);
    command.addAll(List.of("-Xms" + SMALL_HEAP, "-Xmx%dm".formatted(heapMib), "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", classPath, Elanus.class.getName()));
    command.addAll(arguments);
    return command;
  }
}
