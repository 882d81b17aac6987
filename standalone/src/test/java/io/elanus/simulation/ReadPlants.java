package io.elanus.simulation;

import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QuerySegmentsRequest;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.SearchSegmentsRequest;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SegmentsRead;
import io.elanus.simulation.Chaos.Fault;
import io.elanus.simulation.Client.Habits;
import io.elanus.simulation.Node.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Bugs of those who answer reads.
final class ReadPlants {
  private ReadPlants() {}

  /// A confirmation that counts from `d` later is one with a bound longer by `d`.
  static final class StampedAtReply implements Plant {
    private final Map<SimulatedProcess, Long> took = new HashMap<>();

    @Override
    public Habits habits(Habits drawn) {
      return new Habits(4, 2, 0, 10);
    }

    @Override
    public double chance(Fault fault, double drawn) {
      return fault == Fault.SLOW ? 0.4 : fault == Fault.LOG_READ_STALLS ? 0.2 : 0;
    }

    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position end(LogId log) {
          long asked = process.nanoTime();
          Position end = wal.end(log);
          took.put(process, process.nanoTime() - asked);
          return end;
        }
      };
    }

    @Override
    public Object request(SimulatedProcess process, Object request) {
      long millis = took.getOrDefault(process, 0L) / 1_000_000;
      return switch (request) {
        case QueryShardRequest r when isBounded(r.getFreshness()) ->
            r.toBuilder().setFreshness(longer(r.getFreshness(), millis)).build();
        case SearchShardRequest r when isBounded(r.getFreshness()) ->
            r.toBuilder().setFreshness(longer(r.getFreshness(), millis)).build();
        default -> request;
      };
    }

    private static boolean isBounded(Freshness freshness) {
      return freshness.getLevel() == Freshness.Level.BOUNDED;
    }

    private static Freshness longer(Freshness freshness, long millis) {
      return freshness.toBuilder().setBoundMillis(freshness.getBoundMillis() + millis).build();
    }
  }

  static final class AsOfBeforeTheMark implements Plant {
    @Override
    public Habits habits(Habits drawn) {
      return new Habits(4, 0, 10, 0);
    }

    @Override
    public Object request(SimulatedProcess process, Object request) {
      return switch (request) {
        case QueryShardRequest query -> query.toBuilder().clearAsOf().build();
        case SearchShardRequest search -> search.toBuilder().clearAsOf().build();
        default -> request;
      };
    }
  }

  /// Changes what leaders are asked for by searches.
  record Searches(UnaryOperator<SearchShardRequest> change) implements Plant {
    @Override
    public Habits habits(Habits drawn) {
      return new Habits(2, 0, 20, 0);
    }

    @Override
    public Object request(SimulatedProcess process, Object request) {
      return request instanceof SearchShardRequest search ? change.apply(search) : request;
    }
  }

  static SearchShardRequest withItsBound(SearchShardRequest search) {
    return search.hasScores()
        ? search.toBuilder()
            .setScores(search.getScores().toBuilder().setFromExclusive(false))
            .build()
        : search;
  }

  /// Changes what holders of segments are asked for.
  record Holders(UnaryOperator<SegmentsRead> change) implements Plant {
    @Override
    public Object request(SimulatedProcess process, Object request) {
      return switch (request) {
        case SearchSegmentsRequest r -> r.toBuilder().setRead(change.apply(r.getRead())).build();
        case QuerySegmentsRequest r -> r.toBuilder().setRead(change.apply(r.getRead())).build();
        default -> request;
      };
    }
  }

  static SegmentsRead atItsManifest(SegmentsRead read) {
    return read.toBuilder()
        .setVersion(read.getDeletesAfter())
        .setDeletesThrough(read.getDeletesAfter())
        .clearDeletes()
        .build();
  }
}
