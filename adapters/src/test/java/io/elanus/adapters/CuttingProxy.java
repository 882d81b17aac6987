package io.elanus.adapters;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands between a client and its server on this machine, and loses what a test wants lost.
public final class CuttingProxy implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  /// A server has answered after this time; the answer is on its way when the connection is cut.
  private static final int ANSWER_MILLIS = 200;

  private record Link(Socket client, Socket server) {
    void cut() {
      closeQuietly(client);
      closeQuietly(server);
    }
  }

  private final ServerSocket listener;
  private final int targetPort;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cutsLeft = new AtomicInteger();
  private volatile String armText = "";
  private volatile String cutText = "";
  private volatile boolean mute;

  public CuttingProxy(int targetPort) {
    try {
      this.targetPort = targetPort;
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().name("proxy").start(this::accept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// The next `times` requests that contain `text`, on a connection that had one with `before`
  /// before, reach the server, but their connection breaks before the answer comes.
  public void loseAnswers(String before, String text, int times) {
    armText = before.toLowerCase(Locale.ROOT);
    cutText = text.toLowerCase(Locale.ROOT);
    cutsLeft.set(times);
  }

  /// While mute, nothing of what the server says comes through; connections stay open.
  public void mute(boolean lost) {
    mute = lost;
  }

  /// Breaks all connections.
  public void cutAll() {
    links.forEach(Link::cut);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.ofVirtual().name("proxy link").start(() -> open(client));
      }
    } catch (IOException closed) {
      cutAll();
    }
  }

  private void open(Socket client) {
    try {
      Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), targetPort));
      link.client.setTcpNoDelay(true);
      link.server.setTcpNoDelay(true);
      links.add(link);
      Thread.ofVirtual().name("proxy answers").start(() -> forward(link, false));
      forward(link, true);
    } catch (IOException refused) {
      closeQuietly(client);
    }
  }

  private void forward(Link link, boolean requests) {
    byte[] chunk = new byte[CHUNK];
    boolean armed = false;
    try {
      InputStream in = (requests ? link.client : link.server).getInputStream();
      OutputStream out = (requests ? link.server : link.client).getOutputStream();
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        String text = new String(chunk, 0, length, ISO_8859_1).toLowerCase(Locale.ROOT);
        if (requests && armed && text.contains(cutText) && cutsLeft.getAndDecrement() > 0) {
          link.client.shutdownOutput();
          out.write(chunk, 0, length);
          Thread.sleep(ANSWER_MILLIS);
          break;
        }
        armed = text.contains(armText) || (armed && !text.contains(cutText));
        if (requests || !mute) {
          out.write(chunk, 0, length);
        }
      }
    } catch (IOException | InterruptedException broken) {
      link.cut();
    } finally {
      link.cut();
      links.remove(link);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cutAll();
  }
}
