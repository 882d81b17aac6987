package io.elanus.model;

import io.elanus.proto.milvus.MutationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/// Steps that write, and what they have to have done.
record Writes(Expected expected, Calls calls, SplittableRandom random, Steps steps) {
  void insert() {
    int count = random.nextInt(1, random.nextInt(8) == 0 ? 120 : 20);
    String partition = expected.somePartition(random);
    RowDraft draft = new RowDraft(expected, random);
    List<Object> fresh = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fresh.add(expected.schema().freshKey(random));
    }
    draft.fill(count, fresh, expected.schema().key().isAutoId());
    steps.tell("insert %d into '%s': %s", count, partition, draft);
    MutationResult result = calls.insert(partition, draft.wire(), count);
    List<Object> given = Answers.ids(result.getIDs());
    Difference.unless(
        given.size() == count && (expected.schema().key().isAutoId() || given.equals(fresh)),
        "ids %s for %s",
        given,
        fresh);
    for (int i = 0; i < count; i++) {
      expected.put(draft.row(i, given.get(i), partition));
    }
    expected.written(result.getTimestamp());
  }

  void upsert() {
    String partition = expected.somePartition(random);
    List<Object> wanted = expected.keysOf(partition, 12, random);
    for (int i = random.nextInt(5); i > 0 && !expected.schema().key().isAutoId(); i--) {
      wanted.add(expected.schema().freshKey(random));
    }
    if (wanted.isEmpty()) {
      return;
    }
    RowDraft draft = new RowDraft(expected, random);
    draft.fill(wanted.size(), wanted, false);
    steps.tell("upsert %s in '%s': %s", wanted, partition, draft);
    MutationResult result = calls.upsert(partition, draft.wire(), wanted.size());
    List<Object> given = Answers.ids(result.getIDs());
    wanted.forEach(expected.rows()::remove);
    for (int i = 0; i < wanted.size(); i++) {
      expected.put(draft.row(i, given.get(i), partition));
    }
    expected.written(result.getTimestamp());
  }

  void upsertPartly() {
    String partition = expected.somePartition(random);
    List<Object> wanted = expected.keysOf(partition, 12, random);
    if (wanted.isEmpty()) {
      return;
    }
    RowDraft draft = new RowDraft(expected, random);
    draft.fillPartly(wanted);
    steps.tell("partial upsert %s in '%s': %s", wanted, partition, draft);
    MutationResult result = calls.upsertPartly(partition, draft.wire(), wanted.size(), draft.ops());
    List<Object> given = Answers.ids(result.getIDs());
    List<Row> before =
        wanted.stream().map(key -> Objects.requireNonNull(expected.rows().remove(key))).toList();
    for (int i = 0; i < wanted.size(); i++) {
      expected.put(draft.changed(i, before.get(i), given.get(i)));
    }
    expected.written(result.getTimestamp());
  }

  private void delete(ModelFilter filter) {
    String partition =
        random.nextInt(4) == 0 && !expected.schema().isDivided()
            ? expected.somePartition(random)
            : "";
    steps.tell("delete in '%s': %s", partition, filter.text());
    MutationResult result = calls.delete(partition, filter);
    List<Object> gone =
        expected.rows().values().stream()
            .filter(row -> partition.isEmpty() || row.partition().equals(partition))
            .filter(filter::accepts)
            .map(Row::key)
            .toList();
    gone.forEach(expected.rows()::remove);
    expected.written(result.getTimestamp());
  }

  void deleteSomeKeys() {
    delete(someKeys());
  }

  void deleteByFilter() {
    delete(ModelFilter.some(expected.schema(), expected.keys(), random, 1));
  }

  private ModelFilter someKeys() {
    List<Object> some = new ArrayList<>(expected.keysOf("", 6, random));
    some.add(expected.schema().freshKey(random));
    return ModelFilter.ofKeys(expected.schema(), some);
  }
}
