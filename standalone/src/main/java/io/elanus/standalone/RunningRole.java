package io.elanus.standalone;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Drainable;
import io.elanus.rpc.management.Health;
import io.elanus.rpc.peer.PeerLog;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A role at work, as its process sees it.
///
/// @param part the role itself
/// @param internal what it offers other roles; the proxy offers them nothing
/// @param health what it says of itself
record RunningRole(
    Role role, AutoCloseable part, Optional<Internal> internal, Supplier<Health.Report> health)
    implements AutoCloseable {
  /// @param implementation serves each RPC of `service` by a method of that name
  /// @param calls hears of every call
  record Internal(ServiceDescriptor service, Object implementation, PeerLog calls) {
    Internal heardBy(PeerLog other) {
      return new Internal(service, implementation, calls.and(other));
    }
  }

  /// @return what could not be handed over; empty for a role that has nothing to hand over
  List<String> drain(Deadline deadline) {
    return part instanceof Drainable drainable ? drainable.drain(deadline) : List.of();
  }

  @Override
  public void close() throws Exception {
    part.close();
  }
}
