package io.elanus.common.run;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who waits for what, when a simulation cannot go on.
final class Report {
  private static final int MAX_FRAMES = 12;

  private static final Set<String> MACHINERY =
      Stream.of(Report.class, Scheduler.class, SimulatedGate.class, SimulatedTask.class)
          .map(Class::getName)
          .collect(Collectors.toUnmodifiableSet());

  private Report() {}

  static String of(Collection<SimulatedTask> tasks) {
    return tasks.stream().map(Report::of).collect(Collectors.joining());
  }

  private static String of(SimulatedTask task) {
    Wait wait = task.wait;
    String state = wait == null ? "can run" : "waits for " + wait.what();
    return "\n  %s %s%s".formatted(task.fullName(), state, frames(task.thread));
  }

  /// Without the frames of the simulator and the JDK on top: the first one shown is the wait.
  private static String frames(Thread thread) {
    Stream<StackTraceElement> frames = Arrays.stream(thread.getStackTrace());
    return frames
        .dropWhile(Report::isMachinery)
        .takeWhile(frame -> !frame.getClassName().equals(SimulatedTask.class.getName()))
        .limit(MAX_FRAMES)
        .map(frame -> "\n      at " + frame)
        .collect(Collectors.joining());
  }

  private static boolean isMachinery(StackTraceElement frame) {
    String name = frame.getClassName();
    return name.startsWith("java.") || name.startsWith("jdk.") || MACHINERY.contains(name);
  }
}
