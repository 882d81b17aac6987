package io.elanus.chaos.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Stands before a server and spoils the connections to it, as a network would: what is cut is not lost but
/// arrives when the cut is healed, as TCP sends again; what is reset is gone, and nobody knows how far it came.
///
/// ```
///   client ──> [listens here] ── toServer ──> server
///          <───────────────── toClient ─────
/// ```
public final class TcpProxy implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;
  private static final long LOOK_MILLIS = 5;

  /// How the connections are, old and new ones.
  ///
  /// @param toServer whether bytes pass that way
  /// @param toClient whether bytes pass that way
  /// @param delay of each chunk, both ways
  /// @param resetAfterBytes an answer is cut by a reset behind so many bytes of a connection; -1 for never
  /// @param accepts whether new connections reach the server; else they are accepted and nothing follows
  public record Weather(
      boolean toServer, boolean toClient, Duration delay, long resetAfterBytes, boolean accepts) {
    public static final Weather FINE = new Weather(true, true, Duration.ZERO, -1, true);
    public static final Weather CUT = new Weather(false, false, Duration.ZERO, -1, false);
    public static final Weather NO_ANSWERS = new Weather(true, false, Duration.ZERO, -1, true);
    public static final Weather NO_REQUESTS = new Weather(false, true, Duration.ZERO, -1, true);
    public static final Weather HALF_OPEN = new Weather(true, true, Duration.ZERO, -1, false);

    public static Weather slow(Duration delay) {
      return new Weather(true, true, delay, -1, true);
    }

    public static Weather resetAfter(long bytes) {
      return new Weather(true, true, Duration.ZERO, bytes, true);
    }
  }

  private final ServerSocket listener;
  private final Supplier<InetSocketAddress> server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<Long, Weather> ofProcess = new ConcurrentHashMap<>();
  private volatile Weather weather = Weather.FINE;
  private volatile boolean closed;

  /// Listens on any port of the loopback address.
  ///
  /// @param server asked at each connection
  public TcpProxy(Supplier<InetSocketAddress> server) {
    this.server = server;
    try {
      this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("tcp-proxy-" + port()).start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// The weather of all connections, but for those of processes that have their own.
  public void weather(Weather now) {
    weather = now;
  }

  /// The weather of the connections that one process made or will make.
  public void weather(long pid, Weather now) {
    if (now.equals(Weather.FINE)) {
      ofProcess.remove(pid);
    } else {
      ofProcess.put(pid, now);
    }
  }

  private Weather weather(Caller caller) {
    Weather now = weather;
    if (ofProcess.isEmpty()) {
      return now;
    }
    OptionalLong pid = caller.pid();
    return pid.isPresent() ? ofProcess.getOrDefault(pid.getAsLong(), now) : now;
  }

  /// Who is at the other end, looked for when it matters first: that reads all of `/proc`.
  private static final class Caller {
    private final Socket client;
    private @Nullable OptionalLong pid;

    Caller(Socket client) {
      this.client = client;
    }

    synchronized OptionalLong pid() {
      OptionalLong known = pid;
      if (known == null) {
        known = Callers.pid(client);
        pid = known;
      }
      return known;
    }
  }

  /// Resets every connection there is.
  public void resetAll() {
    open.forEach(TcpProxy::reset);
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        if (!closed) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    Socket upstream = new Socket();
    open.add(upstream);
    Caller caller = new Caller(client);
    try {
      while (!weather(caller).accepts() && !client.isClosed()) {
        pause(Duration.ofMillis(LOOK_MILLIS));
      }
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      upstream.connect(server.get(), 5_000);
      Thread answers = Thread.ofVirtual().start(() -> pump(upstream, client, false, caller));
      pump(client, upstream, true, caller);
      answers.join();
    } catch (IOException e) {
      reset(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(client);
      close(upstream);
    }
  }

  private void pump(Socket from, Socket to, boolean requests, Caller caller) {
    byte[] chunk = new byte[CHUNK];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        awaitPassage(requests, caller);
        passed += length;
        if (!requests && isBehind(weather(caller).resetAfterBytes(), passed)) {
          reset(from);
          reset(to);
          return;
        }
        out.write(chunk, 0, length);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // one side broke the connection: so it is broken for the other
      reset(from);
      reset(to);
    }
  }

  private static boolean isBehind(long limit, long passed) {
    return limit >= 0 && passed > limit;
  }

  private void awaitPassage(boolean requests, Caller caller) throws IOException {
    pause(weather(caller).delay());
    while (requests ? !weather(caller).toServer() : !weather(caller).toClient()) {
      if (closed) {
        throw new IOException("closed");
      }
      pause(Duration.ofMillis(LOOK_MILLIS));
    }
  }

  private static void pause(Duration time) throws IOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// Without lingering, so that the other side gets a reset and not an end.
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it is closed already
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // nobody waits for it
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    resetAll();
  }
}
