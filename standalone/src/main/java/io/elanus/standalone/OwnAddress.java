package io.elanus.standalone;

import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/// The name under which other processes reach this one.
final class OwnAddress {
  private OwnAddress() {}

  /// @param advertised as configured; empty to find one
  /// @param host that ports are bound to
  static String advertised(String advertised, String host) {
    if (!advertised.isEmpty()) {
      return advertised;
    }
    boolean wildcard = host.equals("0.0.0.0") || host.equals("::");
    return wildcard ? ofMachine().orElse("127.0.0.1") : host;
  }

  /// The first address of an interface that is up and leads somewhere. A container has one.
  private static Optional<String> ofMachine() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(OwnAddress::leadsSomewhere)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address && !address.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .findFirst();
    } catch (SocketException e) {
      throw new UncheckedIOException("cannot list network interfaces", e);
    }
  }

  private static boolean leadsSomewhere(NetworkInterface found) {
    try {
      return found.isUp() && !found.isLoopback();
    } catch (SocketException e) {
      throw new UncheckedIOException("cannot ask network interface " + found.getName(), e);
    }
  }
}
