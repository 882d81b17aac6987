package io.elanus.servers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server's classes, loaded and linked ahead (JEP 514): with it a start takes half the time. Kept beside
/// the server's jars. Whoever starts the server first makes it; without it, or with one of another JDK, a
/// start is only slower.
final class AotCache {
  private static final Logger log = LoggerFactory.getLogger(AotCache.class);

  /// Runs the server once and lets it end by itself.
  interface Training {
    /// @param folder of its own, deleted afterwards
    /// @param flag for the server's JVM
    /// @throws IllegalStateException when it did not start
    void run(Path folder, String flag) throws IOException;
  }

  private final String server;
  private final Path jars;
  private final Path cache;

  /// @param jars folder of the server's jars
  AotCache(String server, Path jars) {
    this.server = server;
    this.jars = jars;
    this.cache = jars.resolveSibling("server.aot");
  }

  /// What a JVM needs to use it; nothing where there is none. An empty file says that it was tried in vain.
  List<String> flags() {
    return cache.toFile().length() > 0 ? List.of("-XX:AOTCache=" + cache) : List.of();
  }

  /// Makes the cache unless there is one for these jars. Who comes while another process makes it goes
  /// without.
  void makeOnce(Training training) {
    try (FileChannel channel =
            FileChannel.open(
                jars.resolveSibling("server.aot.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null && !isFresh()) {
        make(training);
      }
    } catch (IOException e) {
      log.info("no AOT cache for {}: {}", server, e.toString());
    }
  }

  private boolean isFresh() throws IOException {
    return Files.exists(cache)
        && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jars)) >= 0;
  }

  private void make(Training training) throws IOException {
    log.info("making an AOT cache for {}, once: {}", server, cache);
    Path folder = Files.createTempDirectory(server + "-training");
    Path made = folder.resolve("server.aot");
    try {
      training.run(folder, "-XX:AOTCacheOutput=" + made);
      install(made);
    } catch (IllegalStateException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e; // not in vain: given up
      }
      log.info("no AOT cache for {}", server, e);
      Files.write(cache, new byte[0]);
    } finally {
      Folders.delete(folder);
    }
  }

  private void install(Path made) throws IOException {
    Path beside = cache.resolveSibling("server.aot.new");
    if (Files.exists(made)) {
      Files.copy(made, beside, StandardCopyOption.REPLACE_EXISTING);
      Files.move(beside, cache, StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.write(cache, new byte[0]);
    }
  }
}
