package io.elanus.rpc.call;

import io.elanus.common.run.Run;
import io.elanus.rpc.binding.ServiceBinding;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What happens around the calls of the public API, and in which order.
///
/// @param security empty: authorization is off, everyone is root
/// @param heap of requests and answers under way
/// @param defaultTimeout of a call whose client sets none
public record PublicApi(
    Run run,
    AccessLog accessLog,
    Optional<Security> security,
    CallLimits limits,
    CallHeap heap,
    Duration defaultTimeout) {
  public record Security(Authenticator authenticator, Authorizer authorizer) {}

  /// Without authorization, with default limits.
  public static PublicApi open(Run run) {
    return new PublicApi(
        run,
        AccessLog.toLogger(),
        Optional.empty(),
        CallLimits.DEFAULT,
        CallHeap.quarters(run),
        Duration.ofMinutes(10));
  }

  /// With another access log.
  public PublicApi with(AccessLog log) {
    return new PublicApi(run, log, security, limits, heap, defaultTimeout);
  }

  /// With authorization, if any.
  public PublicApi with(Optional<Security> newSecurity) {
    return new PublicApi(run, accessLog, newSecurity, limits, heap, defaultTimeout);
  }

  /// Serves each of `services` by `parts`. An RPC that no part serves answers "service
  /// unimplemented".
  public List<ServerServiceDefinition> serve(List<ServiceDescriptor> services, List<?> parts) {
    PublicEdge edge = new PublicEdge(run, stages(), heap.answers(), defaultTimeout);
    return services.stream().map(service -> ServiceBinding.bind(service, parts, edge)).toList();
  }

  /// In the order a call meets them. The trace id is older than all of them: each can log it. A request is read
  /// once it is known who sends it and that there is room for it.
  private List<CallStage> stages() {
    List<CallStage> stages = new ArrayList<>();
    stages.add(new AccessStage(run, accessLog));
    security.ifPresent(s -> stages.add(new AuthenticationStage(s.authenticator())));
    stages.add(new LimitStage(limits));
    stages.add(new HeapStage(heap.requests()));
    stages.add(new DatabaseStage());
    stages.add(new PrivilegeStage(security.map(Security::authorizer).orElse(Authorizer.ALLOW_ALL)));
    return stages;
  }
}
