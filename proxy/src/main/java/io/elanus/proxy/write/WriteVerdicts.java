package io.elanus.proxy.write;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.proto.internal.WriteVerdict;
import io.elanus.proto.internal.WriteVerdictsRequest;
import io.elanus.proto.internal.WriteVerdictsResponse;
import io.elanus.proxy.read.ShardCalls;
import io.elanus.proxy.write.LogWriter.Appended;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks the leaders which partial upserts took effect.
final class WriteVerdicts {
  private final ShardCalls shards;

  WriteVerdicts(ShardCalls shards) {
    this.shards = shards;
  }

  /// What became of records that were appended; a record that no leader speaks of is left out.
  ///
  /// @throws DbException `OUTCOME_UNKNOWN` when some leader does not answer
  Map<Appended, WriteVerdict> of(Collection collection, List<Appended> records, Deadline deadline) {
    Map<ShardId, List<Appended>> byShard = new HashMap<>();
    for (Appended record : records) {
      byShard.computeIfAbsent(record.shard(), _ -> new ArrayList<>()).add(record);
    }
    List<WriteVerdictsResponse> answers;
    try {
      answers =
          shards.all(
              collection,
              deadline,
              (node, shard, cold) -> {
                List<Appended> asked = byShard.getOrDefault(shard, List.of());
                return asked.isEmpty()
                    ? WriteVerdictsResponse.getDefaultInstance()
                    : node.writeVerdicts(question(asked).setCold(cold).build());
              });
    } catch (DbException e) {
      throw unknown(e.text(), Optional.of(e));
    }
    Map<Appended, WriteVerdict> verdicts = new HashMap<>();
    byShard.forEach((shard, asked) -> {
      WriteVerdictsResponse answer = answers.get(shard.index());
      for (int i = 0; i < Math.min(asked.size(), answer.getVerdictsCount()); i++) {
        verdicts.put(asked.get(i), answer.getVerdicts(i));
      }
    });
    return verdicts;
  }

  private static WriteVerdictsRequest.Builder question(List<Appended> asked) {
    Appended first = asked.getFirst();
    return WriteVerdictsRequest.newBuilder()
        .setCollectionId(first.shard().collection().value())
        .setShard(first.shard().index())
        .setWriter(first.writer())
        .addAllSequences(asked.stream().map(Appended::sequence).toList());
  }

  static DbException unknown(String why, Optional<DbException> cause) {
    return new DbException(
        ErrorCode.OUTCOME_UNKNOWN,
        "the write may have taken effect, read before writing again (%s): %s"
            .formatted(why, ErrorCode.OUTCOME_UNKNOWN.text()),
        cause.orElse(null));
  }
}
