package io.elanus.chaos.fault;

import io.elanus.chaos.fault.TcpProxy.Weather;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A [TcpProxy] before each address clients connect to: their requests and answers get lost or late.
public final class ClientLinks implements AutoCloseable {
  private static final Duration MIN = Duration.ofMillis(200);
  private static final Duration MAX = Duration.ofSeconds(5);

  private final List<TcpProxy> links = new ArrayList<>();

  public ClientLinks(List<String> uris) {
    for (String uri : uris) {
      URI server = URI.create(uri);
      links.add(new TcpProxy(() -> new InetSocketAddress(server.getHost(), server.getPort())));
    }
  }

  /// Where clients go instead.
  public List<String> uris() {
    return links.stream().map(link -> "http://127.0.0.1:" + link.port()).toList();
  }

  public List<Fault> faults() {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      String name = "client link " + i;
      TcpProxy link = links.get(i);
      faults.add(new LinkFault(name, "cut", link, Weather.CUT, MIN, MAX));
      faults.add(new LinkFault(name, "answers held back", link, Weather.NO_ANSWERS, MIN, MAX));
      faults.add(new LinkFault(name, "requests held back", link, Weather.NO_REQUESTS, MIN, MAX));
      faults.add(new LinkFault(name, "half open", link, Weather.HALF_OPEN, MIN, MAX));
      faults.add(new LinkFault(name, "slow", link, Weather.slow(Duration.ofMillis(100)), MIN, MAX));
      faults.add(
          new LinkFault(name, "reset in answers", link, Weather.resetAfter(3_000), MIN, MAX));
    }
    return faults;
  }

  @Override
  public void close() {
    links.forEach(TcpProxy::close);
  }
}
