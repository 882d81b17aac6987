package io.elanus.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// TCP ports of the loopback address that nobody listened on a moment ago.
///
/// None of those that systems give to outgoing connections (from 32,768 on with Linux, 49,152 with others): until its server listens,
/// one of these may be taken by whoever connects to anything.
public final class FreePorts {
  static final int FIRST = 20_000;
  static final int LAST = 32_000;

  private static final int TRIES = 1_000;

  private FreePorts() {}

  public static int one() {
    return several(1).getFirst();
  }

  /// Different ones, because all are held until the last is found.
  public static List<Integer> several(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int tries = 0; held.size() < count; tries++) {
        if (tries == count + TRIES) {
          throw new IllegalStateException("no free port from %d to %d".formatted(FIRST, LAST));
        }
        tryToHold(ThreadLocalRandom.current().nextInt(FIRST, LAST + 1)).ifPresent(held::add);
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    } finally {
      held.forEach(FreePorts::close);
    }
  }

  private static Optional<ServerSocket> tryToHold(int port) throws IOException {
    try {
      return Optional.of(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
    } catch (BindException _) { // taken
      return Optional.empty();
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
