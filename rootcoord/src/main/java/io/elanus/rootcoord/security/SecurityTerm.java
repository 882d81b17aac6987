package io.elanus.rootcoord.security;

import io.elanus.common.catalog.CatalogEntry;
import io.elanus.common.meta.CommittedState;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.Ledger;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.security.RoleId;
import io.elanus.common.security.SecurityState;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.rootcoord.security.SecurityCommand.Backup;
import io.elanus.rootcoord.security.SecurityCommand.CheckRestore;
import io.elanus.rootcoord.security.SecurityRules.Done;
import io.elanus.rpc.codec.SecurityCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Security from rootcoord's election to its loss: decides and commits what is asked. Beside the catalog, with a
/// thread and a sequence key of its own.
public final class SecurityTerm implements AutoCloseable {
  /// Whose sequence key guards the commits of one term against each other.
  private static final String LEDGER = "rootcoord-security";

  private static final int BATCH = 64;

  /// Entries of a restore that are committed together.
  private static final int RESTORED_TOGETHER = 50;

  private final SecurityRules rules;
  private final LongSupplier ids;
  private final CommittedState<SecurityState, SecurityCommand, SecurityChange, Done> security;

  /// @param queuedCommands that wait at most
  /// @param ids gives a fresh one each time
  public record Setup(
      Run run, MetaStore meta, SecurityLimits limits, int queuedCommands, LongSupplier ids) {}

  public SecurityTerm(Setup setup, Leadership leadership) {
    this.rules = new SecurityRules(setup.limits);
    this.ids = setup.ids;
    MetaStore meta = setup.meta;
    Ledger ledger = new Ledger(setup.run, meta, leadership, LEDGER);
    SecurityState initial = SecurityCodec.state(meta.range(MetaKeys.SECURITY).entries());
    var queue = new CommandLoop.Limits(setup.queuedCommands, BATCH);
    var loop = new CommittedState.Setup<SecurityChange>("security", queue, _ -> {});
    this.security = CommittedState.start(setup.run, ledger, rules, initial, loop);
  }

  public SecurityState now() {
    return security.now();
  }

  /// Returns when what was asked is committed.
  public void change(ChangeSecurityRequest request, Deadline deadline) {
    SecurityCommand command = SecurityCommands.decode(request, ids);
    security.submit(command, deadline);
    if (command instanceof CheckRestore(Backup backup)) {
      parts(backup).forEach(part -> security.submit(new SecurityCommand.Restore(part), deadline));
    }
  }

  /// What a commit can hold, in an order in which each finds what it names. A restore that is interrupted leaves
  /// those before.
  private static List<Backup> parts(Backup backup) {
    List<Backup> parts = new ArrayList<>();
    parts.add(new Backup(List.of(), List.of(), List.of(), backup.groups()));
    parts.add(new Backup(List.of(), backup.roles(), List.of(), List.of()));
    backup.grants().stream()
        .collect(Collectors.groupingBy(SecurityCommand.Allow::role))
        .values()
        .forEach(grants -> parts.add(new Backup(List.of(), List.of(), grants, List.of())));
    for (int from = 0; from < backup.users().size(); from += RESTORED_TOGETHER) {
      int to = Math.min(backup.users().size(), from + RESTORED_TOGETHER);
      parts.add(new Backup(backup.users().subList(from, to), List.of(), List.of(), List.of()));
    }
    return parts;
  }

  /// All of it as the metastore has it, by key.
  public List<CatalogEntry> entries(SecurityState state) {
    Stream<SecurityChange> all =
        Stream.of(
                state.storedUsers().stream().map(SecurityChange.PutUser::new),
                state.storedRoles().stream().map(SecurityChange.PutRole::new),
                state.storedGrants().entrySet().stream()
                    .map(entry ->
                        new SecurityChange.PutGrants(new RoleId(entry.getKey()), entry.getValue())),
                state.groups().stream().map(SecurityChange.PutGroup::new))
            .flatMap(changes -> changes);
    return all.map(rules::write)
        .map(Change.Put.class::cast)
        .map(put -> new CatalogEntry(put.key(), put.value()))
        .sorted(Comparator.comparing(CatalogEntry::key))
        .toList();
  }

  @Override
  public void close() {
    security.close();
  }
}
