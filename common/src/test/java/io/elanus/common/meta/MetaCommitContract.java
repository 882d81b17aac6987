package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.Change.Remove;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.CommitOutcome.Conflict;
import io.elanus.common.meta.MetaStore.CommitOutcome.Unknown;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.Condition.Absent;
import io.elanus.common.meta.MetaStore.Condition.Present;
import io.elanus.common.meta.MetaStore.Condition.RevisionIs;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every [MetaStore] promises of reading and committing.
public abstract class MetaCommitContract extends MetaStoreContract {
  @Test
  void anEmptyStoreHasNothing() {
    assertThat(store.get("a")).isEmpty();
    assertThat(store.range("").entries()).isEmpty();
  }

  @Test
  void anEntryIsReadAsItWasPut() {
    long revision = put("a/b", "hello");

    MetaEntry entry = store.get("a/b").orElseThrow();

    assertThat(entry.key()).isEqualTo("a/b");
    assertThat(entry.value()).isEqualTo(utf8("hello"));
    assertThat(entry.revision()).isEqualTo(revision);
  }

  @Test
  void valuesAreBytesOfAnyKind() {
    byte[] all = new byte[256];
    IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);

    commit(new Put("empty", new byte[0]), new Put("zero", new byte[3]), new Put("all", all));

    assertThat(store.get("empty").orElseThrow().value()).isEmpty();
    assertThat(store.get("zero").orElseThrow().value()).isEqualTo(new byte[3]);
    assertThat(store.get("all").orElseThrow().value()).isEqualTo(all);
  }

  @Test
  void theValueIsTakenWhenItIsGiven() {
    byte[] value = utf8("x");
    commit(new Put("a", value));
    value[0] = 'y';

    assertThat(value("a")).contains("x");
  }

  @Test
  void everyChangingCommitHasAHigherRevision() {
    long first = put("a", "1");
    long second = put("b", "1");
    long third = commit(new Put("a", utf8("2")), new Put("c", utf8("1")));
    long fourth = commit(new Remove("b"));

    assertThat(List.of(first, second, third, fourth)).isSorted().doesNotHaveDuplicates();
    assertThat(revision()).isEqualTo(fourth);
    assertThat(store.get("a").orElseThrow().revision()).isEqualTo(third);
    assertThat(store.get("c").orElseThrow().revision()).isEqualTo(third);
  }

  @Test
  void writingTheSameValueIsAChange() {
    long first = put("a", "1");

    long second = put("a", "1");

    assertThat(second).isGreaterThan(first);
    assertThat(store.get("a").orElseThrow().revision()).isEqualTo(second);
  }

  @Test
  void aCommitThatChangesNothingTakesNoRevision() {
    long revision = put("a", "1");

    assertThat(commit(new Remove("nothing"))).isEqualTo(revision);
    assertThat(commit(List.of(new Present("a")))).isEqualTo(revision);
    assertThat(commit(List.of())).isEqualTo(revision);
    assertThat(revision()).isEqualTo(revision);
  }

  @Test
  void aRemovedEntryIsGoneAndMayComeBack() {
    put("a", "1");
    long removed = commit(new Remove("a"));

    assertThat(store.get("a")).isEmpty();
    assertThat(commit(List.of(new Absent("a")), new Put("a", utf8("2")))).isGreaterThan(removed);
    assertThat(value("a")).contains("2");
  }

  @Test
  void conditionsThatHoldLetTheCommitPass() {
    long revision = put("a", "1");

    commit(
        List.of(new RevisionIs("a", revision), new Present("a"), new Absent("b")),
        new Put("b", utf8("1")));

    assertThat(value("b")).contains("1");
  }

  @Test
  void oneConditionThatDoesNotHoldStopsEverything() {
    long revision = put("a", "1");
    List<Condition> broken =
        List.of(
            new RevisionIs("a", revision + 1),
            new RevisionIs("a", revision - 1),
            new RevisionIs("missing", revision),
            new RevisionIs("missing", 0),
            new Absent("a"),
            new Present("missing"));

    for (Condition condition : broken) {
      CommitOutcome outcome =
          send(List.of(new Present("a"), condition), new Put("b", utf8("1")), new Remove("a"));
      assertThat(outcome).as("%s", condition).isEqualTo(new Conflict());
    }
    assertThat(keys("")).containsExactly("a");
    assertThat(revision()).isEqualTo(revision);
  }

  @Test
  void oneOfManyComparersWins() {
    for (int round = 0; round < 10; round++) {
      long revision = put("a", "0");
      List<CommitOutcome> outcomes =
          Together.run(
              run,
              16,
              i -> send(List.of(new RevisionIs("a", revision)), new Put("a", utf8("" + i))));

      List<CommitOutcome> winners = outcomes.stream().filter(Committed.class::isInstance).toList();
      assertThat(winners).hasSize(1);
      assertThat(value("a")).contains("" + outcomes.indexOf(winners.getFirst()));
    }
  }

  @Test
  void concurrentCommitsHaveRevisionsOfTheirOwn() {
    List<List<Long>> revisions =
        Together.run(
            run, 8, i -> IntStream.range(0, 25).mapToObj(n -> put("k" + i, "" + n)).toList());

    assertThat(revisions).allSatisfy(mine -> assertThat(mine).isSorted());
    assertThat(revisions.stream().flatMap(List::stream)).doesNotHaveDuplicates().hasSize(200);
  }

  @Test
  void aReadSeesEveryCommitThatWasAnswered() {
    Together.run(
        run,
        8,
        writer -> {
          for (int i = 0; i < 25; i++) {
            put("k" + writer, "" + i);
            assertThat(value("k" + writer)).contains("" + i);
            assertThat(store.range("k" + writer).entries()).hasSize(1);
          }
          return "done";
        });
  }

  @Test
  void aResentCommitIsAnsweredAsBeforeAndNotApplied() {
    String request = newRequest();
    List<Condition> conditions = List.of(new Absent("a"));
    List<Change> changes = List.of(new Put("a", utf8("mine")));
    long revision = committed(store.commit(request, conditions, changes));
    long newer = put("a", "yours");

    assertThat(store.commit(request, conditions, changes)).isEqualTo(new Committed(revision));

    assertThat(value("a")).contains("yours");
    assertThat(revision()).isEqualTo(newer);
  }

  @Test
  void aCommitResentByManyIsAppliedOnce() {
    String request = newRequest();
    List<CommitOutcome> outcomes =
        Together.run(
            run, 16, _ -> store.commit(request, List.of(), List.of(new Put("a", utf8("1")))));

    long revision = store.get("a").orElseThrow().revision();
    assertThat(outcomes).containsOnly(new Committed(revision));
    assertThat(revision()).isEqualTo(revision);
  }

  @Test
  void aCommitThatConflictedMayBeSentAgain() {
    String request = newRequest();
    List<Change> changes = List.of(new Put("b", utf8("1")));
    assertThat(store.commit(request, List.of(new Present("a")), changes)).isEqualTo(new Conflict());
    long revision = put("a", "1");

    assertThat(committed(store.commit(request, List.of(new Present("a")), changes)))
        .isGreaterThan(revision);
  }

  @Test
  void aRequestIsRememberedForManyCommits() {
    String request = newRequest();
    List<Change> changes = List.of(new Put("a", utf8("1")));
    long revision = committed(store.commit(request, List.of(), changes));
    Together.run(run, 16, i -> IntStream.range(0, 20).mapToLong(n -> put("k" + i, "x")).max());

    assertThat(store.commit(request, List.of(), changes)).isEqualTo(new Committed(revision));
  }

  @Test
  void aRangeHasThePrefixInKeyOrder() {
    Stream.of("b", "a/2", "a/10", "a", "a0", "a/", "A", "ab/x").forEach(key -> put(key, "1"));

    assertThat(keys("a/")).containsExactly("a/", "a/10", "a/2");
    assertThat(keys("a")).containsExactly("a", "a/", "a/10", "a/2", "a0", "ab/x");
    assertThat(keys("")).containsExactly("A", "a", "a/", "a/10", "a/2", "a0", "ab/x", "b");
    assertThat(keys("c")).isEmpty();
  }

  @Test
  void keysAreOrderedByTheirUtf8Bytes() {
    List<String> ordered =
        List.of("a", "a\u0000", "a ", "\u007f", "\u00e9", "\uffee", "\ud83d\ude00");
    ordered.reversed().forEach(key -> put(key, "1"));

    assertThat(keys("")).isEqualTo(ordered);
    assertThat(keys("a")).containsExactly("a", "a\u0000", "a ");
    assertThat(keys("\ud83d\ude00")).containsExactly("\ud83d\ude00");
    assertThat(keys("\u007f")).containsExactly("\u007f");
  }

  @Test
  void keysDifferInEveryLetter() {
    Stream.of("key", "Key", "key ", " key", "k\u00e9y", "ke\u0301y").forEach(key -> put(key, key));

    assertThat(keys("")).hasSize(6);
    assertThat(value("Key")).contains("Key");
  }

  @Test
  void prefixesAreNoPatterns() {
    Stream.of("a%b", "a_b", "axb", "a*b").forEach(key -> put(key, "1"));

    assertThat(keys("a%")).containsExactly("a%b");
    assertThat(keys("a_")).containsExactly("a_b");
    assertThat(keys("a*")).containsExactly("a*b");
  }

  @Test
  void aRangeIsOfOneInstant() {
    commit(new Put("p/a", utf8("0")), new Put("p/b", utf8("0")));
    Task writer =
        run.fork(
            "writer",
            () -> {
              for (int i = 1; i <= 100; i++) {
                commit(new Put("p/a", utf8("" + i)), new Put("p/b", utf8("" + i)));
              }
            });

    while (!writer.isDone()) {
      MetaRange range = store.range("p/");
      List<String> values = range.entries().stream().map(entry -> text(entry.value())).toList();
      assertThat(values.getFirst()).isEqualTo(values.getLast());
      assertThat(range.entries().getFirst().revision()).isEqualTo(range.revision());
    }
    Together.finish(run, writer);
  }

  @Test
  void aCommitOfTheMostEntriesIsTaken() {
    List<Condition> conditions = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < MetaStore.MAX_COMMIT_ENTRIES / 2; i++) {
      conditions.add(new Absent("k" + i));
      changes.add(new Put("k" + i, utf8("" + i)));
    }

    committed(store.commit(newRequest(), conditions, changes));

    assertThat(keys("k")).hasSize(50);
    changes.add(new Put("more", utf8("1")));
    assertFails(
        ErrorCode.PARAMETER_TOO_LARGE, () -> store.commit(newRequest(), conditions, changes));
  }

  @Test
  void aCommitOfTheMostBytesIsTaken() {
    byte[] largest = new byte[MetaStore.MAX_COMMIT_BYTES - 1];

    commit(new Put("a", largest));

    assertThat(store.get("a").orElseThrow().value()).isEqualTo(largest);
    assertFails(ErrorCode.PARAMETER_TOO_LARGE, () -> send(List.of(), new Put("ab", largest)));
    assertFails(
        ErrorCode.PARAMETER_TOO_LARGE,
        () -> send(List.of(new Present("c")), new Put("a", largest)));
  }

  @Test
  void aKeyOfTheMostBytesIsTaken() {
    String longest = "\u00e9".repeat(MetaStore.MAX_KEY_BYTES / 2);

    put(longest, "1");

    assertThat(keys(longest)).containsExactly(longest);
    assertFails(ErrorCode.PARAMETER_TOO_LARGE, () -> put(longest + "x", "1"));
    assertFails(ErrorCode.PARAMETER_TOO_LARGE, () -> store.get(longest + "x"));
    assertFails(ErrorCode.PARAMETER_TOO_LARGE, () -> store.range(longest + "x"));
  }

  @Test
  void wrongKeysAreRefused() {
    for (String wrong : List.of("", "\ud83d", "a\ude00")) {
      assertFails(ErrorCode.INVALID_PARAMETER, () -> put(wrong, "1"));
      assertFails(ErrorCode.INVALID_PARAMETER, () -> store.get(wrong));
      assertFails(ErrorCode.INVALID_PARAMETER, () -> commit(List.of(new Absent(wrong))));
    }
    assertFails(ErrorCode.INVALID_PARAMETER, () -> store.range("\ud83d"));
  }

  @Test
  void aKeyChangedTwiceInOneCommitIsRefused() {
    assertFails(
        ErrorCode.INVALID_PARAMETER,
        () -> send(List.of(), new Put("a", utf8("1")), new Remove("a")));
    assertThat(store.get("a")).isEmpty();
  }

  @Test
  void wrongRequestIdsAreRefused() {
    for (String wrong : List.of("", "with space", "\u00e9", "x".repeat(65))) {
      assertFails(ErrorCode.INVALID_PARAMETER, () -> store.commit(wrong, List.of(), List.of()));
    }
    committed(store.commit("x".repeat(64), List.of(), List.of(new Put("a", utf8("1")))));
  }

  @Test
  void aClosedStoreRefusesToReadAndCommits() {
    store.close();

    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> store.get("a"));
    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> store.range(""));
    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> store.watch("", 0));
    assertThat(send(List.of(), new Put("a", utf8("1")))).isInstanceOf(Unknown.class);
  }
}
