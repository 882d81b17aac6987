package io.elanus.rpc.server;

import java.nio.file.Path;
import java.util.Optional;

/// How an end of a connection proves who it is. All files are PEM; the key is plain PKCS #8.
///
/// @param certificate the end's own certificate, followed by those between it and the authority
/// @param authority who signs the other end. A server that has one demands a certificate of its
///     clients (mutual TLS); a client without one trusts what the JDK trusts
public record TlsConfig(Path certificate, Path privateKey, Optional<Path> authority) {}
