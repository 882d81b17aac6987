package io.elanus.rpc.call;

import java.util.Optional;

/// Knows who credentials belong to.
public interface Authenticator {
  /// The user, or empty when the credentials are wrong. Takes as long for an unknown user as for a
  /// wrong password. Runs within the context of the call.
  Optional<String> userOf(Credentials credentials);
}
