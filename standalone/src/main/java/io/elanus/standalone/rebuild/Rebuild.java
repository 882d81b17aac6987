package io.elanus.standalone.rebuild;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.MetaEntry;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Makes a lost metastore anew from the bucket and the log. Everything else of the cluster stands still meanwhile.
public final class Rebuild {
  /// @param replace writes into a metastore that is not empty, removing what it holds
  /// @param acceptLoss writes although shards have lost rows
  /// @param dryRun writes nothing
  /// @param sizesOnly believes objects whose size is right, without reading them
  public record Options(boolean replace, boolean acceptLoss, boolean dryRun, boolean sizesOnly) {
    public static final Options NONE = new Options(false, false, false, false);
  }

  private final RebuildPorts ports;
  private final Options options;
  private final Consumer<String> out;

  private Rebuild(RebuildPorts ports, Options options, Consumer<String> out) {
    this.ports = ports;
    this.options = options;
    this.out = out;
  }

  /// @param out is told line by line what was found and done
  /// @return whether the metastore was written
  /// @throws DbException when the cluster is alive, when the metastore is not empty, when there is nothing to rebuild
  ///     from, and what the ports throw
  public static boolean run(RebuildPorts ports, Options options, Consumer<String> out) {
    return new Rebuild(ports, options, out).run();
  }

  private boolean run() {
    List<MetaEntry> present = ports.meta().range("").entries();
    requireNobody(present);
    requireEmpty(present);
    RebuildPlan plan = RebuildPlan.of(survey(), ports.run().wallMillis());
    RebuildReport.of(plan).forEach(out);
    if (options.dryRun) {
      out.accept("nothing was written: this was a dry run");
      return false;
    }
    if (!plan.losses().isEmpty() && !options.acceptLoss) {
      out.accept("nothing was written: rows are lost; --accept-loss goes on without them");
      return false;
    }
    long incarnation = ports.run().random().nextLong(1, Long.MAX_VALUE);
    new RebuildWriter(ports.run(), ports.meta(), incarnation).write(plan.changes());
    out.accept("the metastore is rebuilt; incarnation %x".formatted(incarnation));
    return true;
  }

  private Findings survey() {
    ObjectCheck.Depth depth =
        options.sizesOnly ? ObjectCheck.Depth.SIZES : ObjectCheck.Depth.CHECKSUMS;
    return new Survey(ports, new ObjectCheck(ports.run(), ports.objects(), depth), out).take();
  }

  /// Elections and members are under leases: they vanish soon after their process has died.
  private static void requireNobody(List<MetaEntry> present) {
    List<String> alive =
        present.stream()
            .map(MetaEntry::key)
            .filter(key -> Stream.of(MetaKeys.ELECTIONS, MetaKeys.NODES).anyMatch(key::startsWith))
            .toList();
    if (!alive.isEmpty()) {
      throw ErrorCode.SERVICE_NOT_READY.because(
          "the cluster is alive, stop all of it first: %s", alive);
    }
  }

  private void requireEmpty(List<MetaEntry> present) {
    boolean wasInterrupted = present.stream().anyMatch(e -> e.key().equals(MetaKeys.REBUILD));
    if (!present.isEmpty() && !wasInterrupted && !options.replace) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "the metastore is not empty: it has %d entries, %s the first; --force replaces them",
          present.size(), present.getFirst().key());
    }
  }
}
