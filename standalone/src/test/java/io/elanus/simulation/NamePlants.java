package io.elanus.simulation;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.AllocateTimestampResponse;
import io.elanus.proto.internal.DescribeCollectionResponse;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.simulation.Chaos.Fault;
import io.elanus.simulation.Node.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Bugs of what a name stands for.
final class NamePlants {
  private NamePlants() {}

  /// On every seed collections are made and dropped, and who watches learns of it late.
  record Naming(Plant plant) implements Plant {
    @Override
    public boolean isNaming(boolean drawn) {
      return true;
    }

    @Override
    public double chance(Fault fault, double drawn) {
      return fault == Fault.WATCH_STALLS ? 0.3 : drawn;
    }

    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return plant.wal(kind, process, wal);
    }

    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return plant.meta(kind, process, meta);
    }

    @Override
    public Object response(SimulatedProcess process, Object request, Object response) {
      return plant.response(process, request, response);
    }

    @Override
    public Object request(SimulatedProcess process, Object request) {
      return plant.request(process, request);
    }
  }

  static final class LateDropHitsSuccessor implements Plant {
    private final Map<CollectionId, String> names = new HashMap<>();
    private final Map<SimulatedProcess, MetaStore> stores = new HashMap<>();

    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      stores.put(process, meta);
      return new Committing(meta, c -> c, this::remember);
    }

    private Change remember(Change change) {
      if (change instanceof Change.Put(String key, byte[] value)
          && key.startsWith(MetaKeys.COLLECTIONS)) {
        Collection collection = CatalogCodec.collection(new MetaEntry(key, value, 1));
        names.put(collection.id(), collection.name());
      }
      return change;
    }

    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position append(LogId log, byte[] bytes) {
          if (!(RecordCodec.decode(bytes) instanceof LogRecord.DropCollection(RecordHeader h))) {
            return wal.append(log, bytes);
          }
          process.fork("repeat", () -> repeat(process, wal, log, h));
          return wal.append(log, bytes);
        }
      };
    }

    private void repeat(SimulatedProcess process, Wal wal, LogId log, RecordHeader h) {
      process.sleep(Duration.ofMillis(process.random().nextInt(200, 3_000)));
      RecordHeader hit =
          new RecordHeader(
              holder(process, h.shard()),
              h.writer(),
              h.sequence(),
              0,
              h.timestamp(),
              h.schemaVersion(),
              h.ddlSequence());
      wal.append(log, RecordCodec.encode(new LogRecord.DropCollection(hit)));
    }

    /// The shard of the collection that has the name by now.
    private ShardId holder(SimulatedProcess process, ShardId dropped) {
      return Objects.requireNonNull(stores.get(process))
          .range(MetaKeys.COLLECTIONS)
          .entries()
          .stream()
          .map(CatalogCodec::collection)
          .filter(c -> c.name().equals(names.get(dropped.collection())))
          .map(c -> c.shard(dropped.index()))
          .findFirst()
          .orElse(dropped);
    }
  }

  /// Proxies are told that a collection is as one of them heard of it last.
  static final class NamesNotConfirmed implements Plant {
    private final Map<Long, Long> versions = new HashMap<>();

    @Override
    public Object response(SimulatedProcess process, Object request, Object response) {
      if (response instanceof DescribeCollectionResponse answer) {
        versions.put(answer.getCollection().getId(), answer.getCollection().getVersion());
      }
      if (!(request instanceof AllocateTimestampRequest asked)
          || !(response instanceof AllocateTimestampResponse answer)) {
        return response;
      }
      AllocateTimestampResponse.Builder same = answer.toBuilder();
      for (int i = 0; i < asked.getCollectionIdsCount(); i++) {
        same.setCollectionVersions(
            i, versions.getOrDefault(asked.getCollectionIds(i), answer.getCollectionVersions(i)));
      }
      return same.build();
    }
  }

  static final class StalePlansServed implements Plant {
    @Override
    public Object request(SimulatedProcess process, Object request) {
      return request instanceof QueryShardRequest query
          ? query.toBuilder().clearCollectionVersion().clearDdlSequence().build()
          : request;
    }
  }
}
