package io.elanus.chaos.workload;

import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// The load of the set checker: one session inserts many rows, changes and deletes keys that nobody else
/// writes, and reads them in every way. Flushes and compacts now and then.
public final class OwnKeys implements Load.Work {
  private static final int MAX_INSERT = 20;
  private static final int MAX_CHANGE = 4;

  private final Random random;
  private final Pace pace;
  private final List<Long> keys = new ArrayList<>();

  /// @param pace mean time between two requests; zero for none
  public OwnKeys(long seed, Duration pace) {
    this.random = new Random(seed);
    this.pace = new Pace(random, pace);
  }

  @Override
  public void step(Client client) {
    int dice = random.nextInt(1000);
    if (dice < 350 || keys.isEmpty()) {
      insert(client);
    } else if (dice < 550) {
      client.upsert(fresh(client, someKeys()));
    } else if (dice < 650) {
      client.delete(someKeys());
    } else if (dice < 700) {
      client.deleteWhere(someKey());
    } else if (dice < 995) {
      read(client, dice % 10);
    } else if (dice < 998) {
      client.flush();
    } else {
      client.compact();
    }
    pace.rest();
  }

  private void insert(Client client) {
    List<Long> inserted = new ArrayList<>();
    int count = 1 + random.nextInt(MAX_INSERT);
    for (int i = 0; i < count; i++) {
      inserted.add(client.scene().keys().freshKey(client.session()));
    }
    if (client.insert(fresh(client, inserted)) != Outcome.FAILED) {
      keys.addAll(inserted);
    }
  }

  private void read(Client client, int way) {
    switch (way) {
      case 0, 1, 2 -> client.query(Level.STRONG, someKeys());
      case 3 -> client.get(someKeys());
      case 4 -> client.searchFor(Level.STRONG, someKey());
      case 5 -> client.query(Level.SESSION, someKeys());
      case 6 -> client.query(Level.BOUNDED, someKeys());
      case 7 -> client.query(Level.EVENTUALLY, someKeys());
      case 8 -> client.searchNear(Level.STRONG, near(client), 10);
      default -> client.searchNear(Level.BOUNDED, near(client), 10);
    }
  }

  private List<Float> near(Client client) {
    return client.scene().rows().vector(someKey(), 0);
  }

  private Map<Long, Long> fresh(Client client, List<Long> written) {
    Map<Long, Long> versions = new LinkedHashMap<>();
    written.forEach(key -> versions.put(key, client.scene().keys().freshVersion()));
    return versions;
  }

  private long someKey() {
    return keys.get(random.nextInt(keys.size()));
  }

  private List<Long> someKeys() {
    Set<Long> some = new LinkedHashSet<>();
    int count = 1 + random.nextInt(MAX_CHANGE);
    for (int i = 0; i < count; i++) {
      some.add(someKey());
    }
    return List.copyOf(some);
  }
}
