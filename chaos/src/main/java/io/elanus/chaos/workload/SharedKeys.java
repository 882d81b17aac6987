package io.elanus.chaos.workload;

import io.elanus.chaos.history.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The load of the linearizability checker: one session writes, deletes and reads keys that all sessions
/// share, at a pace that leaves each key's history short enough to be searched.
public final class SharedKeys implements Load.Work {
  private final Random random;
  private final Pace pace;

  /// @param pace mean time between two requests
  public SharedKeys(long seed, Duration pace) {
    this.random = new Random(seed);
    this.pace = new Pace(random, pace);
  }

  @Override
  public void step(Client client) {
    long key = random.nextInt(Keyspace.SHARED_KEYS);
    int dice = random.nextInt(100);
    if (dice < 40) {
      client.upsert(Map.of(key, client.scene().keys().freshVersion()));
    } else if (dice < 50) {
      client.delete(List.of(key));
    } else if (dice < 55) {
      client.deleteWhere(key);
    } else if (dice < 75) {
      client.query(Level.STRONG, List.of(key));
    } else if (dice < 80) {
      client.get(List.of(key));
    } else if (dice < 85) {
      client.searchFor(Level.STRONG, key);
    } else if (dice < 92) {
      client.query(Level.SESSION, List.of(key));
    } else if (dice < 97) {
      client.query(Level.BOUNDED, List.of(key));
    } else {
      client.query(Level.EVENTUALLY, List.of(key));
    }
    pace.rest();
  }
}
