package io.elanus.bench.peers;

import java.util.Locale;
import java.util.Map;

/// What pages the memory of a contender is on.
enum Pages {
  /// As the operating system gives them to who asks for nothing.
  PLAIN,
  /// Huge ones for all that malloc gives out, where the kernel gives them on advice.
  HUGE,
  /// Of files, as our servers have them; ours only.
  MAPPED;

  /// Of the process.
  Map<String, String> environment() {
    return this == HUGE ? Map.of("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1") : Map.of();
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
