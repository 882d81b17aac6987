package io.elanus.model;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// Steps that change the collection itself, and the servers' background work on it.
final class CollectionSteps {
  private static final int MAX_PARTITIONS = 4;
  private static final int MAX_ADDED_FIELDS = 3;

  private final Expected expected;
  private final Calls calls;
  private final SplittableRandom random;
  private final Steps steps;
  private final Names names;
  private int addedFields;

  CollectionSteps(
      Expected expected, Calls calls, SplittableRandom random, Steps steps, Names names) {
    this.expected = expected;
    this.calls = calls;
    this.random = random;
    this.steps = steps;
    this.names = names;
  }

  void flush() {
    steps.tell("flush");
    calls.flush();
  }

  void compact() {
    steps.tell("compact");
    calls.compact();
  }

  void pause() {
    steps.tell("pause");
    calls.pause(Duration.ofMillis(random.nextInt(10, 3_000)));
  }

  void addField() {
    if (addedFields == MAX_ADDED_FIELDS) {
      return;
    }
    String name = "added" + ++addedFields;
    Kind kind = Kind.values()[random.nextInt(Kind.STRUCTS.ordinal())];
    ModelField field =
        (random.nextInt(3) == 0
                ? ModelField.structs(name, random)
                : ModelField.drawn(name, kind, random))
            .added();
    steps.tell("add %s", field);
    calls.addField(field);
    expected.add(field);
  }

  void createPartition() {
    if (expected.schema().isDivided() || expected.partitions().size() == MAX_PARTITIONS) {
      return;
    }
    String partition = names.next("p");
    steps.tell("create partition %s", partition);
    calls.createPartition(partition);
    if (random.nextBoolean()) {
      calls.release();
    }
    calls.load();
    expected.partitions().add(partition);
  }

  void dropPartition() {
    List<String> partitions = expected.partitions();
    if (partitions.size() < 2) {
      return;
    }
    String partition = partitions.remove(random.nextInt(1, partitions.size()));
    steps.tell("drop partition %s", partition);
    calls.release();
    calls.dropPartition(partition);
    calls.load();
    expected.rows().values().removeIf(row -> row.partition().equals(partition));
  }

  void truncate() {
    if (random.nextInt(3) > 0) {
      return;
    }
    steps.tell("truncate");
    calls.truncate();
    expected.rows().clear();
  }

  void rename() {
    String newName = names.ofCollection();
    steps.tell("rename to %s", newName);
    calls.rename(newName);
  }
}
